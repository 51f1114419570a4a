# shellcheck shell=bash
# One H200 on OpenShift, reached through a Route; the model is said with -m.
export LLMDBENCH_DEPLOY_METHODS=standalone
export LLMDBENCH_VLLM_COMMON_AFFINITY=nvidia.com/gpu.product:NVIDIA-H200
export LLMDBENCH_VLLM_COMMON_MAX_MODEL_LEN=32768
export LLMDBENCH_VLLM_COMMON_PVC_STORAGE_CLASS=ocs-storagecluster-cephfs
LLMDBENCH_VLLM_COMMON_ANNOTATIONS="deployed-by:$(id -un),purpose:benchmark"
export LLMDBENCH_VLLM_COMMON_ANNOTATIONS
export LLMDBENCH_VLLM_STANDALONE_ROUTE=1
