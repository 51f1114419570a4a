# shellcheck shell=bash
# plan: from the flags and the profile to the workload that runs.  The schema checks both;
# defaults are filled in by workload.jq.

# shellcheck source=scripts/lib/sets.sh
. "${BASH_SOURCE[0]%/*}/sets.sh"
# shellcheck source=scripts/lib/rules.sh
. "${BASH_SOURCE[0]%/*}/rules.sh"

schema=$top/scenarios/profiles/schema.yaml
profile_file=''

# find_profile NAME: set profile_file.  A path, a name of scenarios/profiles, or the
# runners/profiles/NAME.yaml of older command lines.
find_profile() {
	local name=$1 shipped=$top/scenarios/profiles/${1#runners/profiles/} file names
	for file in "$name" "$name.yaml" "$shipped.yaml" "$shipped"; do
		[[ -f $file && $file == *.y*ml ]] || continue
		profile_file=$file
		return
	done
	name=${name#runners/profiles/}
	mapfile -t names < <(profile_names)
	nearest "${name%.y*ml}" "${names[@]}"
	[[ -n $nearest ]] || nearest_last "${name%.y*ml}" "${names[@]}"
	die 2 "--profile $1: no such profile${nearest:+; did you mean $nearest?} (there are: ${names[*]})"
}

# nearest_last NAME PROFILE…: as nearest, by what stands behind their last slash.
nearest_last() {
	local word=${1##*/} names=("${@:2}") name found
	nearest "$word" "${names[@]##*/}"
	found=$nearest
	nearest=
	for name in "${names[@]}"; do
		[[ -z $found || ${name##*/} != "$found" ]] || nearest=$name
	done
}

profile_names() {
	local file
	while read -r file; do
		file=${file#"$top/scenarios/profiles/"}
		[[ $file == schema.yaml ]] || printf '%s\n' "${file%.yaml}"
	done < <(find "$top/scenarios/profiles" -name '*.yaml' | sort)
}

# check_bounds WORKLOAD: a bound that cannot be read ends the script now, not after the run.
check_bounds() {
	local text status=0 command=(runsum)
	while read -r text; do
		[[ -z $text ]] || command+=(--assert "$text")
	done < <(
		jq -r -f "$top/scripts/lib/bounds.jq" <<<"$1"
		printf '%s\n' "${opt[assert]-}"
	)
	text=$("${command[@]}" 2>&1 >/dev/null </dev/null) || status=$?
	((status != 2)) || die 2 "${text%%$'\n'*}"
}

# check_requests WORKLOAD: what genload cannot make ends the script now, not behind the first progress bar.
check_requests() {
	local said status=0
	said=$(genload -f - -n 0 2>&1 >/dev/null <<<"$1") || status=$?
	((status <= 1)) || die "$status" "${said#genload: }"
}

# check_resources WORKLOAD: resources that Kubernetes could not read end the script now.
check_resources() {
	local text value command=(costcalc --prices /dev/null)
	while read -r value; do command+=(--memory "$value"); done < <(
		jq -r '.resources // {} | .requests, .limits | values | .[] | values' <<<"$1"
	)
	text=$("${command[@]}" 2>&1 </dev/null) || die 2 "$profile_file: resources: ${text#*--memory: }"
}

# check_processes WORKLOAD: each process needs a share of what may be in flight.
check_processes() {
	local most what pods=${opt[pods]-1} senders flags='--processes'
	[[ -n ${opt[processes]-}${opt[pods]-} ]] || return 0
	whole processes "${opt[processes]-1}" 1
	[[ -z ${opt[processes]-} ]] || opt[processes]=$whole
	senders=$((whole * pods))
	((pods == 1)) || flags="--pods $pods with --processes"
	((senders <= 64)) || bad_usage "$flags: $whole: at most 64 processes in all"
	read -r most what < <(jq -r '.load_test | if .stages[0].rate == null and (.arrival | . == null or . == "closed") then "\(.concurrency) --concurrency"
		elif .max_in_flight then "\(.max_in_flight) --max-in-flight" else "" end' <<<"$1")
	[[ -z $most ]] || ((senders <= most)) || bad_usage "$flags $whole: more than $what $most: each needs a share of it"
}

# resolve_workload: the profile and the flags as one resolved workload, on stdout.
resolve_workload() {
	local json said file words schedule
	profile_sets
	debug "$(quoted yaml2json --schema "$schema" "${sets[@]}" "$profile_file")"
	json=$(yaml2json --schema "$schema" "${sets[@]}" "$profile_file")
	said=$json
	json=$(inline_file response_format "$json")
	json=$(inline_file tools "$json")
	file=$(find_file prompts.file "$json")
	words=$(find_file prompts.words "$json")
	schedule=$(find_file load_test.schedule "$json")
	json=$(jq --argjson flags "$(typed)" --arg file "$file" --arg words "$words" --arg schedule "$schedule" \
		-f "$top/scripts/lib/workload.jq" <<<"$json")
	check_bounds "$json"
	check_requests "$json"
	check_resources "$json"
	check_rules "$profile_file" "$said" "$json"
	printf '%s\n' "$json"
}

# inline_file KEY JSON: the workload on stdout, with what is in the JSON file that request.KEY
# names in its place: the run directory then holds all that was asked.
inline_file() {
	local file
	if [[ $(jq -r ".request.$1 | type" <<<"$2") != string ]]; then
		printf '%s\n' "$2"
		return
	fi
	file=$(find_file "request.$1" "$2")
	jq -e . "$file" >/dev/null || die 2 "request.$1: $file: not JSON"
	jq --slurpfile value "$file" ".request.$1 = \$value[0]" <<<"$2"
}

# find_file KEY JSON: the absolute path of the file that a key names: from here, from the
# profile's directory or from scenarios/.  Nothing when the key is not given.
find_file() {
	local name candidate
	name=$(jq -r ".$1 // \"\"" <<<"$2")
	[[ -n $name ]] || return 0
	for candidate in "$name" "$(dirname "$profile_file")/$name" "$top/scenarios/$name"; do
		[[ -f $candidate ]] || continue
		[[ -r $candidate ]] || die 2 "$1: $name: cannot be read"
		realpath -- "$candidate"
		return
	done
	die 2 "$1: $name: no such file"
}
