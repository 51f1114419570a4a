#!/usr/bin/env bash
# standup.sh: a serving stack on a Kubernetes cluster, from a scenario.
#
# Works out the settings, writes them and everything that it makes of them into a work directory, and does the steps of
# setup/steps, each a script of its own.  The stack's record in the cluster keeps two of us from working at one stack.
set -euo pipefail

lib=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../scripts/lib
# shellcheck source=scripts/lib/setup.sh
. "$lib/setup.sh"
# shellcheck source=scripts/lib/settings.sh
. "$lib/settings.sh"
# shellcheck source=scripts/lib/stackflags.sh
. "$lib/stackflags.sh"
# shellcheck source=scripts/lib/lock.sh
. "$lib/lock.sh"
# shellcheck source=scripts/lib/steps.sh
. "$lib/steps.sh"
# shellcheck source=scripts/lib/rights.sh
. "$lib/rights.sh"

usage='[OPTION...]'
about='Stands a serving stack up on the Kubernetes cluster of the current context.'
notes='Exit status: 0 it is up, 1 general error, 2 configuration, or an object of somebody else, 3 cluster, rights, image or
a crash, 4 resources, or the stack is in use, 130 interrupted.  Variables: setup/VARIABLES.md.'
child='' # the step that runs

# clean_up: the step that runs ends, and nobody holds the stack any more.
clean_up() {
	local status=$?
	trap - EXIT
	trap '' INT TERM HUP
	if [[ -n $child ]]; then
		kill -TERM "$child" 2>/dev/null || true
		wait "$child" 2>/dev/null || true
	fi
	case $status in
	0) unlock_stack up ;;
	*) unlock_stack standing-up ;;
	esac
	((status == 0)) || [[ ! -d $work ]] || info "what was done and seen is in $work"
	exit "$status"
}

# prepare: the settings, the work directory, the cluster, the stack.
prepare() {
	read_steps
	choose_steps "${over[STEP_LIST]-}" # a wrong one is told before there is a work directory
	resolve_settings standup
	set_up
	choose_context
	make_stack
	choose_steps "${cfg[STEP_LIST]-}"
}

# begin: what has to be right before anything is made; then the namespace, and the stack is ours.
begin() {
	local status=0
	! $dry_run || return 0
	need_token
	[[ ${cfg[CONTROL_CHECK_CLUSTER_AUTHORIZATIONS]} != 1 ]] || check_rights
	try get namespace "$namespace" -o name || status=$?
	if ((status == 1)); then # 2: it is there, and may not be looked at
		step_is_chosen 04 || die 2 "namespace $namespace: not there: step 04 makes it"
		register_stack
		render 04_namespace namespace
		kube_apply "$rendered"
	fi
	lock_stack standing-up
	register_stack
}

# need_token: that of Hugging Face, where something is downloaded from there.  One in the cluster is as good.
need_token() {
	local secret=${cfg[VLLM_COMMON_HF_TOKEN_NAME]} key=${cfg[VLLM_COMMON_HF_TOKEN_KEY]}
	step_is_chosen 04 && downloads && [[ -z ${LLMDBENCH_HF_TOKEN-} ]] || return 0
	# shellcheck disable=SC2016 # the template's own variables
	if kube_read get secret "$secret" -n "$namespace" -o 'go-template={{range $key, $value := .data}}{{$key}} {{end}}'; then
		[[ " $answer" != *" $key "* ]] || return 0
		die 2 "secret $namespace/$secret: it has no key $key: set LLMDBENCH_VLLM_COMMON_HF_TOKEN_KEY"
	fi
	die 2 "LLMDBENCH_HF_TOKEN: not set, and there is no secret $namespace/$secret:" \
		"models are downloaded from Hugging Face: export a token of it"
}

run_steps() {
	local number
	TOKPIPE_PARENT="$$ $(started "$$")"
	export TOKPIPE_PARENT
	for number in "${chosen_steps[@]}"; do
		if is_for_us "$number"; then
			run_step "$number" "$top/setup/steps/$number-${step_name[$number]}.sh"
		fi
	done
}

# is_for_us NUMBER: says why not, where the step was asked for.
is_for_us() {
	local method=${step_method[$1]} title="step $1: ${step_name[$1]}" tell=debug
	[[ -z ${cfg[STEP_LIST]-} ]] || tell=info
	case $method in
	-) return 0 ;;
	none) "$tell" "$title: there is nothing to do: skipped" ;;
	*)
		[[ ",${cfg[DEPLOY_METHODS]}," != *",$method,"* ]] || return 0
		"$tell" "$title: only for method $method: skipped"
		;;
	esac
	return 1
}

# run_step NUMBER FILE: in a process of its own, in the background, so that a signal is heard meanwhile.
run_step() {
	local since=$SECONDS status=0 title="step $1: ${step_name[$1]}"
	info "$title"
	local command=(env -u LLMDBENCH_CLUSTER_TOKEN)
	[[ $1 == 04 ]] || command+=(-u LLMDBENCH_HF_TOKEN)
	"${command[@]}" "$2" up "$work" </dev/null &
	child=$!
	wait "$child" || status=$?
	child=''
	if ((status != 0)); then
		error "$title: failed ($((SECONDS - since)) s)"
		exit "$status"
	fi
	info "$title: done ($((SECONDS - since)) s)"
}

# tell: what there is now, and how it goes away.
tell() {
	local model again="setup/teardown.sh"
	if $dry_run; then
		info "nothing was done; what would have been is in $work: setup/yamls and setup/commands"
		return
	fi
	for model in "${models[@]}"; do
		info "model $(of_model "$model" served): http://$(of_model "$model" name).$namespace${cfg[VLLM_COMMON_FQDN]}:80"
	done
	[[ -z $scenario_file ]] || again+=" $(quoted -c "$scenario_file")"
	info "stack $stack_name ($stack_id) in namespace $namespace; its work directory: $work"
	[[ ${origin[CONTROL_STACK]} == default ]] || again="LLMDBENCH_CONTROL_STACK=$(quoted "$stack_name") $again"
	info "remove it with: $again $(quoted -p "$namespace")"
}

main() {
	stack_options standup
	parse_options "$@"
	log_start
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: not an option"
	[[ -z ${opt[yes]-} ]] || assume_yes=true
	flag_values
	trap 'exit 130' INT TERM HUP
	trap clean_up EXIT
	prepare
	begin
	run_steps
	tell
}

main "$@"
