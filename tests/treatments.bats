#!/usr/bin/env bats
# scripts/lib/treatments.sh: experiment files, --overrides, and what becomes of scenarios and profiles.

load lib/common

# library TEXT [ARG…]: bash text, with the functions of the library there.
library() {
	TOKPIPE_BIN=${TOKPIPE_BIN:-$TOP/bin} bash -c "set -euo pipefail; . \"\$0/scripts/lib/treatments.sh\"; $1" "$TOP" "${@:2}"
}

# part NAME FILE: the treatments of that part, one a line.
part() {
	# shellcheck disable=SC2016
	library 'read_experiment "$2"; read_treatments "$1"; printf "%s\n" "${treatments[@]}"' "$@"
}

# rendered PROFILE OVERRIDES [VALUES]: what is rendered, as JSON.
rendered() {
	# shellcheck disable=SC2016
	library 'render_profile "$1" "{\"name\":\"t\",\"values\":$3}" "$2" out.yaml' "$1" "$2" "${3-{\}}" && yaml2json out.yaml
}

@test "treatments: of a list, by position, in the file's order; NA leaves a factor out" {
	cat >e.yaml <<-'END'
		setup:
		  factors: [LLMDBENCH_DEPLOY_METHODS, LLMDBENCH_VLLM_COMMON_REPLICAS, LLMDBENCH_VLLM_COMMON_ACCELERATOR_NR]
		  levels: {LLMDBENCH_VLLM_COMMON_REPLICAS: "1,2"}
		  treatments:
		    - "standalone,2,NA"
		    - standalone, 10 ,8
		run:
		  factors: [rate]
		  treatments: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
	END
	run --separate-stderr part setup e.yaml
	is 0
	same '{"n":1,"name":"1","values":{"LLMDBENCH_DEPLOY_METHODS":"standalone","LLMDBENCH_VLLM_COMMON_REPLICAS":"2"}}
{"n":2,"name":"2","values":{"LLMDBENCH_DEPLOY_METHODS":"standalone","LLMDBENCH_VLLM_COMMON_REPLICAS":"10","LLMDBENCH_VLLM_COMMON_ACCELERATOR_NR":"8"}}' "$output"
	run --separate-stderr part run e.yaml
	same '1 2 3 4 5 6 7 8 9 10 11' "$(jq -r .values.rate <<<"$output" | paste -sd ' ')"
}

@test "treatments: of a map, by name; constants come first and are the same for all; a comma inside a value" {
	cat >e.yaml <<-'END'
		run:
		  constants:
		    - streaming: true
		    - rate: 3
		    - left: NA
		  factors: [rate, data]
		  treatments:
		    short ones: "1,a=1REPLACE_COMMAb=2"
		    none: NA,NA
	END
	run --separate-stderr part run e.yaml
	is 0
	same '{"n":1,"name":"short-ones","values":{"streaming":"true","rate":"1","data":"a=1,b=2"}}
{"n":2,"name":"none","values":{"streaming":"true","rate":"3"}}' "$output"
	run --separate-stderr part setup e.yaml # is not there: one treatment, of nothing
	same '{"n":0,"name":"","values":{}}' "$output"
	run --separate-stderr part run ''
	same '{"n":0,"name":"","values":{}}' "$output"
}

@test "treatments: what does not fit ends with 2, and says where" {
	printf 'run:\n  factors: [a, b]\n  treatments:\n    x: "1,2"\n    y: "1"\n' >e.yaml
	run --separate-stderr part run e.yaml
	is 2 'e.yaml:5:8: run.treatments.y: "1" is 1 value, for 2 factors (a, b); NA leaves one out'
	printf 'run: {treatments: ["1,2"]}\n' >e.yaml
	run --separate-stderr part run e.yaml
	is 2 '"1,2" is 2 values, and there are no factors'
	printf 'setup: {factors: [REPLICAS], treatments: [1]}\n' >e.yaml
	run --separate-stderr part setup e.yaml
	is 2 'setup.factors: REPLICAS: not a variable of a scenario (LLMDBENCH_...)'
	printf 'setup: {constants: [{X: 1}], treatments: []}\n' >e.yaml
	run --separate-stderr part setup e.yaml
	is 2 'setup.constants: X: not a variable'
	printf 'run: {factors: [a, a], treatments: ["1,2"]}\n' >e.yaml
	run --separate-stderr part run e.yaml
	is 2 'run.factors: a is there twice'
	printf 'run: {factors: [a], treatments: {"x y": 1, "x/y": 2}}\n' >e.yaml
	run --separate-stderr part run e.yaml
	is 2 'run.treatments: two are called x-y'
	printf 'run: {factors: [a], treatmnts: [1]}\n' >e.yaml
	run --separate-stderr part run e.yaml
	is 2 'e.yaml:1:21: run.treatmnts: unknown key (did you mean treatments?)'
	run --separate-stderr part run nowhere
	is 2 '--experiment nowhere: no such experiment file' 'there are:'
}

