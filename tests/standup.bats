#!/usr/bin/env bats
# standup.sh where there is no cluster: what it would do, what it refuses, what it says.  What it does is tested
# on a real one, in tests/cluster.

load lib/common

# scenario LINE…: a simulated stack in ./sim.sh, and these lines.
scenario() {
	local name=LLMDBENCH_VLLM
	printf 'export %s\n' LLMDBENCH_DEPLOY_METHODS=standalone LLMDBENCH_DEPLOY_MODEL_LIST=facebook/opt-125m \
		${name}_COMMON_ACCELERATOR_NR=0 ${name}_COMMON_AFFINITY=kubernetes.io/os:linux ${name}_STANDALONE_IMAGE_NAME=my-sim \
		LLMDBENCH_CONTROL_WORK_DIR="$PWD/work" "$@" >sim.sh
}

# standup OPTION…: with a kubectl that must not be called, in an environment of nobody's.
standup() {
	mkdir -p bin home
	printf '#!/bin/sh\necho "$@" >>"%s/called"\nexit 1\n' "$PWD" >bin/kubectl
	chmod +x bin/kubectl
	run --separate-stderr env -i HOME="$PWD/home" TMPDIR="$TMPDIR" PATH="$PWD/bin:$PATH" TOKPIPE_BIN="${TOKPIPE_BIN:-$TOP/bin}" \
		"${extra[@]}" "$TOP/setup/standup.sh" "$@"
}
extra=()

