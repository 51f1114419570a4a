#!/usr/bin/env bash
# inference-perf: of the Kubernetes project.  It asks for Python 3.12 and runs with 3.11, too.
set -euo pipefail

# shellcheck source=tests/perf/peers/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# shellcheck disable=SC2034 # of lib.sh
name=inference-perf version=0.7.0 mb=1500

# install_into DIR: what it asks for first, of which pip shall take what this Python can run.
install_into() {
	new_venv "$1"
	pip "$1" install --no-deps --ignore-requires-python "inference-perf==$version"
	sed -n 's/^Requires-Dist: //p' "$1"/lib/python3*/site-packages/inference_perf-"$version".dist-info/METADATA |
		grep -v 'extra ==' >"$1/requirements"
	pip "$1" install -r "$1/requirements"
	will_move "$1"
}

# the_command: its workers are as many as there are processors, and each takes up to 100 requests at a time, or as
# many as it is told; the prompts that it makes have a shared part of one word and seven of their own.
the_command() {
	jq -n --arg url "$url" --arg model "$model" --arg tokenizer "$tokenizer" --argjson streams "$streams" \
		--argjson warmup "$warmup" --argjson measured "$measured" --argjson requests "$requests" --argjson tokens "$tokens" '{
		api: {type: "chat", streaming: true},
		data: {type: "shared_prefix", shared_prefix: {num_groups: 1, num_prompts_per_group: $requests,
			system_prompt_len: 1, question_len: 7, output_len: $tokens}},
		load: {type: "concurrent", interval: 1, worker_max_concurrency: ([100, $streams] | max), base_seed: 1,
			stages: [($warmup | select(. > 0)), $measured | {num_requests: ., concurrency_level: $streams}]},
		server: {type: "vllm", model_name: $model, base_url: $url, ignore_eos: true},
		tokenizer: {pretrained_model_name_or_path: $tokenizer},
		storage: {local_storage: {path: "reports"}},
		report: {request_lifecycle: {summary: true, per_stage: true, per_request: false}}}' >"$out/config.yaml"
	command=("$dir/bin/inference-perf" -c config.yaml)
}

peer "$@"
