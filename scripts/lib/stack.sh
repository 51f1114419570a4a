# shellcheck shell=bash
# stack: what is stood up together: its id, its namespaces and its models, in the work directory and in the memory of
# this machine.

# shellcheck source=scripts/lib/apply.sh
. "${BASH_SOURCE[0]%/*}/apply.sh"
# shellcheck source=scripts/lib/models.sh
. "${BASH_SOURCE[0]%/*}/models.sh"

stack_id=''
stack_name=''
namespace=''
harness_namespace=''
models=() # one JSON object each, as models.jq makes them

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
	same_cluster_as "$file"
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

# same_cluster_as FILE: a work directory belongs to one cluster; a dry run does not make it forget which.
same_cluster_as() {
	local there
	[[ -s $1 ]] || return 0
	there=$(jq -r '.cluster_uid // ""' "$1")
	if $dry_run; then
		cluster_uid=$there
		context=$(jq -r .context "$1")
		server=$(jq -r .server "$1")
	elif [[ -n $there && $there != "$cluster_uid" ]]; then
		die 2 "$work: it is of a stack in another cluster ($(jq -r .server "$1")), this is $server:" \
			"set LLMDBENCH_CONTROL_WORK_DIR to another directory"
	fi
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
