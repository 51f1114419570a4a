# plan: how a resolved workload is run: what ends it, and the exact commands.
# In: the workload.  --arg url, model, workload (its file) and run (the directory);
# --argjson flags as in workload.jq; --argjson connection [sendreq's options of trust and keys];
# --argjson used_s: the seconds that a resumed run has behind it, else 0; --argjson resume bool;
# --argjson processes: how many send;
# --arg retry: kinds of failure to send again, or "".
# Out: {ends_by, requests, duration_s, points, processes, genload[], sendreq[], tokview[]}.

def seconds: "\(.)s";

def time: (. * 1e6 | round) / 1e6 | seconds;
def point: "\(.t | time):\(.slots)" + (if .name then "=\(.name)" else "" end);

# A list of points for what is left of it after $used seconds.
def behind($used):
  if $used == 0 then . else
    map(select(.t > $used)) as $rest
    | map(select(.t <= $used)) as $past
    | $past[-1] as $last
    | [{t: 0,
        slots: (if $rest == [] then $last.slots
                else $last.slots + ($rest[0].slots - $last.slots) * ($used - $last.t) / ($rest[0].t - $last.t) | floor end),
        name: ($past | map(.name | values) | last)}]
      + ($rest | map(.t -= $used))
  end;

# Closed loop: how many of the C slots are open when.  Linear between two points; two at one
# time are a step.  burst: C for the first 20 % of every 10 s, max(1, floor(C / 5)) for the rest.
# ramp: floor(1 + (C - 1) t / T) up to T, which is ramp_seconds (half of the duration), then C.
# Stages: as many as each says, and what it is called.
def points($used):
  .concurrency as $c
  | ([1, ($c / 5 | floor)] | max) as $few
  | if .stages then
      [foreach .stages[] as $s ({t: 0}; {t: (.t + $s.duration_seconds), from: .t}; [{t: .from, slots: $s.concurrency, name: $s.name}, {t, slots: $s.concurrency}][])]
      | behind($used) | map(point) | join(",")
    elif .pattern == "burst" then "0s:\($c),2s:\($c),2s:\($few),10s:\($few)/10s"
    elif .pattern == "ramp" then [{t: 0, slots: 1}, {t: .ramp_seconds, slots: $c}] | behind($used) | map(point) | join(",")
    else "\($c)" end;

# How many requests there will be: the last session is not cut short.
def total:
  .load_test.requests as $n
  | if (.sessions.turns | type) == "number" and .prompts.file == null
    then ($n / .sessions.turns | ceil) * .sessions.turns
    else $n end;

def closed: if .stages then .stages[0].rate == null else .arrival == "closed" end;

.load_test as $load
| ($load.requests == null and $load.duration_seconds != null) as $timed
| (if $timed or $flags.duration or $load.stages then [$load.duration_seconds - $used_s, 0.001] | max else null end) as $limit
| (if $load | closed then $load | points($used_s) else null end) as $points
| {
    ends_by: (if $timed then "duration" else "requests" end),
    requests: $load.requests,
    duration_s: $limit,
    points: $points,
    processes: $processes,
    genload: ["genload", "-f", $workload, "--model", $model],
    sendreq: (
      ["sendreq", "--url", $url]
      + (if $points then ["-c", $points] else [] end)
      + (if $load.max_in_flight != null then ["--max-in-flight", "\($load.max_in_flight)"] else [] end)
      + (if $limit != null then ["--duration", ($limit | seconds)] else [] end)
      + (if $processes > 1 then ["-j", "\($processes)"] else [] end)
      + ["--connect-timeout", ($load.connect_timeout_seconds | seconds)]
      + ["--first-timeout", ($load.first_event_timeout_seconds | seconds)]
      + (if $load.total_timeout_seconds != null then ["--timeout", ($load.total_timeout_seconds | seconds)] else [] end)
      + $connection
      + (if $resume then ["--resume", "\($run)/responses.jsonl"] else [] end)
      + (if .request | .response_format // .tools // .body.response_format // .body.tools then ["--text"] else [] end)
      + (if $retry != "" then ["--retry", $retry] else [] end)
      + ["-o", "\($run)/responses.jsonl", "--progress-fd", "3"]),
    tokview: (
      ["tokview", "--progress", "-", "--follow", "\($run)/responses.jsonl", "-g", "\($run)/telemetry.jsonl"]
      + (if $load.requests != null then ["-n", "\(total)"] else [] end))
  }
