# Where the pods of a load meet to agree on a start: at the first of them, ready or not.
include "load";

{
  apiVersion: "v1",
  kind: "Service",
  metadata: load_meta(load.name),
  spec: {
    type: "ClusterIP",
    publishNotReadyAddresses: true,
    selector: {"batch.kubernetes.io/job-name": load.name, "batch.kubernetes.io/job-completion-index": "0"},
    ports: [{name: "muster", port: 7077, protocol: "TCP", targetPort: 7077}]
  }
}
