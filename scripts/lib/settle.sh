# shellcheck shell=bash
# settle: the value of each variable, of all that is said of it.  Needs settings.

# shellcheck disable=SC2154 # cfg, origin and the like are settings'
# shellcheck disable=SC2034 # others_image is for check

declare -A cfg origin secrets

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
	[[ -n $1 && -z ${kind_of[$1]-} ]] || return 0
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
		path:'~/'*) cfg[$name]=${HOME:-~}/${cfg[$name]#'~/'} ;;
		esac
	done
}