commands() {
	cat work/setup/commands/*_command.log
}

@test "a dry run renders everything, calls nothing and writes into its work directory only" {
	scenario
	touch before
	standup -c ./sim.sh --dry-run
	is 0 'nothing was done' "$PWD/work"
	[ ! -e called ]
	same '' "$(find . -newer before -type f ! -path './work*' ! -path './bin/*' ! -name 'separate-stderr-*')"
	same "$(printf '%s\n' 04_configmap_preprocesses 04_namespace 05_namespace_sa_rbac_secret 05_pvc_workload-pvc \
		06_a_deployment_facebook___opt-125m 06_b_service_facebook___opt-125m 06_d_route_facebook___opt-125m)" \
		"$(basename -s .yaml -a work/setup/yamls/* | LC_ALL=C sort)"
	same "$(jq -r '"\(.namespace) \(.name) \(.models[0].served)"' work/environment/stack.json)" 'llmdbench sim facebook/opt-125m'
	grep -q 'kubectl apply --server-side .*06_a_deployment' <(commands)
	for file in work/setup/yamls/*; do
		jq -e --slurpfile stack work/environment/stack.json '.metadata.labels | .["app.kubernetes.io/managed-by"] == "tokpipe"
			and .["tokpipe/stack"] == $stack[0].id' "$file" >/dev/null || {
			echo "$file"
			false
		}
	done
}

@test "a dry run needs no network and no token; a token that is there is in no file and no command" {
	unshare --user --map-root-user --net true 2>/dev/null || skip "no network namespace can be made here"
	scenario LLMDBENCH_VLLM_STANDALONE_IMAGE_NAME=vllm-openai
	extra=(LLMDBENCH_HF_TOKEN=hf_secretsecret unshare --user --map-root-user --net)
	standup -c ./sim.sh --dry-run
	is 0
	extra=(unshare --user --map-root-user --net)
	standup -c ./sim.sh --dry-run
	is 0
	[ -e work/setup/yamls/04_secret.yaml ]
	[ -e work/setup/yamls/04_download_pod_job_facebook___opt-125m.yaml ]
	same '' "$(grep -r hf_secret work)"
	[ "$(ls -d work/setup.*)" ] # what the first one wrote is kept
}

@test "the id of a stack is that of its name and namespace, whatever else changes" {
	local id
	scenario
	standup -c ./sim.sh -n
	id=$(jq -r .id work/environment/stack.json)
	same "$(printf 'llmdbench\nsim\n' | sha256sum | cut -c 1-8)" "$id"
	standup -c ./sim.sh -n -m Qwen/Qwen3-0.6B
	same "$id" "$(jq -r .id work/environment/stack.json)"
	rm -r work
	standup -c ./sim.sh -n -p other
	[ "$(jq -r .id work/environment/stack.json)" != "$id" ]
	same 'other other' "$(jq -r '"\(.namespace) \(.harness_namespace)"' work/environment/stack.json)"
}

@test "steps: numbers, ranges, lists of both, names; of other methods they are skipped" {
	scenario
	standup -c ./sim.sh -n -s 4-6,10
	is 0 'step 04: ' 'step 05: ' 'step 06: ' 'step 10: smoketest: done'
	[[ $stderr != *'step 03'* ]]
	standup -c ./sim.sh -n --step=6
	is 0 'step 06: deploy_vllm_standalone_models: done'
	[[ $stderr != *'step 04'* ]]
	standup -c ./sim.sh -n -s smoketest,04_ensure_model_namespace_prepared
	is 0 'step 04: ' 'step 10: '
	standup -c ./sim.sh -n -s 8,1
	is 0 'step 08: deploy_gaie: only for method modelservice: skipped' 'step 01: ensure_local_conda: there is nothing to do'
	standup -c ./sim.sh -n -s 12
	is 2 'there is no step 12' '00 to 10'
	rm -r work
	standup -c ./sim.sh -n -s 12
	[ ! -e work ]
	standup -c ./sim.sh -n -s 7-4
	is 2 'from a step to an earlier one'
	standup -c ./sim.sh -n -s smoketests
	is 2 'did you mean smoketest?'
}

@test "several models: a Deployment and a Service for each, whatever their names have in common" {
	scenario
	standup -c ./sim.sh -n -m meta-llama/Llama-3.1-70B-Instruct,meta-llama/Llama-3.3-70B-Instruct
	is 0
	same 2 "$(jq -s 'map(.metadata.name) | unique | length' work/setup/yamls/06_a_*)"
	same 2 "$(jq -s 'map(.metadata.name) | unique | length' work/setup/yamls/06_b_*)"
}

@test "a method that is not there is refused before anything is made" {
	scenario
	standup -c ./sim.sh -n -t modelservice
	is 2 'LLMDBENCH_DEPLOY_METHODS: modelservice: there is no such method here yet (there is: standalone); say -t standalone'
	[ ! -e work/setup/yamls ] || [ -z "$(ls work/setup/yamls)" ]
	standup -n
	is 2 'say -t standalone, or -c with a scenario'
	standup -c ./sim.sh -n -t llm-d
	is 2 'there is: standalone' modelservice
	standup -c ./sim.sh -n --release mine
	is 2 '--release does not apply to method standalone'
}

@test "what goes wrong before a cluster is asked" {
	scenario
	standup -c ./no.sh -n
	is 2 'Scenario file "./no.sh" could not be found.'
	standup -c ./sim.sh extra
	is 2 'extra: not an option'
	standup -c ./sim.sh
	is 3 'names no current context' 'kubectl config use-context'
	extra=(LLMDBENCH_CONTROL_KCMD=no-such-kubectl)
	standup -c ./sim.sh
	is 3 'no-such-kubectl: not installed' --dry-run
	extra=(LLMDBENCH_CLUSTER_URL=https://127.0.0.1:1)
	standup -c ./sim.sh
	is 2 'LLMDBENCH_CLUSTER_TOKEN: not set'
}

@test "a cluster that is given by its URL: the kubeconfig is ours alone, and the token nowhere else" {
	scenario
	extra=(LLMDBENCH_CLUSTER_URL=https://127.0.0.1:1 LLMDBENCH_CLUSTER_TOKEN=sha256~token)
	standup -c ./sim.sh
	is 3
	same 600 "$(stat -c %a work/environment/kubeconfig)"
	same 'https://127.0.0.1:1 sha256~token' "$(jq -r '"\(.clusters[0].cluster.server) \(.users[0].user.token)"' work/environment/kubeconfig)"
	same work/environment/kubeconfig "$(grep -rl 'sha256~token' work called)"
}

@test "steps say what they take; on their own they need a work directory" {
	local step
	for step in "$TOP"/setup/steps/*.sh; do
		run --separate-stderr "$step" --help
		is 0 'check|up|down' 'WORK'
		run --separate-stderr "$step" up "$PWD/nowhere"
		is 2 'work directory'
		run --separate-stderr "$step" around .
		is 2
	done
}
