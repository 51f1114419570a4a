# shellcheck shell=bash
# sets: the flags about the load, which go over a profile as yaml2json --set.

# shellcheck source=scripts/lib/base.sh
. "${BASH_SOURCE[0]%/*}/base.sh"

sets=()

# What a user may say about the load, in every script that takes a profile.
# shellcheck disable=SC2034 # for them
load_options=(
	$'profile P\tname or path of a workload profile (standard)'
	$'requests N\thow many requests (profile, else 200)'
	$'concurrency C\thow many at a time (profile, else 10)'
	$'max-tokens N\tmost tokens in a reply (profile, else 100)'
	$'duration D\tend the run after this long: 30s, 5m'
	$'pattern NAME\tsteady, burst or ramp: of the slots, or of the rate'
	$'rate R\trequests a second, whatever the server does'
	$'arrival NAME\tclosed, constant, poisson, gamma, ramp, burst or schedule'
	$'burstiness X\twith a rate: gamma arrivals; 1 is poisson, below it burstier'
	$'schedule FILE\twhen requests are due, a time a line: seconds, or {"timestamp": ms}'
	$'max-in-flight N\twith a rate: at most so many at a time'
	$'warmup N\trequests before the run that count in no figure'
	$'seed N\tmakes the same requests again (profile, else 1, and prompts that are new in each run)'
	$'prompts FILE\tprompts: JSON lines, or a ShareGPT file'
	$'prompt-format F\tlines, vllm-custom, lora or sharegpt (what the first entry looks like)'
	$'calibrate\task the server on 20 requests first, so that lengths of prompts are by its count'
	$'input-tokens DIST\tmade-up prompts so long: 100, uniform:64-256, normal:100,20,max=200, lognormal:...'
	$'output-tokens DIST\tmost tokens in a reply, drawn for each request: as --input-tokens'
	$'turns DIST\tconversations of so many turns, with live replies'
	$'think D\tpause before each of their turns: 3s, or a distribution of ms'
	$'api NAME\topenai-chat, openai-completions, openai-embeddings or rerank'
	$'n N\tchoices in each reply'
	$'response-format FILE\task for replies of this form: a response_format, as JSON'
	$'tools FILE\toffer these tools: a JSON array'
	$'connect-timeout D\tlimit for connecting (10s)'
	$'first-timeout D\tlimit for the first event (120s)'
	$'timeout D\tlimit for the whole reply (none)'
	$'vllm-args STR\targuments of vLLM, over the profile\'s vllm_features: "--max-model-len 4096"'
	$'gpu-memory-gb N\thow much memory each GPU of the server has, to check the profile with'
	$'set KEY=VALUE...\tset any key of the profile, as in load_test.rate=5'
	$'slo FIELD=MS...\ta bound on each request, as in ttft_ms=500; goodput counts those that keep all'
	$'assert BOUND...\ta bound such as ttft_ms.p95<=500; a missed one is exit status 5'
)

# profile_sets: set sets to the --set options that the flags amount to.
profile_sets() {
	local flag key line
	sets=()
	while read -r flag key; do
		[[ -n ${opt[$flag]-} ]] || continue
		case $flag in
		requests | concurrency | max-tokens | max-in-flight | n) whole "$flag" "${opt[$flag]}" 1 ;;
		warmup | seed) whole "$flag" "${opt[$flag]}" 0 ;;
		duration | timeout | *-timeout) seconds "$flag" "${opt[$flag]}" && whole=$seconds ;;
		prompts | schedule | response-format | tools) whole=$(realpath -- "${opt[$flag]}") ;;
		*) whole=${opt[$flag]} ;;
		esac
		sets+=(--set "$key=$whole")
	done <<'END'
requests load_test.requests
concurrency load_test.concurrency
duration load_test.duration_seconds
rate load_test.rate
arrival load_test.arrival
pattern load_test.pattern
burstiness load_test.burstiness
schedule load_test.schedule
warmup load_test.warmup_requests
seed load_test.seed
max-in-flight load_test.max_in_flight
connect-timeout load_test.connect_timeout_seconds
first-timeout load_test.first_event_timeout_seconds
timeout load_test.total_timeout_seconds
max-tokens request.max_tokens
output-tokens request.output_tokens
n request.n
response-format request.response_format
tools request.tools
api request.api
prompts prompts.file
prompt-format prompts.format
calibrate prompts.calibrate
input-tokens prompts.input_tokens
turns sessions.turns
think sessions.think_ms
END
	displaced
	vllm_sets
	while read -r line; do [[ -z $line ]] || sets+=(--set "slo.$line"); done <<<"${opt[slo]-}"
	while read -r line; do [[ -z $line ]] || sets+=(--set "$line"); done <<<"${opt[set]-}"
}

# vllm_sets: --vllm-args are vllm_features.
vllm_sets() {
	local line lines
	[[ -n ${opt["vllm-args"]-} ]] || return 0
	lines=$(jq -rR -s -f "$top/scripts/lib/vllm_args.jq" <<<"${opt["vllm-args"]}")
	while IFS= read -r line; do
		[[ -z $line ]] || sets+=(--set "$line")
	done <<<"$lines"
}

# displaced: a flag undoes what the profile says in its place, unless that was typed, too.
displaced() {
	local flag others name
	while read -r flag others; do
		[[ -n ${opt[$flag]-} ]] || continue
		for name in $others; do
			[[ -n ${opt[${name%%=*}]-} ]] || sets+=(--set "${name#*=}=null")
		done
	done <<'END'
max-tokens output-tokens=request.output_tokens
output-tokens max-tokens=request.max_tokens
prompts input-tokens=prompts.input_tokens words=prompts.words prompt-format=prompts.format
prompts -=prompts.prefix_tokens -=prompts.prefix_groups -=prompts.prefix_prompts
input-tokens prompts=prompts.file
schedule requests=load_test.requests duration=load_test.duration_seconds rate=load_test.rate arrival=load_test.arrival
schedule burstiness=load_test.burstiness pattern=load_test.pattern stages=load_test.stages
concurrency stages=load_test.stages
rate stages=load_test.stages schedule=load_test.schedule
arrival stages=load_test.stages schedule=load_test.schedule burstiness=load_test.burstiness pattern=load_test.pattern
pattern stages=load_test.stages schedule=load_test.schedule arrival=load_test.arrival burstiness=load_test.burstiness
burstiness arrival=load_test.arrival pattern=load_test.pattern
END
	[[ ${opt[arrival]-} != closed || -n ${opt[rate]-} ]] || sets+=(--set load_test.rate=null)
}

# typed: which of the flags that can end a run were typed, as JSON.
typed() {
	jq -cn --arg requests "${opt[requests]-}" --arg duration "${opt[duration]-}" \
		'{requests: ($requests != ""), duration: ($duration != "")}'
}
