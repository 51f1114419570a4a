#!/usr/bin/env bats
# teardown.sh on a real cluster: what goes, what stays, and what it refuses.

load stack

# down NAME OPTION…: of the scenario NAME.sh, in the namespace of the test; in a work directory of its own.
down() {
	local name=$1
	shift
	sed "/CONTROL_WORK_DIR/d" "$name.sh" >down.sh
	run --separate-stderr env LLMDBENCH_CONTROL_STACK="$name" "$TOP/setup/teardown.sh" -c ./down.sh -p "$NS" "$@"
}

# all: every object in the namespace that is not the cluster's own, with its version.
all() {
	kubectl get "$(kubectl api-resources --namespaced --verbs=list,delete -o name | grep -vE '^(events|endpoints)' | paste -sd ,)" -n "$NS" -o json |
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
