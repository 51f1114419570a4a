#!/usr/bin/env bash
# variables.sh: makes setup/env.sh and setup/VARIABLES.md from setup/variables.tsv, or says whether they are so.
# shellcheck disable=SC2016 # what it prints is shell and Markdown

set -euo pipefail

lib=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../scripts/lib
# shellcheck source=scripts/lib/settings.sh
. "$lib/settings.sh"

usage='{env | page | check | write}'
about='The defaults (env) or the page (page) of all variables, on stdout; write puts both into setup/, and check
says with status 1 which of them is another.'

# shell_env: the defaults as shell, to be sourced.
shell_env() {
	local name value
	printf '# shellcheck shell=bash\n%s\n%s\n%s\n\n' \
		'# env.sh: the default of every variable, made by variables.sh from variables.tsv: change that.' \
		'# What is set and not empty stays.  A default that follows from others is a comment: it is worked out' \
		'# after the scenario and the flags.'
	for name in "${variables[@]}"; do
		value=${default_of[$name]}
		[[ -n $value && ${scope_of[$name]} != o ]] || continue
		case $value in
		=*) printf '# LLMDBENCH_%s: $LLMDBENCH_%s\n' "$name" "${value#=}" ;;
		@*) printf '# LLMDBENCH_%s: %s\n' "$name" "$(said_default "$name")" ;;
		*@user*)
			printf 'export LLMDBENCH_%s="${LLMDBENCH_%s:-%s}"\n' "$name" "$name" "${value/@user/'$(id -un)'}"
			;;
		*) printf "export LLMDBENCH_%s=\${LLMDBENCH_%s:-'%s'}\n" "$name" "$name" "$value" ;;
		esac
	done
}

# said_default NAME: the default in words.
said_default() {
	case ${default_of[$1]} in
	=*) echo "that of ${default_of[$1]#=}" ;;
	@work) echo 'a new directory' ;;
	@epoch) echo 'seconds since 1970' ;;
	@version) echo 'this version' ;;
	@engine-tag) echo 'v0.10.2, or this version for an image of ours' ;;
	@stack) echo "the scenario's name, or default" ;;
	@cluster) echo 'from the URL of the cluster' ;;
	*) echo "${default_of[$1]/@user/USER}" ;;
	esac
}

# page: the table for people.
page() {
	cat "$top/setup/variables.md.in"
	rows 'For every method' '*'
	rows 'For method standalone' s
	rows 'For the load' r
	rows 'For the scripts' c
	rows 'For method modelservice, which is not here yet' m
	rows 'Without effect here' o
}

# rows TITLE SCOPE
rows() {
	local name default
	printf '\n## %s\n\n| LLMDBENCH_… | default | it is | it lands in |\n|---|---|---|---|\n' "$1"
	for name in "${variables[@]}"; do
		[[ ${scope_of[$name]} == "$2" ]] || continue
		default=$(said_default "$name")
		printf '| %s | %s | %s | %s |\n' "$name" "${default:+\`$default\`}" "${help_of[$name]//|/\\|}" \
			"$(landings "${lands_of[$name]//|/\\|}")"
	done
}

landings() {
	local place
	for place in $1; do printf '`%s` ' "$place"; done
}

main() {
	parse_options "$@"
	((${#operands[@]} == 1)) || bad_usage "what?  env, page, check or write"
	read_table
	case ${operands[0]} in
	env) out shell_env ;;
	page) out page ;;
	write)
		shell_env >"$top/setup/env.sh"
		page >"$top/setup/VARIABLES.md"
		;;
	check)
		[[ $(shell_env) == "$(<"$top/setup/env.sh")" ]] || die 1 "setup/env.sh: not what setup/variables.tsv makes: setup/variables.sh write"
		[[ $(page) == "$(<"$top/setup/VARIABLES.md")" ]] || die 1 "setup/VARIABLES.md: not what setup/variables.tsv makes: setup/variables.sh write"
		;;
	*) bad_usage "${operands[0]}: expected env, page, check or write" ;;
	esac
}

main "$@"
