# shellcheck shell=bash
# kinds: is a value of a variable what its kind in setup/variables.tsv wants?  Needs settings.

# shellcheck disable=SC2154 # cfg and kind_of are settings'
# shellcheck disable=SC2034 # expected is for the caller

number_words='expected a whole number, at least'

# wrong_kind NAME: set expected to what its value should be, or to nothing when it is that.
wrong_kind() {
	local value=${cfg[$1]} kind=${kind_of[$1]}
	expected=
	[[ -n $value ]] || return 0
	if [[ $kind == *'?' ]]; then
		[[ $value != NA ]] || return 0
		kind=${kind%'?'}
	fi
	case $kind in
	int | int:*) at_least "$value" "${kind#int}" ;;
	seconds) at_least "$value" :1 ;;
	port) [[ $value =~ ^[1-9][0-9]{0,4}$ ]] && ((value <= 65535)) || expected='expected a port, 1 to 65535' ;;
	bool) [[ $value == [01] ]] || expected='expected 1 or 0 (or true, false, yes, no)' ;;
	portion) [[ $value =~ ^(0?\.[0-9]+|1(\.0+)?)$ && $value =~ [1-9] ]] || expected='expected a number above 0, at most 1' ;;
	quantity) is_quantity "$value" || expected='expected a quantity such as 4, 500m or 40Gi' ;;
	json) is_json "$value" || expected='expected one JSON value' ;;
	choice:*) [[ ,${kind#*:}, == *,"$value",* ]] || expected="expected one of ${kind#*:}" ;;
	*) wrong_word "$value" "$kind" ;;
	esac
}

# at_least VALUE [:MINIMUM]
at_least() {
	local least=${2#:}
	[[ $1 =~ ^[0-9]{1,15}$ ]] && ((10#$1 >= ${least:-0})) || expected="$number_words ${least:-0}"
}

is_quantity() {
	[[ $1 =~ ^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][0-9]+)?$ ]]
}

# is_json VALUE: where that can be told; what needs jq asks for it later.
is_json() {
	type -P jq >/dev/null || return 0
	jq -e -s 'length == 1' <<<"$1" >/dev/null 2>&1
}

# wrong_word VALUE KIND: the kinds that are words.
wrong_word() {
	local word='[a-z0-9]([-a-z0-9]*[a-z0-9])?'
	case $2 in
	name) [[ ${#1} -le 253 && $1 =~ ^$word(\.$word)*$ ]] || expected='expected lower-case letters, digits and "-"' ;;
	namespace) [[ ${#1} -le 63 && $1 =~ ^$word$ ]] || expected='expected lower-case letters, digits and "-", at most 63' ;;
	label) [[ $1 == auto || $1 =~ ^[A-Za-z0-9][A-Za-z0-9._/-]*:[A-Za-z0-9._-]*$ ]] || expected='expected auto or KEY:VALUE' ;;
	url) [[ $1 == auto || $1 =~ ^https?://[^[:space:]]+$ ]] || expected='expected auto or https://host:port' ;;
	mount) [[ $1 == /?* ]] || expected='expected a path that begins with /' ;;
	tag) [[ $1 != auto ]] || expected='the newest tag of a registry is another one tomorrow: name one' ;;
	esac
}
