#!/usr/bin/env bats
# setup/manifests and scripts/lib/render.sh: each object, each setting that shapes one, and that no value
# can break one.  What the command of a pod does is asked of bash itself.
load lib/common
load lib/stack

PROGRAMS=(namespace service_account secret pvc download_job preprocess deployment service httproute route scc)

# made FILTER PROGRAM [JQ-OPTION…]: a part of a manifest
made() {
	manifest "${@:2}" >made.json
	jq -c "$1" made.json
}

# container FILTER: of the Deployment's
container() {
	made ".spec.template.spec.containers[0] | $1" deployment
}

# command_of: the command of the Deployment's container, as the kubelet hands it to bash: what is $(NAME) of
# a variable of the pod is replaced, $$ is $.  Written after Kubernetes' own rules, for this test alone.
command_of() {
	manifest deployment >d.json
	python3 - <<-'EOF2'
		import json
		container = json.load(open("d.json"))["spec"]["template"]["spec"]["containers"][0]
		env = {}
		def expand(text):
		    out, i = [], 0
		    while i < len(text):
		        if text[i] == "$" and i + 1 < len(text):
		            if text[i + 1] == "$":
		                out.append("$")
		                i += 2
		                continue
		            end = text.find(")", i) if text[i + 1] == "(" else -1
		            if end > 0:
		                name = text[i + 2:end]
		                out.append(env.get(name, f"$({name})"))
		                i = end + 1
		                continue
		        out.append(text[i])
		        i += 1
		    return "".join(out)
		for e in container["env"]:
		    env[e["name"]] = expand(e["value"]) if "value" in e else "from a secret"
		assert container["command"] == ["/bin/bash", "-c"] and len(container["args"]) == 1
		open("command", "w").write(expand(container["args"][0]))
		open("environment", "w").write("".join(f"{n}={v}\0" for n, v in env.items()))
	EOF2
}

# arguments: what vllm is called with, one word a line (as JSON), when bash runs the pod's command.
arguments() {
	local -a pairs
	command_of
	mkdir -p bin
	printf '%s\n' '#!/bin/bash' 'printf "%s\0" "$@"' >bin/vllm
	chmod +x bin/vllm
	mapfile -d '' -t pairs <environment
	env -i PATH="$PWD/bin:/usr/bin:/bin" "${pairs[@]}" /bin/bash -c "$(<command)" >words
	jq -R -s -c 'sub("\u0000$"; "") | split("\u0000")[]' words
}

# option NAME: the word behind it
option() {
	arguments | jq -r -s --arg name "$1" '.[index($name) + 1]'
}

@test "manifests: each object is ours, of this stack, in its namespace; pods too" {
	local program
	stack "${engine[@]}" VLLM_COMMON_NAMESPACE=here HARNESS_NAMESPACE=there VLLM_COMMON_SERVICE_ACCOUNT=sa
	for program in "${PROGRAMS[@]}"; do
		manifest "$program" >made.json
		jq -e '[.metadata, (.spec.template.metadata // empty)] | all(.labels
			| .["app.kubernetes.io/managed-by"] == "tokpipe" and .["tokpipe/stack"] == "1a2b3c4d" and has("app.kubernetes.io/name"))' made.json
		jq -e '.kind == "Namespace" or .metadata.namespace == "here"' made.json
		jq -e '.metadata.annotations | .["tokpipe/made-by"] == "me@here" and .["tokpipe/version"] == "0.1.0"' made.json
		manifest "$program" --arg for harness >made.json
		jq -e 'if .kind == "Namespace" then .metadata.name else .metadata.namespace end == "there"' made.json
	done
	same '["sa","sa"]' "[$(made .spec.template.spec.serviceAccountName deployment),$(made .spec.template.spec.serviceAccountName download_job)]"
}

@test "manifests: the default command, as it was, with what was declared and had no effect" {
	stack "${engine[@]}" DEPLOY_MODEL_LIST=meta-llama/Llama-3.2-1B-Instruct
	same 'serve meta-llama/Llama-3.2-1B-Instruct --enable-sleep-mode --load-format auto --port 8000 --max-model-len 16384 --disable-log-requests --gpu-memory-utilization 0.95 --tensor-parallel-size 1 --block-size 64 --max-num-batched-tokens 4096 --model-loader-extra-config {}' \
		"$(arguments | jq -r -s 'join(" ")')"
}

