# The Service of one model's engines: port 80 of its name.
include "common";

{
  apiVersion: "v1",
  kind: "Service",
  metadata: (meta(model.name) | .labels += {app: model.name}),
  spec: {
    type: "ClusterIP",
    selector: pods_of(model.name),
    ports: [{name: "http", port: 80, protocol: "TCP", targetPort: number("VLLM_COMMON_INFERENCE_PORT")}]
  }
}
