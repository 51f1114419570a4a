# show_plan: what a run would be, for people.  Input: the workload.  --slurpfile plan;
# --arg profile, target, engine, url, namespace, service, parent.

def row($name; $text): "\($name | . + " " * (12 - length))\($text)";

.load_test as $load
| $plan[0] as $p
| row("run"; "\($parent)/<time>-\($profile | split("/") | last | sub("\\.ya?ml$"; ""))"),
  row("profile"; $profile),
  row("server"; {engine: "the engine \($engine), started here", url: $url, service: "service \($namespace)/\($service), found through kubectl"}[$target]),
  row("requests"; if $p.requests then "\($p.requests)" elif $p.ends_by == "duration" then "as many as the time allows" else "as many as the schedule has" end),
  row("warm-up"; "\($load.warmup_requests)"),
  row("load"; $load | if .stages then .stages[] | "stage \(.name): \(.duration_seconds) s of " +
      (if .rate then "\(.arrival // (if .burstiness then "gamma" else "constant" end)) arrivals, \(.rate) a second" else "\(.concurrency) at a time" end)
    elif .arrival == "closed" then "\(.pattern), closed loop, \(.concurrency) at a time"
    elif .arrival == "schedule" then "arrivals of \(.schedule)"
    else "\(.pattern), \(.arrival) arrivals, \(.rate) a second" end),
  (if .sessions.turns then row("sessions"; "of \(.sessions.turns | if type == "object" then tojson else . end) turns") else empty end),
  (if $p.duration_s then row("duration"; "\($p.duration_s) s") else empty end),
  row("ends by"; $p.ends_by),
  (if $p.processes > 1 then row("processes"; "\($p.processes)") else empty end),
  row("seed"; "\($load.seed)" + (if .prompts.salt == "auto" then ", and prompts that are new in each run" else "" end)),
  "",
  "workload:",
  tojson
