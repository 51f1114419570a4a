# A pod that does nothing but hold the volume of a load, so that files can be put there and fetched.
include "load";

{
  apiVersion: "v1",
  kind: "Pod",
  metadata: (load_meta(load.name + "-data") | .labels["app.kubernetes.io/name"] = .name),
  spec: (pod_of_load({
    name: "data",
    command: ["/bin/sh", "-c", "trap 'exit 0' TERM; sleep 86400 & wait"],
    resources: {requests: {cpu: "10m", memory: "32Mi"}}
  }) + {terminationGracePeriodSeconds: 5})
}
