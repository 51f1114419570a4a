# shellcheck shell=bash
# lock: the ConfigMap in the cluster that says which stack it is, who works at it and since when.  It is made before
# everything else but the namespace, and goes last; who could make it, or take it over from one that is dead, works at
# the stack, and nobody else does.

# shellcheck source=scripts/lib/stack.sh
. "${BASH_SOURCE[0]%/*}/stack.sh"

held=false    # do we hold it?
stack_file='' # what its record says of the stack; by default the work directory's stack.json

# holder: who we are: HOST/PID-NAMESPACE PID START USER.  Another machine, or another container on it, may have our pid.
holder() {
	local space
	space=$(readlink /proc/self/ns/pid)
	printf '%s/%s %s %s %s\n' "$host_name" "${space//[!0-9]/}" "$$" "$(started "$$")" "$(id -un)"
}

# stack_record STATE HOLDER [VERSION]: the ConfigMap, as JSON.  With VERSION it replaces that one and no later one.
stack_record() {
	jq -n -f "$top/scripts/lib/stack_record.jq" --slurpfile stack "${stack_file:-$work/environment/stack.json}" \
		--arg state "$1" --arg holder "$2" --arg version "${3-}" --arg since "$(printf '%(%s)T' -1)"
}

# lock_stack STATE: from now on, and until unlock_stack or our end, nobody else works at the stack.
lock_stack() {
	local turn file=$work/environment/record.json object=configmap/tokpipe-stack-$stack_id
	! $dry_run || return 0
	for turn in 1 2 3; do
		debug "lock: turn $turn"
		stack_record "$1" "$(holder)" >"$file"
		if attempt_write create "$file"; then
			held=true
			return
		fi
		kube_read get "$object" -n "$namespace" -o json || continue
		may_take "$answer"
		stack_record "$1" "$(holder)" "$(jq -r .metadata.resourceVersion <<<"$answer")" >"$file"
		if attempt_write replace "$file"; then
			held=true
			return
		fi
	done
	trouble 4 "Stack in use" "stack $stack_name in $namespace" "others work at it: its record changed three times" "Try again"
}

# attempt_write VERB FILE: status 1 when another one was quicker.
attempt_write() {
	local status=0
	note_command "${kubectl[@]}" "$1" -f "$2"
	attempt "${kubectl[@]}" --request-timeout=10s "$1" -f "$2" </dev/null || status=$?
	((status != 0)) || return 0
	[[ $complaint == *AlreadyExists* || $complaint == *Conflict* || $complaint == *"(NotFound)"* ]] || refused "the stack's record"
	return 1
}

# may_take RECORD: is it ours to change?  It is when nobody holds it, when the holder is dead, or when it was taken
# longer ago than anything may last.
may_take() {
	local state who pid start user since limit words
	jq -e --arg id "$stack_id" '.metadata.labels["tokpipe/stack"] == $id' <<<"$1" >/dev/null ||
		die 2 "configmap $namespace/tokpipe-stack-$stack_id: made by somebody else: choose another namespace or LLMDBENCH_CONTROL_STACK"
	IFS=$'\t' read -r state since who < <(jq -r '.data | [.state, .since, .holder // ""] | @tsv' <<<"$1")
	read -r who pid start user <<<"$who" || return 0
	[[ -n $who ]] || return 0
	limit=$((${cfg[VLLM_COMMON_TIMEOUT]%s} + 900))
	if [[ "$who $pid $start" == "$(holder | cut -d ' ' -f 1) "* ]] && ! alive "$pid" "$start"; then
		info "stack $stack_name: its last $(state_words "$state") (process $pid) ended before it was done: going on from there"
		return 0
	fi
	(($(printf '%(%s)T' -1) - since <= limit)) || return 0
	words=$(state_words "$state")
	trouble 4 "Stack in use" "stack $stack_name in $namespace" \
		"another $words is under way since $(TZ=UTC printf '%(%FT%TZ)T' "$since") (host ${who%/*}, process $pid, user $user)" \
		"Wait until it is done, or choose another namespace or LLMDBENCH_CONTROL_STACK" \
		"Where that host or container is no more: kubectl delete configmap tokpipe-stack-$stack_id -n $namespace"
}

state_words() {
	case $1 in
	tearing-down) printf 'teardown\n' ;;
	*) printf 'standup\n' ;;
	esac
}

# unlock_stack STATE: nobody works at it any more; what we reached is STATE.  Where nobody answers it stays as it is: the
# next one sees that its holder is gone.
unlock_stack() {
	local patience=1 record
	$held || return 0
	held=false
	record=$(stack_record "$1" '')
	(note_command "${kubectl[@]}" replace -f -) || debug "not noted" # a full disk is no reason to hold the stack
	attempt send_record "$record" ||
		warn "stack $stack_name: its record could not be written: ${complaint##*$'\n'}"
}

send_record() {
	printf '%s\n' "$1" | "${kubectl[@]}" --request-timeout=5s replace -f -
}
