# shellcheck shell=bash
# lib: what the peers of the accuracy table share.  NAME.sh installs one of them at its pinned version
# (once, into ${XDG_CACHE_HOME:-~/.cache}/tokpipe/peers/NAME-VERSION) and has it send one workload: a closed
# loop of chat requests with a short prompt, streamed, each of the same number of tokens.
#
#   NAME.sh install                                           status 3 and one line where it cannot be had
#   NAME.sh start URL MODEL STREAMS REQUESTS TOKENS OUTDIR    the peer alone, by exec: what its CPU is measured of
#   NAME.sh result OUTDIR                                     OUTDIR/result.json, of what it wrote (see results.py)
#   NAME.sh run URL MODEL STREAMS REQUESTS TOKENS OUTDIR      start and result
#   NAME.sh warm URL MODEL OUTDIR                             start, of one request of two tokens: what starting costs
#
# REQUESTS are all that are sent; as many of them as there are STREAMS come first, as the warm-up, where the
# peer can tell them apart (warmup_requests of the result).
#
# A script sets name, version and mb (of disk), and where it is needed with_vllm=true (the engine's
# installation of vLLM and torch); defines install_into DIR and the_command (which sets
# command, an array, from url, model, streams, measured, warmup, requests, tokens and out), and calls peer "$@".

# shellcheck source=scripts/lib/base.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib/base.sh"
# shellcheck source=scripts/lib/fetch.sh
. "$top/scripts/lib/fetch.sh"
# shellcheck source=scripts/lib/vllm.sh
. "$top/scripts/lib/vllm.sh"

here=$top/tests/perf/peers
prompt='Say something of the length I asked for.'
name='' version='' mb=0 with_vllm=false
command=()
# shellcheck disable=SC2034 # of two scripts
sglang_version=0.5.23
# shellcheck disable=SC2034 # of fetch.sh and options.sh
for_whom=${0##*/} usage='{install | {start | run} URL MODEL STREAMS REQUESTS TOKENS OUTDIR | warm URL MODEL OUTDIR | result OUTDIR}'
# shellcheck disable=SC2034 # of options.sh
about='One peer of the accuracy table: installs it, and has it measure a server.'

# peer ARGUMENT…: do what was asked for.
peer() {
	parse_options "$@"
	log_start
	dir=$cache/peers/$name-$version
	set -- "${operands[@]}"
	case ${1-}:$# in
	install:1) install ;;
	start:7) start "${@:2}" ;;
	run:7)
		"$0" start "${@:2}"
		result "$7"
		;;
	warm:4) start "$2" "$3" 1 1 2 "$4" ;;
	result:2) result "$2" ;;
	*) bad_usage "expected install, start, run, warm or result, each with its arguments" ;;
	esac
}

install() {
	need_packages python
	mkdir -p "$cache/peers" 2>/dev/null || die 4 "$cache/peers: cannot be made (XDG_CACHE_HOME)"
	! $with_vllm || fetch_vllm
	[[ -d $dir ]] || fetch "$dir" install_into "$mb" "$name $version"
	tokenizer
	[[ -d $tokenizer ]] || fetch "$tokenizer" make_words 1 "a tokenizer of words"
}

# start URL MODEL STREAMS REQUESTS TOKENS OUTDIR: nothing of ours is left in the process that is measured.
start() {
	[[ -d $dir ]] || die 4 "$name $version: not here yet: ${0##*/} install fetches it"
	url=$1 model=$2 streams=$3 requests=$4 tokens=$5
	mkdir -p "$6"
	out=$(cd "$6" && pwd)
	warmup=$((requests > streams ? streams : 0))
	measured=$((requests - warmup))
	tokenizer
	export HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1 HF_HOME=$dir/home/hf HOME=$dir/home
	mkdir -p "$HOME"
	the_command
	describe >"$out/job.json"
	cd "$out" || die 4 "$out: cannot be entered"
	exec "${command[@]}" >"$out/log" 2>&1 </dev/null
}

# describe: what is run, in words that are the same on every machine.
describe() {
	local words
	words=$(quoted "${command[@]}")
	words=${words//"$dir/bin/"/}
	words=${words//"$dir/"/}
	words=${words//"$vllm_venv/bin/"/}
	words=${words//"$cache/peers/"/}
	words=${words//"$out/"/}
	words=${words//"$url"/URL}
	jq -n --arg peer "$name" --arg version "$version" --arg command "$words" --argjson streams "$streams" \
		--argjson requests "$requests" --argjson warmup "$warmup" --argjson tokens "$tokens" \
		'{peer: $peer, version: $version, command: $command, streams: $streams, requests: $requests,
		warmup_requests: $warmup, tokens: $tokens}'
}

result() {
	python3 "$here/results.py" "$1" >"$1/result.json.part"
	mv "$1/result.json.part" "$1/result.json"
}

# prompts FILE KEY [REST]: as many lines {KEY: the prompt, REST} as there are requests.
prompts() {
	local i line rest=${3-}
	line=$(jq -nc --arg key "$2" --arg prompt "$prompt" --argjson rest "${rest:-null}" '{($key): $prompt} + $rest')
	for ((i = 0; i < requests; i++)); do printf '%s\n' "$line"; done >"$1"
}

# tokenizer: set tokenizer to the directory of one for which each of llmsim's chunks is one token.
tokenizer() {
	local hash
	hash=$(sha256sum <"$here/words.py")
	tokenizer=$cache/peers/words-${hash:0:12}
}

make_words() {
	python3 "$here/words.py" "$1"
}

# vllm_bench_options: of "bench serve", which vLLM has in Python and in Rust.
vllm_bench_options() {
	# shellcheck disable=SC2054 # commas of a list that it reads
	command+=(--backend openai-chat --base-url "$url" --endpoint /v1/chat/completions --model "$model"
		--tokenizer "$tokenizer" --dataset-name random --random-input-len 8 --random-output-len "$tokens"
		--num-warmups "$warmup" --num-prompts "$measured" --max-concurrency "$streams" --ignore-eos --temperature 0
		--percentile-metrics ttft,tpot,itl --metric-percentiles 99
		--save-result --result-dir . --result-filename peer.json --disable-tqdm)
}

# sglang_bench_options: of bench_serving, which SGLang has in Python and in Rust.
sglang_bench_options() {
	command+=(--backend vllm-chat --base-url "$url" --model "$model" --tokenizer "$tokenizer" --dataset-name random-ids
		--random-input-len 8 --random-output-len "$tokens" --random-range-ratio 1 --warmup-requests "$warmup"
		--num-prompts "$measured" --max-concurrency "$streams" --output-file peer.jsonl --disable-tqdm)
}

# new_venv DIR: a virtual environment that will be moved.
new_venv() {
	python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die 3 "$name $version needs Python 3.11 or newer"
	python3 -m venv "$1"
}

# torch_into DIR: torch as the engine vLLM has it (with_vllm), in the same bytes on disk: it is 5 GB.
torch_into() {
	local from part
	from=$(echo "$vllm_venv"/lib/python3*/site-packages)
	for part in "$from"/{torch,torchgen,functorch,nvidia,triton,cuda}{,-*,_*}; do
		[[ ! -e $part ]] || cp -al "$part" "$(echo "$1"/lib/python3*/site-packages)/"
	done
}
