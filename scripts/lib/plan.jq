# plan: how a resolved workload is run: what ends it, and the exact commands.
# In: the workload.  --arg url, model, workload (its file) and run (the directory);
# --argjson flags as in workload.jq; --argjson connection [sendreq's options of trust and keys];
# --argjson remaining_s null, or the seconds that a resumed run has left; --argjson resume bool;
# --arg retry: kinds of failure to send again, or "".
# Out: {ends_by, requests, duration_s, points, genload[], sendreq[], tokview[]}.

def seconds: "\(.)s";

# Closed loop: how many slots are open when.  Linear between two points; two at one time are
# a step.  burst: all slots for the first 20 % of every 10 s, a fifth for the rest.
# ramp: from one slot to all of them over half of the duration.
def points:
  .concurrency as $c
  | ([1, ($c / 5 | floor)] | max) as $few
  | if .pattern == "burst" then "0s:\($c),2s:\($c),2s:\($few),10s:\($few)/10s"
    elif .pattern == "ramp" then "0s:1,\(.duration_seconds / 2)s:\($c)"
    else "\($c)" end;

# How many requests there will be: the last session is not cut short.
def total:
  .load_test.requests as $n
  | if (.sessions.turns | type) == "number" and .prompts.file == null
    then ($n / .sessions.turns | ceil) * .sessions.turns
    else $n end;

.load_test as $load
| ($load.requests == null) as $timed
| (if $timed or $flags.duration then $remaining_s // $load.duration_seconds else null end) as $limit
| ($load | points) as $points
| {
    ends_by: (if $timed then "duration" else "requests" end),
    requests: $load.requests,
    duration_s: $limit,
    points: (if $load.arrival == "closed" then $points else null end),
    genload: ["genload", "-f", $workload, "--model", $model],
    sendreq: (
      ["sendreq", "--url", $url]
      + (if $load.arrival == "closed" then ["-c", $points] else [] end)
      + (if $load.max_in_flight != null then ["--max-in-flight", "\($load.max_in_flight)"] else [] end)
      + (if $limit != null then ["--duration", ($limit | seconds)] else [] end)
      + ["--connect-timeout", ($load.connect_timeout_seconds | seconds)]
      + ["--first-timeout", ($load.first_event_timeout_seconds | seconds)]
      + (if $load.total_timeout_seconds != null then ["--timeout", ($load.total_timeout_seconds | seconds)] else [] end)
      + $connection
      + (if $resume then ["--resume", "\($run)/responses.jsonl"] else [] end)
      + (if .request | .response_format // .tools // .body.response_format // .body.tools then ["--text"] else [] end)
      + (if $retry != "" then ["--retry", $retry] else [] end)
      + ["-o", "\($run)/responses.jsonl", "--progress-fd", "3"]),
    tokview: (
      ["tokview", "--progress", "-", "--follow", "\($run)/responses.jsonl"]
      + (if $load.requests != null then ["-n", "\(total)"] else [] end))
  }
