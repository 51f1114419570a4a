# time_left: how many seconds a run that ends by its duration still has; null for one that
# does not.  --slurpfile run; input: progress.jsonl, whose stretches of time are what was used
# (a killed run has no end in run.json, but it has these; the first is a second after the start).
($run[0].flags.duration != null or $run[0].workload.load_test.requests == null) as $timed
| $run[0].parts as $parts
| [$parts[].started_us] as $starts
| reduce inputs.t_us as $t ({};
    ([$starts[] | select(. <= $t)] | length | tostring) as $part
    | .[$part] |= {from: (.from // ([$t - 1000000, ($starts[] | select(. <= $t))] | max)), to: $t})
| ([.[] | .to - .from] | add // 0) as $used_us
| if $timed then [($run[0].workload.load_test.duration_seconds - $used_us / 1e6), 0.001] | max else null end
