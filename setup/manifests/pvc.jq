# The volume of the models, or (--arg for harness) of the results.
include "common";

{
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: meta(cfg(if harness then "HARNESS_PVC_NAME" else "VLLM_COMMON_PVC_NAME" end)),
  spec: ({
    accessModes: [cfg("VLLM_COMMON_PVC_ACCESSMODE")],
    resources: {requests: {storage: cfg(if harness then "HARNESS_PVC_SIZE" else "VLLM_COMMON_PVC_MODEL_CACHE_SIZE" end)}},
    volumeMode: "Filesystem"
  } + storage_class)
}
