# busy_gpus: of telemetry records those of the GPUs that worked in the run: whose use, on average
# over the window, was at least a tenth.  An idle one serves nobody.  A partitioned one has no use
# of its own; it is let through, for costcalc to say so.  A torn line is left out.
# jq -nRc --slurpfile runsum TELEMETRY
def id: .uuid // "\(.host) \(.device)";

$runsum[0].window as $w
| [inputs | fromjson? | select(type == "object" and .name)] as $samples
| ($samples
   | map(select(.util_ratio and .t_us >= ($w.from_us // infinite) and .t_us <= ($w.to_us // 0)))
   | group_by(id) | map(select((map(.util_ratio) | add / length) >= 0.1)[0] | id)) as $busy
| $samples[] | select(.mig or (id | IN($busy[])))
