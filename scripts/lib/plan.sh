# shellcheck shell=bash
# plan: from the flags and the profile to the workload that runs.  Flags go over the profile
# as yaml2json --set, so that the schema checks both; defaults are filled in by workload.jq.

# shellcheck source=scripts/lib/base.sh
. "$(dirname "${BASH_SOURCE[0]}")/base.sh"

schema=$top/scenarios/profiles/schema.yaml
profile_file=''
sets=()

# What a user may say about the load, in every script that takes a profile.
# shellcheck disable=SC2034 # for them
load_options=(
	$'profile P\tname or path of a workload profile (standard)'
	$'requests N\thow many requests (profile, else 200)'
	$'concurrency C\thow many at a time (profile, else 10)'
	$'max-tokens N\tmost tokens in a reply (profile, else 100)'
	$'duration D\tend the run after this long: 30s, 5m'
	$'pattern NAME\tsteady, burst or ramp'
	$'rate R\trequests a second, whatever the server does'
	$'arrival NAME\tclosed, constant or poisson'
	$'max-in-flight N\twith a rate: at most so many at a time'
	$'warmup N\trequests before the run that count in no figure'
	$'seed N\tmakes the same requests again (profile, else 1)'
	$'prompts FILE\tprompts, one JSON object a line'
	$'input-tokens DIST\tmade-up prompts so long: 100, uniform:64-256, normal:100,20,max=200, lognormal:...'
	$'output-tokens DIST\tmost tokens in a reply, drawn for each request: as --input-tokens'
	$'turns DIST\tconversations of so many turns, with live replies'
	$'think D\tpause before each of their turns: 3s, or a distribution of ms'
	$'api NAME\topenai-chat or openai-completions'
	$'n N\tchoices in each reply'
	$'response-format FILE\task for replies of this form: a response_format, as JSON'
	$'tools FILE\toffer these tools: a JSON array'
	$'connect-timeout D\tlimit for connecting (10s)'
	$'first-timeout D\tlimit for the first event (120s)'
	$'timeout D\tlimit for the whole reply (none)'
	$'set KEY=VALUE...\tset any key of the profile, as in load_test.rate=5'
	$'assert BOUND...\ta bound such as ttft_ms.p95<=500; a missed one is exit status 5'
)

# find_profile NAME: set profile_file.  A path, a name of scenarios/profiles, or the
# runners/profiles/NAME.yaml of older command lines.
find_profile() {
	local name=$1 shipped=$top/scenarios/profiles/${1#runners/profiles/} file names
	for file in "$name" "$name.yaml" "$shipped.yaml" "$shipped"; do
		[[ -f $file && $file == *.y*ml ]] || continue
		profile_file=$file
		return
	done
	name=${name##*/}
	mapfile -t names < <(profile_names)
	nearest "${name%.yaml}" "${names[@]}"
	die 2 "--profile $1: no such profile${nearest:+; did you mean $nearest?} (there are: ${names[*]})"
}

profile_names() {
	local file
	while read -r file; do
		file=${file#"$top/scenarios/profiles/"}
		[[ $file == schema.yaml ]] || printf '%s\n' "${file%.yaml}"
	done < <(find "$top/scenarios/profiles" -name '*.yaml' | sort)
}

# profile_sets: set sets to the --set options that the flags amount to.
profile_sets() {
	local flag key line
	sets=()
	while read -r flag key; do
		[[ -n ${opt[$flag]-} ]] || continue
		case $flag in
		requests | concurrency | max-tokens | max-in-flight | n) whole "$flag" "${opt[$flag]}" 1 ;;
		warmup | seed) whole "$flag" "${opt[$flag]}" 0 ;;
		duration | timeout | *-timeout) seconds "$flag" "${opt[$flag]}" && whole=$seconds ;;
		prompts | response-format | tools) whole=$(realpath -- "${opt[$flag]}") ;;
		*) whole=${opt[$flag]} ;;
		esac
		sets+=(--set "$key=$whole")
	done <<'END'
requests load_test.requests
concurrency load_test.concurrency
duration load_test.duration_seconds
rate load_test.rate
arrival load_test.arrival
pattern load_test.pattern
warmup load_test.warmup_requests
seed load_test.seed
max-in-flight load_test.max_in_flight
connect-timeout load_test.connect_timeout_seconds
first-timeout load_test.first_event_timeout_seconds
timeout load_test.total_timeout_seconds
max-tokens request.max_tokens
output-tokens request.output_tokens
n request.n
response-format request.response_format
tools request.tools
api request.api
prompts prompts.file
input-tokens prompts.input_tokens
turns sessions.turns
think sessions.think_ms
END
	# Prompts and lengths come from one place: a flag for one undoes the profile's other.
	[[ -z ${opt["max-tokens"]-} ]] || sets+=(--set request.output_tokens=null)
	[[ -z ${opt["output-tokens"]-} ]] || sets+=(--set request.max_tokens=null)
	[[ -z ${opt[prompts]-} ]] || sets+=(--set prompts.input_tokens=null --set prompts.words=null)
	[[ -z ${opt["input-tokens"]-} ]] || sets+=(--set prompts.file=null)
	[[ -n ${opt[set]-} ]] || return 0
	while read -r line; do sets+=(--set "$line"); done <<<"${opt[set]}"
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
	said=$(genload -f - -n 0 2>&1 <<<"$1") || status=$?
	((status == 0)) || die "$status" "${said#genload: }"
}

# check_resources WORKLOAD: resources that Kubernetes could not read end the script now.
check_resources() {
	local text value command=(costcalc --prices /dev/null)
	while read -r value; do command+=(--memory "$value"); done < <(
		jq -r '.resources // {} | .requests, .limits | values | .[] | values' <<<"$1"
	)
	text=$("${command[@]}" 2>&1 </dev/null) || die 2 "$profile_file: resources: ${text#*--memory: }"
}

# typed: which of the flags that can end a run were typed, as JSON.
typed() {
	jq -cn --arg requests "${opt[requests]-}" --arg duration "${opt[duration]-}" \
		'{requests: ($requests != ""), duration: ($duration != "")}'
}

# resolve_workload: the profile and the flags as one resolved workload, on stdout.
resolve_workload() {
	local json file words
	profile_sets
	debug "$(quoted yaml2json --schema "$schema" "${sets[@]}" "$profile_file")"
	json=$(yaml2json --schema "$schema" "${sets[@]}" "$profile_file")
	json=$(inline_file response_format "$json")
	json=$(inline_file tools "$json")
	file=$(find_file prompts.file "$json")
	words=$(find_file prompts.words "$json")
	json=$(jq --argjson flags "$(typed)" --arg file "$file" --arg words "$words" \
		-f "$top/scripts/lib/workload.jq" <<<"$json")
	check_bounds "$json"
	check_requests "$json"
	check_resources "$json"
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
