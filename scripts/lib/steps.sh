# shellcheck shell=bash
# steps: which steps a standup is made of (setup/steps/steps.tsv), and which of them -s names.  Needs base.

# shellcheck disable=SC2034 # the tables are for those that source this
# shellcheck disable=SC2154 # top is base's

step_numbers=() # in their order
declare -A step_name=() step_method=()
chosen_steps=()

# read_steps: the table.
read_steps() {
	local number name method
	while IFS=$'\t' read -r number name method _; do
		[[ -n $number && $number != '#'* ]] || continue
		step_numbers+=("$number")
		step_name[$number]=$name
		step_method[$number]=$method
	done <"$top/setup/steps/steps.tsv"
}

# choose_steps LIST: set chosen_steps to what LIST names, each once, in the table's order: numbers, ranges and names by
# comma; all of them when it is empty.
choose_steps() {
	local word number words
	local -A wanted=()
	IFS=, read -r -a words <<<"${1//[[:space:]]/}"
	for word in "${words[@]}"; do
		if [[ $word =~ ^([0-9]{1,2})(-([0-9]{1,2}))?$ ]]; then
			range "$word" "${BASH_REMATCH[1]}" "${BASH_REMATCH[3]:-${BASH_REMATCH[1]}}"
		else
			by_name "$word"
		fi
	done
	chosen_steps=()
	for number in "${step_numbers[@]}"; do
		[[ -n $1 && -z ${wanted[$number]-} ]] || chosen_steps+=("$number")
	done
}

# range SAID FROM TO: want these.
range() {
	local n number
	((10#$2 <= 10#$3)) || bad_usage "--step: $1: from a step to an earlier one"
	for ((n = 10#$2; n <= 10#$3; n++)); do
		printf -v number '%02d' "$n"
		[[ -n ${step_name[$number]-} ]] || bad_usage "--step: $1: there is no step $number (there are 00 to ${step_numbers[-1]})"
		wanted[$number]=true
	done
}

# by_name WORD: the same for NAME or NUMBER_NAME.
by_name() {
	local number
	for number in "${step_numbers[@]}"; do
		case $1 in
		"${step_name[$number]}" | "${number}_${step_name[$number]}" | "$number-${step_name[$number]}")
			wanted[$number]=true
			return
			;;
		esac
	done
	nearest "$1" "${step_name[@]}"
	bad_usage "--step: $1: no such step${nearest:+; did you mean $nearest?}"
}

# step_is_chosen NUMBER
step_is_chosen() {
	[[ " ${chosen_steps[*]} " == *" $1 "* ]]
}
