# shellcheck shell=bash
# Llama 3.2 3B on an A100, its weights streamed: the preprocess script installs what the load format needs.
export LLMDBENCH_DEPLOY_METHODS=standalone
export LLMDBENCH_DEPLOY_MODEL_LIST=meta-llama/Llama-3.2-3B-Instruct
export LLMDBENCH_VLLM_COMMON_AFFINITY=nvidia.com/gpu.product:NVIDIA-A100-SXM4-80GB
export LLMDBENCH_VLLM_STANDALONE_VLLM_LOAD_FORMAT=runai_streamer
export LLMDBENCH_VLLM_STANDALONE_VLLM_LOGGING_LEVEL=DEBUG
export LLMDBENCH_VLLM_STANDALONE_PREPROCESS="source /setup/preprocess/standalone-preprocess.sh ; /setup/preprocess/standalone-preprocess.py"
export LLMDBENCH_HARNESS_EXPERIMENT_PROFILE=chatbot_synthetic
