# shellcheck shell=bash
# treatments: experiment files, and what a treatment changes: variables of a scenario, or keys of a profile.
# Sets experiment_file, experiment, treatments (one JSON object each: {n, name, values}) and changes.

# shellcheck source=scripts/lib/plan.sh
. "${BASH_SOURCE[0]%/*}/plan.sh"

experiment_file='' experiment='{}' experiment_where='{}'
treatments=() changes=()

# find_experiment NAME: set experiment_file: a path, or a name in scenarios/stacks, with or without .yaml.
find_experiment() {
	local file names
	for file in "$1" "$1.yaml" "$top/scenarios/stacks/$1.yaml" "$top/scenarios/stacks/$1"; do
		[[ -f $file && $file == *.y*ml ]] || continue
		experiment_file=$file
		return
	done
	mapfile -t names < <(experiment_names)
	nearest "${1%.y*ml}" "${names[@]}"
	die 2 "--experiment $1: no such experiment file${nearest:+; did you mean $nearest?} (there are: ${names[*]})"
}

experiment_names() {
	local file
	for file in "$top"/scenarios/stacks/*.yaml; do
		file=${file##*/}
		[[ $file == schema.yaml ]] || printf '%s\n' "${file%.yaml}"
	done
}

# read_experiment NAME: set experiment and where its keys stand.  Without a NAME there is one treatment of nothing.
read_experiment() {
	[[ -n $1 ]] || return 0
	find_experiment "$1"
	experiment=$(yaml2json --schema "$top/scenarios/stacks/schema.yaml" "$experiment_file")
	experiment_where=$(yaml2json --where "$experiment_file")
}

# read_treatments PART: set treatments to those of setup or run, in the file's order.
read_treatments() {
	local lines
	lines=$(jq -c --arg part "$1" --argjson where "$experiment_where" -f "$top/scripts/lib/treatments.jq" <<<"$experiment")
	# shellcheck disable=SC2034 # for the caller
	mapfile -t treatments <<<"$lines"
}

# treatment_suffix TREATMENT: set suffix to "_<name>", or to nothing when there is only one, of nothing.
treatment_suffix() {
	# shellcheck disable=SC2034 # for the caller
	suffix=$(jq -r 'if .n == 0 then "" else "_\(.name)" end' <<<"$1")
}

# treat_scenario TREATMENT SCENARIO OUT: a copy of the scenario that says the treatment's values.  A line that sets one of
# those variables is replaced, so that what is made of it further down is right; all are said again at the end, so that
# they hold whatever the file does.  _treatment_nr stands for the treatment's name.
treat_scenario() {
	local line name value number
	local -A values=()
	number=$(jq -r .name <<<"$1")
	while IFS= read -r -d '' name && IFS= read -r -d '' value; do
		printf -v "values[$name]" '%q' "$value"
	done < <(jq -j '.values | to_entries[] | "\(.key)\u0000\(.value)\u0000"' <<<"$1")
	{
		while IFS= read -r line || [[ -n $line ]]; do
			if replaces "$line"; then line="export $name=${values[$name]}"; fi
			printf '%s\n' "${line//_treatment_nr/_$number}"
		done <"$2"
		for name in "${!values[@]}"; do
			printf 'export %s=%s\n' "$name" "${values[$name]}"
		done | sort
	} >"$3"
}

# replaces LINE: is it one assignment of a variable of the treatment, and nothing else?  Sets name.
replaces() {
	local word='[^[:blank:];&|<>()"'"\\'"'`\\]*' double='"[^"\\`]*"' single="'[^']*'"
	[[ $1 =~ ^[[:blank:]]*(export[[:blank:]]+)?(LLMDBENCH_[A-Z0-9_]+)=($word|$double|$single)[[:blank:]]*(#.*)?$ ]] || return 1
	name=${BASH_REMATCH[2]}
	[[ -n ${values[$name]+set} ]]
}

# profile_changes SOURCE VALUES: add to changes, as options of yaml2json, what VALUES (JSON) set in the profile of find_profile.
profile_changes() {
	local profile answer words
	[[ $2 != '{}' ]] || return 0
	profile=$(yaml2json "${changes[@]}" "$profile_file")
	words=$(yaml2json "$schema")
	answer=$(jq -c --argjson schema "$words" --argjson values "$2" --arg source "$1" \
		-f "$top/scripts/lib/overrides.jq" <<<"$profile")
	known_keys "$1" "$answer"
	while IFS= read -r -d '' words; do
		changes+=(--set "$words")
	done < <(jq -j '.[] | "\(.)\u0000"' <<<"$answer")
}

# known_keys SOURCE ANSWER: a key of ANSWER that no profile can have ends the script.
known_keys() {
	local words
	mapfile -t words < <(jq -r 'map(objects)[0] // empty | .unknown, .known[]' <<<"$2")
	((${#words[@]})) || return 0
	nearest "${words[@]}"
	die 2 "$1: ${words[0]}: no key of a profile ends so${nearest:+; did you mean $nearest?}"
}

# overrides TEXT: set overridden to what --overrides says, as JSON.
overrides() {
	overridden=$(jq -cn --arg text "$1" '$text' | jq -c -f "$top/scripts/lib/overridden.jq")
}

# render_profile NAME TREATMENT TEXT OUT: the profile with --overrides TEXT and then the treatment, whole, in OUT: files that
# it names beside itself by their own paths.
render_profile() {
	local json key file
	find_profile "$1"
	changes=()
	overrides "$3"
	profile_changes --overrides "$overridden"
	profile_changes "treatment $(jq -r .name <<<"$2")" "$(jq -c .values <<<"$2")"
	json=$(yaml2json --schema "$schema" "${changes[@]}" "$profile_file")
	for key in prompts.file prompts.words load_test.schedule; do
		file=$(find_file "$key" "$json")
		[[ -z $file ]] || json=$(jq -c --arg file "$file" ".$key = \$file" <<<"$json")
	done
	{
		jq -r '"#treatment_\(.name).txt"' <<<"$2"
		jq . <<<"$json"
	} >"$4"
}
