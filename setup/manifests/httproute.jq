# The HTTPRoute of one model's Service, through the gateway that a variable names, [NAMESPACE/]NAME.
# --arg version: of the API, as the cluster has it; v1 unless it is given.
include "common";

def hostname:
  said("VLLM_STANDALONE_HTTPROUTE_HOSTNAME")
  | if . == "" then "\(model.name).\(namespace).apps.\(cfg("CONTROL_CLUSTER_NAME"))" else . end;

def gateway:
  cfg("VLLM_STANDALONE_HTTPROUTE_GATEWAY") | split("/")
  | if length == 1 then {name: .[0]} else {namespace: .[0], name: .[1]} end
  | {group: "gateway.networking.k8s.io", kind: "Gateway"} + .;

{
  apiVersion: "gateway.networking.k8s.io/\($ARGS.named.version // "v1")",
  kind: "HTTPRoute",
  metadata: meta(model.name),
  spec: {
    parentRefs: [gateway],
    hostnames: [hostname],
    rules: [{
      matches: [{path: {type: "PathPrefix", value: "/"}}],
      backendRefs: [{group: "", kind: "Service", name: model.name, port: 80, weight: 1}]
    }]
  }
}
