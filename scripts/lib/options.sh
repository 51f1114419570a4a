# shellcheck shell=bash
# options: the one option parser of all scripts.  Needs log.
#
# A script sources this, then sets  usage  (what follows its name), about (one sentence), options (an array of
# "NAME[ VALUE]<TAB>help"; a VALUE that ends in "..." may be given many times) and perhaps
# notes, then calls  parse_options "$@".  That fills  opt[NAME]  (true for a flag; repeated
# values one per line) and  operands.  --help and --version work before anything is installed.

# shellcheck disable=SC2154 # tool is log's

usage='' about='' notes=''
options=()
declare -A opt=()
operands=()
declare -A letters=([j]=processes) # where a script has that option

parse_options() {
	local name value
	while (($#)); do
		case $1 in
		--help | -h)
			out show_help
			exit 0
			;;
		--version | -V)
			out printf '%s (tokpipe) %s\n' "$tool" "$(program_version)"
			exit 0
			;;
		--)
			operands+=("${@:2}")
			return
			;;
		--*)
			name=${1#--}
			name=${name%%=*}
			find_option "$name"
			if [[ -z $option_value ]]; then
				[[ $1 != *=* ]] || bad_usage "--$name takes no value"
				value=true
			elif [[ $1 == *=* ]]; then
				value=${1#*=}
			else
				# STR: words that are another program's options
				[[ $# -gt 1 && ($2 != --* || $option_value == STR) ]] || bad_usage "--$name: a value is missing ($option_value)"
				value=$2
				shift
			fi
			set_option "$name" "$value"
			;;
		-[a-z])
			name=${letters[${1#-}]-}
			[[ -n $name && " ${options[*]}" == *" $name "* ]] || bad_usage "unknown option $1"
			set -- "--$name" "${@:2}"
			continue
			;;
		-?*) bad_usage "unknown option $1" ;;
		*) operands+=("$1") ;;
		esac
		shift
	done
}

# find_option NAME: set option_value to its VALUE word, empty for a flag.
find_option() {
	local line names=()
	for line in "${options[@]}"; do
		line=${line%%$'\t'*}
		names+=("${line%% *}")
		[[ ${line%% *} == "$1" ]] || continue
		option_value=${line#"$1"}
		option_value=${option_value# }
		return
	done
	nearest "$1" "${names[@]}" help version
	bad_usage "unknown option --$1${nearest:+; did you mean --$nearest?}"
}

set_option() {
	if [[ $option_value == *... && -n ${opt[$1]-} ]]; then
		opt[$1]+=$'\n'$2
	else
		opt[$1]=$2
	fi
}

bad_usage() {
	error "$*"
	printf 'usage: %s %s\n' "$tool" "$usage" >&2
	exit 2
}

show_help() {
	local line
	printf 'usage: %s %s\n\n%s\n\n' "$tool" "$usage" "$about"
	for line in "${options[@]}" $'help\tprint this and exit' $'version\tprint the version and exit'; do
		printf '  --%-24s %s\n' "${line%%$'\t'*}" "${line#*$'\t'}"
	done
	[[ -z $notes ]] || printf '\n%s\n' "$notes"
}

program_version() {
	local tree
	tree=$(dirname "${BASH_SOURCE[0]}")/../..
	if [[ -e $tree/version ]]; then # installed
		printf '%s\n' "$(<"$tree/version")"
	else
		sed -n 's/^VERSION = //p' "$tree/Makefile"
	fi
}

# nearest WORD NAME…: set nearest to the name that is fewest edits away, or to nothing when
# even that one is further than a third of WORD's length, rounded up.
nearest() {
	local word=$1 name best=$((${#1} / 3 + (${#1} % 3 > 0) + 1))
	nearest=
	shift
	for name; do
		edits "$word" "$name"
		((edits < best)) || continue
		best=$edits
		nearest=$name
	done
}

# edits A B: set edits to the Levenshtein distance.
edits() {
	local a=$1 b=$2 i j best previous above
	local -a row
	for ((j = 0; j <= ${#b}; j++)); do row[j]=$j; done
	for ((i = 1; i <= ${#a}; i++)); do
		previous=${row[0]}
		row[0]=$i
		for ((j = 1; j <= ${#b}; j++)); do
			above=${row[j]}
			best=$previous
			[[ ${a:i-1:1} == "${b:j-1:1}" ]] || best=$((best + 1))
			((above + 1 < best)) && best=$((above + 1))
			((row[j - 1] + 1 < best)) && best=$((row[j - 1] + 1))
			row[j]=$best
			previous=$above
		done
	done
	edits=${row[${#b}]}
}

# whole NAME VALUE MIN: set whole to that number ("10k" is 10000).
whole() {
	local value=$2
	[[ $value == *[0-9]k ]] && value=${value%k}000
	[[ $value == *[0-9]M ]] && value=${value%M}000000
	if [[ ! $value =~ ^[0-9]{1,15}$ ]] || ((10#$value < $3)); then
		bad_usage "--$1: $2: expected a whole number, at least $3"
	fi
	# shellcheck disable=SC2034 # the result, for the caller
	whole=$((10#$value))
}

# seconds NAME VALUE: set seconds from a time such as 10ms, 2s, 5m (a bare number: seconds).
seconds() {
	local number='([0-9]{1,9})(\.[0-9]{1,6})?' micros
	[[ $2 =~ ^${number}(us|ms|s|m|h)?$ ]] || bad_usage "--$1: $2: expected a time such as 500ms, 30s or 5m"
	micros=${BASH_REMATCH[2]#.}000000
	micros=$((10#${BASH_REMATCH[1]} * 1000000 + 10#${micros:0:6}))
	case ${BASH_REMATCH[3]} in
	us) micros=$((micros / 1000000)) ;;
	ms) micros=$((micros / 1000)) ;;
	m) micros=$((micros * 60)) ;;
	h) micros=$((micros * 3600)) ;;
	esac
	printf -v seconds '%d.%06d' $((micros / 1000000)) $((micros % 1000000))
	while [[ $seconds == *.*0 || $seconds == *. ]]; do seconds=${seconds%?}; done
}
