# shellcheck shell=bash
# Two models, each with a Deployment and a Service of its own, on one volume; the second is served by a short name.
export LLMDBENCH_DEPLOY_METHODS=standalone
export LLMDBENCH_DEPLOY_MODEL_LIST="meta-llama/Llama-3.2-1B-Instruct, Qwen/Qwen3-0.6B:qwen3"
export LLMDBENCH_VLLM_COMMON_MAX_MODEL_LEN=8192
export LLMDBENCH_VLLM_COMMON_CPU_MEM=16Gi
export LLMDBENCH_VLLM_COMMON_PVC_MODEL_CACHE_SIZE=20Gi
