#!/usr/bin/env bash
# Step 04: where the models live: namespace, service account, the token of Hugging Face, the volume and the Jobs that
# download into it, and the files that PREPROCESS may call.  What is there already and is somebody else's is used.
set -euo pipefail

# shellcheck source=scripts/lib/step.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/lib/step.sh"

step_check() {
	local model
	is_there namespace "$namespace" '' || return 1
	is_there configmap "llm-d-benchmark-preprocesses-$stack_id" "$namespace" || return 1
	for model in "${models[@]}"; do
		! needs_download "$model" || is_downloaded "$model" || return 1
	done
}

job_of() {
	printf 'download-model-%s\n' "$(of_model "$1" modelid_label)"
}

is_downloaded() {
	kube_read get job "$(job_of "$1")" -n "$namespace" -o json || return 1
	jq -e 'any(.status.conditions[]?; .type == "Complete" and .status == "True")' <<<"$answer" >/dev/null
}

step_up() {
	local model
	render 04_namespace namespace
	kube_apply "$rendered"
	make_account "${cfg[VLLM_COMMON_SERVICE_ACCOUNT]}" "$namespace" 04_service_account
	allow_root
	render 04_configmap_preprocesses preprocess
	kube_apply "$rendered"
	! downloads || make_secret
	if ! simulated; then
		render 04_storage_pvc_setup pvc
		make_claim "${cfg[VLLM_COMMON_PVC_NAME]}" "$namespace"
	fi
	for model in "${models[@]}"; do
		! needs_download "$model" || download "$model"
	done
}

# make_secret: of the token; without one in the environment the secret that is there already is used.
make_secret() {
	if $dry_run || [[ -n ${LLMDBENCH_HF_TOKEN-} ]]; then
		kube_secret 04_secret secret
	else
		render 04_secret secret
		info "secret $namespace/${cfg[VLLM_COMMON_HF_TOKEN_NAME]}: there already: used as it is"
	fi
}

# allow_root: on OpenShift an engine's image runs as its own user only with this.  Who may not allow it may have been
# allowed before.
allow_root() {
	has_api security.openshift.io || return 0
	render 04_scc scc
	may_write "$rendered" || return 0
	note_command "${kubectl[@]}" "${server_side[@]}" -f "$rendered"
	attempt "${kubectl[@]}" "${server_side[@]}" -f "$rendered" </dev/null ||
		warn "service account ${cfg[VLLM_COMMON_SERVICE_ACCOUNT]}: you may not give it the security context anyuid" \
			"(${complaint##*$'\n'}); where pods are refused, ask an administrator"
}

# download MODEL: by a Job that begins anew: one that failed before is no reason to fail now.
download() {
	local name
	name=$(job_of "$1")
	render "04_download_pod_job_$(of_model "$1" file)" download_job --argjson model "$1"
	if ! $dry_run && may_write "$rendered" && [[ -n $owner ]]; then
		kube delete job "$name" -n "$namespace" --cascade=foreground --wait=true --timeout=20s >/dev/null
	fi
	kube_apply "$rendered"
	wait_ready job "$name" "$namespace" "${cfg[VLLM_COMMON_PVC_DOWNLOAD_TIMEOUT]}"
}

# step_down: the volume stays, and the namespace: a teardown with --deep removes them.
step_down() {
	remove "$namespace" jobs,configmaps,secrets,serviceaccounts,rolebindings 'app.kubernetes.io/name!=tokpipe-stack'
}

step_main "$@"
