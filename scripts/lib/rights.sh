# shellcheck shell=bash
# rights: may we do what rights.tsv lists?  All of it is asked in one go, and the API server answers for each verb and kind.
# Asked before a standup where LLMDBENCH_CONTROL_CHECK_CLUSTER_AUTHORIZATIONS is 1, and by doctor.sh.

# shellcheck disable=SC2154 # namespace and harness_namespace are stack's

# shellcheck source=scripts/lib/kube.sh
. "${BASH_SOURCE[0]%/*}/kube.sh"

review=(create --validate=false -o json) # by kubectl; nothing is made

# rights_jq PROGRAM [OPTION…]: with the table and the namespaces.
rights_jq() {
	local program=$1
	shift
	jq -L "$top/scripts/lib" --rawfile table "$top/scripts/lib/rights.tsv" --arg stack "$namespace" \
		--arg load "$harness_namespace" "$@" "include \"rights\"; $program"
}

# write_reviews FILE: what the API server is asked.
write_reviews() {
	rights_jq reviews -nc >"$1" || die 4 "$1: cannot be written"
}

# check_rights: what a standup needs and may not do is told; then the script ends.
check_rights() {
	local missing file=$work/environment/rights.json
	write_reviews "$file"
	attempt "${kubectl[@]}" --request-timeout=10s "${review[@]}" -f "$file" </dev/null ||
		refused "kubectl create selfsubjectaccessreviews"
	missing=$(rights_jq '[denied(.; null)[] | select(.need == "must" and any(.for[]; . == "standup"))
		| "\(.verbs | join(", ")) \(.kind)"] | join(", ")' -rs <<<"$answer")
	[[ -z $missing ]] || denied "namespace $namespace" "you may not $missing"
}
