# telemetry: GPUs, pods and the engine over time, as text for gnuplot (style.gp): numbers only, one line
# for each GPU, pod or engine, within the run's window.
# jq -rnR --slurpfile runsum TELEMETRY (its last line may be torn)
$runsum[0].window as $w
| [inputs | fromjson? | select(.t_us >= $w.from_us and .t_us <= $w.to_us)] as $all
| def lines($name; $field; $scale):
    ([$all[] | select(.[$field] != null)] | group_by([.source, .host, .device, .uuid, .url, .pod])) as $things
    | "$\($name) << EOD",
      (if $things == [] then "NaN NaN"
       else $things | map(map("\((.t_us - $w.from_us) / 1e6) \(.[$field] * $scale)") | join("\n")) | join("\n\n") end),
      "EOD";
  def draw($name; $first; $second; $scale):
    if any($all[]; .[$first] != null) then
      "name = \"\($name)\"", lines("first"; $first; $scale), lines("second"; $second; $scale), "load lib.\"/telemetry.gp\""
    else empty end;
  "seconds = \(($w.to_us - $w.from_us) / 1e6)",
  draw("gpu_util"; "util_ratio"; ""; 100),
  draw("gpu_power"; "power_w"; ""; 1),
  draw("gpu_memory"; "mem_used_bytes"; ""; 1 / 1073741824),
  draw("pod_cpu"; "cpu_cores"; ""; 1),
  draw("pod_memory"; "mem_bytes"; ""; 1 / 1048576),
  draw("engine_requests"; "running"; "waiting"; 1),
  draw("engine_kv"; "kv_ratio"; ""; 100)
