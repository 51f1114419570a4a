# inload_shards: run.json with what became of the shards of a load, and what is worth a warning: --slurpfile shards (those of
# inload_shard.jq, in an array).
def no: "\(.shard) of \($shards[0] | length)";

def warnings:
  $shards[0][]
  | if .attempts > 1 then
      {code: "pod-retried",
       message: "load pod \(no) died and was started again: \(.records_of_later) of its \(.requests) requests were sent by \(if .attempts > 2 then "others" else "another one" end)"}
    else empty end,
    if .attempts == 0 then {code: "pod-missing", message: "load pod \(no) never began: nothing of its share was sent"} else empty end,
    if (.error_us // 0) > 5000 then
      {code: "clock-error", message: "the clock of load pod \(no) is known to \(.error_us / 1000 | round) ms only: so much may its times be off"}
    else empty end,
    if .measured_anew | not then
      {code: "clock-kept", message: "the clock of load pod \(no) was not measured again when it was started again: its times go by what was known"}
    else empty end,
    if (.late_us // 0) > 0 and .attempts == 1 then
      {code: "late-start", message: "load pod \(no) began \(.late_us / 1000 | round) ms after the others"}
    else empty end,
    if .shard == 1 and (.nodes | length) > 1 then
      {code: "clock-moved", message: "the pod whose clock is everybody's was started again on another node"}
    else empty end;

# Of an earlier round stays what is still so.
def stays($part): (.code | IN("pod-retried", "pod-missing", "clock-error", "late-start", "clock-moved", "clock-kept") | not)
  or ((.part // 1) != $part and .code != "pod-missing");

(.load.part // 1) as $part
| [warnings | if $part > 1 then .part = $part else . end] as $new
| .load.shards = $shards[0]
| .load.start_us = ($shards[0] | map(.start_us | values) | min)
| .warnings = ((.warnings // []) | map(select(stays($part)))) + $new
| if .warnings == [] then del(.warnings) else . end
