# shellcheck shell=bash
# Llama 3.2 3B on an A100 of Google's cloud, models and results on its file store.
export LLMDBENCH_DEPLOY_METHODS=standalone
export LLMDBENCH_DEPLOY_MODEL_LIST=meta-llama/Llama-3.2-3B-Instruct
export LLMDBENCH_VLLM_COMMON_AFFINITY=cloud.google.com/gke-accelerator:nvidia-tesla-a100
export LLMDBENCH_VLLM_COMMON_PVC_STORAGE_CLASS=standard-rwx
export LLMDBENCH_VLLM_COMMON_PVC_MODEL_CACHE_SIZE=1Ti # its smallest volume
export LLMDBENCH_HARNESS_PVC_SIZE=1Ti
export LLMDBENCH_HARNESS_EXPERIMENT_PROFILE=chatbot_synthetic
