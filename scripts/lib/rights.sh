# shellcheck shell=bash
# rights: may we make what a standup makes?  Asked beforehand where LLMDBENCH_CONTROL_CHECK_CLUSTER_AUTHORIZATIONS is 1.

# shellcheck source=scripts/lib/kube.sh
. "$(dirname "${BASH_SOURCE[0]}")/kube.sh"

# Each with the verbs that it needs.
stack_rights=(
	'configmaps get,create,update,patch,delete'
	'serviceaccounts get,create,patch,delete'
	'secrets get,create,patch,delete'
	'persistentvolumeclaims get,create,patch'
	'services get,create,patch,delete'
	'deployments.apps get,list,create,patch,delete'
	'jobs.batch get,list,create,patch,delete'
	'pods get,list'
	'pods/log get'
	'pods/proxy get'
	'services/proxy get,create'
	'events list'
)

# check_rights: each one that is missing is told; then the script ends.
check_rights() {
	local line verb verbs missing=()
	for line in "${stack_rights[@]}"; do
		IFS=, read -r -a verbs <<<"${line#* }"
		for verb in "${verbs[@]}"; do
			# shellcheck disable=SC2154 # namespace is stack's
			attempt "${kubectl[@]}" --request-timeout=10s auth can-i "$verb" "${line%% *}" -n "$namespace" </dev/null ||
				[[ $answer == no* ]] || refused "kubectl auth can-i"
			[[ $answer != no* ]] || missing+=("$verb ${line%% *}")
		done
	done
	((${#missing[@]})) || return 0
	printf -v line ', %s' "${missing[@]}"
	denied "namespace $namespace" "you may not ${line#, }"
}
