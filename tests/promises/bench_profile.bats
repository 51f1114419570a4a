#!/usr/bin/env bats
# The documented profile: its structure as it is written there, and where each key ends up.

load ../lib/common
load ../lib/bench

@test "the documented profile is one, unchanged" {
	run --separate-stderr "$TOP/scripts/validate.sh" --profile "$TOP/tests/promises/bench/profile.yaml"
	is 0 'profile.yaml: valid'
	printf '%s\n' "$output" >workload.json
	# Nothing in it is dropped or changed.
	"$TOP/tests/lib/py" - "$TOP/tests/promises/bench/profile.yaml" workload.json <<-'END' || {
		import json, sys
		from ruamel.yaml import YAML
		want, got = YAML(typ="safe").load(open(sys.argv[1])), json.load(open(sys.argv[2]))
		def compare(path, a, b):
		    if isinstance(a, dict):
		        return [x for k, v in a.items() for x in compare(path + [k], v, (b or {}).get(k))]
		    return [] if a == b else [f"{'.'.join(path)}: {a!r} is {b!r}"]
		sys.exit("\n".join(compare([], want, got)) or None)
	END
		cat workload.json
		return 1
	}
}

@test "the documented profile runs, and each key is at its place" {
	sed 's/duration_seconds: 300/duration_seconds: 2/; s/warmup_requests: 50/warmup_requests: 5/; s/max_tokens: 100/max_tokens: 7/' \
		"$TOP/tests/promises/bench/profile.yaml" >standard.yaml
	# Its bounds stay: 95 % ok, and a second for a reply.
	run --separate-stderr "$TOP/bench.sh" --local --profile standard.yaml "${fast_engine[@]}" --input-tokens 8
	is 0 'not applied' guided_decoding_backend
	local run
	run=$(latest)
	[ "$(field '[.profile, .ended_by] | join(" ")')" = 'standard duration' ]
	jq -e '.workload.metadata == {name: "standard", description: "Standard benchmarking profile", version: "1.0"}' "$run/run.json"
	jq -e '.workload.resources == {
		requests: {cpu: "2000m", memory: "8Gi", "nvidia.com/gpu": 1},
		limits: {cpu: "4000m", memory: "16Gi", "nvidia.com/gpu": 1}}' "$run/run.json"
	[ "$(jq -s '[.[] | select(.phase == "warmup")] | length' "$run/requests.jsonl")" -eq 5 ]
	jq -se 'all(.[]; .body | .max_tokens == 7 and .temperature == 0.8 and .top_p == 0.9 and .stream == true)' "$run/requests.jsonl"
	jq -e '.summary.total_requests > 0' "$run/analysis.json"
	# No engine feature is in what is sent.
	run ! grep -q 'gpu_memory_utilization\|guided_decoding\|auto_tool' "$run/requests.jsonl"
	run ! grep -q 'vllm_features' <(jq -c .plan.sendreq "$run/run.json")
}

@test "load_test.pattern: steady, burst and ramp" {
	local name
	for name in steady burst ramp; do
		run --separate-stderr "$TOP/bench.sh" --dry-run --local --set prompts.file=null --set load_test.pattern="$name" --duration 20s
		is 0 "\"pattern\":\"$name\""
	done
	run --separate-stderr "$TOP/bench.sh" --dry-run --local --set prompts.file=null --pattern ramp
	is 2 duration
}

@test "request.stream false: whole replies, without a time to first token" {
	run --separate-stderr "$TOP/bench.sh" --local --requests 3 "${fast[@]}" "${fast_engine[@]}" --set request.stream=false
	is 0 'ok 3, failed 0'
	jq -e '.performance | .avg_ttft_ms == null and .p50_latency_ms > 0' "$(latest)/results.json"
}

@test "vllm_features: null, awq, gptq and fp8 are quantizations; a draft model, tools and backends are taken" {
	local value
	for value in null awq gptq fp8; do
		run --separate-stderr "$TOP/scripts/validate.sh" --set vllm_features.quantization="$value" \
			--set vllm_features.speculative_model=draft --set vllm_features.enable_auto_tool_choice=true
		is 0
	done
	run --separate-stderr "$TOP/scripts/validate.sh" --set vllm_features.gpu_memory_utilization=1.5
	is 2 gpu_memory_utilization
}

@test "validation: each of the three bounds is held, exit 5" {
	start_sim --time-to-first-token 20ms --inter-token-latency 1ms --fault http-500@0.5
	local command=("$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 20 --set validation=null)
	run --separate-stderr "${command[@]}" --set validation.min_success_rate=0.95
	is 5 'requests.success_ratio>=0.95: missed'
	run --separate-stderr "${command[@]}" --set validation.max_error_rate=0.05
	is 5 'requests.error_ratio<=0.05: missed'
	run --separate-stderr "${command[@]}" --set validation.max_p95_latency_ms=1
	is 5 'e2e_ms.p95<=1: missed'
	run --separate-stderr "${command[@]}"
	is 0
}

@test "each documented profile is there by its documented path, and runs" {
	local path
	for path in standard burst speculative-decoding quantization/autoawq structured-output cpu-smoke; do
		run --separate-stderr "$TOP/bench.sh" --local --profile "runners/profiles/$path.yaml" --requests 2 --concurrency 2 --warmup 0 \
			--max-tokens 64 "${fast_engine[@]}" --set validation=null --set load_test.duration_seconds=null
		is 0 'ok 2, failed 0'
		[ "$(field .profile)" = "${path##*/}" ]
	done
}
