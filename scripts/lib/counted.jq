# counted: what an engine's counters rose by, from the first sample to the last of each part of the
# run.  jq -nR --slurpfile run TELEMETRY.  A counter that falls was set to zero by a new engine; one that
# has no series at first had counted nothing.  A line that is no record is not looked at.

def counters: with_entries(select(.key | test("_(total|count|sum_s)$")));

reduce (inputs | fromjson? | objects | select(.source == "engine" and .error == null)) as $s (
  {engine: null, samples: 0, at: null, last: {}, rise: {}};
  ([$run[0].parts[]? | select(.started_us <= $s.t_us)] | length | [., $s.url]) as $at
  | ($s | counters) as $now
  | .engine = $s.engine
  | .samples += 1
  | (if .at == $at then .last else $now end) as $before
  | .rise = reduce ($now | keys_unsorted[]) as $k (.rise;
      ($before[$k] // 0) as $old
      | .[$k] += if $now[$k] >= $old then $now[$k] - $old else $now[$k] end)
  | .last = $now
  | .at = $at
)
| {engine, samples, rise: (.rise | map_values(. * 1e6 | round / 1e6))}
