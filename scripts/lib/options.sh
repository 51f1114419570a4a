# shellcheck shell=bash
# options: the one option parser of all scripts.  Needs log.
#
# A script sources this, then sets  usage  (what follows its name), about (one sentence), options (an array of
# "[LETTER,]NAME[ VALUE]<TAB>help"; a VALUE that ends in "..." may be given many times, of others the last one counts)
# and perhaps notes, aliases[OTHER NAME]=NAME and shown_default[NAME], then calls  parse_options "$@".  That fills
# opt[NAME]  (true for a flag; repeated values one per line) and  operands.  A value is  --NAME V, --NAME=V, -x V  or
# -x=V, in which all that follows the first "=" belongs to it.  --help and --version work before anything is installed.

# shellcheck disable=SC2154 # tool is log's

# shellcheck source=scripts/lib/words.sh
. "${BASH_SOURCE[0]%/*}/words.sh"

usage='' about='' notes=''
options=()
declare -A opt=() aliases=() shown_default=()
operands=()

parse_options() {
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
		--* | -[A-Za-z0-9] | -[A-Za-z0-9]=*)
			take_option "$@"
			shift "$taken"
			;;
		-?*) bad_usage "unknown option $1" ;;
		*)
			operands+=("$1")
			shift
			;;
		esac
	done
}

# take_option WORD…: the option that these begin with; sets taken to how many of them it is.
take_option() {
	local said=${1%%=*} value
	taken=1
	find_option "$said"
	if [[ -z $option_value ]]; then
		[[ $1 != *=* ]] || bad_usage "$said takes no value"
		value=true
	elif [[ $1 == *=* ]]; then
		value=${1#*=}
	else
		# STR: words that are another program's options
		[[ $# -gt 1 && ($2 != --* || $option_value == STR) ]] || bad_usage "$said: a value is missing ($option_value)"
		value=$2
		taken=2
	fi
	set_option "$option_name" "$value"
}

# split_option LINE: set option_letter, option_name and option_value (empty for a flag) to what it says.
split_option() {
	local line=${1%%$'\t'*}
	option_letter='' option_value=''
	[[ $line != ?,* ]] || option_letter=${line:0:1} line=${line:2}
	option_name=${line%% *}
	[[ $line != *' '* ]] || option_value=${line#* }
}

# find_option --NAME or -X: set what split_option sets.
find_option() {
	local line name=${1#--} names=()
	name=${aliases[${name:-.}]-$name}
	for line in "${options[@]}"; do
		split_option "$line"
		[[ $option_name != "$name" && -$option_letter != "$1" ]] || return 0
		names+=("$option_name")
	done
	[[ $1 == --* ]] || bad_usage "unknown option $1"
	nearest "$name" "${names[@]}" help version
	bad_usage "unknown option --$name${nearest:+; did you mean --$nearest?}"
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
	local line words
	printf 'usage: %s %s\n\n%s\n\n' "$tool" "$usage" "$about"
	for line in "${options[@]}" $'help\tprint this and exit' $'version\tprint the version and exit'; do
		split_option "$line"
		words="${option_letter:+-$option_letter, }--$option_name${option_value:+ $option_value}"
		printf '  %-26s %s%s\n' "$words" "${line#*$'\t'}" \
			"${shown_default[$option_name]:+ (default: ${shown_default[$option_name]})}"
	done
	[[ -z $notes ]] || printf '\n%s\n' "$notes"
}

program_version() {
	local tree
	tree=${BASH_SOURCE[0]%/*}/../..
	if [[ -e $tree/version ]]; then # installed
		printf '%s\n' "$(<"$tree/version")"
	else
		sed -n 's/^VERSION = //p' "$tree/Makefile"
	fi
}
