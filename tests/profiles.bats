#!/usr/bin/env bats
# The shipped profiles: each is found, valid, and runs against the built-in engine.
load lib/common
load lib/bench

profiles() {
	(cd "$TOP/scenarios/profiles" && find . -name '*.yaml' ! -name schema.yaml | sed 's|^\./||; s|\.yaml$||' | sort)
}

@test "these profiles are shipped" {
	local name
	for name in standard burst sustained cpu-smoke speculative-decoding structured-output tool-calling \
		quantization/{autoawq,gptq,int4,int8,fp8} mig/{a100-1g.5gb,a100-2g.10gb,full}; do
		[[ $'\n'$(profiles)$'\n' == *$'\n'$name$'\n'* ]]
	done
}

@test "each is valid by its name and by its older path" {
	local name
	for name in $(profiles); do
		run --separate-stderr "$TOP/scripts/validate.sh" --profile "runners/profiles/$name.yaml"
		is 0 "profiles/$name.yaml: valid"
		run --separate-stderr "$TOP/scripts/validate.sh" --profile "$name"
		is 0 "profiles/$name.yaml: valid"
		[ "$(jq -r '.metadata.name' <<<"$output")" = "${name##*/}" ]
	done
}

# values NAME: requests, concurrency, max_tokens of a profile, and its pattern.
values() {
	"$TOP/scripts/validate.sh" --profile "$1" 2>/dev/null |
		jq -c '[.load_test.requests, .load_test.concurrency, .request.max_tokens, .load_test.pattern]'
}

@test "their numbers" {
	same '[200,10,100,"steady"]' "$(values standard)"
	same '[null,50,100,"burst"]' "$(values burst)"
	same '[500,50,256,"steady"]' "$(values sustained)"
	same '[50,2,32,"steady"]' "$(values cpu-smoke)"
	same '[200,10,128,"steady"]' "$(values speculative-decoding)"
	same '[150,8,256,"steady"]' "$(values structured-output)"
	same '[100,6,200,"steady"]' "$(values tool-calling)"
	same '[250,12,128,"steady"]' "$(values quantization/autoawq)"
	same '[250,12,128,"steady"]' "$(values quantization/gptq)"
	same '[250,12,128,"steady"]' "$(values quantization/int4)"
	same '[275,14,128,"steady"]' "$(values quantization/int8)"
	same '[300,15,128,"steady"]' "$(values quantization/fp8)"
}

@test "a name that is nearly one is told, of the profiles in directories too" {
	run --separate-stderr "$TOP/scripts/validate.sh" --profile quantization/gptk
	is 2 'did you mean quantization/gptq?'
	run --separate-stderr "$TOP/scripts/validate.sh" --profile runners/profiles/autoawk.yaml
	is 2 'did you mean quantization/autoawq?'
}

# bats runs these side by side: each profile is a test of its own.
runs() {
	run --separate-stderr "$TOP/bench.sh" --local --profile "$1" --requests 3 --warmup 1 "${fast_engine[@]}" "${@:2}"
	is 0 'ok 3, failed 0'
	[ "$(field .profile)" = "${1##*/}" ]
}

@test "standard runs" { runs standard; }
@test "burst runs" { runs burst; }
@test "sustained runs" { runs sustained; }
@test "laptop runs" { runs laptop; }
@test "cpu-smoke runs" { runs cpu-smoke; }
@test "speculative-decoding runs" { runs speculative-decoding; }
@test "quantization/autoawq runs" { runs quantization/autoawq; }
@test "quantization/gptq runs" { runs quantization/gptq; }
@test "quantization/int4 runs" { runs quantization/int4; }
@test "quantization/int8 runs" { runs quantization/int8; }
@test "quantization/fp8 runs" { runs quantization/fp8; }
@test "mig/a100-1g.5gb runs" { runs mig/a100-1g.5gb; }
@test "mig/a100-2g.10gb runs" { runs mig/a100-2g.10gb; }
@test "mig/full runs" { runs mig/full; }
@test "sanity_random runs" { runs sanity_random; }
@test "chatbot_synthetic runs" { runs chatbot_synthetic --rate 10; }
@test "summarization_synthetic runs" { runs summarization_synthetic --rate 10; }
@test "code_completion_synthetic runs" { runs code_completion_synthetic --rate 10; }
@test "shared_prefix_synthetic runs" { runs shared_prefix_synthetic --rate 10; }

# load_of NAME N SECONDS INPUT MOST OUTPUT MOST: what genload makes of it has these, the lengths in the mean, within a twentieth.
load_of() {
	"$TOP/scripts/validate.sh" --profile "$1" 2>/dev/null | genload -f - | jq -es --argjson want "[${2},${3},${4},${5},${6},${7}]" '
		def near($x): (. - $x | fabs) < $x / 20;
		[.[].expect] as $e | ($e | map(.input_tokens)) as $in | ($e | map(.output_tokens)) as $out
		| length == $want[0] and (.[-1].at_us / 1e6 | ceil) == $want[1]
		and ($in | add / length | near($want[2])) and ($in | max) <= $want[3]
		and ($out | add / length | near($want[4])) and ($out | max) <= $want[5]' >/dev/null
}

@test "the synthetic loads: their rates, and the lengths of prompts and replies" {
	load_of sanity_random 30 29 50 100 50 100
	load_of chatbot_synthetic 1800 480 4096 8192 1024 2048
	load_of summarization_synthetic 1800 480 2048 4096 256 512
	load_of code_completion_synthetic 1800 480 2048 4096 128 256
	load_of shared_prefix_synthetic 3600 350 2304 2304 256 256
}

@test "structured-output runs, and asks for its schema" {
	runs structured-output
	jq -se 'all(.[]; .body.response_format.json_schema.schema.required == ["name", "age", "skills"])' "$(latest)/requests.jsonl"
	jq -e '.quality.structured_n == 3' "$(latest)/runsum.json"
}

@test "tool-calling runs, and offers its tools" {
	runs tool-calling
	jq -se 'all(.[]; [.body.tools[].function.name] == ["get_weather", "calculate"])' "$(latest)/requests.jsonl"
	jq -e '.quality.tool_call_n == 3' "$(latest)/runsum.json"
}

@test "what Kubernetes is told is in run.json" {
	runs mig/a100-1g.5gb --set 'tolerations=[{key: nvidia.com/gpu, operator: Exists}]' --set metadata.version=7
	jq -e '.workload | .resources.limits == {"nvidia.com/mig-1g.5gb": 1} and .resources.requests == {cpu: "2", memory: "12Gi"}
		and .nodeSelector == {"nvidia.com/mig.capable": "true"} and .tolerations[0].operator == "Exists" and .affinity == {}
		and .metadata.version == 7' "$(latest)/run.json"
}
