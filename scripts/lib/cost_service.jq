# cost_service: the cost of a service that no run was measured on.  --arg reason: why its last
# hours are not known.  In: nothing (--arg namespace, service, duration_h): the run record that is
# priced; or its cost record: with that reason in place of costcalc's.
if . == null then
  {
    window: {from_us: null, to_us: null, s: null}, requests: {ok: null}, tokens: {input: null, output: null},
    namespace: $namespace, service: $service, duration_h: ($duration_h | tonumber), recorded_h: 0
  }
else
  .not_measured |= (if .cost then {cost: "\(.cost); \($reason)"} else . + {run: $reason} end)
end
