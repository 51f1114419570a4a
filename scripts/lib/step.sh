# shellcheck shell=bash
# step: what setup/steps/NN-name.sh {check|up|down} WORK share.  A step reads what standup.sh left in the work
# directory WORK: the settings and the stack.  check: status 0 when it is done already, 1 when not.  up renders, applies
# and waits; with LLMDBENCH_CONTROL_DRY_RUN in the settings it renders only.  down removes what up made, and nothing there
# is fine.

# shellcheck source=scripts/lib/stack.sh
. "${BASH_SOURCE[0]%/*}/stack.sh"
# shellcheck source=scripts/lib/watch.sh
. "${BASH_SOURCE[0]%/*}/watch.sh"

# shellcheck disable=SC2034 # usage, about and notes are options.sh's
usage='{check|up|down} WORK'
# shellcheck disable=SC2034
about="One step of setup/standup.sh, on the work directory WORK that it made."
# shellcheck disable=SC2034
notes='Exit status: 0 done, 1 (check) not done, 2 configuration, 3 cluster, 4 resources.'

# step_main ARGUMENT…: run step_check, step_up or step_down of the script.
step_main() {
	parse_options "$@"
	log_start
	((${#operands[@]} == 2)) || bad_usage "expected check, up or down, and a work directory"
	load_settings "${operands[1]}"
	# of the script that calls this one, if it is standup.sh
	read -r -a parent <<<"${TOKPIPE_PARENT-}"
	read_stack
	trap 'exit 130' INT TERM HUP
	case ${operands[0]} in
	check | up | down) "step_${operands[0]}" ;;
	*) bad_usage "${operands[0]}: expected check, up or down" ;;
	esac
}

# is_there KIND NAME NAMESPACE: status 1 when not.
is_there() {
	local where=()
	[[ -z $3 ]] || where=(-n "$3")
	kube_read get "$1" "$2" "${where[@]}" -o name
}

# make_account NAME NAMESPACE STEM [JQ-OPTION…]: a service account; "default" is the cluster's own.
make_account() {
	[[ $1 != default ]] || return 0
	render "$3" service_account "${@:4}"
	kube_apply "$rendered"
}

# make_claim NAME NAMESPACE: the volume claim that was rendered last.  One that is there is used as it is, whoever made
# it: of a claim nothing but its size may change.
make_claim() {
	if $dry_run; then
		kube_apply "$rendered"
		return
	fi
	if may_write "$rendered"; then
		if [[ -z $owner ]]; then
			kube_apply "$rendered"
		else
			info "persistentvolumeclaim $2/$1: there already: used as it is"
		fi
	fi
	wait_ready pvc "$1" "$2" "${cfg[CONTROL_WAIT_TIMEOUT]}"
}

# pods_of_model NAME: sets pods to the names of those of its engines that are not going away.
pods_of_model() {
	kube_read get pods -n "$namespace" -l "app=$1,tokpipe/stack=$stack_id" -o json || answer='{}'
	mapfile -t pods < <(jq -r '.items[]? | select(.metadata.deletionTimestamp == null) | .metadata.name' <<<"$answer")
}

# remove NAMESPACE KINDS [SELECTOR]: what this stack has of these kinds there, and that only.
remove() {
	kube delete "$2" -n "$1" -l "app.kubernetes.io/managed-by=tokpipe,tokpipe/stack=$stack_id${3:+,$3}" \
		--ignore-not-found --wait=true --timeout=20s >/dev/null
}
