#!/usr/bin/env bats
# What goes wrong on a cluster, made to go wrong on a real one: each is seen early, in the words that help, with the
# events and the end of the log, and with the status that it has everywhere.

load stack

# at_most SECONDS: since the test's standup began.
at_most() {
	((SECONDS - begun <= $1)) || {
		echo "it took $((SECONDS - begun)) s"
		return 1
	}
}

@test "an image that does not exist" {
	scenario image VLLM_STANDALONE_IMAGE_NAME=no-such-sim
	standup image -s 4
	begun=$SECONDS
	standup image -s 6
	is 3 'Service not ready: pod ' 'image localhost/tokpipe/no-such-sim:' 'cannot be pulled' "Check the image's name and tag" 'Failed: pod/'
	at_most 60
	[ -s work-image/setup/logs/events.json ]
}

@test "a pod that crashes: its exit code and what it wrote last" {
	scenario crash "VLLM_STANDALONE_PREPROCESS='echo boom >&2; exit 7'"
	begun=$SECONDS
	standup crash -s 4,6
	is 3 'Service not ready: pod ' 'crashed: exit code 7' '  boom' 'BackOff'
	at_most 90
	grep -q boom work-crash/setup/logs/vllm-standalone-*.log
	scenario crash # and when that is mended, what crashed before is no reason
	standup crash -s 6,10
	is 0 '1 pods and the Service'
}

@test "a pod that is killed for its memory" {
	scenario memory "VLLM_STANDALONE_PREPROCESS='exec tail /dev/zero'"
	standup memory -s 4,6
	is 4 'Out of memory: pod ' 'killed at its limit of 64Mi' 'Reduce gpu_memory_utilization' 'Increase resource limits' \
		LLMDBENCH_VLLM_COMMON_CPU_MEM
}

@test "more accelerators than a node has" {
	scenario gpu VLLM_COMMON_ACCELERATOR_RESOURCE=example.com/gpu VLLM_COMMON_ACCELERATOR_NR=5
	standup gpu -s 4,6
	is 4 'Insufficient resources: pod ' 'Insufficient example.com/gpu' 'has example.com/gpu: none'
}

@test "auto finds no accelerator; a label that no node has" {
	scenario auto VLLM_COMMON_ACCELERATOR_NR=1
	standup auto -s 4,6
	if [ "$(kubectl get nodes -o json | jq '[.items[].status.allocatable | keys[] | select(test("/gpu$"))] | length')" = 0 ]; then
		is 4 'Insufficient resources: LLMDBENCH_VLLM_COMMON_ACCELERATOR_RESOURCE=auto: no node has an accelerator'
	fi
	scenario auto
	standup auto -s 6 -a zone:moon
	is 4 'LLMDBENCH_VLLM_COMMON_AFFINITY=zone:moon: no node has that label' kubernetes.io/os:linux
	same '' "$(kubectl get deployments -n "$NS" -o name)"
}

@test "a volume that nobody makes, and a class that is not there" {
	scenario volume VLLM_STANDALONE_IMAGE_NAME=vllm-openai VLLM_COMMON_PVC_STORAGE_CLASS=broken
	export LLMDBENCH_HF_TOKEN=hf_of_nobody
	standup volume -s 4
	is 4 "Volume not bound: pvc $NS/model-pvc" LLMDBENCH_VLLM_COMMON_PVC_STORAGE_CLASS
	kubectl delete pvc model-pvc -n "$NS" --wait
	scenario volume VLLM_STANDALONE_IMAGE_NAME=vllm-openai VLLM_COMMON_PVC_STORAGE_CLASS=missing
	standup volume -s 4
	is 4 "Volume not bound: pvc $NS/model-pvc: there is no storage class missing" 'there is: broken, standard'
}

@test "a download that fails: the Job's reason, and the end of its log" {
	scenario download VLLM_STANDALONE_IMAGE_NAME=vllm-openai VLLM_COMMON_PVC_DOWNLOAD_TIMEOUT=300 \
		VLLM_COMMON_DOWNLOAD_IMAGE="$(jq -rn '"localhost/tokpipe/tokpipe-sim:\($v)"' --arg v "$(sed -n 's/^VERSION = //p' "$TOP/Makefile")")"
	standup download -s 4
	is 2 'LLMDBENCH_HF_TOKEN: not set' "no secret $NS/llm-d-hf-token"
	run kubectl get namespace "$NS"
	is 1
	LLMDBENCH_HF_TOKEN=hf_of_nobody standup download -s 4
	is 3 'Service not ready: job ' 'BackoffLimitExceeded' 'the end of the log of pod download-model-'
	same "$(printf hf_of_nobody | base64)" "$(kubectl get secret llm-d-hf-token -n "$NS" -o 'jsonpath={.data.HF_TOKEN}')"
	same '' "$(grep -r hf_of_nobody work-download state)"
}

# someone ROLE: KUBECONFIG becomes that of a service account with this role in the namespace.
someone() {
	kubectl create namespace "$NS"
	kubectl create serviceaccount someone -n "$NS"
	kubectl create rolebinding someone --clusterrole="$1" --serviceaccount="$NS:someone" -n "$NS"
	token=$(kubectl create token someone -n "$NS")
	kubectl config view --raw --minify --flatten -o json | jq --arg token "$token" '.users[0].user = {$token}' >someone.json
}

@test "a namespace without rights: what may not be done, and nothing is made" {
	local token
	someone view
	scenario rights
	KUBECONFIG=$PWD/someone.json standup rights
	is 3 'Permission denied: ' 'configmaps' 'Verify RBAC permissions' 'Check ServiceAccount configuration'
	same "" "$(objects "$NS")"
	echo 'export LLMDBENCH_CONTROL_CHECK_CLUSTER_AUTHORIZATIONS=1' >>rights.sh
	KUBECONFIG=$PWD/someone.json standup rights
	is 3 'Permission denied: namespace ' 'create, delete, patch, update configmaps' 'create, delete, patch deployments.apps'
}

@test "rights in one namespace are enough, through a URL and a token; the token is in one file" {
	local token
	someone admin
	kubectl config view --raw --minify --flatten -o 'jsonpath={.clusters[0].cluster.certificate-authority-data}' | base64 -d >ca.crt
	scenario url
	LLMDBENCH_CLUSTER_URL=$(kubectl config view --minify -o 'jsonpath={.clusters[0].cluster.server}')
	export LLMDBENCH_CLUSTER_URL LLMDBENCH_CLUSTER_TOKEN=$token LLMDBENCH_CLUSTER_CA=$PWD/ca.crt
	KUBECONFIG=/dev/null standup url -a NA
	is 0 '1 pods and the Service'
	same work-url/environment/kubeconfig "$(grep -rl "$token" work-url state)"
	same 600 "$(stat -c %a work-url/environment/kubeconfig)"
}
