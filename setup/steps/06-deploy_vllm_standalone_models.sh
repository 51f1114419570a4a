#!/usr/bin/env bash
# Step 06: a Deployment and a Service for each model, a Route and an HTTPRoute where the cluster knows such and the
# settings want them.  What the settings leave to the cluster (auto) is read from its nodes once.
set -euo pipefail

# shellcheck source=scripts/lib/step.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/lib/step.sh"

step_check() {
	local model name
	for model in "${models[@]}"; do
		name=$(of_model "$model" name)
		kube_read get deployment "$name" -n "$namespace" -o json || return 1
		jq -e '.status | .observedGeneration and .readyReplicas == .replicas and .unavailableReplicas == null' \
			<<<"$answer" >/dev/null || return 1
		is_there service "$name" "$namespace" || return 1
	done
}

step_up() {
	local model here='{}'
	$dry_run || ask_nodes
	for model in "${models[@]}"; do
		deploy "$model"
	done
	for model in "${models[@]}"; do
		wait_ready deployment "$(of_model "$model" name)" "$namespace" "${cfg[VLLM_COMMON_TIMEOUT]}"
		keep_logs "$(of_model "$model" name)"
	done
}

# ask_nodes: what auto means here, into here; and whether nodes have the label that was asked for.
ask_nodes() {
	local lines status=0 file=$work/setup/logs/nodes.json number=${cfg[VLLM_COMMON_ACCELERATOR_NR]}
	try get nodes -o json || status=$?
	if ((status != 0)); then
		[[ $number == 0 || $number == NA || " ${cfg[VLLM_COMMON_ACCELERATOR_RESOURCE]} ${cfg[VLLM_COMMON_AFFINITY]} " != *' auto '* ]] ||
			denied "LLMDBENCH_VLLM_COMMON_ACCELERATOR_RESOURCE and _AFFINITY: auto reads the nodes: name them instead" "${complaint##*$'\n'}"
		return
	fi
	printf '%s\n' "$answer" >"$file"
	here=$(jq -L "$top/scripts/lib" -f "$top/scripts/lib/nodes.jq" --arg resource "${cfg[VLLM_COMMON_ACCELERATOR_RESOURCE]}" \
		--arg affinity "${cfg[VLLM_COMMON_AFFINITY]}" --arg number "$number" "$file")
	mapfile -t lines < <(jq -r '.trouble // [] | .[]' <<<"$here")
	((${#lines[@]} == 0)) || trouble 4 "Insufficient resources" "${lines[@]}"
	info "$(jq -r '"accelerator: \(.accelerator // "none"); nodes: \(if .affinity == "" then "any" else .affinity end)"' <<<"$here")"
}

deploy() {
	local stem
	stem=$(of_model "$1" file)
	render "06_a_deployment_$stem" deployment --argjson model "$1" --argjson found "$here"
	kube_apply "$rendered"
	render "06_b_service_$stem" service --argjson model "$1"
	kube_apply "$rendered"
	[[ ${cfg[VLLM_STANDALONE_HTTPROUTE]} != 1 ]] || http_route "$1" "$stem"
	[[ ${cfg[VLLM_STANDALONE_ROUTE]} != 1 ]] || route "$1" "$stem"
}

# http_route MODEL STEM: in the version that the cluster has.
http_route() {
	local version
	if ! $dry_run && ! has_api gateway.networking.k8s.io/httproutes; then
		warn "LLMDBENCH_VLLM_STANDALONE_HTTPROUTE: the cluster knows no HTTPRoute (gateway.networking.k8s.io): none is made"
		return
	fi
	version=${api_version##*/}
	render "06_c_httproute_$2" httproute --argjson model "$1" --arg version "${version:-v1}"
	kube_apply "$rendered"
}

route() {
	$dry_run || has_api route.openshift.io/routes || return 0
	! $dry_run || info "06_d_route_$2.yaml: applied only where the cluster has route.openshift.io"
	render "06_d_route_$2" route --argjson model "$1"
	kube_apply "$rendered"
}

# keep_logs NAME: what its engines said while they started.
keep_logs() {
	local pod pods
	! $dry_run || return 0
	pods_of_model "$1"
	for pod in "${pods[@]}"; do
		save_log "$namespace" "$pod"
	done
}

step_down() {
	remove "$namespace" deployments
	remove "$namespace" services
	! has_api route.openshift.io/routes || remove "$namespace" routes.route.openshift.io
	! has_api gateway.networking.k8s.io/httproutes || remove "$namespace" httproutes.gateway.networking.k8s.io
}

step_main "$@"
