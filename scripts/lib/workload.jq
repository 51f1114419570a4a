# workload: the workload that a profile and the flags describe (yaml2json's output), with
# the defaults filled in and nothing left to guess.  What cannot run ends with status 2.
# In: --argjson flags {requests: bool, duration: bool}: which were typed on the command line;
# --arg file, words, schedule: the absolute paths of the files of prompts, words and times, or "".

def default($path; $value): if getpath($path) == null then setpath($path; $value) else . end;
def refuse($message): "\($message)\n" | halt_error(2);
def changing: . == "ramp" or . == "burst";

# The load without stages: what it means without an arrival is as in genload(1).
def one_load:
  .arrival = (
    if .arrival != null then .arrival
    elif .schedule != null then "schedule"
    elif .rate == null then "closed"
    elif .burstiness != null then "gamma"
    elif .pattern | changing then .pattern
    else "constant" end)
  | .pattern = (if .pattern == null or .pattern == "steady" then (.arrival | if changing then . else "steady" end) else .pattern end)
  | (.pattern == "ramp") as $ramp
  | if $ramp and .ramp_seconds == null and .duration_seconds != null then .ramp_seconds = .duration_seconds / 2 else . end
  | if .arrival == "schedule" and .schedule == null then
      refuse("load_test.schedule: arrival schedule needs a file (--schedule)")
    elif .arrival == "schedule" and .rate != null then
      refuse("load_test.rate: a schedule has its own times")
    elif .schedule != null and .arrival != "schedule" then
      refuse("load_test.schedule: excludes arrival \(.arrival)")
    elif .arrival != "closed" and .arrival != "schedule" and .rate == null then
      refuse("load_test.rate: \(.arrival) arrivals need a rate (--rate)" + (.arrival | if changing then "; of slots it is a pattern (--pattern \(.))" else "" end))
    elif .arrival == "closed" and .rate != null then
      refuse("load_test.rate: the closed loop has no rate; choose --arrival constant or poisson")
    elif .burstiness != null and .arrival != "gamma" then
      refuse("load_test.burstiness: only with gamma arrivals, not \(.arrival)")
    elif .pattern != "steady" and .arrival != "closed" and .arrival != .pattern then
      refuse("load_test.pattern: \(.pattern) with arrival \(.arrival): say one of them")
    elif $ramp and .ramp_seconds == null then
      refuse("load_test.pattern: ramp needs load_test.duration_seconds (--duration)")
    else . end;

# Stages say each for itself what a load without them says once; together they last so long.
def staged:
  . as $load
  | (first("arrival", "rate", "burstiness", "ramp_seconds", "schedule" | select($load[.] != null)) // null) as $twice
  | (.stages | map(.rate != null) | unique) as $open
  | if $twice != null then refuse("load_test.\($twice): each stage has its own")
    elif .pattern != null and .pattern != "steady" then refuse("load_test.pattern: \(.pattern): stages are steps; each has its own arrival")
    elif .stages == [] then refuse("load_test.stages: there is none in it")
    elif any(.stages[]; .duration_seconds == null) then refuse("load_test.stages: each needs a name and duration_seconds")
    elif $open == [false, true] then refuse("load_test.stages: all need a rate, or all a concurrency")
    else . end
  | .pattern = "steady"
  | del(.arrival)
  | if $open == [false] then .concurrency = ([.stages[].concurrency // 0] | max) else . end
  | .duration_seconds = ([.duration_seconds // infinite, ([.stages[].duration_seconds] | add)] | min);

if $file != "" then .prompts.file = $file else . end
| if $words != "" then .prompts.words = $words else . end
| if $schedule != "" then .load_test.schedule = $schedule else . end
| .load_test |= (if .stages != null then staged else one_load end)
# What ends the run: --requests if it was typed (and a typed duration or the last stage, if that comes first),
# else the duration, the last stage or the schedule, else a number.
| if $flags.requests then
    if $flags.duration or .load_test.stages != null then . else del(.load_test.duration_seconds) end
  elif .load_test | .duration_seconds != null or .schedule != null then del(.load_test.requests)
  else default(["load_test", "requests"]; 200) end
| default(["load_test", "concurrency"]; 10)
| default(["load_test", "warmup_requests"]; 0)
# Nobody asked for certain requests again: those of this run are new to the server.
| if .load_test.seed == null and .vllm_features.enable_prefix_caching != true then default(["prompts", "salt"]; "auto") else . end
| default(["load_test", "seed"]; 1)
| default(["load_test", "connect_timeout_seconds"]; 10)
| default(["load_test", "first_event_timeout_seconds"]; 120)
| default(["request", "api"]; "openai-chat")
| if .request.output_tokens == null then default(["request", "max_tokens"]; 100) else . end
| default(["request", "stream"]; true)
| if .sessions.turns != null and .request.api != "openai-chat" then
    refuse("sessions.turns: only with request.api openai-chat")
  else . end
