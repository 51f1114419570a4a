#!/usr/bin/env bats
# What changes the cluster under everybody's feet, so these run alone: an API server that is killed or silent, GPUs that
# a node has or has not, and another cluster beside this one.
load cluster

teardown() {
	"$CLUSTER/gpu.sh" 0
	[ ! -e other ] || CLUSTER_SLOT=$(<other) CLUSTER_DIR='' "$CLUSTER/down.sh"
	kubectl delete namespace "$NS" --ignore-not-found --wait=false
}

# with_gpus N: a pod that asks for so many.
with_gpus() {
	jq -n --argjson n "$1" '{apiVersion: "v1", kind: "Pod", metadata: {name: "gpu\($n)"}, spec: {restartPolicy: "Never",
		containers: [{name: "c", image: "localhost/busybox:1", command: ["/bin/true"],
			resources: {limits: {"nvidia.com/gpu": $n}}}]}}' | kubectl apply -n "$NS" -f - >/dev/null
}

@test "cluster: a node with four GPUs takes a pod that wants two, and not one that wants five" {
	kubectl create namespace "$NS"
	"$CLUSTER/gpu.sh" 4 NVIDIA-A100
	with_gpus 2
	with_gpus 5
	wait_for 30 ended gpu2
	wait_for 30 grep -q 'Insufficient nvidia.com/gpu' <(events "$NS")
	run kubectl get nodes -l nvidia.com/gpu.product=NVIDIA-A100 -o name
	is 0 node/
	"$CLUSTER/gpu.sh" 0
	run kubectl get nodes -o json
	[[ $output != *nvidia.com* ]]
}

@test "cluster: an API server that is killed comes back with all that it knew" {
	kubectl create namespace "$NS"
	"$CLUSTER/api.sh" stop
	run kubectl get namespace "$NS"
	is 1 'refused'
	"$CLUSTER/api.sh" start
	run kubectl get namespace "$NS"
	is 0 Active
}

@test "cluster: an API server that is frozen says nothing, and thaws" {
	"$CLUSTER/api.sh" freeze
	run kubectl get nodes --request-timeout=2s
	"$CLUSTER/api.sh" thaw
	is 1
	wait_for 20 kubectl get nodes
}

@test "cluster: another one beside it is another one, and leaves nothing" {
	for other in 7 6 5 4 3 2 1 0; do
		[ -e "/tmp/tokpipe-cluster-$other" ] || [ -e "/sys/class/net/tokpipe$other" ] || break
	done
	echo "$other" >other
	CLUSTER_SLOT=$other CLUSTER_DIR='' "$CLUSTER/up.sh" --api-only
	here=$(kubectl get namespace kube-system -o 'jsonpath={.metadata.uid}')
	there=$(kubectl --kubeconfig "/tmp/tokpipe-cluster-$other/kubeconfig" get namespace kube-system -o 'jsonpath={.metadata.uid}')
	[ -n "$there" ]
	[ "$here" != "$there" ]
	CLUSTER_SLOT=$other CLUSTER_DIR='' "$CLUSTER/down.sh"
	[ ! -e "/tmp/tokpipe-cluster-$other" ]
	run pgrep -f "tokpipe-cluster-$other/"
	is 1
	CLUSTER_SLOT=$other CLUSTER_DIR='' "$CLUSTER/down.sh"
}
