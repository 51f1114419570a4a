# shellcheck shell=bash
# stackflags: the flags of standup.sh, run.sh, teardown.sh, e2e.sh and doctor.sh, once for all of them, and the variables that
# they set.

# shellcheck disable=SC2034 # aliases, flag_of and assume_yes are read by options, check and deps

# shellcheck source=scripts/lib/settings.sh
. "${BASH_SOURCE[0]%/*}/settings.sh"

# LETTER|NAME VALUE|SCRIPTS|VARIABLE|HELP.  SCRIPTS: s standup, r run, t teardown, e e2e, d doctor; a capital has no short
# form there, since the letter means two things in what e2e.sh calls.
stack_flags=(
	'c|scenario FILE|srted|DEPLOY_SCENARIO|scenario file, or its name in scenarios/'
	'm|models LIST|srted|DEPLOY_MODEL_LIST|models, by comma'
	't|methods LIST|srted|DEPLOY_METHODS|methods, by comma: standalone; also --type'
	'p|namespace NS|srted|VLLM_COMMON_NAMESPACE|namespace of the stack; NS,NS: of the stack, of the load'
	's|step LIST|sE|STEP_LIST|only these steps: 0,1,5 or 4-6,10 or names'
	'a|affinity K:V|sed|VLLM_COMMON_AFFINITY|label of the nodes that the pods may use'
	'b|annotations LIST|se|VLLM_COMMON_ANNOTATIONS|annotations of the pods, K:V by comma'
	'r|release NAME|ste|VLLM_MODELSERVICE_RELEASE|name of the helm release (method modelservice)'
	'l|harness NAME|re|HARNESS_NAME|load generator: tokpipe'
	'w|workload PROFILE|re|HARNESS_EXPERIMENT_PROFILE|profile of the load'
	'k|pvc NAME|re|HARNESS_PVC_NAME|volume claim of the results'
	'e|experiment FILE|re|HARNESS_EXPERIMENT_TREATMENTS|experiment file with its treatments; also --experiments'
	'o|overrides LIST|re|HARNESS_EXPERIMENT_PROFILE_OVERRIDES|values of the profile to change, k=v by comma'
	'z|skip|re|HARNESS_SKIP_RUN|send nothing: collect what is there'
	's|wait SECS|rE|HARNESS_WAIT_TIMEOUT|seconds that the load may take; 0: do not wait'
	'd|debug|rE|HARNESS_DEBUG|load pods do nothing and stay, to be looked at'
	'|parallelism N|re|HARNESS_LOAD_PARALLELISM|load pods'
	'|local-load|re|HARNESS_LOCAL_LOAD|send the load from this machine'
	'd|deep|tE|CONTROL_DEEP_CLEANING|remove volume claims, and the namespace if it was made for the stack'
	'n|dry-run|srte|CONTROL_DRY_RUN|write what would be done into the work directory, do nothing'
	'v|verbose|srted|CONTROL_VERBOSE|say more'
	'|yes|srte||install missing packages without asking'
)

# stack_options SCRIPT: set options, aliases and shown_default to what standup, run, teardown, e2e or doctor takes.
stack_options() {
	local flag letter name scripts variable help script=${1:0:1}
	read_table
	options=()
	for flag in "${stack_flags[@]}"; do
		IFS='|' read -r letter name scripts variable help <<<"$flag"
		if [[ $scripts == *"${script^}"* ]]; then
			letter=
		elif [[ $scripts != *"$script"* ]]; then
			continue
		fi
		options+=("${letter:+$letter,}$name"$'\t'"$help")
		[[ -z $variable || $name != *' '* ]] || show_default "${name%% *}" "$variable"
	done
	aliases=([experiments]=experiment [type]=methods)
}

# show_default FLAG VARIABLE: what --help says it is without the flag: the environment's value, or the table's.
show_default() {
	local variable=LLMDBENCH_$2
	shown_default[$1]=${!variable-}
	[[ -n ${shown_default[$1]} || ${default_of[$2]} == [=@]* ]] || shown_default[$1]=${default_of[$2]}
}

# flag_values: set over[VARIABLE] to the value of each flag that was given, and flag_of[VARIABLE] to its name.
flag_values() {
	local flag name variable
	assume_yes=${opt[yes]-false}
	for flag in "${stack_flags[@]}"; do
		IFS='|' read -r _ name _ variable _ <<<"$flag"
		name=${name%% *}
		[[ -n $variable && -n ${opt[$name]+given} ]] || continue
		over[$variable]=${opt[$name]}
		flag_of[$variable]=$name
	done
	[[ -n ${over[VLLM_COMMON_NAMESPACE]-} ]] || return 0
	over[HARNESS_NAMESPACE]=${over[VLLM_COMMON_NAMESPACE]#*,}
	over[VLLM_COMMON_NAMESPACE]=${over[VLLM_COMMON_NAMESPACE]%%,*}
	flag_of[HARNESS_NAMESPACE]=namespace
}