@test "manifests: --disable-log-requests only for the engines that know it" {
	local tag
	for tag in v0.8.5 0.9.1 v0.10.2 v0.10.2-cu128; do
		stack "${engine[@]}" VLLM_STANDALONE_IMAGE_TAG="$tag"
		arguments | grep -F disable-log-requests
	done
	for tag in v0.11.0 v0.100.1 v1.0.0 latest v0.33; do
		stack "${engine[@]}" VLLM_STANDALONE_IMAGE_TAG="$tag"
		run arguments
		is 0
		[[ $output != *disable-log-requests* ]]
	done
}

# survives VALUE: as a flag, a variable that the command expands, an annotation, a scheduler and a label.
survives() {
	local -a pairs
	local value=$1
	stack "${engine[@]}" VLLM_STANDALONE_MODEL_LOADER_EXTRA_CONFIG="$value" VLLM_STANDALONE_VLLM_LOAD_FORMAT="$value" \
		VLLM_STANDALONE_VLLM_LOGGING_LEVEL="$value" VLLM_STANDALONE_VLLM_SERVER_DEV_MODE="$value" \
		VLLM_COMMON_ANNOTATIONS="$(jq -n -c --arg v "$value" '{"a/b": $v}')" VLLM_COMMON_POD_SCHEDULER="$value" \
		VLLM_COMMON_AFFINITY="example.com/label:$value"
	arguments >list
	[ "$(jq -s -r --arg v "$value" '.[index("--load-format") + 1] == $v' list)" = true ]
	[ "$(jq -s -r --arg v "$value" '.[index("--model-loader-extra-config") + 1] == $v' list)" = true ]
	mapfile -d '' -t pairs <environment
	[[ ${pairs[*]} == *"VLLM_LOGGING_LEVEL=$value"* && ${pairs[*]} == *"VLLM_SERVER_DEV_MODE=$value"* ]]
	jq -e --arg v "$value" '.spec.template | .metadata.annotations["a/b"] == $v and .spec.schedulerName == $v
	and .spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms
		== [{matchExpressions: [{key: "example.com/label", operator: "In", values: [$v]}]}]' d.json
}

@test "manifests: no value breaks one, and each arrives in the pod as it was written" {
	local value big
	printf -v big '%65536s' 'x" '\''$(HF_HOME) $$ é #'
	for value in "a\"b'c" $'two\nlines\n' 'key: value # no comment' '{"a": [1, "x"]}' '$(HF_HOME) $$(x) $$ $HF_HOME `id` \n \\ ' \
		'🦊 ünï' '- item' '*alias &anchor' '%TAG !x' '@at `tick`' $'tab\there' ' blank ends ' '~' 'null' 'true' '0x1f' '1_000' '---' "$big"; do
		survives "$value"
	done
}

