#!/usr/bin/env bash
# teardown.sh: removes a stack from a Kubernetes cluster: what carries its label, and that only.
#
# Needs nothing that standup.sh left: the stack is found by its labels.  What cannot be removed does not keep it from the
# rest; what is left in the end is told.  The stack's record goes last, so that a teardown that was cut off is seen.
set -euo pipefail

lib=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../scripts/lib
# shellcheck source=scripts/lib/stackflags.sh
. "$lib/stackflags.sh"
# shellcheck source=scripts/lib/lock.sh
. "$lib/lock.sh"
# shellcheck source=scripts/lib/guard.sh
. "$lib/guard.sh"
# shellcheck source=scripts/lib/inventory.sh
. "$lib/inventory.sh"
# shellcheck source=scripts/lib/remove.sh
. "$lib/remove.sh"

usage='[OPTION...]'
about='Removes a stack that setup/standup.sh stood up, and only that, from the cluster of the current context.'
notes='Volume claims and the namespace stay, unless --deep is given.  The stack goes as a whole: with all its models.
It is found by its namespace and its name, which is that of the scenario, or LLMDBENCH_CONTROL_STACK.
Exit status: 0 it is gone, or nothing was there, 1 general error, 2 configuration, or another cluster than that of the
stack, 3 cluster, rights, or something is left, 4 the stack is in use, 130 interrupted.  Variables: setup/VARIABLES.md.'
begun=false # has anything been removed?
again=()    # this call

# clean_up: nobody works at the stack any more; what is left of it is told, if it was to go.
clean_up() {
	local status=$?
	trap - EXIT
	trap '' INT TERM HUP
	unlock_stack tearing-down
	if $begun && ((status != 0)); then
		tell_left
		error "run it again: $(quoted "${again[@]}")"
	fi
	exit "$status"
}

# can_ask: is there a cluster to ask what would go?  The work directory of a dry run never saw one.
can_ask() {
	local file=$work/environment/stack.json
	if [[ -s $file ]] && jq -e --arg id "$stack_id" '.id == $id and .cluster_uid == ""' "$file" >/dev/null; then
		return 1
	fi
	type -P "${cfg[CONTROL_KCMD]}" >/dev/null || return 1
	[[ ${cfg[CLUSTER_URL]} == ?* && ${cfg[CLUSTER_URL]} != auto ]] || "${cfg[CONTROL_KCMD]}" config current-context >/dev/null 2>&1
}

# tell_commands: what a dry run says without a cluster.
tell_commands() {
	local selector
	selector=$(selector_of_stack)
	note_command kubectl delete "$own_kinds,pods" -n "$namespace" -l "$selector"
	[[ $harness_namespace == "$namespace" ]] || note_command kubectl delete "$own_kinds,pods" -n "$harness_namespace" -l "$selector"
	! is_deep || note_command kubectl delete persistentvolumeclaims -n "$namespace" -l "$selector"
	info "no cluster was asked: what would go has the labels $selector; the commands are in $work/setup/commands"
}

is_deep() {
	[[ ${cfg[CONTROL_DEEP_CLEANING]} == 1 ]]
}

# find_stack: sets places, record, found, volumes and unseen.
find_stack() {
	dry_run=false choose_context
	guard_context
	know_kinds
	know_record
	[[ -z $record ]] || guard_record "$record"
	look_for_objects
}

# tell_plan: what would go.
tell_plan() {
	local line goes=("${found[@]}")
	! is_deep || goes+=("${volumes[@]}")
	for line in "${goes[@]}"; do
		info "would remove $(words_of "$line")"
	done
	for line in "${unseen[@]}"; do
		info "would remove those of the stack, if there are any: $line: you may not list them"
	done
	remove_objects
	! is_deep || remove_volumes
}

# take_lock: ours until clean_up, but in a namespace that goes anyway or is gone, where nothing can be made.
take_lock() {
	local status=0
	stack_file=$work/environment/teardown.json
	jq -n --argjson record "${record:-null}" --arg id "$stack_id" --arg name "$stack_name" --arg namespace "$namespace" \
		--arg harness "$harness_namespace" --arg context "$context" --arg server "$server" --arg uid "$cluster_uid" \
		'($record.data.stack | fromjson?) // {$id, $name, $namespace, harness_namespace: $harness, models: [],
			$context, $server, cluster_uid: $uid}' >"$stack_file" || die 4 "$stack_file: cannot be written"
	try get namespace "$namespace" -o 'jsonpath={.metadata.deletionTimestamp}' || status=$?
	if ((status == 0)) && [[ -n $answer ]]; then
		info "namespace $namespace is being deleted since $answer: waiting until it is empty"
	elif ((status == 1)); then
		info "namespace $namespace is not there: nobody is at work in it"
	else
		lock_stack tearing-down
	fi
}

# take_down: all of it; status 3 when something is left.
take_down() {
	begun=true
	remove_objects
	wait_gone
	if is_deep && ((${#found[@]} == 0)); then
		remove_volumes
		wait_gone volumes
	fi
	((${#found[@]} + ${#failures[@]} + ${#unseen[@]} == 0)) || exit 3
	remove_record
	held=false
	begun=false
	forget_stack
}

# forget_stack: on this machine.  The mark says that it was here that the stack was torn down last.
forget_stack() {
	local file
	file=$(registry_file)
	[[ -n $file ]] || return 0
	rm -f -- "$file"
	if ! { mkdir -p -- "${file%/*}" && : >"${file%.json}.gone"; } 2>/dev/null; then
		debug "$file: cannot be written"
	fi
}

main() {
	local nothing=false
	again=("${called[@]}" "$@")
	stack_options teardown
	parse_options "$@"
	log_start
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: not an option"
	flag_values
	resolve_settings teardown
	identify_stack
	trap 'exit 130' INT TERM HUP
	trap clean_up EXIT
	if $dry_run && ! can_ask; then
		tell_commands
		return
	fi
	find_stack
	((${#found[@]})) || [[ -n $record ]] || nothing=true
	! is_deep || ((${#volumes[@]} == 0)) || nothing=false
	if $dry_run; then
		tell_plan
	elif ! $nothing; then
		take_lock
		take_down
	elif ((${#unseen[@]})); then
		tell_left
		exit 3
	else
		forget_stack
	fi
	finish_namespaces
	tell_end "$nothing"
}

main "$@"
