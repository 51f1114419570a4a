# summary: a finished run for people, as aligned text.
# In: nothing.  --slurpfile run (run.json), runsum (runsum.json), summary (summary.jsonl),
# cost (cost.json), results (results.json).
include "table";
include "money";
include "run";

def row($name; $cells): "  " + ($name | pad(22)) + ($cells | map(left(11)) | join(""));
def rate($name; $value; $unit): "  " + ($name | pad(22)) + ($value | fixed(2) | left(11)) + " " + $unit;

$run[0] as $r
| $runsum[0] as $s
| ($summary | map(select(.group == {} or .group == null)) | INDEX(.field)) as $f
| [ (if $r.server.simulated then "simulated engine: no real hardware was measured" else null end),
    $r.server.note,
    (if $s.client.verdict == "client-limited" then
       "client-limited: this machine was too slow or too busy to measure with (send lag p99 \($s.client.send_lag_ms.p99 | fixed(1)) ms, "
       + "stamp lag \($s.client.stamp_lag_ms.mean | fixed(1)) ms, CPU \($s.client.cpu_ratio | . * 100 | fixed(0)) %)"
     else null end),
    (if ($s.tokens.output_from // "" | contains("events")) then "token counts are estimated from events: the server reported none" else null end),
    (if ($s.tokens.input_from // "" | contains("expected")) then "input lengths are estimates: the server reported none" else null end),
    $results[0].cache.warning,
    (if $r.status == "interrupted" then "interrupted: not every request was sent" else null end),
    (if $r.status == "failed" then "failed: the run did not come to its end" else null end),
    ({run: $r, runsum: $s} | warnings[])
  ] as $labels
| "",
  "\($r.model) at \($r.url)" + (if $r.server.engine then " (\($r.server.engine))" else "" end)
    + ($r | senders | if . then ", from " + . else "" end),
  ($labels[] | values | "  ! " + .),
  "",
  "  " + ("requests" | pad(22)) + ($s.requests.total | tostring | left(11))
    + "   ok \($s.requests.ok), failed \($s.requests.failed)"
    + ($s.requests.by_error // {} | to_entries | if . == [] then "" else " (" + (map("\(.key) \(.value)") | join(", ")) + ")" end),
  rate("window"; $s.window.s; "s"),
  rate("throughput"; $s.rate.ok_rps; "requests/s"),
  (if ($s.tokens.output // 0) == 0 and $s.rate.input_tps != null then rate("input"; $s.rate.input_tps; "tokens/s")
   else rate("output"; $s.rate.output_tps; "tokens/s") end),
  ( {runsum: $s} | slo_words("<="; ">=") as $bounds
    | rate("goodput"; $s.goodput.rps; "requests/s") + "   \($s.goodput.good) of \($s.requests.total) keep " + $bounds ),
  ( $r.calibration.run? | values
    | "  " + ("input, calibrated" | pad(22)) + (.counted_mean | fixed(1) | left(11))
      + " tokens, \(.expected_mean | fixed(1)) expected (\(if .error_ratio < 0 then "" else "+" end)\(.error_ratio * 100 | fixed(2)) %)" ),
  ( ["structured", "as the schema asks"], ["tool_call", "valid tool calls"]
    | . as [$name, $words]
    | $s.quality[$name + "_n"]? | select(. != null and . > 0)
    | "  " + ($words | pad(22)) + ($s.quality[$name + "_ok_rate"] * 100 | fixed(1) | left(11)) + " % of \(.) replies" ),
  ( $cost[0] | select(.text.hourly_cost)
    | cost_words | index(" ") as $i | "  " + ("cost" | pad(22)) + (.[:$i] | left(11)) + .[$i:] ),
  "",
  row(""; ["mean", "p50", "p90", "p95", "p99"]),
  ( ["ttft_ms", "time to first token"], ["itl_ms", "inter-token latency"], ["tpot_ms", "time per output token"], ["e2e_ms", "whole reply"]
    | . as [$field, $name]
    | $f[$field] | select(. != null and .n > 0)
    | row($name; [.mean, .p50, .p90, .p95, .p99 | fixed(1)]) + " ms" ),
  ""
