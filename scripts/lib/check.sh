# shellcheck shell=bash
# check: are the settings good?  Everything that can be said without a cluster is said before anything is made.
# Needs settings.

# shellcheck disable=SC2154 # cfg, origin and the like are settings'

methods=standalone # that there are

# check_settings SCRIPT: status 2 for what it cannot do with these.
check_settings() {
	local name
	check_methods "$1"
	check_flags
	if [[ $1 == run || $1 == e2e ]]; then check_harness; fi
	for name in "${variables[@]}"; do
		! is_used "$1" "$name" || check_kind "$name"
	done
	check_text
	check_tokens
}

# check_text: manifests are UTF-8; what is not would come out of them as something else.
check_text() {
	local name
	! is_text "${cfg[@]}" || return 0
	for name in "${!cfg[@]}"; do
		is_text "${cfg[$name]}" || die 2 "LLMDBENCH_$name: ${cfg[$name]@Q}: expected UTF-8"
	done
}

is_text() {
	printf '%s\n' "$@" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1
}

# is_used SCRIPT NAME: does SCRIPT look at it?
is_used() {
	[[ -n ${cfg[$2]-} && ${origin[$2]-} != default ]] || return 1
	case $1:${scope_of[$2]} in
	*:[mo]) return 1 ;;
	*:c) return 0 ;;
	teardown:*) [[ $2 == *_NAMESPACE || $2 == CLUSTER_URL ]] ;;
	run:s) return 1 ;;
	esac
}

check_kind() {
	wrong_kind "$1"
	[[ -n $expected ]] || return 0
	[[ ${origin[$1]} != flag ]] || die 2 "--${flag_of[$1]-}: ${cfg[$1]}: $expected"
	die 2 "LLMDBENCH_$1: ${cfg[$1]}: $expected"
}

# check_methods SCRIPT: run.sh takes any other word for a part of a name.
check_methods() {
	local method all hint=''
	[[ ${origin[DEPLOY_METHODS]} != default || -n $scenario_file ]] || hint=', or -c with a scenario'
	IFS=, read -r -a all <<<"${cfg[DEPLOY_METHODS]}"
	[[ $1 != teardown && $1 != doctor ]] || return 0
	for method in "${all[@]}"; do
		case $1:$method in
		*:modelservice)
			die 2 "LLMDBENCH_DEPLOY_METHODS: $method: there is no such method here yet (there is: $methods); say -t standalone$hint"
			;;
		*:standalone | run:*) ;;
		*:llm-d)
			die 2 "LLMDBENCH_DEPLOY_METHODS: $method: no such method (there is: $methods); the old tool spells it modelservice"
			;;
		*) die 2 "LLMDBENCH_DEPLOY_METHODS: $method: no such method (there is: $methods)" ;;
		esac
	done
}

# check_flags: a flag of another method.
check_flags() {
	local name
	for name in "${!flag_of[@]}"; do
		[[ ${scope_of[$name]} != m ]] || die 2 "--${flag_of[$name]} does not apply to method $methods"
	done
}

check_harness() {
	[[ ${cfg[HARNESS_NAME]} == tokpipe ]] ||
		die 2 "LLMDBENCH_HARNESS_NAME: ${cfg[HARNESS_NAME]}: no such load generator here (there is: tokpipe); say -l tokpipe"
}

# check_tokens: a token in another variable would be written down with it.
check_tokens() {
	local name secret
	for secret in "${!secrets[@]}"; do
		for name in "${!cfg[@]}"; do
			[[ ${cfg[$name]} != *"${secrets[$secret]}"* ]] ||
				die 2 "LLMDBENCH_$name: it holds the token of LLMDBENCH_$secret and would be written to files:" \
					"leave it out; pods get that token from a secret"
		done
	done
}

# tell_of_settings SCRIPT: what is set and has no effect; e2e leaves that to the scripts that it calls.
tell_of_settings() {
	local name
	case $1 in
	standup | run) tell_of_names ;;
	esac
	[[ $1 != run || -z $others_image ]] ||
		info "LLMDBENCH_IMAGE_NAME: $others_image has no load generator of ours: ${cfg[IMAGE_REPO]}/${cfg[IMAGE_NAME]} is used"
	[[ $1 == standup ]] || return 0
	for name in "${variables[@]}"; do
		[[ ${origin[$name]-default} != default ]] || continue
		case ${scope_of[$name]} in
		m) warn "LLMDBENCH_$name does not apply to method $methods" ;;
		o) info "LLMDBENCH_$name has no effect here: ${help_of[$name]}" ;;
		esac
	done
}

# tell_of_names: names that nothing knows, unless the engine's arguments or environment use them.
tell_of_names() {
	local name family users
	users=$(text_of VLLM_COMMON_ENVVARS_TO_YAML VLLM_STANDALONE_ARGS)
	for name in "${!cfg[@]}"; do
		[[ -z ${kind_of[$name]-} && ! $users =~ LLMDBENCH_$name([^A-Za-z0-9_]|$) ]] || continue
		case $name in
		EPP_* | CLIOVERRIDE_*)
			family="${name%%_*}_*"
			info "LLMDBENCH_$name has no effect here: ${help_of[$family]}"
			;;
		*)
			nearest "$name" "${variables[@]}"
			[[ -z $nearest ]] || edits "$name" "$nearest"
			[[ -z $nearest ]] || ((edits <= 4)) || nearest=
			warn "LLMDBENCH_$name: no such variable${nearest:+; did you mean LLMDBENCH_$nearest?}"
			;;
		esac
	done
}

# text_of NAME…: their values, or the files that these name.
text_of() {
	local name
	for name; do
		if [[ -f ${cfg[$name]} ]]; then
			printf '%s\n' "$(<"${cfg[$name]}")"
		else
			printf '%s\n' "${cfg[$name]}"
		fi
	done
}
