#!/usr/bin/env bash
# aiperf: NVIDIA's AIPerf.
set -euo pipefail

# shellcheck source=tests/perf/peers/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# shellcheck disable=SC2034 # of lib.sh
name=aiperf version=0.13.0 mb=2000

install_into() {
	new_venv "$1"
	pip "$1" install "aiperf==$version"
	will_move "$1"
}

the_command() {
	local warm=()
	jq -nc --arg text "$prompt" '{$text}' >"$out/prompts.jsonl"
	((!warmup)) || warm=(--warmup-request-count "$warmup")
	unset HF_HUB_OFFLINE TRANSFORMERS_OFFLINE # where they are set, it finds no tokenizer but those of a hub's cache
	command=("$dir/bin/aiperf" profile --model "$model" --url "$url" --endpoint-type chat --streaming
		--tokenizer "$tokenizer" --input-file prompts.jsonl --custom-dataset-type single_turn
		--prompt-output-tokens-mean "$tokens" --extra-inputs ignore_eos:true --concurrency "$streams"
		--request-count "$measured" "${warm[@]}" --output-artifact-dir . --export-level summary
		--no-gpu-telemetry --no-server-metrics --ui-type none)
}

peer "$@"
