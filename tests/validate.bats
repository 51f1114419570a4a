#!/usr/bin/env bats
# validate.sh: what bench.sh would refuse, where, and what was probably meant.

load lib/common
load lib/bench

@test "the shipped profiles are valid; the resolved workload is on stdout" {
	local name
	for name in standard burst laptop runners/profiles/standard.yaml; do
		run --separate-stderr "$TOP/scripts/validate.sh" --profile "$name"
		is 0 'valid'
		jq -e '.load_test.concurrency > 0 and .request.max_tokens > 0' <<<"$output"
	done
}

@test "every problem of a profile, with its line and column" {
	printf 'load_test:\n  concurency: 3\n  rate: -1\nvalidation:\n  max_error_rate: 2\n' >bad.yaml
	run --separate-stderr "$TOP/scripts/validate.sh" --profile bad.yaml
	is 2 'bad.yaml:2:3: load_test.concurency: unknown key (did you mean concurrency?)' \
		'bad.yaml:3:9: load_test.rate: -1' 'bad.yaml:5:19: validation.max_error_rate: 2'
	[ -z "$output" ]
	printf 'load_test: [\n' >broken.yaml
	run --separate-stderr "$TOP/scripts/validate.sh" --profile broken.yaml
	is 2 'broken.yaml:'
}

@test "bench.sh's flags are checked with it" {
	run --separate-stderr "$TOP/scripts/validate.sh" --requests 7 --duration 90s
	is 0
	jq -e '.load_test | .requests == 7 and .duration_seconds == 90' <<<"$output"
	run --separate-stderr "$TOP/scripts/validate.sh" --arrival poison
	is 2 'load_test.arrival' 'poisson'
	run --separate-stderr "$TOP/scripts/validate.sh" --timeout soon
	is 2 '--timeout: soon: expected a time'
	run --separate-stderr "$TOP/scripts/validate.sh" --arrival poisson
	is 2 'poisson arrivals need a rate'
	run --separate-stderr "$TOP/scripts/validate.sh" --assert 'ttft_ms.p95 lower 3'
	is 2 'no operator'
	run --separate-stderr "$TOP/scripts/validate.sh" --prompts nowhere.jsonl
	is 2 'nowhere.jsonl: no such file'
	run --separate-stderr "$TOP/scripts/validate.sh" --profle x
	is 2 'did you mean --profile?'
}

@test "prompts and words are looked up from here, beside the profile, and in scenarios" {
	mkdir -p there/files
	echo '{"prompt":"Why?"}' >there/files/p.jsonl
	printf 'prompts: {file: files/p.jsonl}\n' >there/mine.yaml
	run --separate-stderr "$TOP/scripts/validate.sh" --profile there/mine.yaml
	is 0
	[ "$(jq -r .prompts.file <<<"$output")" = "$(realpath there/files/p.jsonl)" ]
	printf 'prompts: {file: files/q.jsonl}\n' >there/mine.yaml
	run --separate-stderr "$TOP/scripts/validate.sh" --profile there/mine.yaml
	is 2 'prompts.file: files/q.jsonl: no such file'
}
