#!/usr/bin/env bash
# run.sh: load on a stack, from a scenario: each model of it, each treatment of an experiment, one run of bench.sh
# for each of them.  What is measured need not have been stood up by us: any Service or pod with a word in its name will do.
set -euo pipefail

lib=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/scripts/lib
# shellcheck source=scripts/lib/setup.sh
. "$lib/setup.sh"
# shellcheck source=scripts/lib/settings.sh
. "$lib/settings.sh"
# shellcheck source=scripts/lib/stackflags.sh
. "$lib/stackflags.sh"
# shellcheck source=scripts/lib/treatments.sh
. "$lib/treatments.sh"
# shellcheck source=scripts/lib/endpoint.sh
. "$lib/endpoint.sh"
# shellcheck source=scripts/lib/loads.sh
. "$lib/loads.sh"

usage='[OPTION...]'
about='Measures a serving stack on the Kubernetes cluster of the current context.'
notes='A method is standalone, or any part of the name of a Service or pod.
Exit status: 0 all runs are there, 2 configuration, 3 cluster or network, or a run failed, 4 resources,
5 a bound was missed, 130 interrupted.  Variables: setup/VARIABLES.md.'

# other_form WORD…: flags of another form of this command are told apart.
other_form() {
	local word
	for word; do
		case ${word%%=*} in
		--provider | --server-url | --confirm | --keep-server) bad_usage "${word%%=*} belongs to \"run.sh FILE.yaml\"" ;;
		esac
	done
}

# no_operands: of that form, too.
no_operands() {
	case ${operands[0]-} in
	'') ;;
	*.yaml | *.yml) die 2 "${operands[0]}: experiments of this form are not run here; the scenario form takes -c, and --experiment FILE" ;;
	*) bad_usage "${operands[0]}: not an option" ;;
	esac
}

# choose_stack: the cluster and the stack, those of the work directory where standup has written them; the models are
# those that are asked for now.
choose_stack() {
	local list
	if [[ -s $work/environment/stack.json ]]; then
		same_stack
		read_stack
		list=$(models_json "${cfg[DEPLOY_MODEL_LIST]}")
		mapfile -t models < <(jq -c '.[]' <<<"$list")
	else
		choose_context
		make_stack
	fi
}

# measure_stack METHOD MODEL: all treatments against one model; MODEL is {} when it is the only one that is there.
measure_stack() {
	local treatment name model
	find_endpoint "$1" "$2"
	ask_served
	choose_served "$(jq -r '.served // ""' <<<"$2")"
	name=${model//[^A-Za-z0-9._-]/-}
	for treatment in "${treatments[@]}"; do
		((interrupted == 0)) || return 0
		measure_treatment "$treatment" "${cfg[HARNESS_NAME]}_${cfg[RUN_EXPERIMENT_ID]}_$1-$name"
	done
}

# measure_all: each method, each model; of something that is no stack of ours the model that it serves.
measure_all() {
	local method all one
	IFS=, read -r -a all <<<"${cfg[DEPLOY_METHODS]}"
	for method in "${all[@]}"; do
		if [[ $method != standalone && ${origin[DEPLOY_MODEL_LIST]} == default ]]; then
			measure_stack "$method" '{}'
			continue
		fi
		for one in "${models[@]}"; do
			measure_stack "$method" "$one"
		done
	done
}

# tell: each run, and where it is; the last one's report.
tell() {
	local line
	if $dry_run; then
		info "nothing was measured; what would have been is in $work: workload/profiles and setup/commands"
		return
	fi
	for line in "${outcomes[@]}"; do
		info "${line//$'\t'/: }"
	done
	line=${line##*$'\t'}/report.html
	[[ ! -f $line ]] || out printf '%s\n' "$line"
	((interrupted == 0)) || exit 130
	((runs <= 1 || worst == 0 || worst == 5)) || exit 3
	exit "$worst"
}

main() {
	other_form "$@"
	stack_options run
	parse_options "$@"
	log_start
	no_operands
	[[ -z ${opt[yes]-} ]] || assume_yes=true
	[[ -z ${opt["dry-run"]-} ]] || dry_run=true
	flag_values
	set_up
	resolve_settings run
	read_experiment "${cfg[HARNESS_EXPERIMENT_TREATMENTS]}"
	read_treatments run
	render_all
	choose_stack
	trap pass_on INT TERM HUP
	[[ ${cfg[HARNESS_LOCAL_LOAD]} == 1 ]] ||
		run_child "$top/setup/steps/05-ensure_harness_namespace_prepared.sh" up "$work"
	((child_status == 0)) || exit "$child_status"
	measure_all
	tell
}

main "$@"
