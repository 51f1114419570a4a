#!/usr/bin/env bash
# vllm: vLLM itself.  The server is $VLLM, else, where there is an NVIDIA GPU, the vllm on the PATH,
# else vLLM's build for the CPU; the model is $VLLM_MODEL, else a small one with made-up weights.
# What is missing is fetched and made once, in ${XDG_CACHE_HOME:-~/.cache}/tokpipe/NAME-VERSION.
set -euo pipefail

# shellcheck source=scripts/lib/engine.sh
. "${BASH_SOURCE[0]%/*}/../../scripts/lib/engine.sh"
# shellcheck source=scripts/lib/fetch.sh
. "$top/scripts/lib/fetch.sh"
# shellcheck source=scripts/lib/vllm.sh
. "$top/scripts/lib/vllm.sh"

usage='{check | up [-- VLLM-OPTION...] | down | options | note} [--state FILE] [--log FILE] [--yes]'
about='Start and stop vLLM, on the GPU or on the CPU; "up" prints its URL.'

prompts=$top/scenarios/prompts/mixed.jsonl
server=() own=''

# choose_server: set own to the user's vllm, if that is what runs, and server to the command.
choose_server() {
	if [[ -n ${VLLM-} ]]; then
		own=$(command -v "$VLLM") || die 2 "VLLM: $VLLM: no such program"
	elif nvidia-smi -L 2>/dev/null | grep -q '^GPU'; then
		own=$(command -v vllm) || warn "a GPU, but no vllm on the PATH (or in \$VLLM): running vLLM on the CPU"
	fi
	server=("$vllm_venv/bin/python" -m vllm.entrypoints.cli.main)
	[[ -z $own ]] || server=("$own")
}

# choose_model: set model to the directory (or the name) of the model.
choose_model() {
	local hash
	model=${VLLM_MODEL-}
	[[ -z $model ]] || return 0
	hash=$(cat "$top/setup/engines/vllm_model.py" "$prompts" | sha256sum)
	model=$cache/tiny-llama-${hash:0:12}
}

engine_check() {
	choose_server
	choose_model
	[[ -n $own || -x $vllm_venv/bin/python ]] || die 4 "vLLM: not here yet; \"up\" fetches it"
	[[ -n ${VLLM_MODEL-} || -d $model ]] || die 4 "$model: not here yet; \"up\" makes it"
}

# get_ready: the server and the model, fetched and made where they are missing.
get_ready() {
	choose_server
	choose_model
	[[ -n $own ]] || fetch_vllm
	[[ -n ${VLLM_MODEL-} || -d $model ]] || fetch "$model" make_model 10 "a small model with made-up weights"
}

make_model() {
	local python=$vllm_venv/bin/python
	[[ -z $own ]] || { read -r python <"$own" && python=${python#'#!'}; }
	"$python" -c 'import tokenizers' 2>/dev/null || die 4 "$own: no package tokenizers to make a small model with;" \
		"name a model with VLLM_MODEL=DIRECTORY"
	"$python" "$top/setup/engines/vllm_model.py" "$1" "$prompts"
}

engine_up() {
	local arguments=(serve "${VLLM_MODEL-}") limit=1800 # a large model takes its time
	running && return
	get_ready
	if [[ -z ${VLLM_MODEL-} ]]; then
		export HF_HUB_OFFLINE=1
		limit=600
		arguments=(serve "$model" --served-model-name tiny --load-format dummy --enforce-eager
			--max-num-seqs 16 --enable-auto-tool-choice --tool-call-parser hermes)
	fi
	[[ -n $own ]] || cpu_settings
	export VLLM_NO_USAGE_STATS=1 VLLM_HOST_IP=127.0.0.1
	info "vLLM takes a minute or so to start"
	launch "$limit" python3 "$top/setup/engines/vllm.py" "${server[@]}" "${arguments[@]}" --enable-prompt-tokens-details "$@"
}

# cpu_settings: half of the machine, asleep while it waits: the client runs here, too.
cpu_settings() {
	export VLLM_CPU_KVCACHE_SPACE=${VLLM_CPU_KVCACHE_SPACE:-1} VLLM_CPU_OMP_THREADS_BIND=nobind
	export OMP_NUM_THREADS=${OMP_NUM_THREADS:-$((($(nproc) + 1) / 2))} OMP_WAIT_POLICY=passive
}

# engine_said: the first and the last error of its log, without the frames that led there.
engine_said() {
	local said
	said=$(awk '/(Error|Exception|error): / && !/^\([^)]*\) (INFO|WARNING)/ {
		sub(/^\([^)]*\) ERROR [0-9: -]*\[[^]]*\] /, "")
		if (first == "") first = $0
		last = $0
		more = 3
		next
	}
	more > 0 && /^ *[A-Za-z_]/ && !/For further information/ {
		last = last "\n" $0
		more--
	}
	END {
		if (first == "") exit 1
		if (index(last, first) != 1) print first
		print last
	}' "$log") || said=$(tail -n 10 "$log")
	cut -c 1-500 <<<"$said"
}

engine_options() {
	get_ready
	if [[ -n $own ]]; then
		"$own" serve --help=all 2>/dev/null | option_names
	else
		cat "$vllm_venv/options"
	fi
}

engine_note() {
	[[ -n ${VLLM_MODEL-} ]] || echo "dummy weights: speed only, the text means nothing"
}

engine_start "$@"
