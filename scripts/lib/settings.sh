# shellcheck shell=bash
# settings: the value of every variable of setup/variables.tsv, and where it comes from: a flag, the scenario, the
# environment or the table, in that order; an empty one is not given.  What a default derives from other variables
# is worked out after all of that.  A token is never among them: it stays in the environment.

[[ -z ${settings_are-} ]] || return 0
settings_are=here
# shellcheck source=scripts/lib/base.sh
. "${BASH_SOURCE[0]%/*}/base.sh"
# shellcheck source=scripts/lib/scenario.sh
. "$top/scripts/lib/scenario.sh"
# shellcheck source=scripts/lib/settle.sh
. "$top/scripts/lib/settle.sh"
# shellcheck source=scripts/lib/kinds.sh
. "$top/scripts/lib/kinds.sh"
# shellcheck source=scripts/lib/check.sh
. "$top/scripts/lib/check.sh"
# shellcheck source=scripts/lib/work.sh
. "$top/scripts/lib/work.sh"

declare -A cfg=() origin=()   # the settings, without LLMDBENCH_
declare -A over=() flag_of=() # what flags say, and which flag
declare -A default_of=() scope_of=() kind_of=() lands_of=() help_of=()
declare -A secrets=() # never written, never an argument
variables=() secret_names=()
others_image=

# read_table: setup/variables.tsv.
# shellcheck disable=SC2034 # lands_of is for the page
read_table() {
	local name default scope kind lands help
	((${#variables[@]} == 0)) || return 0
	while IFS=$'\t' read -r name default scope kind lands help; do
		[[ $name != '#'* ]] || continue
		[[ $default != - ]] || default=
		[[ $lands != - ]] || lands=
		variables+=("$name")
		default_of[$name]=$default scope_of[$name]=$scope kind_of[$name]=$kind
		lands_of[$name]=$lands help_of[$name]=$help
		[[ $kind != secret ]] || secret_names+=("$name")
	done <"$top/setup/variables.tsv"
}

# resolve_settings SCRIPT: set cfg, origin, scenario_file and work for standup, run, teardown, e2e or doctor, from the
# environment, the scenario and over (see flag_values); and write them down in the work directory.
# A scenario is read twice: the files that it makes belong into the work directory, which it may name.
resolve_settings() {
	read_table
	find_scenario "${over[DEPLOY_SCENARIO]:-${LLMDBENCH_DEPLOY_SCENARIO-}}"
	[[ -z $scenario_file ]] || read_scenario "$scenario_file"
	settle
	check_settings "$1"
	take_effect
	need_jq
	open_work "$1"
	if [[ -n $scenario_file ]]; then
		read_scenario "$scenario_file" "$work/setup/scenario/tmp"
		settle
		cfg[CONTROL_WORK_DIR]=$work
		keep_scenario
	fi
	tell_of_settings "$1"
	save_settings "$work"
}

# take_effect: on this script, what every script has.
take_effect() {
	[[ ${cfg[CONTROL_DRY_RUN]} != 1 ]] || dry_run=true
	[[ ${cfg[CONTROL_VERBOSE]} != 1 ]] || log_level=0
}

# need_jq: settings cannot be written down without it.
need_jq() {
	! type -P jq >/dev/null || return 0
	! $dry_run || die 2 "--dry-run installs nothing, and the settings cannot be written without jq: install that"
	need_packages run
}

# save_settings DIR: to DIR/environment/settings.json, and for people to DIR/environment/variables.
save_settings() {
	local name
	for name in "${!cfg[@]}"; do
		printf '%s\0%s\0%s\0' "$name" "${cfg[$name]}" "${origin[$name]}"
	done | jq -RsS --arg file "$scenario_file" -f "$top/scripts/lib/settings.jq" >"$1/environment/settings.json"
	for name in "${!cfg[@]}"; do
		printf 'LLMDBENCH_%s=%q\n' "$name" "${cfg[$name]}"
	done | LC_ALL=C sort >"$1/environment/variables"
}

# load_settings DIR: cfg, origin, scenario_file and work of DIR/environment/settings.json.
load_settings() {
	local name value from
	read_table
	[[ -s $1/environment/settings.json ]] || die 2 "$1/environment/settings.json: not there: is $1 a work directory?"
	cfg=() origin=()
	while IFS= read -r -d '' name && IFS= read -r -d '' value && IFS= read -r -d '' from; do
		if [[ $name == . ]]; then
			scenario_file=$value
		else
			cfg[$name]=$value origin[$name]=$from
		fi
	done < <(jq -j '[".", .scenario // "", ""], [.origin as $o | .values | to_entries[] | .key, .value, $o[.key]] | map(. + "\u0000") | add' \
		"$1/environment/settings.json")
	work=$(cd -P -- "$1" && pwd)
	((${#cfg[@]})) || die 2 "$1/environment/settings.json: it holds no settings"
	for name in "${secret_names[@]}"; do keep_secret "$name"; done
	take_effect
}
