# What lets the stack's account run an engine's image as its own user on OpenShift.
include "common";

{
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "RoleBinding",
  metadata: meta("tokpipe-anyuid-\(stack.id)"),
  roleRef: {apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:openshift:scc:anyuid"},
  subjects: [{kind: "ServiceAccount", name: cfg("VLLM_COMMON_SERVICE_ACCOUNT"), namespace: namespace}]
}