@test "manifests: nor does any text that chance makes" {
	local seed value
	for seed in 1 2 3 4 5 6; do
		echo "# seed $seed"
		value=$(python3 -c 'if True:
			import random, sys
			chance = random.Random(int(sys.argv[1]))
			marks = [chr(c) for c in range(1, 128)] + list("$$$$((()){}") + ["$(HF_HOME)", "é", "\u2028", "\ufeff", "🦊"]
			sys.stdout.buffer.write("".join(chance.choice(marks) for _ in range(300)).encode() + b".")' "$seed")
		survives "$value"
	done
}

@test "manifests: PREPROCESS is shell of the pod, before the engine" {
	stack "${engine[@]}" VLLM_STANDALONE_PREPROCESS='export A="$(echo "b  c")" $$ ; # the end' VLLM_COMMON_BLOCK_SIZE=NA
	command_of
	grep -xF 'export A="$(echo "b  c")" $$ ; # the end' command
	stack "${engine[@]}" VLLM_STANDALONE_PREPROCESS='printf "%s\0" "pid $$" "$(echo "b  c")" | tr "$$" "x" ; # the end'
	arguments >list
	grep -F 'b  c' list
	grep -F 'pid ' list
	grep -xF '"serve"' list
	stack "${engine[@]}" VLLM_STANDALONE_PREPROCESS='true &&'
	arguments | grep -xF '"serve"'
	stack "${engine[@]}" VLLM_STANDALONE_PREPROCESS=NA
	command_of
	[[ $(<command) == 'exec vllm serve '* ]]
}

@test "manifests: NA leaves a flag, a resource, a volume and the affinity out" {
	stack "${engine[@]}" VLLM_COMMON_MAX_MODEL_LEN=NA VLLM_COMMON_BLOCK_SIZE=NA VLLM_COMMON_MAX_NUM_BATCHED_TOKENS=NA \
		VLLM_COMMON_ACCELERATOR_MEM_UTIL=NA VLLM_STANDALONE_VLLM_LOAD_FORMAT=NA VLLM_STANDALONE_MODEL_LOADER_EXTRA_CONFIG=NA \
		VLLM_COMMON_CPU_NR=NA VLLM_COMMON_CPU_MEM=NA VLLM_STANDALONE_EPHEMERAL_STORAGE=NA VLLM_COMMON_SHM=NA \
		VLLM_COMMON_AFFINITY=NA VLLM_COMMON_ANNOTATIONS=NA VLLM_COMMON_ENVVARS_TO_YAML=NA
	same 'serve facebook/opt-125m --enable-sleep-mode --port 8000 --disable-log-requests --tensor-parallel-size 1' \
		"$(arguments | jq -r -s 'join(" ")')"
	run ! grep -F '"NA"' d.json
	same '{"limits":{"nvidia.com/gpu":"1"},"requests":{"nvidia.com/gpu":"1"}}' "$(container .resources)"
	same '[["cache-volume","preprocesses"],false,{}]' \
		"$(made '.spec.template | [(.spec.volumes | map(.name) | sort), (.spec | has("affinity")), .metadata.annotations]' deployment)"
}

@test "manifests: limits are requests; no accelerator, another one, network cards, several of them" {
	stack "${engine[@]}" VLLM_COMMON_ACCELERATOR_NR=0 VLLM_COMMON_TENSOR_PARALLELISM=0
	same '["cpu","ephemeral-storage","memory"]' "$(container '.resources.limits | keys')"
	same 1 "$(option --tensor-parallel-size)"
	stack "${engine[@]}" VLLM_COMMON_ACCELERATOR_RESOURCE=ibm.com/aiu_pf VLLM_COMMON_ACCELERATOR_NR=4 VLLM_COMMON_TENSOR_PARALLELISM=4 \
		VLLM_COMMON_NETWORK_RESOURCE=rdma/ib VLLM_COMMON_NETWORK_NR=2 VLLM_COMMON_CPU_NR=500m VLLM_COMMON_CPU_MEM=1.5Gi
	same '{"cpu":"500m","memory":"1.5Gi","ibm.com/aiu_pf":"4","rdma/ib":"2","ephemeral-storage":"100Mi"}' "$(container .resources.limits)"
	jq -e '.spec.template.spec.containers[0].resources | .limits == .requests' made.json
	same 4 "$(option --tensor-parallel-size)"
	# one half of a pair is nothing
	stack "${engine[@]}" VLLM_COMMON_NETWORK_RESOURCE=rdma/ib VLLM_COMMON_EPHEMERAL_STORAGE_NR=5Gi
	same '["cpu","ephemeral-storage","memory","nvidia.com/gpu"]' "$(container '.resources.limits | keys')"
	# who says only how many share the model gets as many as that takes
	stack "${engine[@]}" VLLM_COMMON_TENSOR_PARALLELISM=2 VLLM_COMMON_DATA_PARALLELISM=3
	same '["1","2","3"]' "[$(container '.resources.limits["nvidia.com/gpu"]'),\"$(option --tensor-parallel-size)\",\"$(option --data-parallel-size)\"]"
	jq '.origin.VLLM_COMMON_ACCELERATOR_NR = "default"' w/environment/settings.json >s.json
	mv s.json w/environment/settings.json
	same '"6"' "$(container '.resources.limits["nvidia.com/gpu"]')"
}

@test "manifests: auto is what was found in the cluster; nothing was asked: nvidia.com/gpu on any node" {
	stack "${engine[@]}" VLLM_COMMON_ACCELERATOR_RESOURCE=auto
	same '["nvidia.com/gpu",false]' \
		"$(made '.spec.template.spec | [(.containers[0].resources.limits | keys[] | select(contains("/"))), has("affinity")]' deployment)"
	same '["amd.com/gpu",[{"key":"amd.com/gpu.product","operator":"In","values":["MI300X"]}]]' \
		"$(made '.spec.template.spec | [(.containers[0].resources.limits | keys[] | select(contains("/"))),
			.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions]' \
			deployment --argjson found '{"accelerator": "amd.com/gpu", "affinity": "amd.com/gpu.product:MI300X"}')"
	stack "${engine[@]}" VLLM_COMMON_AFFINITY=no-colon
	run --separate-stderr manifest deployment
	is 2 'LLMDBENCH_VLLM_COMMON_AFFINITY: no-colon: expected LABEL:VALUE, auto or NA'
}

