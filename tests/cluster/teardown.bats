#!/usr/bin/env bats
# teardown.sh on a real cluster: what goes, what stays, and what it refuses.

# shellcheck disable=SC2034 # leaves is cluster's
load stack

# down NAME OPTION…: of the scenario NAME.sh, in the namespace of the test; in a work directory of its own.
down() {
	local name=$1
	shift
	sed "/CONTROL_WORK_DIR/d" "$name.sh" >down.sh
	run --separate-stderr env LLMDBENCH_CONTROL_STACK="$name" "$TOP/setup/teardown.sh" -c ./down.sh -p "$NS" "$@"
}

# all: every object in the namespace that is not the cluster's own, with its version; kinds that a test beside makes aside.
all() {
	kubectl get "$(kubectl api-resources --namespaced --verbs=list,delete -o name | grep -vE '^(events|endpoints)|tokpipe\.test' | paste -sd ,)" -n "$NS" -o json |
		jq -r '.items[] | select(.metadata.name | IN("kube-root-ca.crt", "default") | not)
			| "\(.kind)/\(.metadata.name) \(.metadata.resourceVersion)"' | sort
}

@test "teardown: what carries the label goes, what others made stays as it was; twice; --deep" {
	local before name id
	kubectl create namespace "$NS"
	scenario sim
	standup sim
	is 0
	id=$(jq -r .id work-sim/environment/stack.json) name=$(jq -r '.models[0].name' work-sim/environment/stack.json)
	kubectl create deployment "$name-2" -n "$NS" --image=localhost/busybox:1 --replicas=0
	kubectl create secret generic llm-d-hf-token -n "$NS" --from-literal=HF_TOKEN=x
	kubectl create configmap "tokpipe-stack-$id-2" -n "$NS" --from-literal=a=b
	kubectl create -n "$NS" -f - <<-EOT
		{"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "workload-pvc-2"},
			"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}}}
	EOT
	# of a run, from load pods
	kubectl create configmap load -n "$NS" --from-literal=a=b
	kubectl label configmap load -n "$NS" app.kubernetes.io/managed-by=tokpipe "tokpipe/stack=$id" tokpipe/run=r1
	wait_for 30 all_settled
	before=$(all)
	down sim -n
	is 0 "would remove deployment $NS/$name" "would remove configmap $NS/load (of run r1)" "left: persistentvolumeclaim $NS/workload-pvc" \
		"left: secret $NS/llm-d-hf-token: not made by this stack" 'nothing was removed'
	[[ "$stderr" != *"$name-2"* ]]
	same "$before" "$(all)"
	down sim
	is 0 "stack sim ($id) in namespace $NS: gone" "left: persistentvolumeclaim $NS/workload-pvc (1Gi): --deep removes it"
	same '' "$(objects "$NS")"
	same "$(grep -E -- '-2( |-)|hf-token|/workload-pvc ' <<<"$before")" "$(all)"
	down sim
	is 0 "nothing is left of stack sim ($id)" "left: persistentvolumeclaim $NS/workload-pvc (1Gi): --deep removes it"
	down sim --deep
	is 0 'persistentvolumeclaim in namespace'
	same "$(grep -E -- '-2( |-)|hf-token' <<<"$before")" "$(all)"
	down sim -d
	is 0 "nothing is left of stack sim ($id)"
}

# all_settled: nothing in the namespace changes any more.
all_settled() {
	local one
	one=$(all)
	sleep 2
	[ "$one" = "$(all)" ]
}

# elsewhere OPTION… [, OPTION…]: teardown, once for each list of options, where another cluster is that of the context: an API
# server in a network of its own, which goes with the last process in it.  Each is in 1.out, 2.out…: what it said, its status.
elsewhere() {
	local slot=$(((CLUSTER_SLOT + 1) % 8))
	# shellcheck disable=SC2016 # for the inner shell
	unshare --net --pid --mount-proc --fork --kill-child bash -ec 'ip link set lo up
		# an API server looks for an address that is not of the loopback
		ip link add net0 type veth peer name net1; ip link set net1 up; ip link set net0 up
		ip addr add 192.0.2.1/24 dev net0; ip route add default dev net0
		CLUSTER_SLOT=$2 CLUSTER_DIR=$1 "$CLUSTER/up.sh" --api-only >up.log 2>&1 3>&- || { cat up.log; exit 99; }
		export KUBECONFIG=$1/kubeconfig
		kubectl get pods -A >/dev/null
		shift 2
		n=1
		while (($#)); do
			options=()
			while (($#)) && [[ $1 != , ]]; do options+=("$1"); shift; done
			(($# == 0)) || shift
			status=0
			"$TOP/setup/teardown.sh" "${options[@]}" >"$n.out" 2>&1 || status=$?
			echo "status $status" >>"$n.out"
			n=$((n + 1))
		done' - "$PWD/other-$RANDOM" "$slot" "$@"
}

# out N TEXT…: of what elsewhere wrote.
out() {
	local text file=$1.out
	for text in "${@:2}"; do
		grep -qF -- "$text" "$file" || {
			echo "not in $file: $text"
			cat "$file"
			return 1
		}
	done
}

@test "teardown: another cluster than that of the stack is refused; of a standup that was killed all goes" {
	local before leader old here=$CLUSTER_SLOT
	scenario sim VLLM_STANDALONE_PREPROCESS='sleep\ 600'
	setsid "$TOP/setup/standup.sh" -c ./sim.sh -p "$NS" 2>log 3>&- &
	leader=$!
	wait_for 60 grep -qs 'waiting for deployment' log
	kill -9 -- "-$leader"
	wait_for 30 all_settled
	before=$(all)
	sed "/CONTROL_WORK_DIR/d" sim.sh >down.sh
	mkdir nothing
	export LLMDBENCH_CONTROL_STACK=sim TOP
	elsewhere -c ./down.sh -p "$NS" --deep , -c ./down.sh -p "$NS" -n
	out 1 'status 2' "was stood up in context lab$here (" "and this is context lab$(((here + 1) % 8)) (" 'nothing was removed' \
		"kubectl config use-context lab$here"
	out 2 'status 2' 'nothing was removed'
	XDG_STATE_HOME=$PWD/nothing elsewhere -c ./sim.sh -p "$NS" , -c ./down.sh -p "$NS"
	out 1 'status 2' "was stood up in context lab$here (" # the work directory knows, too
	out 2 'status 0' 'nothing is left of stack sim'       # what nobody remembers
	same "$before" "$(all)"
	# a cluster of old that this machine remembers does not matter where the stack is, nor where it was torn down last
	old=$(compgen -G "state/tokpipe/stacks/*.json")
	jq '.cluster_uid = "00000000-0" | .server = "https://old"' "$old" >"${old%@*}@00000000.json"
	touch -d '1 hour ago' "${old%@*}@00000000.json"
	down sim --deep
	is 0 'ended before it was done: going on from there' "stack sim ($(jq -r .id work-sim/environment/stack.json)) in namespace $NS: gone" \
		"namespace $NS: removed"
	run kubectl get namespace "$NS"
	is 1 NotFound
	down sim --deep
	is 0 'nothing is left of stack sim'
	rm state/tokpipe/stacks/*.gone
	down sim --deep
	is 2 '(https://old)'
}

# by_hand NAME: objects that bear the labels of the stack NAME, and sets id.
by_hand() {
	id=$(printf '%s\n' "$NS" "$1" | sha256sum | cut -c 1-8)
	kubectl create deployment d -n "$NS" --image=localhost/busybox:1 --replicas=0
	kubectl create service clusterip s -n "$NS" --tcp=80
	kubectl create configmap c -n "$NS" --from-literal=a=b
	kubectl create job j -n "$NS" --image=localhost/busybox:1 -- sleep 600
	kubectl label deployment/d service/s configmap/c job/j -n "$NS" app.kubernetes.io/managed-by=tokpipe "tokpipe/stack=$id"
}

@test "teardown: one that may not be removed does not keep the rest; another that is held is named; with a URL and a token" {
	local id token
	leaves=true
	export XDG_STATE_HOME=$PWD/state LLMDBENCH_CONTROL_STACK=x LLMDBENCH_CONTROL_WAIT_TIMEOUT=5
	kubectl create namespace "$NS"
	by_hand x
	kubectl create serviceaccount someone -n "$NS"
	kubectl create role most -n "$NS" --verb=get,list,create,update,delete \
		--resource=deployments.apps,configmaps,secrets,pods,jobs.batch,serviceaccounts,persistentvolumeclaims
	kubectl create role look -n "$NS" --verb=get,list --resource=services
	kubectl create rolebinding most --role=most --serviceaccount="$NS:someone" -n "$NS"
	kubectl create rolebinding look --role=look --serviceaccount="$NS:someone" -n "$NS"
	token=$(kubectl create token someone -n "$NS")
	kubectl config view --raw --minify --flatten -o 'jsonpath={.clusters[0].cluster.certificate-authority-data}' | base64 -d >ca.crt
	run --separate-stderr env KUBECONFIG=/dev/null LLMDBENCH_CLUSTER_TOKEN="$token" LLMDBENCH_CLUSTER_CA="$PWD/ca.crt" \
		LLMDBENCH_CLUSTER_URL="$(kubectl config view --minify -o 'jsonpath={.clusters[0].cluster.server}')" \
		LLMDBENCH_CONTROL_WORK_DIR="$PWD/w" "$TOP/setup/teardown.sh" -p "$NS" --deep
	is 3 "service in namespace $NS: " Forbidden "left: service $NS/s" 'run it again: '
	same "configmap/tokpipe-stack-$id service/s" "$(objects "$NS" | xargs)"
	same 600 "$(stat -c %a w/environment/kubeconfig)"
	same w/environment/kubeconfig "$(grep -rlF "$token" w state)"
	kubectl annotate configmap "tokpipe-stack-$id" -n "$NS" a=b
	kubectl patch service s -n "$NS" --type=merge -p '{"metadata": {"finalizers": ["example.com/held"]}}'
	run --separate-stderr "$TOP/setup/teardown.sh" -p "$NS"
	is 3 "left: service $NS/s, which goes since " 'example.com/held'
	kubectl patch service s -n "$NS" --type=merge -p '{"metadata": {"finalizers": null}}'
	run --separate-stderr "$TOP/setup/teardown.sh" -p "$NS"
	is 0 'gone'
	same '' "$(objects "$NS")"
	LLMDBENCH_CONTROL_STACK=y by_hand y
	run --separate-stderr "$TOP/setup/teardown.sh" -p "$NS"
	is 0 'nothing is left of stack x'
	same 'configmap/c deployment.apps/d job.batch/j service/s' "$(objects "$NS" | grep -v pod/ | xargs)"
}
