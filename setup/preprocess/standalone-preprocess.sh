# shellcheck shell=bash
# standalone-preprocess: sourced in an engine's pod before it starts
# (LLMDBENCH_VLLM_STANDALONE_PREPROCESS="source /setup/preprocess/standalone-preprocess.sh").
# It installs what a load format needs and sets the variables that go with it.

tokpipe_install() {
	echo "preprocess: installing $1" >&2
	pip install --quiet --no-cache-dir "$1"
}

# Where a serialised model is kept: on the volume of the models, beside its cache.
tokpipe_tensors() {
	printf '%s/%s/v1/model.tensors\n' "${HF_HOME:-/model-storage}" "$LLMDBENCH_VLLM_STANDALONE_MODEL"
}

case ${LLMDBENCH_VLLM_STANDALONE_VLLM_LOAD_FORMAT-} in
fastsafetensors)
	tokpipe_install fastsafetensors==0.1.15
	;;
tensorizer)
	tokpipe_install tensorizer==2.10.1
	LLMDBENCH_VLLM_STANDALONE_TENSORIZER_URI=$(tokpipe_tensors)
	export LLMDBENCH_VLLM_STANDALONE_TENSORIZER_URI
	export LLMDBENCH_VLLM_STANDALONE_MODEL_LOADER_EXTRA_CONFIG="{\"tensorizer_uri\": \"$LLMDBENCH_VLLM_STANDALONE_TENSORIZER_URI\"}"
	;;
runai_streamer)
	tokpipe_install runai-model-streamer==0.14.0
	export LLMDBENCH_VLLM_STANDALONE_MODEL_LOADER_EXTRA_CONFIG='{"concurrency": 32}'
	;;
esac

if [ "${VLLM_LOGGING_LEVEL-}" = DEBUG ]; then
	export VLLM_LOGGING_CONFIG_PATH=/tmp/vllm_logging_config.json
fi
unset -f tokpipe_install tokpipe_tensors
