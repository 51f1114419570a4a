# costed: run.json after the pricing: what of the cost was not measured, and why.
# --slurpfile cost (cost.json); --arg reason: why the GPU is not known, where somebody can say, or "".
$cost[0] as $c
| .not_measured = (
    (.not_measured // {} | with_entries(select(.key | startswith("cost") | not)))
    + if $c.not_measured.cost then {cost: (if $reason == "" then $c.not_measured.cost else $reason end)}
      else
        ($c.not_measured | [.run, ."per_tokens.total"] | map(values)[0]) as $per
        | (if $per then {"cost.cost_per_1k_tokens": $per} else {} end)
        + ($c.not_measured | {"cost.breakdown.cpu": .cpu, "cost.breakdown.memory": .memory} | with_entries(select(.value)))
      end)
