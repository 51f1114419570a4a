#!/usr/bin/env bats
# run.sh where there is no cluster: which runs it would make, of what, into which directories, and what it refuses.
# What it does is tested on a real one, in tests/cluster.

load lib/common

# load_stack OPTION…: with a kubectl that must not be called.
load_stack() {
	mkdir -p bin home
	printf '#!/bin/sh\necho "$@" >>"%s/called"\nexit 1\n' "$PWD" >bin/kubectl
	chmod +x bin/kubectl
	run --separate-stderr env -i HOME="$PWD/home" TMPDIR="$TMPDIR" PATH="$PWD/bin:$PATH" TOKPIPE_BIN="${TOKPIPE_BIN:-$TOP/bin}" \
		LLMDBENCH_CONTROL_WORK_DIR="$PWD/w" LLMDBENCH_RUN_EXPERIMENT_ID=7 "${extra[@]}" "$TOP/run.sh" "$@"
}
extra=()

# value FLAG: what the only command of $output has behind it.
value() {
	sed -n "s/.* $1 \([^ ]*\).*/\1/p" <<<"$output"
}

@test "a dry run says the command of each run, renders its profile, and calls nothing" {
	load_stack -c kind_sim --dry-run -o 'temperature=0,rate=3'
	is 0 'nothing was measured'
	[ ! -e called ]
	same 1 "$(wc -l <<<"$output")"
	local name=vllm-standalone-facebook-9292afac-opt-125m
	same "http://$name.llmdbench.svc.cluster.local:80" "$(value --url)"
	same "$name 3 workload-pvc llmdbench" "$(value --service) $(value --pods) $(value --pvc) $(value --harness-namespace)"
	same facebook/opt-125m "$(value --model)"
	same "$PWD/w/results/tokpipe_7_standalone-facebook-opt-125m" "$(value --output-dir)"
	same "$PWD/w/workload/profiles/tokpipe/sanity_random.yaml" "$(value --profile)"
	yaml2json "$(value --profile)" | jq -e '.request.temperature == 0 and .load_test.rate == 3 and .load_test.duration_seconds == 30'
	grep -qxF "$output" w/setup/commands/*_command.log
	[ -e w/setup/yamls/05_pvc_workload-pvc.yaml ]
	jq -e '.name == "kind_sim"' w/environment/stack.json
}

@test "LLMDBENCH_VLLM_COMMON_FQDN, namespaces, pods and images are those that are measured" {
	extra=(LLMDBENCH_VLLM_COMMON_FQDN=.svc.sentinel.example LLMDBENCH_IMAGE_REGISTRY=r.example/x LLMDBENCH_IMAGE_TAG=v9)
	load_stack -c kind_sim -n -p one,two -k results --parallelism 5 --wait 99
	is 0
	[[ $(value --url) == http://vllm-standalone-*.one.svc.sentinel.example:80 ]]
	same "one two 5 results 99 r.example/x/tokpipe/tokpipe:v9" \
		"$(value --namespace) $(value --harness-namespace) $(value --pods) $(value --pvc) $(value --load-timeout) $(value --load-image)"
	rm -r w
	load_stack -c kind_sim -n --local-load
	is 0
	[[ $output != *--in-cluster* && $output != *--pods* && -n $(value --service) ]]
}

@test "several models, each its own runs; another word is a part of a name" {
	load_stack -c two_models_standalone -n
	is 0
	same 2 "$(wc -l <<<"$output")"
	same 2 "$(value --model | sort -u | wc -l)"
	same 2 "$(value --url | sort -u | wc -l)"
	same 2 "$(value --output-dir | sort -u | wc -l)"
	rm -r w
	load_stack -n -t predictor -m my/model
	is 0 'which Service or pod has predictor in its name is found in the cluster'
	same my/model "$(value --model)"
}

@test "an experiment: a run for each treatment, each with its profile and its directory, in order" {
	load_stack -c kind_sim -n -e batching
	is 0
	same "$(seq 1 9)" "$(value --output-dir | sed 's/.*_//')"
	same "$(seq 1 9)" "$(value --profile | sed 's/.*_\([0-9]*\).yaml/\1/')"
	yaml2json w/workload/profiles/tokpipe/sanity_random_6.yaml | jq -e '.prompts.input_tokens == 300 and .request.output_tokens == 1000
		and .load_test.duration_seconds == 60'
	same 'streaming=true
duration_seconds=60
question_len=300
output_len=1000' "$(<w/workload/profiles/tokpipe/treatment_list/treatment_6.txt)"
	head -n 1 w/workload/profiles/tokpipe/sanity_random_6.yaml | grep -qx '#treatment_6.txt'
	cmp w/workload/experiments/batching.yaml "$TOP/scenarios/stacks/batching.yaml"
}

@test "what is finished is not measured again, what was interrupted is completed" {
	load_stack -c kind_sim -n -e batching
	local results=w/results/tokpipe_7_standalone-facebook-opt-125m
	mkdir -p "${results}_1/a" "${results}_2/a" "${results}_2/b"
	echo '{"status": "finished"}' | tee "${results}_1/a/run.json" >"${results}_2/a/run.json"
	echo '{"status": "interrupted"}' >"${results}_2/b/run.json"
	load_stack -c kind_sim -n -e batching
	is 0
	same 8 "$(wc -l <<<"$output")"
	same "$PWD/${results}_2/b" "$(value --resume)"
	load_stack -c kind_sim -n -e batching --skip
	is 0
	same "$TOP/bench.sh --resume $PWD/${results}_2/b --collect" "$output"
}

@test "what cannot be measured is refused before anything is asked" {
	load_stack -c kind_sim -n -w nowhere
	is 2 'no such profile'
	load_stack -c kind_sim -n -o nothing=3
	is 2 '--overrides: nothing: no key of a profile ends so'
	load_stack -c kind_sim -n -e nowhere
	is 2 '--experiment nowhere: no such experiment file'
	printf 'run: {factors: [rate], treatments: [1, soon]}\n' >e.yaml
	load_stack -c kind_sim -n -e e.yaml
	is 2 'load_test.rate: soon'
	load_stack -c kind_sim -n -l inference-perf
	is 2 'LLMDBENCH_HARNESS_NAME: inference-perf: no such load generator here (there is: tokpipe); say -l tokpipe'
	load_stack -n -t modelservice
	is 2 'there is no such method here yet'
	load_stack -n -t predictor
	is 2 'name its model with -m'
	[ ! -e called ]
}

@test "the other form of the command: its flags and its operand are told apart" {
	load_stack -n x.yaml
	is 2 'x.yaml: experiments of this form are not run here; the scenario form takes -c, and --experiment FILE'
	local flag
	for flag in --provider --server-url=http://x --confirm --keep-server; do
		load_stack -n "$flag"
		is 2 "${flag%%=*} belongs to \"run.sh FILE.yaml\""
	done
	load_stack -n something
	is 2 'something: not an option'
}
