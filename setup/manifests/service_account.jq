# The account of the stack's pods, or (--arg for harness) of the load's.
include "common";

{
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: meta(cfg(if harness then "HARNESS_SERVICE_ACCOUNT" else "VLLM_COMMON_SERVICE_ACCOUNT" end))
}
