# shellcheck shell=bash
# Llama 3.2 3B on a slice (MIG) of an H100: a resource and a label of its own.
export LLMDBENCH_DEPLOY_METHODS=standalone
export LLMDBENCH_DEPLOY_MODEL_LIST=meta-llama/Llama-3.2-3B-Instruct
export LLMDBENCH_VLLM_COMMON_ACCELERATOR_RESOURCE=nvidia.com/mig-3g.40gb
export LLMDBENCH_VLLM_COMMON_AFFINITY=nvidia.com/gpu.product:NVIDIA-H100-80GB-HBM3
export LLMDBENCH_VLLM_COMMON_ACCELERATOR_MEM_UTIL=0.90
export LLMDBENCH_VLLM_COMMON_MAX_MODEL_LEN=8192
export LLMDBENCH_VLLM_COMMON_CPU_MEM=24Gi
export LLMDBENCH_VLLM_COMMON_PVC_STORAGE_CLASS=ocs-storagecluster-cephfs
