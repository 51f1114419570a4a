#!/usr/bin/env bats
# What a wait makes of what a cluster says: ready, waiting, or failed, with the words, the status and the help.  The
# objects are those of a real cluster, cut down; tests/cluster makes a real one say them.

load lib/common

NOW=1795388400 # 2026-11-22T23:00:00Z

# judge KIND NAME [OPTION…]: watch.jq on objects.json, events.json, nodes.json and log, 10 s after the wait began.
judge() {
	local kind=$1 name=$2 file
	shift 2
	for file in objects events nodes; do
		[ -e $file.json ] || echo '{}' >$file.json
	done
	[ -e log ] || : >log
	jq -n -f "$TOP/scripts/lib/watch.jq" --slurpfile objects objects.json --slurpfile events events.json \
		--slurpfile nodes nodes.json --rawfile log log --arg kind "$kind" --arg name "$name" --arg ns shop \
		--argjson now "$NOW" --argjson since "${SINCE:-$((NOW - 10))}" --argjson limit "${LIMIT:-600}" --argjson grace 60 \
		--argjson classes_known "${CLASSES:-true}" "$@" >verdict.json
}

# says FILTER VALUE…: of the verdict.
says() {
	while (($#)); do
		same "$2" "$(jq -r "$1" verdict.json)"
		shift 2
	done
}

# deployment STATUS POD…: objects.json has Deployment web of two, its ReplicaSets (new, and old) and these pods.
deployment() {
	local status=$1
	shift
	jq -n --argjson status "$status" --jsonargs '{items: ([
		{kind: "Deployment", metadata: {name: "web", generation: 2, annotations: {"deployment.kubernetes.io/revision": "2"}},
			spec: {replicas: 2}, status: ({observedGeneration: 2} + $status)},
		{kind: "ReplicaSet", metadata: {name: "web-old", annotations: {"deployment.kubernetes.io/revision": "1"}, labels: {"pod-template-hash": "old"}}},
		{kind: "ReplicaSet", metadata: {name: "web-new", annotations: {"deployment.kubernetes.io/revision": "2"}, labels: {"pod-template-hash": "new"}}}]
		+ $ARGS.positional)}' "$@" >objects.json
}

# pod NAME HASH STATUS: one of them, with a limit of 64Mi.
pod() {
	jq -nc --arg name "$1" --arg hash "$2" --argjson status "$3" '{kind: "Pod", metadata: {$name, labels: {"pod-template-hash": $hash}},
		spec: {nodeName: "node0", schedulerName: "default-scheduler",
			containers: [{name: "engine", resources: {limits: {memory: "64Mi"}, requests: {memory: "64Mi", "nvidia.com/gpu": "5"}}}]},
		$status}'
}

# container STATE LAST RESTARTS: the status of a pod that runs, with this container.
container() {
	jq -nc --argjson state "$1" --argjson last "$2" --argjson restarts "$3" '{phase: "Running",
		conditions: [{type: "PodScheduled", status: "True"}, {type: "Ready", status: "False"}],
		containerStatuses: [{name: "engine", image: "registry/engine:1", ready: false, $state, lastState: $last, restartCount: $restarts}]}'
}

ended() {
	printf '{"terminated":{"exitCode":%s,"reason":"%s","finishedAt":"2026-11-22T22:59:55Z"}}' "$1" "$2"
}

ready='{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}'

@test "a Deployment is ready when the new ones are all there, and no sooner" {
	deployment '{"replicas":2,"updatedReplicas":2,"readyReplicas":2}' "$(pod a new "$ready")" "$(pod b new "$ready")"
	judge deployment web
	says .state ready .done 2 .of 2
	deployment '{"replicas":3,"updatedReplicas":2,"readyReplicas":2}' "$(pod a new "$ready")" "$(pod b old "$ready")"
	judge deployment web
	says .state waiting .done 1
	deployment '{"observedGeneration":1,"replicas":2,"updatedReplicas":2,"readyReplicas":2}'
	judge deployment web
	says .state waiting
}

@test "an image that cannot be pulled: at the second try, with the message" {
	deployment '{}' "$(pod a new "$(container '{"waiting":{"reason":"ErrImagePull","message":"no such host"}}' '{}' 0)")"
	judge deployment web
	says .state waiting
	deployment '{}' "$(pod a new "$(container '{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image: not found"}}' '{}' 0)")"
	judge deployment web
	says .state failed .words 'Service not ready' .status 3 .object 'pod shop/a' \
		.reason 'image registry/engine:1 cannot be pulled: Back-off pulling image: not found' \
		'.advice[0]' "Check the image's name and tag" '.advice[1] | contains("imagePullSecrets")' true
}

@test "a crash: the exit code, and at the second one at the latest" {
	deployment '{}' "$(pod a new "$(container '{"running":{}}' "$(ended 7 Error)" 1)")"
	judge deployment web
	says .state waiting
	deployment '{}' "$(pod a new "$(container '{"running":{}}' "$(ended 7 Error)" 2)")"
	judge deployment web
	says .state failed .status 3 .reason 'crashed: exit code 7' '.pods[0]' a
	deployment '{}' "$(pod a new "$(container '{"waiting":{"reason":"CrashLoopBackOff"}}' "$(ended 0 Completed)" 1)")"
	judge deployment web
	says .status 3 '.reason | contains("exit code 0")' true
}

