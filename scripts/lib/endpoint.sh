# shellcheck shell=bash
# endpoint: what the load is for: the Service of a stack, or any Service or pod whose name has a word in it, and the
# models that it serves.  Nothing of it has to be ours.  Needs the settings, the cluster and the stack's id.

# shellcheck source=scripts/lib/stack.sh
. "${BASH_SOURCE[0]%/*}/stack.sh"

endpoint_kind='' # service or pod
endpoint_name=''
endpoint_port=''
endpoint_url='' # as pods of the cluster see it
served=()       # the names of its models

# find_endpoint WORD MODEL: set all of it for a method, standalone or a part of a name; MODEL is one of the stack (models.jq), or {}.
find_endpoint() {
	local name words
	name=$(jq -r '.name // ""' <<<"$2")
	served=()
	if $dry_run; then
		dry_endpoint "$1" "$name"
		return
	fi
	for endpoint_kind in service pod; do
		[[ $endpoint_kind == service || $1 != standalone ]] || continue
		kube_read get "$endpoint_kind" -n "$namespace" -o json || answer='{"items":[]}'
		words=$(jq -c --arg word "$1" --arg stack "$stack_id" --arg name "$name" -f "$top/scripts/lib/endpoint.jq" <<<"$answer")
		[[ $words == '{}' ]] || break
	done
	[[ $words != *'"several"'* ]] ||
		die 2 "-t $1: several in namespace $namespace: $(jq -r '.several | join(", ")' <<<"$words"): say the whole name of one"
	[[ $words != '{}' ]] || no_endpoint "$1"
	use_endpoint "$words"
	debug "$endpoint_kind $namespace/$endpoint_name: $endpoint_url"
}

# use_endpoint JSON: what endpoint.jq found.
use_endpoint() {
	local host
	IFS=$'\t' read -r endpoint_name endpoint_port host < <(jq -r '[.name, .port, .host // ""] | @tsv' <<<"$1")
	[[ -n $endpoint_port ]] || trouble 3 "Service not ready" "$endpoint_kind $namespace/$endpoint_name" "it has no port" \
		"Choose another one with -t"
	endpoint_url=http://${host:-$endpoint_name.$namespace${cfg[VLLM_COMMON_FQDN]}}:$endpoint_port
}

# dry_endpoint WORD NAME: what it will be called, as far as that is known without a cluster.
dry_endpoint() {
	endpoint_kind=service
	[[ $1 == standalone ]] || info "which Service or pod has $1 in its name is found in the cluster"
	use_endpoint "$(jq -cn --arg name "$([[ $1 == standalone ]] && printf %s "$2" || printf %s "$1")" '{$name, port: 80}')"
}

no_endpoint() {
	local names what="no Service or pod of namespace $namespace has \"$1\" in its name"
	[[ $1 != standalone ]] || what="namespace $namespace has no Service of this stack, and none with standalone in its name"
	kube_read get services -n "$namespace" -o name || answer=
	names=${answer//service\//}
	names=${names:-none}
	trouble 3 "Service not ready" "stack $stack_name" "$what (Services there: ${names//$'\n'/, })" \
		"Stand it up: setup/standup.sh -p $namespace" "Or name another namespace with -p, or a Service with -t"
}

# ask_served: set served to what its /v1/models lists, through the API server; to nothing where we may not ask.
ask_served() {
	local status=0 object="$endpoint_kind $namespace/$endpoint_name"
	local path=/api/v1/namespaces/$namespace/${endpoint_kind}s/$endpoint_name:$endpoint_port/proxy/v1/models
	! $dry_run || return 0
	debug "$(quoted "${kubectl[@]}" get --raw "$path")"
	attempt "${kubectl[@]}" --request-timeout=10s get --raw "$path" </dev/null || status=$?
	if ((status == 0)); then
		mapfile -t served < <(jq -r '.data[].id' <<<"$answer")
		return
	fi
	case $complaint in
	*"no endpoints available"*) trouble 3 "Service not ready" "$object" "it has no pod that is ready" "Check: kubectl get pods -n $namespace" ;;
	*"(NotFound)"*) trouble 3 "Service not ready" "$object" "$endpoint_url/v1/models is not there" \
		"Is it an OpenAI-compatible server?  Choose another one with -t" ;;
	*orbidden*) warn "$object: its models are not known: $complaint" ;;
	*) refused "$object" ;;
	esac
}

# choose_served MODEL: set model to MODEL, which it has to serve, or when that is empty to the only one that it serves.
choose_served() {
	local list="${served[*]}" object="$endpoint_kind $namespace/$endpoint_name"
	model=$1
	if [[ -n $model ]]; then
		((${#served[@]} == 0)) || [[ " $list " == *" $model "* ]] || trouble 3 "Service not ready" "$object" \
			"it serves ${list// /, }, not $model" "Check -m, and that no other stack answers under this name"
		return
	fi
	case ${#served[@]} in
	1) model=${served[0]} ;;
	0) die 2 "$object: name its model with -m" ;;
	*) die 2 "$object: it serves several models: choose with -m: ${list// /, }" ;;
	esac
}
