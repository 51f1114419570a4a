# shellcheck shell=bash
# guard: nothing is removed in a cluster that is not the one in which the stack was stood up.  What is remembered of that:
# the registry of this machine, the work directory, and the stack's record in the cluster.  Needs choose_context to have
# been called, and identify_stack.

# shellcheck disable=SC2154 # answer is kube's, work that of work.sh

# shellcheck source=scripts/lib/stack.sh
. "${BASH_SOURCE[0]%/*}/stack.sh"

# same_cluster UID SERVER: those of the cluster at hand?  One who may not read the cluster's own uid has a sum for it,
# without a hyphen, which tells nothing about the uid that somebody else read.
same_cluster() {
	if [[ $1 == *-* && $cluster_uid == *-* || $1$cluster_uid != *-* ]]; then
		[[ $1 == "$cluster_uid" ]]
	else
		[[ $2 == "$server" ]]
	fi
}

# cluster_words CONTEXT SERVER
cluster_words() {
	if [[ -n $1 ]]; then
		printf 'context %s (%s)\n' "$1" "$2"
	else
		printf 'the cluster %s\n' "$2"
	fi
}

# way_to CONTEXT SERVER: how one gets there.
way_to() {
	if [[ -n $1 ]]; then
		printf 'kubectl config use-context %s\n' "$(quoted "$1")"
	else
		printf 'LLMDBENCH_CLUSTER_URL=%s\n' "$(quoted "$2")"
	fi
}

# guard_context: ends the script when all that this machine remembers of the stack is in another cluster.  A teardown here
# that came after that leaves a mark, so that it can be repeated.
guard_context() {
	local file id uid there name mark elsewhere=()
	mark=$(registry_file)
	for file in "${mark%/*}/$stack_id@"*.json "$work/environment/stack.json"; do
		[[ -s $file ]] || continue
		IFS='|' read -r id uid there name < <(jq -r '[.id, .cluster_uid, .server, .context] | join("|")' "$file" 2>/dev/null) || continue
		[[ $id == "$stack_id" && -n $uid ]] || continue
		! same_cluster "$uid" "$there" || return 0
		[[ ${mark%.json}.gone -nt $file ]] || elsewhere=("$name" "$there" "$file")
	done
	((${#elsewhere[@]} == 0)) || refuse_cluster "${elsewhere[@]}" "rm $(quoted "${elsewhere[2]}")"
}

# guard_record RECORD: one that was carried into this cluster with its namespace speaks of another stack's objects.
guard_record() {
	local uid there name
	IFS='|' read -r uid there name < <(jq -r '.data.stack | fromjson | [.cluster_uid, .server, .context] | join("|")' <<<"$1" 2>/dev/null) || return 0
	[[ $uid == *-* && $cluster_uid == *-* ]] || return 0
	same_cluster "$uid" "$there" ||
		refuse_cluster "$name" "$there" "" "kubectl delete configmap tokpipe-stack-$stack_id -n $namespace"
}

# refuse_cluster CONTEXT SERVER FILE FORGET
refuse_cluster() {
	error "stack $stack_name ($stack_id) was stood up in $(cluster_words "$1" "$2"), and this is $(cluster_words "$context" "$server"):" \
		"nothing was removed"
	error "  choose the other one: $(way_to "$1" "$2")"
	error "  where that stack or that cluster is no more: $4"
	exit 2
}