@test "restarts of long ago are no crash now" {
	deployment '{}' "$(pod a new "$(container '{"running":{}}' '{"terminated":{"exitCode":1,"finishedAt":"2026-11-20T22:59:55Z"}}' 5)")"
	judge deployment web
	says .state waiting
}

@test "pods of the revision before may crash: those of the new one count" {
	deployment '{}' "$(pod a old "$(container '{"waiting":{"reason":"CrashLoopBackOff"}}' "$(ended 7 Error)" 9)")" \
		"$(pod b new "$(container '{"running":{}}' '{}' 0)")"
	judge deployment web
	says .state waiting
}

@test "killed for memory: the limit, status 4 and what helps" {
	deployment '{}' "$(pod a new "$(container '{"running":{}}' "$(ended 137 OOMKilled)" 1)")"
	judge deployment web
	says .words 'Out of memory' .status 4 .reason 'killed at its limit of 64Mi' \
		'.advice[:2] | join("|")' 'Reduce gpu_memory_utilization|Increase resource limits' \
		'.advice[2] | contains("LLMDBENCH_VLLM_COMMON_CPU_MEM")' true
	deployment '{}' "$(pod a new "$(container '{"waiting":{"reason":"CrashLoopBackOff"}}' "$(ended 137 Error)" 3)")"
	judge deployment web
	says .words 'Out of memory' .status 4 '.reason | contains("most often memory")' true
}

@test "what the engine wrote says more: the GPU's memory, a gated model" {
	deployment '{}' "$(pod a new "$(container '{"waiting":{"reason":"CrashLoopBackOff"}}' "$(ended 1 Error)" 3)")"
	echo 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB' >log
	judge deployment web
	says .words 'Out of memory' .status 4 '.advice | tostring | contains("MEM_UTIL")' true
	echo 'ValueError: The model max seq len (131072) is larger than the maximum number of tokens that can be stored in KV cache' >log
	judge deployment web
	says .status 4 '.advice | tostring | contains("MAX_MODEL_LEN")' true
	echo 'huggingface_hub.errors.GatedRepoError: 401 Client Error.' >log
	judge deployment web
	says .status 3 '.reason | contains("no approval")' true '.advice | tostring | contains("HF_TOKEN")' true
}

@test "no node: after its time, with the scheduler's words and what the nodes have; not while more nodes come" {
	local since='"lastTransitionTime":"2026-11-22T22:58:00Z"'
	local pending='{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable",'
	deployment '{}' "$(pod a new "$pending\"lastTransitionTime\":\"2026-11-22T22:59:30Z\",\"message\":\"no\"}]}")"
	judge deployment web
	says .state waiting
	deployment '{}' "$(pod a new "$pending$since,\"message\":\"0/1 nodes are available: 1 Insufficient nvidia.com/gpu.\"}]}")"
	echo '{"items":[{"metadata":{"name":"node0"},"status":{"allocatable":{"nvidia.com/gpu":"4"}}}]}' >nodes.json
	judge deployment web
	says .words 'Insufficient resources' .status 4 .reason '0/1 nodes are available: 1 Insufficient nvidia.com/gpu.' \
		'.advice[0]' 'node node0 has nvidia.com/gpu: 4'
	echo '{"items":[{"reason":"TriggeredScaleUp","involvedObject":{"name":"a"}}]}' >events.json
	judge deployment web
	says .state waiting
	deployment '{}' "$(pod a new "$pending$since,\"message\":\"pod has unbound immediate PersistentVolumeClaims\"}]}")"
	rm events.json
	judge deployment web
	says .words 'Volume not bound' .status 4
}

@test "what a pod cannot be made with: a secret, a mount, an account, a scheduler" {
	deployment '{}' "$(pod a new "$(container '{"waiting":{"reason":"CreateContainerConfigError","message":"secret \"x\" not found"}}' '{}' 0)")"
	judge deployment web
	says .status 3 .reason 'CreateContainerConfigError: secret "x" not found'
	local pending='{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"True"}]}'
	deployment '{}' "$(pod a new "$pending")"
	echo '{"items":[{"reason":"FailedMount","message":"configmap \"y\" not found","involvedObject":{"name":"a"}}]}' >events.json
	judge deployment web
	says .state waiting
	SINCE=$((NOW - 61)) judge deployment web
	says .status 3 .reason 'configmap "y" not found'
	deployment '{"conditions":[{"type":"ReplicaFailure","status":"True","lastTransitionTime":"2026-11-22T22:59:00Z","message":"exceeded quota"}]}'
	judge deployment web
	says .status 3 .object 'deployment shop/web' .reason 'no pod can be made: exceeded quota'
	deployment '{}' "$(pod a new '{"phase":"Pending"}' | jq -c 'del(.spec.nodeName) | .spec.schedulerName = "mine"')"
	SINCE=$((NOW - 61)) judge deployment web
	says .status 3 .reason 'no scheduler named mine takes it'
}

