# shellcheck shell=bash
# cluster: the URL of a service that Kubernetes knows.

# shellcheck source=scripts/lib/target.sh
. "${BASH_SOURCE[0]%/*}/target.sh"
# shellcheck source=scripts/lib/reach.sh
. "${BASH_SOURCE[0]%/*}/reach.sh"

kubectl=(kubectl) # and what chooses the cluster

# use_cluster: the one that --context or --kubeconfig names, else the current one.
use_cluster() {
	kubectl=(kubectl)
	[[ -z ${opt[kubeconfig]-} ]] || kubectl+=(--kubeconfig "${opt[kubeconfig]}")
	[[ -z ${opt[context]-} ]] || kubectl+=(--context "${opt[context]}")
}

# shellcheck disable=SC2034 # why is for the caller
# why_no_cluster: set why to the reason why no cluster can be asked, or to nothing.
why_no_cluster() {
	why=''
	if ! command -v kubectl >/dev/null; then
		why="kubectl is not installed"
	elif ! "${kubectl[@]}" --request-timeout=10s version >/dev/null 2>&1; then
		why="no cluster answers"
	fi
}

# cluster_url NAMESPACE SERVICE: set url to that of the InferenceService, else of the Service.
cluster_url() {
	local object="inferenceservice $1/$2"
	command -v kubectl >/dev/null ||
		die 3 "$object: kubectl is not installed: install it, or measure a server with --url"
	if ask_cluster "$object" get inferenceservice "$2" -n "$1" -o json; then
		service_url "$object" "$1" "$2"
	elif ask_cluster "service $1/$2" get service "$2" -n "$1" -o json; then
		reach_service "$1" "$2"
	else
		not_ready "$object" "there is no such InferenceService, and no such Service" "$1"
	fi
}

# ask_cluster OBJECT ARGUMENT…: set answer to what kubectl says; status 1 when there is no
# such object (or kind of object); everything else that goes wrong ends the script.
ask_cluster() {
	local object=$1 status=0
	shift
	debug "$(quoted "${kubectl[@]}" --request-timeout=10s "$@")"
	answer=$("${kubectl[@]}" --request-timeout=10s "$@" 2>&1) || status=$?
	((status != 0)) || return 0
	case $answer in
	*NotFound* | *"not found"* | *"doesn't have a resource type"*) return 1 ;;
	*Forbidden* | *forbidden* | *Unauthorized* | *"must be logged in"*) denied "$object" "${answer##*$'\n'}" ;;
	*) no_connection "$object" "the cluster did not answer: ${answer##*$'\n'}" ;;
	esac
}

# service_url OBJECT NAMESPACE SERVICE: set url to that of the InferenceService in answer when
# it is ready; else say why it is not.
service_url() {
	local ready killed=''
	ready=$(jq -r '[.status.conditions[]? | select(.type == "Ready")][0] | "\(.status) \(.message // .reason // "not ready")"' <<<"$answer")
	url=$(jq -r '.status.url // ""' <<<"$answer")
	if [[ $ready == True* && -n $url ]]; then
		clean_url "$url"
		return
	fi
	if ask_cluster "pods of $1" get pods -n "$2" -l "serving.kserve.io/inferenceservice=$3" -o json; then
		killed=$(jq -r '[.items[]? | .metadata.name as $pod | .status.containerStatuses[]?
			| select([.state, .lastState][].terminated.reason? == "OOMKilled") | $pod][0] // ""' <<<"$answer")
	fi
	[[ -z $killed ]] || no_memory "pod $2/$killed" "a container was killed (OOMKilled)"
	not_ready "$1" "${ready#* }" "$2"
}