@test "manifests: annotations: a value with a colon, with a comma; an object; a name that is none" {
	stack VLLM_COMMON_ANNOTATIONS='deployed-by:me,url:http://x:80/a,note:a,b,c'
	same '{"deployed-by":"me","url":"http://x:80/a","note":"a,b,c"}' "$(made .spec.template.metadata.annotations deployment)"
	stack VLLM_COMMON_ANNOTATIONS='{"a/b": "x,y:z", "n": 3}'
	same '{"a/b":"x,y:z","n":"3"}' "$(made .spec.template.metadata.annotations deployment)"
	stack VLLM_COMMON_ANNOTATIONS='nothing'
	run --separate-stderr manifest deployment
	is 2 'LLMDBENCH_VLLM_COMMON_ANNOTATIONS: nothing: expected KEY:VALUE'
	stack VLLM_COMMON_ANNOTATIONS='a b:c'
	run --separate-stderr manifest deployment
	is 2 'LLMDBENCH_VLLM_COMMON_ANNOTATIONS: a b: no name of an annotation'
}

@test "manifests: ENVVARS_TO_YAML: names; the later of two holds; a name that is not set is 2" {
	stack VLLM_COMMON_ENVVARS_TO_YAML='LLMDBENCH_VLLM_STANDALONE_VLLM_SERVER_DEV_MODE, LLMDBENCH_VLLM_STANDALONE_NCCL_IB_HCA,LLMDBENCH_MINE,LLMDBENCH_VLLM_STANDALONE_VLLM_LOGGING_LEVEL' \
		VLLM_STANDALONE_NCCL_IB_HCA='=mlx5_0' MINE=$'a: b\n'
	same '[["VLLM_SERVER_DEV_MODE","1"],["NCCL_IB_HCA","=mlx5_0"],["MINE","a: b\n"],["VLLM_LOGGING_LEVEL","INFO"]]' \
		"$(container '.env[-4:] | map([.name, .value])')"
	same 1 "$(container '[.env[] | select(.name == "VLLM_LOGGING_LEVEL")] | length')"
	stack VLLM_COMMON_ENVVARS_TO_YAML=LLMDBENCH_NOT_THERE
	run --separate-stderr manifest deployment
	is 2 'LLMDBENCH_VLLM_COMMON_ENVVARS_TO_YAML: LLMDBENCH_NOT_THERE: no variable of that name is set'
}

@test "manifests: ENVVARS_TO_YAML: a file: references, numbers, and what is ours replaced" {
	cat >env.yaml <<-'EOF2'
		- name: PYTHONHASHSEED
		  value: 42
		- name: POD_IP
		  valueFrom:
		    fieldRef:
		      apiVersion: v1
		      fieldPath: status.podIP
		# a comment
		- name: SIDE
		  value: "tcp://$(POD_IP):5557"
		- name: VLLM_LOGGING_LEVEL
		  value: DEBUG
		- name: SIZE
		  value: "REPLACE_ENV_LLMDBENCH_VLLM_COMMON_BLOCK_SIZE"
	EOF2
	stack VLLM_COMMON_ENVVARS_TO_YAML="$PWD/env.yaml"
	same '[["PYTHONHASHSEED","42"],["POD_IP",null],["SIDE","tcp://$(POD_IP):5557"],["VLLM_LOGGING_LEVEL","DEBUG"],["SIZE","64"]]' \
		"$(container '.env[-5:] | map([.name, .value])')"
	same '{"fieldRef":{"apiVersion":"v1","fieldPath":"status.podIP"}}' "$(container '.env[] | select(.name == "POD_IP") | .valueFrom')"
	stack VLLM_COMMON_ENVVARS_TO_YAML=/no/such/file
	run --separate-stderr manifest deployment
	is 2 'LLMDBENCH_VLLM_COMMON_ENVVARS_TO_YAML: /no/such/file: no such file'
	echo '- FOO: bar' >bad.yaml
	stack VLLM_COMMON_ENVVARS_TO_YAML="$PWD/bad.yaml"
	run --separate-stderr manifest deployment
	is 2 'LLMDBENCH_VLLM_COMMON_ENVVARS_TO_YAML: {"FOO":"bar"}: expected a list of {name, value}'
}