@test "a Job is ready when it is complete; one that failed says why" {
	echo '{"items":[{"kind":"Job","metadata":{"name":"get"},"spec":{"completions":1},"status":{"succeeded":1,"conditions":[{"type":"Complete","status":"True"}]}}]}' >objects.json
	judge job get
	says .state ready
	jq -n --argjson pod "$(pod p x "$(container "$(ended 1 Error)" '{}' 0)")" '{items: [$pod,
		{kind: "Job", metadata: {name: "get"}, status: {conditions: [{type: "Failed", status: "True", reason: "BackoffLimitExceeded",
			message: "Job has reached the specified backoff limit"}]}}]}' >objects.json
	judge job get
	says .status 3 .object 'job shop/get' '.pods[0]' p \
		.reason 'failed: BackoffLimitExceeded: Job has reached the specified backoff limit (exit code 1)'
	echo '403 Client Error: Forbidden for url' >log
	judge job get
	says .status 3 '.reason | contains("no approval for the model")' true
}

@test "a claim: bound, waiting for a pod, without a class, never bound" {
	claim() {
		jq -n --argjson spec "$1" --arg phase "$2" --arg mode "$3" '{items: [
			{kind: "PersistentVolumeClaim", metadata: {name: "data"}, $spec, status: {$phase}},
			{kind: "StorageClass", metadata: {name: "fast"}, volumeBindingMode: $mode}]}' >objects.json
		judge pvc data
	}
	claim '{"storageClassName":"fast"}' Bound Immediate
	says .state ready
	claim '{"storageClassName":"fast"}' Pending WaitForFirstConsumer
	says .state ready
	claim '{"storageClassName":"fast"}' Pending Immediate
	says .state waiting
	SINCE=$((NOW - 61)) claim '{"storageClassName":"fast"}' Pending Immediate
	says .words 'Volume not bound' .status 4 .object 'pvc shop/data'
	claim '{"storageClassName":"missing"}' Pending Immediate
	says .status 4 .reason 'there is no storage class missing' '.advice[0] | contains("there is: fast")' true
	CLASSES=false claim '{"storageClassName":"missing"}' Pending Immediate
	says .state waiting
	claim '{}' Pending Immediate
	says .status 4 '.reason | contains("no default one")' true
	claim '{"storageClassName":"fast"}' Lost Immediate
	says .status 4 .reason 'its volume is lost'
}

@test "the time is over: what those that are not ready do" {
	deployment '{}' "$(pod a new "$(container '{"waiting":{"reason":"ContainerCreating"}}' '{}' 0)")"
	LIMIT=10 judge deployment web
	says .state failed .status 3 .object 'deployment shop/web' .reason 'not ready after 10 s: pod a: ContainerCreating'
	deployment '{}'
	LIMIT=10 judge deployment web
	says .reason 'not ready after 10 s: no pod of it is there'
}

@test "auto: one kind of accelerator on the nodes; none, two, or another label are listed" {
	nodes() {
		jq --arg resource "${2-auto}" --arg affinity "${3-auto}" --arg number "${4-1}" -L "$TOP/scripts/lib" -f "$TOP/scripts/lib/nodes.jq" <<<"$1" >verdict.json
	}
	local h100='{"metadata":{"name":"n1","labels":{"nvidia.com/gpu.product":"H100"}},"status":{"allocatable":{"cpu":"8","nvidia.com/gpu":"8"}}}'
	local plain='{"metadata":{"name":"n2","labels":{"kubernetes.io/os":"linux"}},"status":{"allocatable":{"cpu":"8"}}}'
	local amd='{"metadata":{"name":"n3"},"status":{"allocatable":{"amd.com/gpu":"2"}}}'
	nodes "{\"items\":[$plain,$h100]}"
	says .accelerator nvidia.com/gpu .affinity nvidia.com/gpu.product:H100
	nodes "{\"items\":[$plain]}"
	says '.trouble[1]' 'no node has an accelerator' '.trouble[2]' 'node n2: no accelerator'
	nodes "{\"items\":[$h100,$amd]}"
	says '.trouble[1]' 'nodes have different ones: amd.com/gpu, nvidia.com/gpu'
	nodes "{\"items\":[$h100,${h100//H100/L4}]}"
	says '.trouble[1]' 'nodes have different ones: nvidia.com/gpu.product:H100, nvidia.com/gpu.product:L4'
	nodes "{\"items\":[$amd]}"
	says '.trouble[1]' 'no node says which accelerator it has'
	nodes "{\"items\":[$plain]}" auto auto 0
	says .accelerator null .affinity ''
	nodes "{\"items\":[$plain]}" auto kubernetes.io/os:linux 0
	says .trouble null .affinity kubernetes.io/os:linux
	nodes "{\"items\":[$plain]}" auto zone:moon 0
	says '.trouble[0]' LLMDBENCH_VLLM_COMMON_AFFINITY=zone:moon '.trouble[2]' 'node n2: kubernetes.io/os:linux'
}
