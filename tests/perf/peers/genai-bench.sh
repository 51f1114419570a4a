#!/usr/bin/env bash
# genai-bench: of the SGLang project; its users are greenlets of Locust.
set -euo pipefail

# shellcheck source=tests/perf/peers/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# shellcheck disable=SC2034 # of lib.sh
name=genai-bench version=0.0.5 mb=1500

install_into() {
	new_venv "$1"
	pip "$1" install "genai-bench==$version"
	will_move "$1"
}

# the_command: a hair more than the share of the warm-up, so that rounding it down gives the number.
the_command() {
	local share
	share=$(jq -n --argjson part "$warmup" --argjson all "$requests" '$part / $all + if $part > 0 then 1e-6 else 0 end')
	printf '%s\n' "$prompt" "$prompt" >"$out/prompts.txt"
	command=("$dir/bin/genai-bench" benchmark --api-backend vllm --api-base "$url" --api-key none --task text-to-text
		--api-model-name "$model" --model-tokenizer "$tokenizer" --traffic-scenario "D(8,$tokens)"
		--num-concurrency "$streams" --max-requests-per-run "$requests" --max-time-per-run 9 --warmup-ratio "$share"
		--dataset-path prompts.txt --additional-request-params '{"ignore_eos": true}' --metrics-time-unit ms
		--experiment-base-dir . --experiment-folder-name experiment)
}

peer "$@"
