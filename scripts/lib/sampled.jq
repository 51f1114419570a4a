# sampled: run.json with the command that samples telemetry (--argjson command, [] for none) and why
# something is not sampled: --arg gpu, engine: the reason, or "".
.plan.gpusample = $command
| .not_measured |= (
    del(.gpu, .engine)
    + (if $gpu == "" then {} else {gpu: $gpu} end)
    + (if $engine == "" then {} else {engine: $engine} end)
  )
