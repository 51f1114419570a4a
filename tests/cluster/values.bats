#!/usr/bin/env bats
# What a setting says is what the engine's process has, whatever stands in it: asked of a real pod, behind the shell,
# the kubelet and the API server.
load stack

# in_engine COMMAND…: in the first engine's container.
in_engine() {
	kubectl exec -n "$NS" "deployment/$(jq -r '.models[0].name' work-odd/environment/stack.json)" -- "$@"
}

# has NAME=VALUE: is it one of pairs?
has() {
	local pair
	for pair in "${pairs[@]}"; do
		[ "$pair" != "$1" ] || return 0
	done
	printf 'not there: %s\n' "$1"
	return 1
}

@test "values that are hard to write arrive in the engine as they are; PREPROCESS is shell; a file may ask for the pod's own" {
	local value=$'a"b\'c: # $(HF_HOME) $$(x) $$ `id` \\n 🦊\n- item: [x\ttab'
	cat >env.yaml <<-'END'
		- name: POD_IP
		  valueFrom:
		    fieldRef:
		      fieldPath: status.podIP
		- name: SIDE
		  value: tcp://$(POD_IP):5557
		- name: NUMBER
		  value: 42
	END
	scenario odd "$(printf '%s=%q' VLLM_STANDALONE_VLLM_LOGGING_LEVEL "$value")" \
		"$(printf '%s=%q' VLLM_STANDALONE_MODEL_LOADER_EXTRA_CONFIG '{"a": "b  $$(c)'\''d"}')" \
		"$(printf '%s=%q' VLLM_COMMON_ANNOTATIONS "$(jq -n -c --arg v "$value" '{"odd/one": $v}')")" \
		"$(printf '%s=%q' VLLM_STANDALONE_PREPROCESS 'source /setup/preprocess/standalone-preprocess.sh; echo "$$ $(echo "s  b")" >/tmp/said # so')" \
		VLLM_COMMON_ENVVARS_TO_YAML="$PWD/env.yaml"
	standup odd -s 4,6
	is 0
	in_engine cat /proc/1/environ >environ
	mapfile -d '' -t pairs <environ
	has "VLLM_LOGGING_LEVEL=$value"
	has 'LLMDBENCH_VLLM_STANDALONE_MODEL_LOADER_EXTRA_CONFIG={"a": "b  $$(c)'\''d"}'
	has NUMBER=42
	has HF_HOME=/model-storage
	[[ " ${pairs[*]}" =~ \ SIDE=tcp://10\.[0-9.]+:5557 ]]
	same '1 s  b' "$(in_engine cat /tmp/said)"
	kubectl get pods -n "$NS" -l app.kubernetes.io/managed-by=tokpipe -o json >pods.json
	jq -e --arg v "$value" '.items | length == 1 and all(.metadata.annotations["odd/one"] == $v)' pods.json
}
