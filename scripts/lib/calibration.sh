# shellcheck shell=bash
# calibration: how many tokens the server counts for each one that genload counts, and how many more
# for each request: asked of 20 requests like those of the workload, by the usage that it reports.
# Needs url, model and connection (target.sh).

# shellcheck source=scripts/lib/target.sh
. "${BASH_SOURCE[0]%/*}/target.sh"

calibration=null # {token_ratio, template_tokens, …}: calibration.jq's

# ask_lengths WORKLOAD: set calibration from the answers to 20 requests.
ask_lengths() {
	local dir
	dir=$(mktemp -d)
	sample_lengths "$1" "$dir"
	calibration=$(jq -s -f "$top/scripts/lib/calibration.jq" "$dir/responses.jsonl")
	[[ $calibration != null ]] || calibration_failed "$dir"
	rm -r "$dir"
}

# sample_lengths WORKLOAD DIR: send the 20 requests; what comes back is in DIR/responses.jsonl.
sample_lengths() {
	local one=(genload --model "$model" --seed 7 -n 20 --input-tokens 1)
	jq '{request, tags, prompts: (.prompts // {} | del(.token_ratio, .template_tokens, .calibrate) + {token_ratio: 1}),
		load_test: {seed: (.load_test.seed // 1), warmup_requests: (.load_test.warmup_requests // 0), requests: ([.load_test.requests // 200, 2000] | min)}}' "$1" >"$2/workload.json"
	genload -f "$2/workload.json" --model "$model" >"$2/candidates.jsonl" 2>"$2/log" || (($? == 1)) || die 2 "$(<"$2/log")"
	"${one[@]}" | jq -r '.body.messages[0].content' >"$2/words"
	jq -sc --rawfile words "$2/words" -f "$top/scripts/lib/calibration_sample.jq" "$2/candidates.jsonl" >"$2/requests.jsonl"
	[[ -s $2/requests.jsonl ]] || die 2 "calibration: the prompts hold no text whose length could be estimated"
	debug "$(quoted sendreq --url "$url" -c 4 "${connection[@]}")"
	sendreq --url "$url" -c 4 "${connection[@]}" <"$2/requests.jsonl" >"$2/responses.jsonl" 2>>"$2/log" || true
}

calibration_failed() {
	local said
	said=$(jq -r 'select(.error) | "\(.error.kind): \(.error.message // "")"' "$1/responses.jsonl" | head -n 1)
	rm -r "$1"
	die 3 "$url: calibration: ${said:-the server reports no usage: lengths of prompts stay estimates with it}"
}