@test "manifests: ARGS: text as it is, variables, defaults, blanks, comments" {
	stack VLLM_STANDALONE_ARGS='echo "$HOME" $(id -un) && vllm serve REPLACE_ENV_LLMDBENCH_DEPLOY_CURRENT_MODEL____--port____REPLACE_ENV_LLMDBENCH_VLLM_COMMON_INFERENCE_PORT --x REPLACE_ENV_LLMDBENCH_NONE++++default=a.b-c____--y "REPLACE_ENV_LLMDBENCH_NONE++++default=q" REPLACE_ENV_LLMDBENCH_VLLM_COMMON_REPLICAS++++default=9'
	same '"echo \"$HOME\" $(id -un) && vllm serve facebook/opt-125m --port 8000 --x a.b-c --y \"q\" 2"' "$(container '.args[0]')"
	# the name at hand, not a shorter one that it begins with; but known text before what is none
	stack VLLM_STANDALONE_ARGS='REPLACE_ENV_LLMDBENCH_DEPLOY_CURRENT_MODELID REPLACE_ENV_LLMDBENCH_DEPLOY_CURRENT_MODEL_cache REPLACE_ENV_LLMDBENCH_DEPLOY_CURRENT_MODEL_ID_LABEL'
	same '"facebook-opt-125m facebook/opt-125m_cache facebook-9292afac-opt-125m"' "$(container '.args[0]')"
	printf '%s\n' 'source /x.sh && \  # first' '# a line' "vllm serve REPLACE_ENV_LLMDBENCH_DEPLOY_CURRENT_MODEL \\" "--a b#c" >args.txt
	stack VLLM_STANDALONE_ARGS="$PWD/args.txt"
	same '"source /x.sh && \\\n\nvllm serve facebook/opt-125m \\\n--a b#c\n"' "$(container '.args[0]')"
}

@test "manifests: ARGS: a list, or flags alone, are arguments of vllm serve, behind PREPROCESS" {
	stack VLLM_STANDALONE_ARGS='[--tensor-parallel-size____REPLACE_ENV_LLMDBENCH_VLLM_COMMON_CPU_NR____--enforce-eager]' VLLM_STANDALONE_PREPROCESS='export A=1'
	same '"export A=1\nexec vllm serve facebook/opt-125m --tensor-parallel-size 100m --enforce-eager"' "$(container '.args[0]')"
	stack VLLM_STANDALONE_ARGS='["--a", "b c", 3]'
	same 'serve facebook/opt-125m --a b c 3' "$(arguments | jq -r -s 'join(" ")')"
	same '"b c"' "$(arguments | sed -n 4p)"
	stack VLLM_STANDALONE_ARGS='[]' DEPLOY_MODEL_LIST='facebook/opt-125m:other'
	same 'serve facebook/opt-125m --served-model-name other' "$(arguments | jq -r -s 'join(" ")')"
	stack VLLM_STANDALONE_ARGS='--enforce-eager' VLLM_STANDALONE_PREPROCESS=NA
	same 'serve facebook/opt-125m --enforce-eager' "$(arguments | jq -r -s 'join(" ")')"
}

