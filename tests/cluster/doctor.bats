#!/usr/bin/env bats
# doctor.sh on a real cluster: what it has, what may be done there, what is left of ours.  It changes nothing.

# shellcheck disable=SC2034 # leaves is cluster's

load stack

doctor() {
	run --separate-stderr "$TOP/scripts/doctor.sh" -p "$NS" "$@"
}

@test "doctor: with all rights nothing is bad; a stack that is there is told; nothing is changed" {
	doctor -c kind_sim
	is 0 'answers (context ' 'ok    cluster    Kubernetes v1.' "ok    namespace  $NS: not there yet" 'ok    rights     standup: all' \
		'ok    rights     run: all' 'ok    rights     teardown: all' 'ok    scenario   2 engine pods without an accelerator' \
		'ok    scenario   volumes of class standard' 'class standard (default)' 'warn  metrics    metrics.k8s.io'
	same '' "$(grep ^bad <<<"$output")"
	same '' "$(kubectl get namespace "$NS" -o name --ignore-not-found)"
	scenario up
	standup up -s 4
	is 0
	doctor --json
	is 0
	jq -e --arg ns "$NS" '.exit == 0 and (.server | startswith("https://")) and any(.checks[]; .section == "leftovers" and .status == "ok"
		and (.what | startswith("stack up (") and contains("in namespace \($ns): up since")))' <<<"$output"
}

@test "doctor: rights to look only: the verbs and kinds that are missing; no context of that name; nobody there" {
	local token words
	kubectl create namespace "$NS"
	kubectl create serviceaccount someone -n "$NS"
	kubectl create rolebinding someone --clusterrole=view --serviceaccount="$NS:someone" -n "$NS"
	token=$(kubectl create token someone -n "$NS")
	kubectl config view --raw --minify --flatten -o json | jq --arg token "$token" '.users[0].user = {$token}' >someone.json
	doctor --kubeconfig "$PWD/someone.json"
	is 3 "you are system:serviceaccount:$NS:someone" "bad   rights     you may not create, delete, patch deployments.apps in namespace $NS" \
		"bad   rights     you may not create pods/exec in namespace $NS (run)" "warn  rights     you may not list nodes in the whole cluster" \
		"kubectl create rolebinding NAME -n $NS --clusterrole=edit --serviceaccount=$NS:someone"
	# what it says helps
	kubectl create rolebinding more -n "$NS" --clusterrole=edit --serviceaccount="$NS:someone"
	doctor --kubeconfig "$PWD/someone.json"
	is 0 'ok    rights     standup: all'
	# what is wrong with a kubeconfig, in the words of standup, too
	for words in 'none:, which is not there) names no current context' 'empty:names no current context' 'broken:kubeconfig '; do
		printf '{}' >empty
		printf '{{' >broken
		KUBECONFIG=$PWD/${words%%:*} doctor
		is 3 'bad   cluster    none is chosen: ' "${words#*:}"
		KUBECONFIG=$PWD/${words%%:*} run --separate-stderr "$TOP/setup/standup.sh" -c kind_sim -p "$NS"
		is 3 'no cluster: ' "${words#*:}"
	done
	jq '."current-context" = "gone"' someone.json >gone.json
	KUBECONFIG=$PWD/gone.json run --separate-stderr "$TOP/setup/standup.sh" -c kind_sim -p "$NS"
	is 2 'context gone: the kubeconfig has none of that name'
	doctor --context no-such
	is 3 'bad   cluster    context no-such: ' 'kubectl config get-contexts'
	jq '.clusters[0].cluster.server = "https://127.0.0.1:1"' someone.json >nobody.json
	SECONDS=0
	doctor --kubeconfig "$PWD/nobody.json"
	is 3 'bad   cluster    ' 'connection' 'kubectl cluster-info'
	same 1 "$(grep -c ' cluster  ' <<<"$output")"
	((SECONDS < 20))
}

@test "doctor: a storage class that nothing serves, one that is not there" {
	scenario class VLLM_COMMON_PVC_STORAGE_CLASS=broken
	doctor -c ./class.sh
	is 4 'bad   scenario   LLMDBENCH_VLLM_COMMON_PVC_STORAGE_CLASS=broken: nothing is known to make volumes'
	scenario class VLLM_COMMON_PVC_STORAGE_CLASS=missing
	doctor -c ./class.sh
	is 4 'LLMDBENCH_VLLM_COMMON_PVC_STORAGE_CLASS=missing: there is no such class (there are: broken, standard)'
	leaves=false
}
