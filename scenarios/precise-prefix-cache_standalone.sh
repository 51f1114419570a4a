# shellcheck shell=bash
# Prompts that begin alike: four replicas that tell which blocks they hold.  The engines' variables and
# their whole command are files that this one writes.
export LLMDBENCH_DEPLOY_METHODS=standalone
export LLMDBENCH_DEPLOY_MODEL_LIST=meta-llama/Llama-3.1-70B-Instruct
export LLMDBENCH_HARNESS_EXPERIMENT_PROFILE=shared_prefix_synthetic
export LLMDBENCH_VLLM_COMMON_REPLICAS=4
export LLMDBENCH_VLLM_COMMON_ACCELERATOR_NR=4
export LLMDBENCH_VLLM_COMMON_CPU_NR=16
export LLMDBENCH_VLLM_COMMON_CPU_MEM=64Gi
export LLMDBENCH_VLLM_COMMON_MAX_MODEL_LEN=16000
export LLMDBENCH_VLLM_COMMON_BLOCK_SIZE=64
export LLMDBENCH_VLLM_COMMON_PVC_MODEL_CACHE_SIZE=1Ti
export LLMDBENCH_CONTROL_WORK_DIR=~/data/precise-prefix-cache_standalone

LLMDBENCH_VLLM_COMMON_ENVVARS_TO_YAML=$(mktemp)
export LLMDBENCH_VLLM_COMMON_ENVVARS_TO_YAML
cat <<'END' >"$LLMDBENCH_VLLM_COMMON_ENVVARS_TO_YAML"
- name: PYTHONHASHSEED # the same hashes in every replica
  value: "42"
- name: POD_IP
  valueFrom:
    fieldRef:
      apiVersion: v1
      fieldPath: status.podIP
- name: VLLM_LOGGING_LEVEL
  value: DEBUG
- name: VLLM_ALLOW_LONG_MAX_MODEL_LEN
  value: "1"
END

LLMDBENCH_VLLM_STANDALONE_ARGS=$(mktemp)
export LLMDBENCH_VLLM_STANDALONE_ARGS
cat <<'END' >"$LLMDBENCH_VLLM_STANDALONE_ARGS"
exec vllm serve REPLACE_ENV_LLMDBENCH_DEPLOY_CURRENT_MODEL \
  --port REPLACE_ENV_LLMDBENCH_VLLM_COMMON_INFERENCE_PORT \
  --block-size REPLACE_ENV_LLMDBENCH_VLLM_COMMON_BLOCK_SIZE \
  --max-model-len REPLACE_ENV_LLMDBENCH_VLLM_COMMON_MAX_MODEL_LEN \
  --tensor-parallel-size REPLACE_ENV_LLMDBENCH_VLLM_COMMON_ACCELERATOR_NR \
  --gpu-memory-utilization REPLACE_ENV_LLMDBENCH_VLLM_COMMON_ACCELERATOR_MEM_UTIL \
  --prefix-caching-hash-algo sha256 \
  --kv-events-config '{"enable_kv_cache_events": true, "publisher": "zmq", "endpoint": "tcp://*:5557", "topic": "kv@$(POD_IP)"}' \
  --enforce-eager
END
