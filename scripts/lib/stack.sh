# shellcheck shell=bash
# stack: what is stood up together: its id, its models, and the ConfigMap in the cluster that says which it is, who works
# at it and since when.  That ConfigMap is made before everything else but the namespace, and goes last.

# shellcheck source=scripts/lib/kube.sh
. "$(dirname "${BASH_SOURCE[0]}")/kube.sh"
# shellcheck source=scripts/lib/models.sh
. "$(dirname "${BASH_SOURCE[0]}")/models.sh"

stack_id=''
stack_name=''
namespace=''
harness_namespace=''
models=()  # one JSON object each, as models.jq makes them
held=false # do we hold the lock?

# identify_stack: sets stack_name, namespace and stack_id, which follows from the two.
identify_stack() {
	local sum
	stack_name=${cfg[CONTROL_STACK]}
	namespace=${cfg[VLLM_COMMON_NAMESPACE]}
	harness_namespace=${cfg[HARNESS_NAMESPACE]}
	sum=$(printf '%s\n' "$namespace" "$stack_name" | sha256sum)
	stack_id=${sum:0:8}
}

# make_stack: write stack.json.
make_stack() {
	local made_by list file=$work/environment/stack.json
	identify_stack
	made_by=$(id -un)@$host_name
	list=$(models_json "${cfg[DEPLOY_MODEL_LIST]}")
	jq -n -f "$top/scripts/lib/stack.jq" --slurpfile settings "$work/environment/settings.json" --argjson models "$list" \
		--arg id "$stack_id" --arg name "$stack_name" --arg namespace "$namespace" --arg harness_namespace "$harness_namespace" \
		--arg context "$context" --arg server "$server" --arg cluster_uid "$cluster_uid" \
		--arg version "$(program_version)" --arg made_by "$made_by" --arg work "$work" >"$file.part" ||
		die 4 "$file: cannot be written"
	mv "$file.part" "$file"
	stack_models
}

# read_stack: what make_stack wrote, in a script that was called after it.
read_stack() {
	local file=$work/environment/stack.json
	[[ -f $file ]] || die 2 "$file: not there: setup/standup.sh makes it"
	identify_stack
	context=$(jq -r .context "$file")
	server=$(jq -r .server "$file")
	cluster_uid=$(jq -r .cluster_uid "$file")
	stack_models
	use_context
}

# stack_models: sets models.
stack_models() {
	mapfile -t models < <(jq -c '.models[]' "$work/environment/stack.json")
}

# simulated: do the engines read no weights?  Then nothing is downloaded, and no volume is needed.
simulated() {
	[[ ${cfg[VLLM_STANDALONE_IMAGE_NAME]} == *sim* ]]
}

# needs_download MODEL: does it come from Hugging Face?
needs_download() {
	! simulated && [[ $(of_model "$1" download) == true ]]
}

# downloads: does one of the models?
downloads() {
	local model
	for model in "${models[@]}"; do
		! needs_download "$model" || return 0
	done
	return 1
}

# of_model MODEL KEY: a value of it.
of_model() {
	jq -r --arg key "$2" '.[$key]' <<<"$1"
}

# holder: who we are: HOST/PID-NAMESPACE PID START USER.  Another machine, or another container on it, may have our pid.
holder() {
	local space
	space=$(readlink /proc/self/ns/pid)
	printf '%s/%s %s %s %s\n' "$host_name" "${space//[!0-9]/}" "$$" "$(started "$$")" "$(id -un)"
}

# stack_record STATE HOLDER [VERSION]: the ConfigMap, as JSON.  With VERSION it replaces that one and no later one.
stack_record() {
	jq -n -f "$top/scripts/lib/stack_record.jq" --slurpfile stack "$work/environment/stack.json" \
		--arg state "$1" --arg holder "$2" --arg version "${3-}" --arg since "$(printf '%(%s)T' -1)"
}

