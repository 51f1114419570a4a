# shellcheck shell=bash
# scenario: finds and reads a scenario, a shell file of  export LLMDBENCH_NAME=VALUE  lines.
#
# It is somebody's shell: here-documents, $(mktemp), "~" and all.  So it is read by the shell, in a process of its
# own that sees the defaults of setup/env.sh; only LLMDBENCH_* comes back from it, and nothing goes to a file on
# the way, since a scenario may hold a token.  Needs base.

# shellcheck disable=SC2154 # top is base's
# shellcheck disable=SC2034 # scenario_file and said are for the caller

declare -A said=() # what the scenario says

# find_scenario NAME: set scenario_file to the file of that path or name; to nothing when NAME is empty.
find_scenario() {
	local name=${1%.sh}
	scenario_file=
	[[ -n $1 ]] || return 0
	name=${name%.sh}
	case $name in
	/*) is_scenario "$name.sh" || is_scenario "$1" || no_scenario "$1" ;;
	*/*) is_scenario "$name.sh" || is_scenario "$1" || in_scenarios "$1" "$name" ;;
	*) in_scenarios "$1" "$name" ;;
	esac
	scenario_file=$(readlink -f -- "$scenario_file")
	[[ -r $scenario_file ]] || die 2 "Scenario file \"$1\" cannot be read: $scenario_file"
}

# is_scenario FILE: set scenario_file to it if it is there.
is_scenario() {
	[[ -f $1 ]] || return 1
	scenario_file=$1
}

# in_scenarios SAID NAME: look for NAME.sh in scenarios/, then by its last part below it, then in this directory.
in_scenarios() {
	local file found=()
	! is_scenario "$top/scenarios/$2.sh" || return 0
	while IFS= read -r file; do
		[[ ${file##*/} != "${2##*/}.sh" ]] || found+=("$file")
	done < <(find "$top/scenarios" -name '*.sh' -type f | sort)
	case ${#found[@]} in
	0) is_scenario "$2.sh" || is_scenario "$1" || no_scenario "$1" ;;
	1) scenario_file=${found[0]} ;;
	*) die 2 "Scenario file \"$1\" is one of ${#found[@]}: ${found[*]#"$top/"}; give its path" ;;
	esac
}

no_scenario() {
	local names name=${1##*/}
	mapfile -t names < <(find "$top/scenarios" -name '*.sh' -type f -printf '%f\n' | sort)
	names=("${names[@]%.sh}")
	nearest "${name%.sh}" "${names[@]}"
	die 2 "Scenario file \"$1\" could not be found.${nearest:+ Did you mean $nearest?} (In scenarios/ there are: ${names[*]})"
}

# read_scenario FILE [DIR]: set said[] to what FILE changes of LLMDBENCH_*, names without that.  Its temporary
# files are made in DIR; without DIR in a directory that goes at once.
read_scenario() {
	local pair name ended=false message
	local -A before=()
	[[ $(head -c 3 -- "$1" | od -An -tx1) != ' ef bb bf' ]] ||
		die 2 "$1: it begins with a byte order mark: take that out: $(quoted sed -i '1s/^\xef\xbb\xbf//' "$1")"
	! grep -q $'\r$' -- "$1" || die 2 "$1: its lines end in CR LF: take the CRs out: $(quoted sed -i 's/\r$//' "$1")"
	message=$(bash -n -- "$1" 2>&1) || die 2 "${message//$'\n'/; }"
	said=()
	while IFS= read -r -d '' pair; do
		name=${pair%%=*}
		case $name in
		*:) ;; # a variable that is called LLMDBENCH_
		before:*) before[${name#*:}]=${pair#*=} ;;
		after:*) [[ ${before[${name#*:}]-} == "${pair#*=}" ]] || said[${name#*:}]=${pair#*=} ;;
		ended)
			ended=true
			break # what it left running in the background holds the pipe open
			;;
		esac
	done < <(scenario_values "$@")
	$ended || die 2 "$1: it leaves the shell before its end (exit, or an error that ends a shell)"
}

# scenario_values FILE [DIR]: source FILE, and write what there was and what there is then, each with a NUL behind.
scenario_values() {
	local scratch
	trap - INT TERM
	if [[ -n ${2-} ]]; then
		exec 2>/dev/null # it is the second time: what it says has been said
		(values_of "$1" "$2")
	else
		scratch=$(mktemp -d)
		trap 'rm -rf -- "'"$scratch"'"' EXIT
		(values_of "$1" "$scratch")
	fi
}

# values_of FILE DIR: in a process of its own, since whatever FILE sets is set.
values_of() {
	set +euo pipefail
	exec 9>&1 1>&2 </dev/null
	set -a
	TMPDIR=$2
	# shellcheck source=setup/env.sh
	. "$top/setup/env.sh"
	all_values before >&9
	source_scenario "$1"
	{ builtin set +x; } 2>/dev/null # a trace from here on would show a token
	all_values after >&9
	builtin printf 'ended=\0' >&9
}

# source_scenario FILE: without arguments, and without our descriptor.
source_scenario() {
	local _scenario=$1
	shift "$#"
	# shellcheck disable=SC1090 # any file
	{ . "$_scenario"; } 9>&-
}

# all_values WHEN: each LLMDBENCH_* as WHEN:NAME=VALUE.
all_values() {
	local _name
	for _name in "${!LLMDBENCH_@}"; do
		builtin printf '%s:%s=%s\0' "$1" "${_name#LLMDBENCH_}" "${!_name}"
	done
}
