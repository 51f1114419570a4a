# pod_use: what pods use of CPU and memory, as telemetry records.  --slurpfile list: kubectl's of the pods; --arg how:
# metrics.k8s.io or kubelet, which tells what is in the inputs: a list of PodMetrics, or the summary of each node; --arg host.
# A pod is the sum of its containers; one of which a figure is missing has none.  t_us is when the figures were taken.
include "quantity";

def moment: sub("\\.[0-9]+"; "") | fromdateiso8601 * 1e6;
def whole(f): map(f) | if length == 0 or any(.[]; . == null) then null else add end;

[$list[0] | (.items // [.])[] | {key: "\(.metadata.namespace)/\(.metadata.name)", value: .spec.nodeName}] | from_entries as $nodes
| [inputs
   | if $how == "metrics.k8s.io" then
       .items[]? | {at: .timestamp, namespace: .metadata.namespace, pod: .metadata.name,
         cpu_cores: ([.containers[]?] | whole(.usage.cpu | if . then quantity else null end)),
         mem_bytes: ([.containers[]?] | whole(.usage.memory | if . then quantity else null end))}
     else
       .pods[]? | {at: ([.containers[]?.cpu.time // empty] | max), namespace: .podRef.namespace, pod: .podRef.name,
         cpu_cores: ([.containers[]?] | whole(.cpu.usageNanoCores | if . then . / 1e9 else null end)),
         mem_bytes: ([.containers[]?] | whole(.memory.workingSetBytes))}
     end
   | select(.at != null and $nodes["\(.namespace)/\(.pod)"] != null)]
| sort_by(.pod)[]
| {t_us: (.at | moment), source: "pod", how: $how, host: $host, namespace, pod, node: $nodes["\(.namespace)/\(.pod)"]}
  + ({cpu_cores, mem_bytes} | with_entries(select(.value != null)))
| select(.cpu_cores != null or .mem_bytes != null)
