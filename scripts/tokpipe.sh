#!/usr/bin/env bash
# tokpipe.sh: the front command: "tokpipe COMMAND ARG..." is bench.sh, or the script of that name at the top of
# the tree, beside this file, or in setup.  It does nothing itself; called as bin/tokpipe, or as the installed tokpipe.
set -euo pipefail

found=$(type -P "${0##*/}" || true) # before base.sh puts the programs of the tree first
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=scripts/lib/base.sh
. "$here/lib/base.sh"

usage='COMMAND [ARG...]'
# shellcheck disable=SC2034 # for the option parser
about='Benchmarks for LLM inference.  Each command says with --help what it takes.'

# commands: their names, bench first, those of a stack last.
commands() {
	local file
	printf 'bench\n'
	for file in "$here"/*.sh; do
		file=${file##*/}
		[[ $file == tokpipe.sh ]] || printf '%s\n' "${file%.sh}"
	done
	for file in standup run teardown e2e; do
		[[ ! -f $top/$file.sh && ! -f $top/setup/$file.sh ]] || printf '%s\n' "$file"
	done
}

# script_of COMMAND: set script to its file, or to nothing.
script_of() {
	script=$here/$1.sh
	case $1 in
	bench | run | e2e) script=$top/$1.sh ;;
	standup | teardown) script=$top/setup/$1.sh ;;
	esac
	[[ $1 =~ ^[a-z][a-z0-9-]*$ && $1 != tokpipe && -f $script ]] || script=''
}

# list: each command, with what it says about itself.
list() {
	local name script
	printf 'Commands:\n'
	while read -r name; do
		script_of "$name"
		printf '  %-12s %s\n' "$name" "$(sed -n "s/^about='\(.*\)'\$/\1/; T; s/ ([^)]*)//; p" "$script")"
	done < <(commands)
	printf 'The filters are programs of their own; tokpipe(7) shows how they fit together.\n'
}

main() {
	local names script as=$0
	[[ ${1-} != help || $# -eq 1 ]] || set -- "$2" --help
	case ${1-} in
	help) set -- --help ;;
	-* | '') ;;
	*)
		script_of "$1"
		mapfile -t names < <(commands)
		nearest "$1" "${names[@]}"
		[[ -n $script ]] || bad_usage "$1: no such command${nearest:+; did you mean $nearest?} (there are: ${names[*]})"
		[[ $found != "$0" ]] || as=${0##*/}
		TOKPIPE_AS="$as $1" exec "$script" "${@:2}"
		;;
	esac
	# shellcheck disable=SC2034 # for the option parser
	notes=$(list)
	parse_options "$@"
	bad_usage "which command?"
}

main "$@"
