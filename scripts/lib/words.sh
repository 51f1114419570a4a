# shellcheck shell=bash
# words: what options, names and settings have in common: the nearest name to a word that is none,
# and numbers and times as people write them.  whole and seconds need bad_usage of options.

# shellcheck disable=SC2034 # nearest, whole and seconds are results, for the caller

# nearest WORD NAME…: set nearest to the name that is fewest edits away, or to nothing when
# even that one is further than a third of WORD's length, rounded up.
nearest() {
	local word=$1 name best=$((${#1} / 3 + (${#1} % 3 > 0) + 1))
	nearest=
	shift
	for name; do
		((${#name} - ${#word} < best && ${#word} - ${#name} < best)) || continue
		edits "$word" "$name"
		((edits < best)) || continue
		best=$edits
		nearest=$name
	done
}

# edits A B: set edits to the Levenshtein distance.  What both begin and end with costs none.
edits() {
	local a=$1 b=$2 i j best previous above
	local -a row
	while [[ -n $a && ${a:0:1} == "${b:0:1}" ]]; do a=${a:1} b=${b:1}; done
	while [[ -n $a && -n $b && ${a: -1} == "${b: -1}" ]]; do a=${a%?} b=${b%?}; done
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
