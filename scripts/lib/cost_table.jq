# cost_table: a cost for people, as aligned text.  --slurpfile cost (cost.json, or what there is
# to say of a service); --arg of: what was priced.
include "table";

def row($name; $few; $many): "  " + ($name | pad(22)) + ($few | fixed(6) | left(14)) + ($many | fixed(9) | left(18));
def per($name; $key): row($name; $cost[0].per_1m_tokens[$key]; $cost[0].per_1k_tokens[$key]);
def share: "\(. * 100 | fixed(1)) %";

$cost[0] as $c
| "",
  $of,
  ( [ (if $c.gpu.count == 0 then "no GPU" elif $c.gpu.product then "\($c.gpu.count) x \($c.gpu.product)" + (if $c.gpu.row != $c.gpu.product then " (priced as \($c.gpu.row))" else "" end) else null end),
      (if $c.cpu.cores then "\($c.cpu.cores) cores" else null end),
      (if $c.memory.gib then "\($c.memory.gib | fixed(2)) GiB" else null end)
    ] | map(values) | if . == [] then empty else "  " + join(", ") end ),
  "",
  "  " + ("$" | pad(22)) + ("an hour" | left(14)) + ("the run" | left(18)),
  ( ["GPU", "gpu_usd"], ["CPU", "cpu_usd"], ["memory", "memory_usd"], ["overhead \($c.overhead_ratio // 0 | share)", "overhead_usd"], ["all", "total_usd"]
    | . as [$name, $key] | row($name; $c.hour[$key]; $c.run[$key]) ),
  (if $c.idle then "  " + ("of it, GPU idle" | pad(22)) + ($c.idle.gpu_ratio | share | left(14)) + ($c.idle.gpu_usd | fixed(9) | left(18)) else empty end),
  row("a request"; null; $c.per_request_usd),
  "",
  "  " + ("$" | pad(22)) + ("1M tokens" | left(14)) + ("1K tokens" | left(18)),
  per("input"; "input_usd"), per("output"; "output_usd"), per("input and output"; "total_usd"),
  "",
  ($c.not_measured | to_entries[] | "  \(.key): not measured: \(.value)"),
  (if $c.not_measured == {} then empty else "" end)