@test "manifests: ARGS: a variable that is not set is 2, and so is a secret" {
	stack VLLM_STANDALONE_ARGS='x REPLACE_ENV_LLMDBENCH_NOT_THERE y'
	run --separate-stderr manifest deployment
	is 2 'LLMDBENCH_VLLM_STANDALONE_ARGS: REPLACE_ENV_LLMDBENCH_NOT_THERE: that variable is not set, and no ++++default= is given'
	stack VLLM_STANDALONE_ARGS='x REPLACE_ENV_LLMDBENCH_HF_TOKEN y'
	LLMDBENCH_HF_TOKEN=hf_top_secret run --separate-stderr manifest deployment
	is 2 'REPLACE_ENV_LLMDBENCH_HF_TOKEN: a secret is written into no manifest'
	[[ $stderr != *hf_top_secret* ]]
}

@test "manifests: the token stands in no manifest but the secret's pipe, without what surrounds it" {
	local program
	export LLMDBENCH_HF_TOKEN=$'hf_top_secret\n'
	stack "${engine[@]}" VLLM_COMMON_HF_TOKEN_NAME=my-token VLLM_COMMON_HF_TOKEN_KEY=KEY
	for program in "${PROGRAMS[@]}"; do
		manifest "$program" >made.json
		run ! grep -F hf_top_secret made.json
	done
	same '{"KEY":"hf_top_secret"}' "$(made .stringData secret --arg token value)"
	same '["HF_TOKEN","HUGGING_FACE_HUB_TOKEN"]' \
		"$(container '[.env[] | select(.valueFrom == {secretKeyRef: {name: "my-token", key: "KEY"}}) | .name]')"
	same '["HF_TOKEN"]' "$(made '[.spec.template.spec.containers[0].env[]
		| select(.valueFrom == {secretKeyRef: {name: "my-token", key: "KEY"}}) | .name]' download_job)"
}

@test "manifests: a simulated engine, or a model that lies somewhere else, needs no token; the simulator no volume" {
	stack VLLM_COMMON_PVC_NAME=models
	same '[{},null]' "$(made '[(.spec.template.spec.volumes[] | select(.name == "cache-volume") | .emptyDir),
		(.spec.template.spec.containers[0].env[] | .valueFrom | values)] + [null] | .[:2]' deployment)"
	stack "${engine[@]}" VLLM_COMMON_PVC_NAME=models DEPLOY_MODEL_LIST=s3://bucket/model
	same '["models",0]' "$(made '.spec.template.spec | [(.volumes[] | select(.name == "cache-volume") | .persistentVolumeClaim.claimName),
		([.containers[0].env[] | select(.valueFrom)] | length)]' deployment)"
}

@test "manifests: volumes: the class by default is the cluster's own; one by name; the load's" {
	stack
	same '{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"300Gi"}},"volumeMode":"Filesystem"}' "$(made .spec pvc)"
	stack VLLM_COMMON_PVC_STORAGE_CLASS=fast VLLM_COMMON_PVC_ACCESSMODE=ReadWriteMany VLLM_COMMON_PVC_MODEL_CACHE_SIZE=1Ti HARNESS_PVC_SIZE=3Gi
	same '["model-pvc","fast","ReadWriteMany","1Ti"]' \
		"$(made '[.metadata.name, .spec.storageClassName, .spec.accessModes[0], .spec.resources.requests.storage]' pvc)"
	same '["workload-pvc","fast","ReadWriteMany","3Gi"]' \
		"$(made '[.metadata.name, .spec.storageClassName, .spec.accessModes[0], .spec.resources.requests.storage]' pvc --arg for harness)"
}

@test "manifests: the Service finds the pods of its Deployment, and no others" {
	stack VLLM_COMMON_INFERENCE_PORT=9000
	manifest deployment >d.json
	manifest service >s.json
	jq -e -s '.[0] as $d | .[1] as $s | $d.spec.selector.matchLabels == $s.spec.selector and $s.metadata.name == $d.metadata.name
		and ($d.spec.template.metadata.labels | contains($s.spec.selector)) and $s.spec.selector["tokpipe/stack"] == "1a2b3c4d"
		and $s.spec.ports == [{name: "http", port: 80, protocol: "TCP", targetPort: 9000}]' d.json s.json
	same '[9000,9000,9000,9000]' "$(container '[.ports[0].containerPort, .startupProbe.httpGet.port, .livenessProbe.tcpSocket.port, .readinessProbe.httpGet.port]')"
	same '[6000,30,15]' "$(container '[.startupProbe, .livenessProbe, .readinessProbe | .failureThreshold * .periodSeconds]')" # seconds of patience
	same '["/health","/health"]' "$(container '[.startupProbe, .readinessProbe | .httpGet.path]')"
	same 9000 "$(option --port)"
}

