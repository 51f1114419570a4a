# shellcheck shell=bash disable=SC2016 # programs of other shells
# For tests of the settings: what the scripts of a stack do with flags, scenario and environment.

# resolve SCRIPT FLAG…: settle it in the tree $TREE ($TOP), as that script does; the work directory is ./work unless
# $WORK is another or "-".
resolve() {
	local work=${WORK-$PWD/work}
	[ "$work" != - ] || work=
	run --separate-stderr env ${work:+LLMDBENCH_CONTROL_WORK_DIR="$work"} bash -c '
		set -euo pipefail
		. "$1/scripts/lib/settings.sh"
		. "$1/scripts/lib/stackflags.sh"
		usage=-
		stack_options "$2"
		parse_options "${@:3}"
		flag_values
		resolve_settings "$2"
		printf "%s\n" "$work"' "$1.sh" "${TREE-$TOP}" "$@"
}

# given NAME [WORK]: its value and where that comes from.
given() {
	jq -r --arg name "$1" '"\(.values[$name]) (\(.origin[$name]))"' "${2-work}/environment/settings.json"
}
