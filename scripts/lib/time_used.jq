# time_used: how many seconds a run has behind it.  --slurpfile run; input: progress.jsonl, whose
# stretches of time are what was used (a killed run has no end in run.json, but it has these;
# the first is a second after the start).
$run[0].parts as $parts
| [$parts[].started_us] as $starts
| reduce inputs.t_us as $t ({};
    ([$starts[] | select(. <= $t)] | length | tostring) as $part
    | .[$part] |= {from: (.from // ([$t - 1000000, ($starts[] | select(. <= $t))] | max)), to: $t})
| ([.[] | .to - .from] | add // 0) / 1e6
