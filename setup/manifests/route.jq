# The Route (OpenShift) of one model's Service.  Its proxy waits for an answer as long as we do: its own
# limit of 30 s would cut long prompts off.
include "common";

{
  apiVersion: "route.openshift.io/v1",
  kind: "Route",
  metadata: (meta("\(model.name)-route")
    | .annotations += {"haproxy.router.openshift.io/timeout": "\(number("VLLM_COMMON_TIMEOUT"))s"}),
  spec: {
    to: {kind: "Service", name: model.name, weight: 100},
    port: {targetPort: number("VLLM_COMMON_INFERENCE_PORT")},
    wildcardPolicy: "None"
  }
}
