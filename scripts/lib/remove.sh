# shellcheck shell=bash
# remove: how the objects of a stack go: kind by kind, by their labels, one failure not in the way of the rest; and what is
# said of that which stays.  Needs inventory.

# shellcheck disable=SC2154 # found, volumes and places are inventory's

# shellcheck source=scripts/lib/inventory.sh
. "${BASH_SOURCE[0]%/*}/inventory.sh"

FIRST_KINDS='deployment.apps statefulset.apps job.batch replicaset.apps'
failures=() # what could not be removed, in words
stays=()    # of the namespaces, in words

# remove_kind NAMESPACE KIND [SELECTOR]: what this stack has of it there, and that only.
remove_kind() {
	remove_by "$2 in namespace $1" "$2" -n "$1" -l "$(selector_of_stack)${3:+,$3}"
}

# remove_by WHAT ARGUMENT…: delete; status 1 when it failed, which is told.  When nobody answers the script ends: the rest
# would not go either.
remove_by() {
	local status=0 what=$1
	shift
	note_command "${kubectl[@]}" delete "$@" --ignore-not-found --wait=false
	! $dry_run || return 0
	attempt "${kubectl[@]}" --request-timeout=30s delete "$@" --ignore-not-found --wait=false </dev/null || status=$?
	keep_said
	((status != 0)) || return 0
	! away || refused "kubectl delete ${what%% *}"
	failures+=("$what")
	error "$what: ${complaint##*$'\n'}"
	return 1
}

# kinds_of LINE…: "NAMESPACE KIND" of them, each once, controllers first and pods last.
kinds_of() {
	printf '%s\n' "$@" | awk -F '|' -v first="$FIRST_KINDS" '
		BEGIN { for (n = split(first, kind, " "); n > 0; n--) rank[kind[n]] = n }
		$2 != "" && !seen[$1, $2]++ { print ($2 == "pod" ? 99 : $2 in rank ? rank[$2] : 50), $1, $2 }' | sort -n | cut -d ' ' -f 2-
}

# remove_objects: all of found.
remove_objects() {
	local place kind status
	while read -r place kind <&3; do
		[[ -n $kind ]] || continue
		status=0
		remove_kind "$place" "$kind" "$([[ $kind != configmap ]] || printf 'app.kubernetes.io/name!=tokpipe-stack')" || status=$?
		((status != 0)) || $dry_run || info "$kind in namespace $place: removed"
	done 3< <(kinds_of "${found[@]}")
}

remove_volumes() {
	local place kind status=0
	while read -r place kind <&3; do
		[[ -n $kind ]] || continue
		remove_kind "$place" "$kind" || status=$?
		((status != 0)) || $dry_run || info "$kind in namespace $place: removed"
	done 3< <(kinds_of "${volumes[@]}")
}

# remove_record: the last that goes.
remove_record() {
	remove_kind "$namespace" configmap app.kubernetes.io/name=tokpipe-stack || exit 3
}

# wait_gone [volumes]: until nothing of it is there, or it takes too long.
wait_gone() {
	local since=$SECONDS limit=${cfg[CONTROL_WAIT_TIMEOUT]%s} told=$SECONDS left patience=60
	((${#failures[@]} == 0)) || limit=$((limit < 30 ? limit : 30)) # what was not removed does not go by itself
	while :; do
		look_for_objects
		left=("${found[@]}")
		[[ $# -eq 0 ]] || left=("${volumes[@]}")
		((${#left[@]} > 0 && SECONDS - since < limit)) || break
		if ((SECONDS - told >= 10)); then
			told=$SECONDS
			info "waiting for $(words_of "${left[0]}"), one of ${#left[@]} (at most $limit s)"
		fi
		pause 1
	done
	((${#left[@]} == 0)) || ((${#failures[@]})) || failures+=("not gone after $limit s")
}

# finish_namespaces: with --deep those that were made for the stack and hold nothing else.
finish_namespaces() {
	local place status others
	stays=()
	for place in "${places[@]}"; do
		status=0
		is_ours "$place" || status=$?
		((status == 0)) || continue
		if ! is_deep; then
			stays+=("namespace $place, made by this stack: --deep removes it")
			continue
		fi
		others_in "$place" || status=$?
		if ((status != 0)); then
			stays+=("namespace $place: what else is in it may not be looked at: kubectl delete namespace $place")
		elif $dry_run; then
			info "would remove namespace $place, if nothing else is in it"
		elif ((${#others[@]})); then
			stays+=("namespace $place, for what else is in it: ${others[*]:0:5}: kubectl delete namespace $place")
		else
			remove_namespace "$place"
		fi
	done
}

remove_namespace() {
	local status=0
	remove_by "namespace $1" namespace "$1" || exit 3
	wait_until_gone "$1" || status=$?
	((status == 0)) || die 3 "namespace $1: not gone after ${cfg[CONTROL_WAIT_TIMEOUT]} s: kubectl get namespace $1 -o yaml says what holds it"
	info "namespace $1: removed"
}

wait_until_gone() {
	local since=$SECONDS
	while kube_read get namespace "$1" -o name; do
		((SECONDS - since < ${cfg[CONTROL_WAIT_TIMEOUT]%s})) || return 1
		pause 1
	done
}

# tell_left: what was to go and is there, as it was seen last.
tell_left() {
	local line
	for line in "${found[@]}"; do
		error "left: $(words_of "$line")$(stuck_words "$line")"
	done
	for line in "${unseen[@]}"; do
		error "left, if there are any: $line: you may not list them"
	done
}

# tell_end NOTHING: what was done, and what stays.
tell_end() {
	local line words="stack $stack_name ($stack_id) in namespace $namespace"
	if $dry_run; then
		info "nothing was removed; the commands are in $work/setup/commands"
	elif $1; then
		info "nothing is left of $words"
		tell_others
	else
		info "$words: gone"
	fi
	is_deep || for line in "${volumes[@]}"; do
		info "left: $(words_of "$line"): --deep removes it"
	done
	for line in "${stays[@]}"; do
		info "left: $line"
	done
	[[ -z $maybe ]] || info "left, if there are any of the stack: $maybe: you may not list them"
	tell_used
}

# tell_others: a stack of another name may be the one that was meant.
tell_others() {
	local name id
	try get configmaps -n "$namespace" -l app.kubernetes.io/name=tokpipe-stack,app.kubernetes.io/managed-by=tokpipe -o json || return 0
	while IFS=$'\t' read -r id name; do
		info "stack $name ($id) is there: remove it with: LLMDBENCH_CONTROL_STACK=$(quoted "$name") setup/teardown.sh $(quoted -p "$namespace")"
	done < <(jq -r '.items[] | .data.stack | fromjson? | [.id, .name] | @tsv' <<<"$answer")
}

# tell_used: what the stack used and somebody else made.
tell_used() {
	local place object names
	names=" secret/${cfg[VLLM_COMMON_HF_TOKEN_NAME]} persistentvolumeclaim/${cfg[VLLM_COMMON_PVC_NAME]}"
	names+=" persistentvolumeclaim/${cfg[HARNESS_PVC_NAME]} serviceaccount/${cfg[HARNESS_SERVICE_ACCOUNT]} "
	for place in "${places[@]}"; do
		try get secrets,persistentvolumeclaims,serviceaccounts -n "$place" -l "tokpipe/stack!=$stack_id" -o name || [[ -n $answer ]] || continue
		while read -r object; do
			[[ $names != *" $object "* || $object == serviceaccount/default ]] ||
				info "left: ${object%%/*} $place/${object#*/}: not made by this stack"
		done <<<"$answer"
	done
}
