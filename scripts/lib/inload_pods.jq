# inload_pods: what became of the pods of a load.  In: kubectl's list of its Job and pods.
# Out: {job: active|complete|failed|gone, ending: does it take its pods away?, shards: [{shard, pods: [names, first to last],
# node, began: [names], running: [names], failed: [reasons]}]}.
def index: .metadata.annotations["batch.kubernetes.io/job-completion-index"] // .metadata.labels["batch.kubernetes.io/job-completion-index"] // "" | tonumber? // null;
def condition($type): any(.status.conditions[]?; .type == $type and .status == "True");
def ended: [.status.containerStatuses[]? | .state.terminated // empty] | first // null;
def began: any(.status.containerStatuses[]?; .state.running or .state.terminated);

([.items[]? | select(.kind == "Job")] | first) as $job
| {
    job: (if $job == null then "gone"
      elif $job | condition("Complete") then "complete"
      elif $job | condition("Failed") then "failed"
      else "active" end),
    ending: ($job == null or $job.metadata.deletionTimestamp != null or any("Failed", "FailureTarget"; . as $type | $job | condition($type))),
    shards: [
      [.items[]? | select(.kind == "Pod" and index != null)] | group_by(index)[]
      | sort_by(.metadata.creationTimestamp, .metadata.name)
      | {
          shard: (.[0] | index + 1),
          pods: map(.metadata.name),
          node: (.[-1].spec.nodeName // null),
          began: map(select(began) | .metadata.name),
          running: map(select(any(.status.containerStatuses[]?; .state.running)) | .metadata.name),
          failed: [.[] | select(.status.phase == "Failed") | "\(.metadata.name): \(ended | if . then "\(.reason) (exit code \(.exitCode))" else "\(.status.reason? // "gone")" end)"]
        }
    ]
  }
