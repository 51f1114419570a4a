#!/usr/bin/env bash
# guidellm: GuideLLM.  It asks for torch, which is 5 GB; that of the engine vLLM is as good.
set -euo pipefail

# shellcheck source=tests/perf/peers/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# shellcheck disable=SC2034 # of lib.sh
name=guidellm version=0.8.1 mb=1000 with_vllm=true

install_into() {
	new_venv "$1"
	torch_into "$1"
	pip "$1" install "guidellm==$version" "torch==$torch_version"
	will_move "$1"
}

the_command() {
	local profile=kind=concurrent,streams=$streams
	prompts "$out/prompts.jsonl" prompt "{\"output_tokens_count\": $tokens}"
	((!warmup)) || profile+=,warmup.mode=requests,warmup.value=$warmup
	# shellcheck disable=SC2054 # commas of options that it reads
	command=("$dir/bin/guidellm" run --backend "kind=openai_http,target=$url,model=$model,max_tokens=$tokens"
		--profile "$profile" --constraint "kind=max_requests,count=$requests" --data kind=json_file,path=prompts.jsonl
		--tokenizer "kind=hf_auto,model=$tokenizer" --metrics kind=generative,sample_size=0
		--output kind=json,path=peer.json --disable-console)
}

peer "$@"
