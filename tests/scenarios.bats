#!/usr/bin/env bats
# The example scenarios, and files in the forms that people have: each is stood up in a dry run, which asks
# nobody and writes nowhere but into its work directory.
load lib/common

# nobody: a PATH on which each program that could reach a cluster fails the test by a file; HOME is the test's.
nobody() {
	local program
	mkdir -p bin home/.kube
	for program in kubectl oc helm curl ssh; do
		printf '%s\n' '#!/bin/sh' "echo $program \"\$@\" >>'$PWD/called'" 'exit 99' >"bin/$program"
	done
	chmod +x bin/*
	export HOME=$PWD/home PATH=$PWD/bin:$PATH
	unset XDG_STATE_HOME KUBECONFIG LLMDBENCH_HF_TOKEN
}

# stood_up SCENARIO OPTION…: dry, into w unless the scenario names a directory.
stood_up() {
	run --separate-stderr env LLMDBENCH_CONTROL_WORK_DIR="$PWD/w" "$TOP/setup/standup.sh" -c "$1" --dry-run "${@:2}"
}

# rendered: the files of the last dry run, whole and of a known form.
rendered() {
	local dir
	dir=$(sed -n 's/.*what would have been is in \(.*\): setup.yamls.*/\1/p' <<<"$stderr")
	yamls=$dir/setup/yamls
	work=$dir
	[ -n "$dir" ] && jq -e -s 'length >= 6 and all(.[]; .apiVersion and .kind and .metadata.name)' "$yamls"/*
	[ -z "$(find "$yamls" -name '*.part')" ]
}

@test "scenarios: each example is rendered, by its name, and asks nobody" {
	local file models
	nobody
	for file in "$TOP"/scenarios/*.sh; do
		echo "# $file"
		rm -rf w
		stood_up "$(basename "$file" .sh)"
		is 0
		rendered
		models=$(jq '.models | length' "$work/environment/stack.json")
		[ "$(find "$yamls" -name '06_a_deployment_*' | wc -l)" = "$models" ]
		[ "$(find "$yamls" -name '06_b_service_*' | wc -l)" = "$models" ]
		[[ $stderr != *warning* ]]
	done
	[ "$(find "$TOP/scenarios" -maxdepth 1 -name '*.sh' | wc -l)" -ge 10 ]
	[ ! -e called ]
}

@test "scenarios: nothing is written outside the work directory, and no mktemp of a scenario is left" {
	nobody
	export TMPDIR=$PWD/tmp
	mkdir tmp
	touch mark
	cp -r "$TOP/scenarios" before
	stood_up precise-prefix-cache_standalone
	is 0
	rendered
	[ "$work" = "$HOME/data/precise-prefix-cache_standalone" ]
	[ -z "$(find "$TOP" -newer mark -not -path '*/.git/*' -type f -path '*/scenarios/*')" ]
	same '' "$(find tmp -type f)"
	same "$(cd "$HOME" && find . -type f -not -path './data/*')" ''
	# what the scenario wrote is kept with the rest, and was used
	[ "$(find "$work/setup/scenario/tmp" -type f | wc -l)" = 2 ]
	jq -e '.spec.template.spec.containers[0] | (.args[0] | contains("tcp://*:5557\", \"topic\": \"kv@$(POD_IP)\""))
		and (.env | map(select(.name == "VLLM_LOGGING_LEVEL").value) == ["DEBUG"])
		and any(.env[]; .name == "POD_IP" and .valueFrom.fieldRef.fieldPath == "status.podIP")' "$yamls"/06_a_deployment_*
}

@test "scenarios: without a network at all" {
	nobody
	unshare -rn true || skip 'no network namespace can be made here'
	run --separate-stderr unshare -rn env LLMDBENCH_CONTROL_WORK_DIR="$PWD/w" "$TOP/setup/standup.sh" -c kind_sim -n
	is 0
	rendered
}

@test "scenarios: two models: two of each, the second under its other name" {
	nobody
	stood_up two_models_standalone
	is 0
	rendered
	jq -e -s 'map(.metadata.name) | unique | length == 2' "$yamls"/06_b_service_*
	jq -e '.spec.template.spec.containers[0].args[0] | test("serve Qwen/Qwen3-0.6B --served-model-name qwen3 ")' \
		"$yamls/06_a_deployment_Qwen___Qwen3-0.6B.yaml"
	[ "$(find "$yamls" -name '04_download_pod_job_*' | wc -l)" = 2 ]
}

@test "scenarios: kind_sim needs no token, no volume of models, no accelerator" {
	nobody
	stood_up kind_sim
	is 0
	rendered
	jq -e '.spec | .replicas == 2 and (.template.spec.containers[0] | .resources.limits == {cpu: "100m", memory: "100Mi", "ephemeral-storage": "100Mi"}
		and .image == "localhost/tokpipe/tokpipe-sim:'"$(sed -n 's/^VERSION = //p' "$TOP/Makefile")"'")' "$yamls"/06_a_deployment_*
	run ! ls "$yamls"/04_secret.yaml "$yamls"/04_storage* "$yamls"/04_download*
}

@test "scenarios: files that people have: each is read, and renders under -t standalone" {
	local file
	nobody
	for file in "$DATA"/stack/old/*; do
		echo "# $file"
		rm -rf w .bench
		stood_up "$file" -t standalone
		is 0
		rendered
		[ ! -e called ]
	done
}

@test "scenarios: files that people have: what comes of their here-documents, quotes and lists" {
	nobody
	stood_up "$DATA/stack/old/wide_ep" -t standalone
	rendered
	same '["VLLM_FUSED_MOE_CHUNK_SIZE","=mlx5_0","DEBUG",17]' "$(jq -c '.spec.template.spec.containers[0].env
		| [.[-17].name, .[-2].value, .[-1].value, (.[-17:] | length)]' "$yamls"/06_a_deployment_*)"
	jq -e '.spec.template.spec.containers[0].resources.limits["rdma/ib"] == "1"' "$yamls"/06_a_deployment_*
	rm -r w
	stood_up "$DATA/stack/old/aiu"
	rendered
	same 'source /etc/profile.d/ibm-aiu-setup.sh && \
vllm serve ibm-granite/granite-3.3-8b-instruct \
--tensor-parallel-size ${AIU_WORLD_SIZE} \
--max-model-len 16384' "$(jq -r '.spec.template.spec.containers[0].args[0]' "$yamls"/06_a_deployment_*)"
	rm -r w
	stood_up "$DATA/stack/old/a100_3b"
	rendered
	same 'source /setup/preprocess/standalone-preprocess.sh ; /setup/preprocess/standalone-preprocess.py; vllm serve meta-llama/Llama-3.2-3B-Instruct --load-format tensorizer --port 8000 --max-model-len 16384 --disable-log-requests --gpu-memory-utilization 0.95 --tensor-parallel-size 1 --model-loader-extra-config "$LLMDBENCH_VLLM_STANDALONE_MODEL_LOADER_EXTRA_CONFIG"' \
		"$(jq -r '.spec.template.spec.containers[0].args[0]' "$yamls"/06_a_deployment_*)"
	# an empty assignment does not wipe a token that is exported, nor a default
	run ! jq -e '.spec.storageClassName' "$yamls/04_storage_pvc_setup.yaml"
}

@test "scenarios: a file of the other method is refused in words that say what to do, before anything is made" {
	local file
	nobody
	for file in inference_sim prefix_aware wide_ep; do
		stood_up "$DATA/stack/old/$file"
		is 2 'LLMDBENCH_DEPLOY_METHODS: modelservice: there is no such method here yet (there is: standalone); say -t standalone'
		[ ! -e called ] && [ ! -e w/setup/yamls ]
	done
}
