#!/usr/bin/env bats
# What a stack finds in a cluster: accelerators of a node, kinds that not every cluster has.  It changes the cluster of
# all tests: this file runs alone.

load stack

gpus() {
	"$CLUSTER/gpu.sh" "$@" 3>&-
}

@test "auto takes the accelerator that the nodes have; more than a node has is told with what it has" {
	local name
	gpus 4 NVIDIA-L4
	scenario gpu VLLM_COMMON_ACCELERATOR_NR=2 VLLM_COMMON_AFFINITY=auto
	standup gpu -s 4,6
	is 0 'accelerator: nvidia.com/gpu; nodes: nvidia.com/gpu.product:NVIDIA-L4'
	run --separate-stderr "$TOP/scripts/doctor.sh" -p "$NS" -c ./gpu.sh
	is 0 'ok    nodes      4 nvidia.com/gpu (NVIDIA-L4) on 1 node, at most 4 on one, 2 free' 'ok    scenario   1 engine pods with 2 nvidia.com/gpu each'
	name=$(jq -r '.models[0].name' work-gpu/environment/stack.json)
	same '2 nvidia.com/gpu.product NVIDIA-L4' "$(kubectl get deployment "$name" -n "$NS" -o json | jq -r '.spec.template.spec
		| (.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0]) as $e
		| "\(.containers[0].resources.limits["nvidia.com/gpu"]) \($e.key) \($e.values[0])"')"
	scenario gpu VLLM_COMMON_ACCELERATOR_NR=5 VLLM_COMMON_AFFINITY=auto
	run --separate-stderr "$TOP/scripts/doctor.sh" -p "$NS" -c ./gpu.sh
	is 4 'bad   scenario   1 engine pods with 5 nvidia.com/gpu each: no node has so many (at most 4)'
	standup gpu -s 6
	gpus 0
	is 4 'Insufficient resources: pod ' 'Insufficient nvidia.com/gpu' 'has nvidia.com/gpu: 4'
}

@test "an HTTPRoute where the cluster knows such; where not, it is said and the rest is made" {
	local crds name
	crds=$(dirname "$(readlink -f "$(command -v kubectl)")")/../crds
	kubectl delete crd httproutes.gateway.networking.k8s.io --ignore-not-found
	scenario route VLLM_STANDALONE_HTTPROUTE=1
	standup route -s 4,6
	is 0 'the cluster knows no HTTPRoute'
	kubectl apply --server-side -f "$crds"/*httproutes*.yaml
	wait_for 30 served
	standup route -s 6
	is 0
	name=$(jq -r '.models[0].name' work-route/environment/stack.json)
	same "tokpipe $name 80" "$(kubectl get httproute "$name" -n "$NS" -o json | jq -r '.spec.rules[0].backendRefs[0] as $to
		| "\(.metadata.labels["app.kubernetes.io/managed-by"]) \($to.name) \($to.port)"')"
	# the kind goes after teardown has learnt which there are
	mkdir bin
	cat >bin/kubectl <<-EOT
		#!/bin/sh -e
		$(type -P kubectl) "\$@"
		case " \$*" in *" api-resources "*)
			$(type -P kubectl) delete crd httproutes.gateway.networking.k8s.io --ignore-not-found >>$PWD/deleted
		esac
	EOT
	chmod +x bin/kubectl
	PATH=$PWD/bin:$PATH run --separate-stderr "$TOP/setup/teardown.sh" -c ./route.sh -p "$NS" --deep
	is 0 ': gone' "namespace $NS: removed"
	grep -q deleted deleted
	kubectl apply --server-side -f "$crds"/*httproutes*.yaml # as others expect the cluster
	wait_for 30 served
}

served() {
	kubectl get httproutes -A >/dev/null 2>&1
}
