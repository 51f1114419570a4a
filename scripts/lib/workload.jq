# workload: the workload that a profile and the flags describe (yaml2json's output), with
# the defaults filled in and nothing left to guess.  What cannot run ends with status 2.
# In: --argjson flags {requests: bool, duration: bool}: which were typed on the command line;
# --arg file, words: the absolute paths of the files of prompts and words, or "".

def default($path; $value): if getpath($path) == null then setpath($path; $value) else . end;
def refuse($message): "\($message)\n" | halt_error(2);

default(["load_test", "pattern"]; "steady")
| default(["load_test", "arrival"]; if .load_test.rate == null then "closed" else "constant" end)
| default(["load_test", "concurrency"]; 10)
| default(["load_test", "warmup_requests"]; 0)
| default(["load_test", "seed"]; 1)
| default(["load_test", "connect_timeout_seconds"]; 10)
| default(["load_test", "first_event_timeout_seconds"]; 120)
| default(["request", "api"]; "openai-chat")
| if .request.output_tokens == null then default(["request", "max_tokens"]; 100) else . end
| default(["request", "stream"]; true)
| if $file != "" then .prompts.file = $file else . end
| if $words != "" then .prompts.words = $words else . end
# A duration ends the run unless --requests was typed; both typed: whichever comes first.
| (.load_test.duration_seconds != null and ($flags.requests | not)) as $timed
| if $timed then del(.load_test.requests) else default(["load_test", "requests"]; 200) end
| .load_test as $load
| if $load.arrival != "closed" and $load.rate == null then
    refuse("load_test.rate: \($load.arrival) arrivals need a rate (--rate)")
  elif $load.arrival == "closed" and $load.rate != null then
    refuse("load_test.rate: the closed loop has no rate; choose --arrival constant or poisson")
  elif .sessions.turns != null and .request.api != "openai-chat" then
    refuse("sessions.turns: only with request.api openai-chat")
  elif $load.pattern != "steady" and $load.arrival != "closed" then
    refuse("load_test.pattern: \($load.pattern) opens and closes slots: it needs the closed loop, without a rate")
  elif $load.pattern == "ramp" and $load.duration_seconds == null then
    refuse("load_test.pattern: ramp needs load_test.duration_seconds (--duration)")
  else . end
