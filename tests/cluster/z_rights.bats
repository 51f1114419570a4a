#!/usr/bin/env bats
# teardown.sh for one who may not see all of it, and where a part of it went before: nothing is said to be gone that
# nobody saw go.
# It makes the cluster one of OpenShift for a moment: this file runs alone.

load stack

# as_someone OPTION…: teardown with the rights of the service account someone in the namespace of the test.
as_someone() {
	run --separate-stderr env KUBECONFIG=/dev/null LLMDBENCH_CLUSTER_TOKEN="$token" LLMDBENCH_CLUSTER_CA="$PWD/ca.crt" \
		LLMDBENCH_CLUSTER_URL="$url" LLMDBENCH_CONTROL_WORK_DIR="$PWD/w" "$TOP/setup/teardown.sh" -p "$NS" "$@"
}

# may RESOURCES: what someone may do anything with.
may() {
	kubectl create role may -n "$NS" --verb=get,list,create,update,delete --resource="$1" --dry-run=client -o json |
		kubectl apply -f -
}

# ours NAMESPACE KIND/NAME: it bears the labels of the stack.
ours() {
	kubectl label "$2" -n "$1" app.kubernetes.io/managed-by=tokpipe "tokpipe/stack=$id"
}

@test "teardown: what may not be listed is not said to be gone; load objects of a namespace that went are removed" {
	local id token url
	export LLMDBENCH_CONTROL_STACK=x LLMDBENCH_CONTROL_WAIT_TIMEOUT=20
	id=$(printf '%s\n' "$NS" x | sha256sum | cut -c 1-8)
	kubectl create namespace "$NS"
	kubectl create serviceaccount someone -n "$NS"
	kubectl create rolebinding may --role=may --serviceaccount="$NS:someone" -n "$NS"
	token=$(kubectl create token someone -n "$NS")
	url=$(kubectl config view --minify -o 'jsonpath={.clusters[0].cluster.server}')
	kubectl config view --raw --minify --flatten -o 'jsonpath={.clusters[0].cluster.certificate-authority-data}' |
		base64 -d >ca.crt
	may configmaps
	as_someone
	is 3 "left, if there are any: deployments in namespace $NS: you may not list them"
	[[ "$stderr" != *"nothing is left"* ]]
	may deployments.apps,configmaps,secrets,pods,jobs.batch,serviceaccounts,services
	kubectl create configmap c -n "$NS" --from-literal=a=b
	ours "$NS" configmap/c
	as_someone --deep -n
	is 0 "would remove configmap $NS/c" "if there are any: persistentvolumeclaims in namespace $NS"
	as_someone --deep
	is 3 "left, if there are any: persistentvolumeclaims in namespace $NS: you may not list them" 'run it again: '
	# without --deep they do not matter; nor does OpenShift's monitoring, which is its administrators'
	"$CLUSTER/crds.sh" on 3>&-
	as_someone
	"$CLUSTER/crds.sh" off 3>&-
	is 0 "stack x ($id) in namespace $NS: gone" \
		'left, if there are any of the stack: configmaps in namespace openshift-monitoring'
	same '' "$(objects "$NS")"
	kubectl create configmap c -n "$NS" --from-literal=a=b
	id=$(printf '%s\n' "$NS-gone" x | sha256sum | cut -c 1-8)
	ours "$NS" configmap/c
	run --separate-stderr "$TOP/setup/teardown.sh" -p "$NS-gone,$NS"
	is 0 "namespace $NS-gone is not there" "stack x ($id) in namespace $NS-gone: gone"
	same '' "$(objects "$NS")"
}