@test "manifests: the routes lead to the Service; a host has no slash; a gateway of another name" {
	stack VLLM_COMMON_NAMESPACE=ns CONTROL_CLUSTER_NAME=c1
	same '["vllm-standalone-facebook-9292afac-opt-125m.ns.apps.c1"]' "$(made .spec.hostnames httproute)"
	same '["vllm-standalone-facebook-9292afac-opt-125m",80]' "$(made '.spec.rules[0].backendRefs[0] | [.name, .port]' httproute)"
	stack VLLM_STANDALONE_HTTPROUTE_GATEWAY=mine VLLM_STANDALONE_HTTPROUTE_HOSTNAME=a.example.com
	same '["gateway.networking.k8s.io/v1beta1",["a.example.com"],{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"mine"}]' \
		"$(made '[.apiVersion, .spec.hostnames, .spec.parentRefs[0]]' httproute --arg version v1beta1)"
	same '[{"kind":"Service","name":"vllm-standalone-facebook-9292afac-opt-125m","weight":100},8000,"3600s"]' \
		"$(made '[.spec.to, .spec.port.targetPort, .metadata.annotations["haproxy.router.openshift.io/timeout"]]' route)"
}

@test "manifests: the Job downloads into the cache that the engine reads, in time" {
	stack "${engine[@]}" VLLM_STANDALONE_PVC_MOUNTPOINT=/cache VLLM_COMMON_PVC_DOWNLOAD_TIMEOUT=77 VLLM_COMMON_DOWNLOAD_IMAGE=r/i:1
	manifest download_job >j.json
	same '["/cache","/cache",77,3,"r/i:1","Never"]' "$(jq -c '.spec | .template.spec.containers[0] as $c
		| [$c.volumeMounts[0].mountPath, ($c.env[] | select(.name == "HF_HOME") | .value), .activeDeadlineSeconds, .backoffLimit,
			$c.image, .template.spec.restartPolicy]' j.json)"
	same '["/cache","/cache"]' "$(container '[(.volumeMounts[] | select(.name == "cache-volume") | .mountPath),
		(.env[] | select(.name == "HF_HOME") | .value)]')"
	# what it runs, with an hf that is there
	mkdir bin
	printf '%s\n' '#!/bin/sh' 'echo "hf $*"' >bin/hf
	chmod +x bin/hf
	run --separate-stderr env PATH="$PWD/bin:/usr/bin:/bin" HF_HOME="$PWD/c" HF_MODEL_ID=a/b \
		/bin/sh -c "$(jq -r '.spec.template.spec.containers[0].args[0]' j.json)"
	is 0
	same 'hf download a/b' "$output"
	[ -d c ]
}

@test "manifests: what PREPROCESS may call comes as files, byte for byte, and every user may read them" {
	local file
	stack
	manifest preprocess >p.json
	for file in "$TOP"/setup/preprocess/*; do
		jq -j --arg name "${file##*/}" '.data[$name]' p.json | cmp - "$file"
	done
	same "$(ls "$TOP/setup/preprocess")" "$(jq -r '.data | keys[]' p.json)"
	same "[$(jq -c .metadata.name p.json),365]" \
		"$(made '.spec.template.spec.volumes[] | select(.name == "preprocesses") | [.configMap.name, .configMap.defaultMode]' deployment)"
}

@test "render: a file appears complete or not at all" {
	stack VLLM_COMMON_AFFINITY=wrong
	run --separate-stderr bash -c 'set -euo pipefail; . "$1/scripts/lib/base.sh"; . "$1/scripts/lib/render.sh"
		declare -A cfg=(); work=$PWD/w; render x service --argjson model "$2"; echo "$rendered"; render y deployment --argjson model "$2"' \
		- "$TOP" "$(jq -c '.models[0]' w/environment/stack.json)"
	is 2 LLMDBENCH_VLLM_COMMON_AFFINITY
	same "$PWD/w/setup/yamls/x.yaml" "$output"
	[ -s w/setup/yamls/x.yaml ] && [ ! -e w/setup/yamls/y.yaml ]
}