@test "treatments: a scenario's copy says the treatment's values where it said its own, and at the end" {
	cat >s.sh <<-'END'
		export LLMDBENCH_VLLM_COMMON_REPLICAS=2
		  LLMDBENCH_DEPLOY_METHODS=modelservice # not exported
		export LLMDBENCH_MINE=" a
		LLMDBENCH_VLLM_COMMON_REPLICAS=7"
		export LLMDBENCH_LONG="--one \
		  --two=$LLMDBENCH_VLLM_COMMON_REPLICAS"
		export LLMDBENCH_DEPLOY_METHODS=one LLMDBENCH_KEPT=1; export LLMDBENCH_DEPLOY_METHODS="two" LLMDBENCH_TOO=2
		export LLMDBENCH_CONTROL_WORK_DIR=~/data_treatment_nr
		cat >file <<EOF
		replicas $LLMDBENCH_VLLM_COMMON_REPLICAS
		EOF
	END
	# shellcheck disable=SC2016
	run --separate-stderr library 'treat_scenario "$1" s.sh treated.sh' \
		'{"n":3,"name":"3","values":{"LLMDBENCH_VLLM_COMMON_REPLICAS":"5","LLMDBENCH_LONG":"it'\''s $(id) = \"x\"\nand more","LLMDBENCH_DEPLOY_METHODS":""}}'
	is 0
	run bash -eu -c '. ./treated.sh; printf "[%s]" "$LLMDBENCH_VLLM_COMMON_REPLICAS" "$LLMDBENCH_DEPLOY_METHODS" "$LLMDBENCH_LONG" "${LLMDBENCH_CONTROL_WORK_DIR##*/}" "$LLMDBENCH_MINE" "$LLMDBENCH_KEPT$LLMDBENCH_TOO"; cat file'
	same '[5][][it'\''s $(id) = "x"
and more][data_3][ a
LLMDBENCH_VLLM_COMMON_REPLICAS=7][12]replicas 5' "$output"
}

@test "overrides: a whole key, or an end that is there once; later ones and commas inside values" {
	run --separate-stderr rendered standard 'concurrency=3,load_test.rate=7,load_test.arrival=poisson,stop=[a, "b,c"],temperature=0'
	is 0
	jq -e '.load_test.concurrency == 3 and .load_test.rate == 7 and .request.stop == ["a", "b,c"] and .request.temperature == 0' <<<"$output"
	run --separate-stderr rendered standard 'max_tokens=5,max_tokens=6,salt=a\,b'
	jq -e '.request.max_tokens == 6 and .prompts.salt == "a,b"' <<<"$output"
	run --separate-stderr rendered standard ''
	is 0
	jq -e --argjson whole "$(yaml2json "$TOP/scenarios/profiles/standard.yaml")" \
		'del(.prompts) == ($whole | del(.prompts)) and (.prompts.file | startswith("/"))' <<<"$output"
}

@test "overrides: the treatment is over them; names of other tools; what stood in the key's place goes" {
	run --separate-stderr rendered standard 'question_len=100,output_len=50,streaming=true' '{"output_len":"60","streaming":"false"}'
	is 0
	jq -e '.prompts == {file: null, input_tokens: 100} and .request.max_tokens == 60 and .request.stream == false' <<<"$output"
	printf 'request: {output_tokens: 9}\nload_test: {requests: 3}\n' >own.yaml
	run --separate-stderr rendered own.yaml output_len=8
	jq -e '.request == {output_tokens: 8}' <<<"$output"
	run --separate-stderr rendered own.yaml max_tokens=8
	jq -e '.request == {output_tokens: null, max_tokens: 8}' <<<"$output"
	run --separate-stderr rendered standard num_groups=4,system_prompt_len=30,num_prompts_per_group=2
	is 0
	jq -e '.prompts == {file: null, prefix_groups: 4, prefix_tokens: 30, prefix_prompts: 2}' <<<"$output"
	head -n 1 out.yaml | grep -qx '#treatment_t.txt'
	# so many requests end a profile that goes by time, unless that is said, too
	run --separate-stderr rendered sanity_random load_test.requests=4,rate=2
	jq -e '.load_test | .requests == 4 and .rate == 2 and .duration_seconds == null' <<<"$output"
	run --separate-stderr rendered sanity_random duration_seconds=5,load_test.requests=4
	jq -e '.load_test | .requests == 4 and .duration_seconds == 5' <<<"$output"
}

@test "overrides: what is not clear ends with 2" {
	run --separate-stderr rendered standard 'seed=3'
	is 2 '--overrides: seed: there are several: load_test.seed, request.seed; say which'
	run --separate-stderr rendered standard 'concurency=3'
	is 2 '--overrides: concurency: no key of a profile ends so; did you mean concurrency?'
	run --separate-stderr rendered standard '' '{"outputlen": "3"}'
	is 2 'treatment t: outputlen: no key of a profile ends so; did you mean output_len?'
	run --separate-stderr rendered standard 'concurrency'
	is 2 '--overrides: concurrency: expected KEY=VALUE,KEY=VALUE'
	run --separate-stderr rendered standard 'load_test.concurrency=none'
	is 2 'load_test.concurrency'
	printf 'load_test:\n  stages: [{duration_seconds: 3, rate: 1}]\n' >own.yaml
	run --separate-stderr rendered own.yaml rate=3
	is 2 'rate: this profile has stages' 'load_test.stages=null'
	run --separate-stderr rendered own.yaml rate=3,load_test.stages=null
	is 0
	run --separate-stderr rendered nowhere ''
	is 2 'no such profile'
}

@test "the shipped experiments: their treatments fit the profile that they are for" {
	local name profile line n=0
	while read -r name profile; do
		while IFS= read -r line; do
			# shellcheck disable=SC2016
			run --separate-stderr library 'render_profile "$1" "$2" "" out.yaml' "$profile" "$line"
			is 0
			"$TOP/scripts/validate.sh" --profile out.yaml >/dev/null
			n=$((n + 1))
		done < <(part run "$name")
		part setup "$name" >setup
		[ "$(wc -l <setup)" -eq 3 ]
	done <<-'END'
		replicas standard
		batching.yaml sanity_random
		prefix_cache shared_prefix_synthetic
	END
	[ "$n" -eq 21 ]
}
