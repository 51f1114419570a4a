# The Job that sends a load: one pod for each shard, on as many nodes as there are.  A pod that dies is replaced once it
# is gone, and the new one sends what is left; wrong usage and a full disk would only come again.
include "common";
include "load";

def resources:
  {cpu: load.cpu, memory: load.memory} | with_entries(select(.value != "" and .value != "NA")) | {requests: ., limits: .};

def field($name; $path): {name: $name, valueFrom: {fieldRef: {fieldPath: $path}}};

{
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: load_meta(load.name),
  spec: ({
    completionMode: "Indexed",
    completions: load.pods,
    parallelism: load.pods,
    backoffLimit: (4 * load.pods),
    podReplacementPolicy: "Failed",
    podFailurePolicy: {rules: [
      {action: "FailJob", onExitCodes: {containerName: "load", operator: "In", values: [2, 4]}},
      {action: "Ignore", onPodConditions: [{type: "DisruptionTarget", status: "True"}]}
    ]},
    template: {
      metadata: {labels: load_labels},
      spec: (pod_of_load({
        name: "load",
        command: (if load.debug then ["/bin/sh", "-c", "trap 'exit 0' TERM; sleep 86400 & wait"]
          else ["/bin/sh", (folder + "/in/load.sh" | literal)] end),
        env: ([{name: "TMPDIR", value: "/tmp"}, field("POD_NAME"; "metadata.name"), field("NODE_NAME"; "spec.nodeName")]
          + if load.key then [{name: "TOKPIPE_API_KEY", valueFrom: {secretKeyRef: {name: load.name, key: "key"}}}] else [] end),
        resources: resources
      } + if load.debug then {} else {args: (load.args | map(literal))} end)
      + {
        terminationGracePeriodSeconds: 15,
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: {matchLabels: {"tokpipe/run": load.name}}}]
      })
    }
  } + if load.timeout > 0 then {activeDeadlineSeconds: load.timeout} else {} end)
}
