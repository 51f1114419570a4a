#!/usr/bin/env bats
# setup/preprocess: what an engine's pod runs before the engine, in bash and in Python as they are there.
load lib/common

# prepared NAME=VALUE…: the variables of a shell that has sourced the script; pip says what it was asked for.
prepared() {
	run --separate-stderr env -i PATH=/usr/bin:/bin HF_HOME="$PWD/cache" LLMDBENCH_VLLM_STANDALONE_MODEL=org/model "$@" \
		bash -c 'set -eu; pip() { echo "pip $*"; }; source "$1"; declare -F | grep tokpipe || env | sort' - \
		"$TOP/setup/preprocess/standalone-preprocess.sh"
	is 0
}

EXTRA=LLMDBENCH_VLLM_STANDALONE_MODEL_LOADER_EXTRA_CONFIG

@test "preprocess: each load format gets what it needs" {
	prepared LLMDBENCH_VLLM_STANDALONE_VLLM_LOAD_FORMAT=fastsafetensors "$EXTRA={}"
	is 0 'pip install --quiet --no-cache-dir fastsafetensors==0.1.15' "$EXTRA={}"
	prepared LLMDBENCH_VLLM_STANDALONE_VLLM_LOAD_FORMAT=tensorizer "$EXTRA={}"
	is 0 'pip install --quiet --no-cache-dir tensorizer==2.10.1'
	same "{\"tensorizer_uri\":\"$PWD/cache/org/model/v1/model.tensors\"}" "$(sed -n "s/^$EXTRA=//p" <<<"$output" | jq -c .)"
	prepared LLMDBENCH_VLLM_STANDALONE_VLLM_LOAD_FORMAT=runai_streamer "$EXTRA={}"
	is 0 'pip install --quiet --no-cache-dir runai-model-streamer==' "$EXTRA={\"concurrency\": 32}"
}

@test "preprocess: another format changes nothing, and installs nothing" {
	local format
	for format in auto safetensors ''; do
		prepared "LLMDBENCH_VLLM_STANDALONE_VLLM_LOAD_FORMAT=$format" "$EXTRA={\"a\": 1}"
		is 0 "$EXTRA={\"a\": 1}"
		[[ $output != *'pip '* && $output != *VLLM_LOGGING_CONFIG_PATH* ]]
	done
}

@test "preprocess: DEBUG: a logging configuration that Python takes, with milliseconds" {
	prepared VLLM_LOGGING_LEVEL=DEBUG
	is 0 VLLM_LOGGING_CONFIG_PATH=/tmp/vllm_logging_config.json
	run --separate-stderr env VLLM_LOGGING_LEVEL=DEBUG VLLM_LOGGING_CONFIG_PATH="$PWD/l.json" \
		"$TOP/setup/preprocess/standalone-preprocess.py"
	is 0
	run --separate-stderr python3 -c 'if True:
		import json, logging.config
		logging.config.dictConfig(json.load(open("l.json")))
		logging.getLogger("vllm.x").debug("hello")'
	[[ $output =~ ^DEBUG\ [0-9-]+\ [0-9:]+\.[0-9]{3}\ \[.*\]\ hello$ ]]
}

@test "preprocess: without a logging configuration or tensorizer the second half does nothing" {
	run --separate-stderr env -i PATH=/usr/bin:/bin "$TOP/setup/preprocess/standalone-preprocess.py"
	is 0
	same '' "$output$stderr"
	same '' "$(find . -type f -name '*.json')"
}

@test "preprocess: tensorizer: a model that is there is not written again; one that cannot be is said, whole or not at all" {
	local uri=$PWD/m/v1/model.tensors
	mkdir -p m/v1
	echo there >"$uri"
	run --separate-stderr env LLMDBENCH_VLLM_STANDALONE_VLLM_LOAD_FORMAT=tensorizer LLMDBENCH_VLLM_STANDALONE_MODEL=org/model \
		LLMDBENCH_VLLM_STANDALONE_TENSORIZER_URI="$uri" "$TOP/setup/preprocess/standalone-preprocess.py"
	is 0 "preprocess: $uri is there"
	same there "$(<"$uri")"
	rm "$uri"
	# there is no vLLM here
	run --separate-stderr env LLMDBENCH_VLLM_STANDALONE_VLLM_LOAD_FORMAT=tensorizer LLMDBENCH_VLLM_STANDALONE_MODEL=org/model \
		LLMDBENCH_VLLM_STANDALONE_TENSORIZER_URI="$uri" python3 -S "$TOP/setup/preprocess/standalone-preprocess.py"
	is 1 "preprocess: $uri: not serialised"
	[ ! -e "$uri" ]
}
