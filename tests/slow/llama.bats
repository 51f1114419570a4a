#!/usr/bin/env bats
# A real engine with a real model: llama.cpp's server.  What it says itself about a request
# (timings) is the independent check on ours.

load ../lib/common
load ../lib/bench

# Where its registry cannot be reached there is nothing to test (status 3).
setup_file() {
	local code=0
	"$TOP/setup/engines/llama.sh" up --yes --state "$BATS_FILE_TMPDIR/llama.state" >"$BATS_FILE_TMPDIR/up" 2>&1 3>&- || code=$?
	"$TOP/setup/engines/llama.sh" down --state "$BATS_FILE_TMPDIR/llama.state"
	((code != 3)) || skip "cannot be fetched: $(tail -n 1 "$BATS_FILE_TMPDIR/up")"
}

@test "bench.sh --engine llama: one request at a time agrees with the server's own timings" {
	local engine
	run --separate-stderr "$TOP/bench.sh" --engine llama --yes --requests 8 --concurrency 1 --warmup 2
	is 0 'llama.cpp' 'ok 8, failed 0'
	[[ $output != *simulated* ]]
	[ "$(field .server.simulated)" = false ]
	# prompt_ms ends with the first token; predicted_ms is from there to the last of predicted_n.
	jq -s -e '
		def median: sort | .[length / 2 | floor];
		[ .[] | select(.phase != "warmup") | .timings as $t
			| [range(.ev_kind | length) as $i | select(.ev_kind[$i:$i + 1] == "c") | .ev_us[$i]] as $at
			| {ours_ttft: ($at[0] / 1000), their_ttft: $t.prompt_ms,
			   ours_tpot: (($at[-1] - $at[0]) / 1000 / (($at | length) - 1)), their_tpot: ($t.predicted_ms / ($t.predicted_n - 1))} ]
		| {ttft_off_ms: (map(.ours_ttft - .their_ttft) | median), ttft_ms: (map(.their_ttft) | median),
		   tpot_off_percent: (map(100 * (.ours_tpot / .their_tpot - 1)) | median), tpot_ms: (map(.their_tpot) | median)}
		| debug
		| (.ttft_off_ms | fabs) < 200 and (.tpot_off_percent | fabs) < 30' "$(latest)/responses.jsonl" 2>said
	sed 's/^/# /' said >&3
	engine=$(field .url)
	run curl -s --max-time 5 "$engine/health"
	[ "$status" -ne 0 ]
	# What it counts itself, warm-ups included, is every token that the records have.
	jq -e --slurpfile r "$(latest)/responses.jsonl" '.engine.counted
		| .output_tokens_total == ($r | map(.usage.completion_tokens) | add)
		and .prompt_tokens_total == ($r | map(.usage.prompt_tokens) | add)
		and .prefix_hits_total == ($r | map(.usage.cached_tokens) | add)' "$(latest)/analysis.json"
}

@test "calibrate.sh: words that are one token for it" {
	url=$("$TOP/setup/engines/llama.sh" up --yes --state "$PWD/llama.state" --log "$PWD/llama.log")
	run --separate-stderr "$TOP/scripts/calibrate.sh" --url "$url" --output words
	"$TOP/setup/engines/llama.sh" down --state "$PWD/llama.state"
	is 0 'words: ' 'counted as 512 tokens'
}

@test "calibrated lengths are what this server counts, its chat template included" {
	run --separate-stderr "$TOP/bench.sh" --engine llama --yes --requests 40 --warmup 0 --max-tokens 1 --concurrency 2 \
		--input-tokens uniform:40-120 --calibrate
	is 0 'input, calibrated'
	jq -e '.calibration | .template_tokens > 5 and .run.n == 40 and (.run.error_ratio | fabs) <= 0.05' "$(latest)/run.json"
}
