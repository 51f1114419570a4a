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

# elsewhere COMMAND…: of the cluster of the slot other.
elsewhere() {
	CLUSTER_SLOT=$other CLUSTER_DIR='' "$CLUSTER/$1" "${@:2}" 3>&-
}

# free_slots: those that nobody has at the moment, one a line.
free_slots() {
	local number
	for number in 7 6 5 4 3 2 1 0; do
		[ -e "/tmp/tokpipe-cluster-$number" ] || [ -e "/sys/class/net/tokpipe$number" ] || echo "$number"
	done
}

# nothing_of_it: of the cluster of the slot other.
nothing_of_it() {
	same '' "$(
		ip -o link show | grep -w "tokpipe$other"
		ip netns list | grep -w "tokpipe$other"
		ip route show | grep -E "\.($((16 + other))\.0/24|$((128 + 16 * other))\.0/20) "
		find /sys/fs/cgroup -maxdepth 2 -name "tokpipe$other"
		findmnt -rno TARGET | grep "tokpipe-cluster-$other"
		ls -d "/tmp/tokpipe-cluster-$other" 2>/dev/null
		pgrep -af "tokpipe-cluster-$other/"
	)"
}

@test "cluster: two that take a slot in one moment are one; another cluster is another one, and leaves nothing" {
	local first status=0
	for other in $(free_slots); do
		echo "$other" >other
		elsewhere up.sh --api-only >one 2>&1 &
		first=$!
		elsewhere up.sh --api-only >two 2>&1 || status=$?
		wait "$first" && first=0 || first=$?
		cat one two
		[ "$first $status" = '4 4' ] || break # somebody was here before both
	done
	same '0 4' "$(printf '%s\n' "$first" "$status" | sort | paste -sd ' ')"
	grep -h 'a cluster is up there' one two
	here=$(kubectl get namespace kube-system -o 'jsonpath={.metadata.uid}')
	there=$(kubectl --kubeconfig "/tmp/tokpipe-cluster-$other/kubeconfig" get namespace kube-system -o 'jsonpath={.metadata.uid}')
	[ -n "$there" ]
	[ "$here" != "$there" ]
	elsewhere down.sh
	nothing_of_it
	elsewhere down.sh
}

@test "cluster: of one whose up.sh was killed, at whatever it was, down.sh leaves nothing" {
	local moment pid
	for moment in pki/ca.crt kube-apiserver.pid node/init.pid; do
		other=$(free_slots | head -n 1)
		echo "$other" >other
		elsewhere up.sh >log 2>&1 &
		pid=$!
		wait_for 60 test -e "/tmp/tokpipe-cluster-$other/$moment"
		pkill -KILL -P "$pid" # elsewhere is a shell
		wait "$pid" || echo "killed: $?"
		elsewhere down.sh
		nothing_of_it
		rm other
	done
}
