#!/usr/bin/env bats
# Every variable of a stack does what the table says of it: set to a value that nothing else has, it is found
# at exactly the place, and only there, that setup/variables.tsv (and so setup/VARIABLES.md) names.
load ../lib/common

# stood_up NAME=VALUE…: a dry run with these in the environment, into w.
stood_up() {
	run --separate-stderr env "$@" LLMDBENCH_CONTROL_WORK_DIR="$PWD/w" "${TOP}/setup/standup.sh" --dry-run
}

@test "each variable that applies to standalone is found where the table says" {
	local -a settings
	mapfile -d '' -t settings < <(python3 "$TOP/tests/lib/sentinels.py" set 1)
	((${#settings[@]} > 50))
	stood_up "${settings[@]}"
	is 0
	run --separate-stderr python3 "$TOP/tests/lib/sentinels.py" look 1 w
	is 0
}

@test "each variable that hides another one is, too" {
	local -a settings
	local round
	for round in 2 3; do
		rm -rf w
		mapfile -d '' -t settings < <(python3 "$TOP/tests/lib/sentinels.py" set "$round")
		stood_up "${settings[@]}"
		is 0
		run --separate-stderr python3 "$TOP/tests/lib/sentinels.py" look "$round" w
		is 0
	done
	# what was looked at can be missed
	sed -i 's/"replicas": .*/"replicas": 3,/' w/setup/yamls/06_a_deployment_*
	run --separate-stderr python3 "$TOP/tests/lib/sentinels.py" look "$round" w
	is 1 'LLMDBENCH_VLLM_COMMON_REPLICAS=' 'not at dep.spec.replicas'
}

@test "each variable of the load is found where the table says" {
	local -a settings
	mapfile -d '' -t settings < <(python3 "$TOP/tests/lib/sentinels.py" set 4)
	((${#settings[@]} > 10))
	run --separate-stderr env "${settings[@]}" LLMDBENCH_DEPLOY_METHODS=standalone LLMDBENCH_CONTROL_WORK_DIR="$PWD/w" "$TOP/run.sh" --dry-run
	is 0
	run --separate-stderr python3 "$TOP/tests/lib/sentinels.py" look 4 w
	is 0
	sed -i 's/"parallelism": .*/"parallelism": 3,/' w/setup/yamls/07_load_job_*
	run --separate-stderr python3 "$TOP/tests/lib/sentinels.py" look 4 w
	is 1 'LLMDBENCH_HARNESS_LOAD_PARALLELISM=' 'not at load.spec.parallelism'
}

@test "cards that share a model, and no number of cards: as many as that takes" {
	stood_up LLMDBENCH_DEPLOY_METHODS=standalone LLMDBENCH_VLLM_COMMON_TENSOR_PARALLELISM=2 LLMDBENCH_VLLM_COMMON_DATA_PARALLELISM=3
	is 0
	jq -e '.spec.template.spec.containers[0].resources.limits["nvidia.com/gpu"] == "6"' w/setup/yamls/06_a_deployment_*
}

@test "each default is where the table says, without a setting" {
	stood_up LLMDBENCH_DEPLOY_METHODS=standalone
	is 0
	jq -e '.spec.template.spec | .schedulerName == "default-scheduler" and .serviceAccountName == "default"
		and (.containers[0] | .image == "docker.io/vllm/vllm-openai:v0.10.2" and .resources.limits == {
			cpu: "4", memory: "40Gi", "nvidia.com/gpu": "1", "ephemeral-storage": "20Gi"})' w/setup/yamls/06_a_deployment_*
	[ ! -e w/setup/yamls/06_c_httproute_meta-llama___Llama-3.2-1B-Instruct.yaml ]
	[ -e w/setup/yamls/06_d_route_meta-llama___Llama-3.2-1B-Instruct.yaml ]
}

@test "each variable of another method is refused in these words, and changes nothing" {
	local name names settings=()
	mapfile -t names < <(awk -F '\t' '!/^#/ && $3 == "m" { print $1 }' "$TOP/setup/variables.tsv")
	((${#names[@]} >= 19))
	for name in "${names[@]}"; do
		case $(awk -F '\t' -v n="$name" '$1 == n { print $4 }' "$TOP/setup/variables.tsv") in
		bool) settings+=("LLMDBENCH_$name=$(awk -F '\t' -v n="$name" '$1 == n { print $2 == "1" || $2 == "true" ? 0 : 1 }' "$TOP/setup/variables.tsv")") ;;
		port) settings+=("LLMDBENCH_$name=23456") ;;
		int*) settings+=("LLMDBENCH_$name=77") ;;
		quantity*) settings+=("LLMDBENCH_$name=77Mi") ;;
		portion*) settings+=("LLMDBENCH_$name=0.77") ;;
		url) settings+=("LLMDBENCH_$name=https://sentinel77.example.com") ;;
		*) settings+=("LLMDBENCH_$name=sentinel77") ;;
		esac
	done
	stood_up LLMDBENCH_DEPLOY_METHODS=standalone "${settings[@]}"
	is 0
	for name in "${names[@]}"; do
		grep -F "warning: LLMDBENCH_$name does not apply to method standalone" <<<"$stderr" || return
	done
	run ! grep -rE 'sentinel77|23456|77Mi' w/setup/yamls
}

@test "the token of Hugging Face is found nowhere" {
	stood_up LLMDBENCH_DEPLOY_METHODS=standalone LLMDBENCH_HF_TOKEN=hf_top_secret LLMDBENCH_CLUSTER_TOKEN=sha256~secret
	is 0
	[[ $output$stderr != *hf_top_secret* && $output$stderr != *sha256~secret* ]]
	run ! grep -rF -e hf_top_secret -e sha256~secret -e "$(printf hf_top_secret | base64)" w
	jq -e '.kind == "Secret" and .metadata.name == "llm-d-hf-token" and .stringData == {HF_TOKEN: ""}' w/setup/yamls/04_secret.yaml
}
