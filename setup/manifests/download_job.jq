# The Job that fetches a model into the cache that vLLM reads (HF_HOME, the volume of the models), once: what
# is there already is not fetched again.  Its name ends in the model's.  Pods that failed stay, with their logs.
include "common";

def script:
  "set -eu
command -v hf >/dev/null || pip install --quiet --user \"huggingface_hub>=0.34,<2\"
mkdir -p \"$HF_HOME\"
exec hf download \"$HF_MODEL_ID\"";

"download-model-\(model.modelid_label)" as $name
| cfg("VLLM_STANDALONE_PVC_MOUNTPOINT") as $mount
| {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: meta($name),
    spec: {
      backoffLimit: 3,
      activeDeadlineSeconds: number("VLLM_COMMON_PVC_DOWNLOAD_TIMEOUT"),
      template: {
        metadata: {labels: (labels($name) + pods_of($name))},
        spec: {
          restartPolicy: "Never",
          serviceAccountName: cfg("VLLM_COMMON_SERVICE_ACCOUNT"),
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          containers: [{
            name: "download",
            image: cfg("VLLM_COMMON_DOWNLOAD_IMAGE"),
            command: ["/bin/sh", "-c"],
            args: [script],
            env: [
              {name: "HF_MODEL_ID", value: (model.model | literal)},
              {name: "MODEL_PATH", value: ("models/\(model.model)" | literal)},
              {name: "HF_HOME", value: ($mount | literal)},
              {name: "HF_TOKEN", valueFrom: token_ref},
              {name: "HOME", value: "/tmp"},
              {name: "PATH", value: "/tmp/.local/bin:/usr/local/bin:/usr/bin:/bin"}
            ],
            volumeMounts: [{name: "model-cache", mountPath: $mount}]
          }],
          volumes: [{name: "model-cache", persistentVolumeClaim: {claimName: cfg("VLLM_COMMON_PVC_NAME")}}]
        }
      }
    }
  }
