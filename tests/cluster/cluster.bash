# What the tests on a real cluster share: a namespace of their own, kubectl of the cluster that check.sh brought up, and
# a look at what is there.  Loads common; a test that means to leave objects of ours sets  leaves=true.

load ../lib/common

CLUSTER_SLOT=${CLUSTER_SLOT:-0}
CLUSTER_DIR=/tmp/tokpipe-cluster-$CLUSTER_SLOT
CLUSTER=$TOP/tests/cluster
export CLUSTER_SLOT CLUSTER_DIR CLUSTER

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export TMPDIR=$BATS_TEST_TMPDIR KUBECONFIG=$CLUSTER_DIR/kubeconfig XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
	[ -e "$KUBECONFIG" ] || {
		echo "no cluster in slot $CLUSTER_SLOT: run tests/cluster/up.sh and tests/cluster/import.sh"
		return 1
	}
	PATH=$(<"$CLUSTER_DIR/bin"):$PATH
	no_proxy=$(jq -r '.clusters[0].cluster.server | sub("https://"; "") | sub(":.*"; "")' "$KUBECONFIG"),${no_proxy-}
	export no_proxy NO_PROXY=$no_proxy
	NS=t-$BATS_TEST_NUMBER-$RANDOM$RANDOM
	export NS PATH LLMDBENCH_VLLM_COMMON_NAMESPACE=$NS
	leaves=false
}

# The namespace goes when it can; that a test left something in it that it did not mean to is a failure.
teardown() {
	local left status=0
	left=$(objects "$NS") || status=$?
	kubectl delete namespace "$NS" --ignore-not-found --wait=false >/dev/null || status=$?
	if [ -n "$left" ] && ! $leaves; then
		printf 'left in %s:\n%s\n' "$NS" "$left"
		status=1
	fi
	return "$status"
}

# objects NAMESPACE: those of ours in it, one KIND/NAME a line; volumes, which a teardown leaves, are not among them.
objects() {
	kubectl get deployment,replicaset,job,pod,service,configmap,secret,serviceaccount,role,rolebinding -n "$1" \
		-l app.kubernetes.io/managed-by=tokpipe -o name 2>/dev/null | sort
}

# events NAMESPACE: REASON OBJECT: MESSAGE, oldest first.
events() {
	kubectl get events -n "$1" -o json | jq -r '.items | sort_by(.lastTimestamp // .eventTime)[] |
		"\(.reason) \(.involvedObject.kind)/\(.involvedObject.name): \(.message)"'
}

# in_pod COMMAND…: what it prints in a pod of busybox, run to its end.
in_pod() {
	local name=p$RANDOM
	kubectl create namespace "$NS" --dry-run=client -o json | kubectl apply -f - >/dev/null
	kubectl run "$name" -n "$NS" --image=localhost/busybox:1 --restart=Never --command -- "$@" >/dev/null
	wait_for 30 ended "$name" && kubectl logs -n "$NS" "$name"
}

ended() {
	kubectl get pod -n "$NS" "$1" -o 'jsonpath={.status.phase}' | grep -qE 'Succeeded|Failed'
}

# small: settings of a stack that fits, exported.
small() {
	export LLMDBENCH_DEPLOY_METHODS=standalone LLMDBENCH_DEPLOY_MODEL_LIST=facebook/opt-125m
	export LLMDBENCH_VLLM_COMMON_ACCELERATOR_NR=0 LLMDBENCH_VLLM_COMMON_AFFINITY=kubernetes.io/os:linux
	export LLMDBENCH_VLLM_COMMON_CPU_NR=50m LLMDBENCH_VLLM_COMMON_CPU_MEM=64Mi LLMDBENCH_VLLM_COMMON_SHM=16Mi
	export LLMDBENCH_VLLM_COMMON_INITIAL_DELAY_PROBE=0 LLMDBENCH_VLLM_COMMON_PVC_ACCESSMODE=ReadWriteOnce
	export LLMDBENCH_VLLM_COMMON_PVC_MODEL_CACHE_SIZE=1Gi LLMDBENCH_HARNESS_PVC_SIZE=1Gi
	export LLMDBENCH_VLLM_STANDALONE_EPHEMERAL_STORAGE=NA LLMDBENCH_VLLM_STANDALONE_IMAGE_REGISTRY=localhost
	export LLMDBENCH_VLLM_STANDALONE_IMAGE_REPO=tokpipe LLMDBENCH_VLLM_STANDALONE_IMAGE_NAME=tokpipe-sim
}
