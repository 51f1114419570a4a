# show_plan: what a run would be, for people.  Input: the workload.  --slurpfile plan;
# --arg profile, target, engine, url, namespace, service, parent.

def row($name; $text): "\($name | . + " " * (12 - length))\($text)";

.load_test as $load
| $plan[0] as $p
| row("run"; "\($parent)/<time>-\($profile | split("/") | last | sub("\\.ya?ml$"; ""))"),
  row("profile"; $profile),
  row("server"; {engine: "the engine \($engine), started here", url: $url, service: "service \($namespace)/\($service), found through kubectl"}[$target]),
  row("requests"; if $p.requests then "\($p.requests)" else "as many as the time allows" end),
  row("warm-up"; "\($load.warmup_requests)"),
  row("load"; "\($load.pattern), " + (if $load.arrival == "closed" then "closed loop, \($load.concurrency) at a time" else "\($load.arrival) arrivals, \($load.rate) a second" end)),
  (if .sessions.turns then row("sessions"; "of \(.sessions.turns | if type == "object" then tojson else . end) turns") else empty end),
  (if $p.duration_s then row("duration"; "\($p.duration_s) s") else empty end),
  row("ends by"; $p.ends_by),
  row("seed"; "\($load.seed)"),
  "",
  "workload:",
  tojson
