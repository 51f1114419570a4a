#!/usr/bin/env bash
# e2e.sh: standup, run and teardown of a stack, from a scenario; with an experiment file all three for each treatment
# of the stack.  Each is the script of that name, in a process of its own; what was stood up is torn down whatever happens.
set -euo pipefail

lib=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/scripts/lib
# shellcheck source=scripts/lib/setup.sh
. "$lib/setup.sh"
# shellcheck source=scripts/lib/settings.sh
. "$lib/settings.sh"
# shellcheck source=scripts/lib/stackflags.sh
. "$lib/stackflags.sh"
# shellcheck source=scripts/lib/loads.sh
. "$lib/loads.sh"

usage='[OPTION...]'
about='Stands a stack up, measures it and tears it down, for each treatment of an experiment.'
notes='It takes the options of setup/standup.sh, run.sh and setup/teardown.sh.  Those whose letter means two things there
have none here.  With --debug the stack stays.
Exit status: of standup if that failed, else of run, else of teardown: 0, 2 configuration, 3 cluster or network,
4 resources, 5 a bound was missed, 130 interrupted.  Variables: setup/VARIABLES.md.'
scenario='' # of the treatment, or the one that was given
first_bad=0 # the exit status that this script will have
outcomes=()

# flags_for SCRIPT: set flags to those that were given here and that SCRIPT takes, but for the scenario.
flags_for() {
	local line name scripts option script=${1:0:1}
	flags=()
	for line in "${stack_flags[@]}"; do
		IFS='|' read -r _ option scripts _ _ <<<"$line"
		name=${option%% *}
		[[ ${scripts,,} == *"$script"* && -n ${opt[$name]+given} && $name != scenario ]] || continue
		if [[ $option == *' '* ]]; then
			flags+=("--$name=${opt[$name]}")
		else
			flags+=("--$name")
		fi
	done
}

# script_command SCRIPT: set command to it, with its flags and the scenario.
script_command() {
	local flags file=$top/setup/$1.sh
	[[ $1 != run ]] || file=$top/run.sh
	flags_for "$1"
	command=("$file" "${flags[@]}")
	[[ -z $scenario ]] || command+=(--scenario "$scenario")
}

# check_treatments: what a treatment sets no flag may set, too: the flag would win, and the treatment be another than it says.
check_treatments() {
	local name
	while read -r name; do
		name=${name#LLMDBENCH_}
		[[ -z $name || -z ${flag_of[$name]-} ]] ||
			die 2 "--${flag_of[$name]}: the treatments of $experiment_file set LLMDBENCH_$name: leave one of them out"
	done < <(printf '%s\n' "${treatments[@]}" | jq -rs '[.[].values | keys[]] | unique[]')
	((${#treatments[@]} == 1)) || ! stays ||
		die 2 "--debug and --wait 0 leave the stack, and the next treatment needs its place: choose an experiment with one"
}

# stays: is the stack still wanted when run.sh has ended?
stays() {
	[[ ${cfg[HARNESS_DEBUG]} == 1 || ${cfg[HARNESS_WAIT_TIMEOUT]} == 0 ]]
}

# begin_treatment TREATMENT: a work directory and a scenario of its own, unless there is only one.
begin_treatment() {
	local place=$work source=$work/setup/scenario/${scenario_file##*/}
	export LLMDBENCH_RUN_EXPERIMENT_ID=${cfg[RUN_EXPERIMENT_ID]}
	scenario=$scenario_file
	if [[ -n $suffix ]]; then
		place=$work/treatment$suffix
		mkdir -p "$place/setup/experiments"
		scenario=$place/setup/experiments/${scenario_file##*/}
		# the copy in the work directory is without tokens: those are in the environment now
		[[ -n $scenario_file ]] || source=/dev/null scenario=$place/setup/experiments/${cfg[CONTROL_STACK]}.sh
		treat_scenario "$(jq -c --arg place "$place" '.values.LLMDBENCH_CONTROL_WORK_DIR = $place' <<<"$1")" "$source" "$scenario"
	fi
	export LLMDBENCH_CONTROL_WORK_DIR=$place
}

# part SCRIPT: run it.  The first bad status is this script's.
part() {
	script_command "$1"
	run_child "${command[@]}"
	((interrupted == 0 || child_status == 0)) || child_status=130
	((first_bad != 0)) || first_bad=$child_status
}

# treatment TREATMENT: all three.
treatment() {
	local command suffix words
	treatment_suffix "$1"
	begin_treatment "$1"
	[[ -z $suffix ]] || info "treatment ${suffix#_}: $(jq -r '.values | to_entries | map("\(.key | ltrimstr("LLMDBENCH_"))=\(.value)") | join(" ")' <<<"$1")"
	part standup
	words="standup $child_status"
	if ((child_status == 0 && interrupted == 0)); then
		part run
		words+=", run $child_status"
	fi
	if ((child_status != 0)) && ! compgen -G "$LLMDBENCH_CONTROL_WORK_DIR/setup/commands/*" >/dev/null; then
		: # nothing was made: what is there is not of this standup
	elif stays; then
		script_command teardown
		info "the stack stays; remove it with: $(quoted "${command[@]}")"
	elif ((interrupted > 1)); then
		script_command teardown
		error "interrupted twice: the stack stays; remove it with: $(quoted "${command[@]}")"
	else
		take_down
		words+=", teardown $child_status"
	fi
	outcomes+=("${suffix:+treatment ${suffix#_}: }exit statuses: $words")
}

# take_down: a signal from before does not count; another one ends it.
take_down() {
	local so_far=$interrupted
	part teardown
	((interrupted == so_far && child_status == 0)) || error "the stack is not gone; remove it with: $(quoted "${command[@]}")"
}

main() {
	local one line
	stack_options e2e
	parse_options "$@"
	log_start
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: not an option"
	[[ -z ${opt[yes]-} ]] || assume_yes=true
	[[ -z ${opt["dry-run"]-} ]] || dry_run=true
	flag_values
	set_up
	resolve_settings e2e
	read_experiment "${cfg[HARNESS_EXPERIMENT_TREATMENTS]}"
	read_treatments run
	render_all
	read_treatments setup
	check_treatments
	trap pass_on INT TERM HUP
	for one in "${treatments[@]}"; do
		((interrupted == 0)) || break
		treatment "$one"
	done
	for line in "${outcomes[@]}"; do info "$line"; done
	info "all of it is in $work"
	((interrupted == 0)) || exit 130
	exit "$first_bad"
}

main "$@"
