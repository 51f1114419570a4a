# shellcheck shell=bash
# settings: the value of every variable of setup/variables.tsv, and where it comes from: a flag, the scenario, the
# environment or the table, in that order; an empty one is not given.  What a default derives from other variables
# is worked out after all of that.  A token is never among them: it stays in the environment.

[[ -z ${settings_are-} ]] || return 0
settings_are=here
# shellcheck source=scripts/lib/base.sh
. "$(dirname "${BASH_SOURCE[0]}")/base.sh"
# shellcheck source=scripts/lib/scenario.sh
. "$top/scripts/lib/scenario.sh"
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

# resolve_settings SCRIPT: set cfg, origin, scenario_file and work for standup, run, teardown or e2e, from the
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

# settle: fill cfg and origin, and secrets.
settle() {
	local name
	cfg=() origin=()
	for name in "${variables[@]}"; do
		if [[ ${kind_of[$name]} == secret ]]; then
			keep_secret "$name"
		elif [[ $name != *'*' ]]; then
			choose_value "$name"
		fi
	done
	for name in "${!LLMDBENCH_@}"; do keep_unknown "${name#LLMDBENCH_}"; done
	for name in "${!said[@]}"; do keep_unknown "$name"; done
	own_image
	for name in "${variables[@]}"; do
		[[ ${origin[$name]-} != default || ${default_of[$name]} != [=@]* ]] || derive "$name"
	done
	normal_values
}

# choose_value NAME
choose_value() {
	local environment=LLMDBENCH_$1 default=${default_of[$1]}
	[[ $default != *@user* ]] || default=${default/@user/$(id -un)}
	environment=${!environment-}
	if [[ -n ${over[$1]-} ]]; then
		cfg[$1]=${over[$1]} origin[$1]=flag
	elif [[ -n ${said[$1]-} ]]; then
		cfg[$1]=${said[$1]} origin[$1]=scenario
	elif [[ -n $environment && $environment != "$default" ]]; then
		cfg[$1]=$environment origin[$1]=environment
	elif [[ ${scope_of[$1]} != o ]]; then
		cfg[$1]=$default origin[$1]=default
	fi
}

# keep_secret NAME: from the scenario, else the environment; for the processes that are started here, and no file.
keep_secret() {
	local name=LLMDBENCH_$1 value
	value=${said[$1]:-${!name-}}
	value=${value%"${value##*[![:space:]]}"}
	[[ -n $value ]] || return 0
	secrets[$1]=$value
	export "$name=$value"
}

# keep_unknown NAME: people make up names, and use them in arguments and environments of the engine.
keep_unknown() {
	local name=LLMDBENCH_$1
	[[ -z ${kind_of[$1]-} ]] || return 0
	if [[ -n ${said[$1]-} ]]; then
		cfg[$1]=${said[$1]} origin[$1]=scenario
	elif [[ -n ${!name-} ]]; then
		cfg[$1]=${!name} origin[$1]=environment
	fi
}

# own_image: old scenarios name the image of the tool that they were written for; there are no filters in that.
own_image() {
	local part
	others_image=
	[[ ${cfg[IMAGE_NAME]} == llm-d-benchmark ]] || return 0
	others_image=${cfg[IMAGE_REGISTRY]}/${cfg[IMAGE_REPO]}/${cfg[IMAGE_NAME]}
	for part in REGISTRY REPO NAME TAG; do
		cfg[IMAGE_$part]=${default_of[IMAGE_$part]} origin[IMAGE_$part]=default
	done
}

# derive NAME: a default that depends on other settings.
derive() {
	local url=${cfg[CLUSTER_URL]} host
	case ${default_of[$1]} in
	=*) cfg[$1]=${cfg[${default_of[$1]#=}]} ;;
	@work) cfg[$1]= ;; # open_work makes it
	@epoch) printf -v "cfg[$1]" '%(%s)T' -1 ;;
	@version) cfg[$1]=$(program_version) ;;
	@engine-tag)
		cfg[$1]=v0.10.2
		[[ ${cfg[VLLM_STANDALONE_IMAGE_NAME]} != tokpipe* ]] || cfg[$1]=$(program_version)
		;;
	@stack)
		cfg[$1]=${scenario_file##*/}
		cfg[$1]=${cfg[$1]%.sh}
		[[ -n ${cfg[$1]} ]] || cfg[$1]=default
		;;
	@cluster)
		host=${url#*://}
		host=${host%%[:/]*}
		cfg[$1]=$host
		[[ ! $host =~ ^[^.]*[^.0-9][^.]*\.([^.]+)\. ]] || cfg[$1]=${BASH_REMATCH[1]}
		;;
	esac
}

# normal_values: 1 or 0 for what is on or off; "~" for this user's home where a shell has left it.
normal_values() {
	local name
	for name in "${variables[@]}"; do
		case ${kind_of[$name]}:${cfg[$name]-} in
		bool:true | bool:yes) cfg[$name]=1 ;;
		bool:false | bool:no) cfg[$name]=0 ;;
		path:'~/'*) cfg[$name]=$HOME/${cfg[$name]#'~/'} ;;
		esac
	done
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