# lock_stack STATE: from now on, and until unlock_stack or our end, nobody else works at the stack.
lock_stack() {
	local turn file=$work/environment/record.json object=configmap/tokpipe-stack-$stack_id
	! $dry_run || return 0
	for turn in 1 2 3; do
		debug "lock: turn $turn"
		stack_record "$1" "$(holder)" >"$file"
		if attempt_write create "$file"; then
			held=true
			return
		fi
		kube_read get "$object" -n "$namespace" -o json || continue
		may_take "$answer"
		stack_record "$1" "$(holder)" "$(jq -r .metadata.resourceVersion <<<"$answer")" >"$file"
		if attempt_write replace "$file"; then
			held=true
			return
		fi
	done
	trouble 4 "Stack in use" "stack $stack_name in $namespace" "others work at it: its record changed three times" "Try again"
}

# attempt_write VERB FILE: status 1 when another one was quicker.
attempt_write() {
	local status=0
	note_command "${kubectl[@]}" "$1" -f "$2"
	attempt "${kubectl[@]}" --request-timeout=10s "$1" -f "$2" </dev/null || status=$?
	((status != 0)) || return 0
	[[ $complaint == *AlreadyExists* || $complaint == *Conflict* || $complaint == *"(NotFound)"* ]] || refused "the stack's record"
	return 1
}

# may_take RECORD: is it ours to change?  It is when nobody holds it, when the holder is dead, or when it was taken
# longer ago than anything may last.
may_take() {
	local state who pid start user since limit words
	jq -e --arg id "$stack_id" '.metadata.labels["tokpipe/stack"] == $id' <<<"$1" >/dev/null ||
		die 2 "configmap $namespace/tokpipe-stack-$stack_id: made by somebody else: choose another namespace or LLMDBENCH_CONTROL_STACK"
	IFS=$'\t' read -r state since who < <(jq -r '.data | [.state, .since, .holder // ""] | @tsv' <<<"$1")
	read -r who pid start user <<<"$who" || return 0
	[[ -n $who ]] || return 0
	limit=$((${cfg[VLLM_COMMON_TIMEOUT]%s} + 900))
	if [[ "$who $pid $start" == "$(holder | cut -d ' ' -f 1) "* ]] && ! alive "$pid" "$start"; then
		info "stack $stack_name: its last $(state_words "$state") (process $pid) was killed: going on from there"
		return 0
	fi
	(($(printf '%(%s)T' -1) - since <= limit)) || return 0
	words=$(state_words "$state")
	trouble 4 "Stack in use" "stack $stack_name in $namespace" \
		"another $words is under way since $(TZ=UTC printf '%(%FT%TZ)T' "$since") (host ${who%/*}, process $pid, user $user)" \
		"Wait until it is done, or choose another namespace or LLMDBENCH_CONTROL_STACK"
}

state_words() {
	case $1 in
	tearing-down) printf 'teardown\n' ;;
	*) printf 'standup\n' ;;
	esac
}

# unlock_stack STATE: nobody works at it any more; what we reached is STATE.  Where nobody answers it stays as it is: the
# next one sees that its holder is gone.
unlock_stack() {
	local patience=1 file=$work/environment/record.json
	$held || return 0
	held=false
	stack_record "$1" '' >"$file"
	note_command "${kubectl[@]}" replace -f "$file"
	attempt "${kubectl[@]}" --request-timeout=5s replace -f "$file" </dev/null ||
		warn "stack $stack_name: its record could not be written: ${complaint##*$'\n'}"
}

# registry_file: where this machine remembers the stack; nothing where it cannot.
registry_file() {
	local base=${XDG_STATE_HOME:-${HOME:+$HOME/.local/state}}
	[[ -z $base ]] || printf '%s/tokpipe/stacks/%s@%s.json\n' "$base" "$stack_id" "${cluster_uid:0:8}"
}

# register_stack: remember which cluster it is in, so that teardown in another one can say so.
register_stack() {
	local file
	file=$(registry_file)
	if [[ -n $file ]] && mkdir -p -- "${file%/*}" 2>/dev/null && cp -- "$work/environment/stack.json" "$file.$$" 2>/dev/null; then
		mv -- "$file.$$" "$file"
	else
		debug "this machine does not remember the stack: ${file:-no HOME} cannot be written"
	fi
}
