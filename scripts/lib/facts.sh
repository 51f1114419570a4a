# shellcheck shell=bash
# facts: what a cluster says of itself, asked many times at once and changed by nothing.  Each answer is a file NAME.json of
# the directory $facts: what kubectl printed, or {"error": the last line of what it complained of}.

# shellcheck disable=SC2154 # cfg, context, server, namespace and harness_namespace are settings', context's and stack's

# shellcheck source=scripts/lib/rights.sh
. "${BASH_SOURCE[0]%/*}/rights.sh"
# shellcheck source=scripts/lib/stack.sh
. "${BASH_SOURCE[0]%/*}/stack.sh"

facts=''
asking=() # the processes that do
# Where a Prometheus is looked for when not all Services may be listed.
monitoring_namespaces=(monitoring openshift-monitoring prometheus observability kube-prometheus-stack)

# fact NAME COMMAND…: in the background.
fact() {
	local file=$facts/$1
	shift
	debug "$(quoted "$@")"
	{
		trap 'kill "$child" 2>/dev/null' TERM
		timeout 20 "$@" >"$file.part" 2>"$file.err" </dev/null &
		child=$!
		if wait "$child" && jq -c . "$file.part" >"$file.json" 2>>"$file.err"; then
			rm -f "$file.part"
		else
			jq -Rs '{error: ([split("\n")[] | select(. != "")] | last // "no answer")}' "$file.err" >"$file.json"
		fi
	} &
	asking+=("$!")
}

# ask NAME ARGUMENT…: of kubectl.
ask() {
	fact "$1" "${kubectl[@]}" --request-timeout=10s "${@:2}"
}

# answered: wait for all of them.
answered() {
	local process
	for process in "${asking[@]}"; do
		wait "$process"
	done
	asking=()
}

# stop_asking: of a script that ends before that.
stop_asking() {
	((${#asking[@]} == 0)) || kill "${asking[@]}" 2>/dev/null || true
	answered 2>/dev/null || true
}

# is_known NAME: was it answered?
is_known() {
	jq -e 'type != "object" or has("error") == false' "$facts/$1.json" >/dev/null
}

# ask_first: whether anybody answers: server, then, is known.
ask_first() {
	fact server "${kubectl[@]}" --request-timeout=5s get --raw /version
	ask client version --client -o json
	answered
}

# ask_all: all that doctor.jq judges.
ask_all() {
	local ours=configmaps,deployments,jobs,pods,services,serviceaccounts,persistentvolumeclaims
	local selector=app.kubernetes.io/managed-by=tokpipe
	ask user auth whoami -o json
	ask groups get --raw /apis
	ask nodes get nodes -o json
	ask classes get storageclasses -o json
	ask drivers get csidrivers -o json
	ask volumes get persistentvolumes -o json
	ask usage get --raw /apis/metrics.k8s.io/v1beta1/nodes
	ask services get services -A -o json
	ask ours get "$ours" -A -l "$selector" -o json
	ask ours_here get "$ours" -n "$namespace" -l "$selector" -o json
	ask namespace get namespace "$namespace" -o json
	# shellcheck disable=SC2016 # the template's own variables
	ask secret get secret "${cfg[VLLM_COMMON_HF_TOKEN_NAME]}" -n "$namespace" \
		-o 'go-template=[{{range $key, $value := .data}}"{{$key}}",{{end}}""]'
	if [[ $harness_namespace != "$namespace" ]]; then
		ask ours_load get "$ours" -n "$harness_namespace" -l "$selector" -o json
		ask load_namespace get namespace "$harness_namespace" -o json
	fi
	write_reviews "$facts/reviews"
	fact rights_raw "${kubectl[@]}" --request-timeout=10s "${review[@]}" -f "$facts/reviews"
	answered
	ask_more
}

# ask_more: what the answers lead to: who uses the accelerators, and where else a Prometheus may be.
ask_more() {
	local name
	jq -s 'if .[0].error then .[0] else . end' "$facts/rights_raw.json" >"$facts/rights.json"
	rm "$facts/rights_raw.json"
	if jq -e -L "$top/scripts/lib" 'include "accelerators"; any(.items[]?.status.allocatable // {} | keys[]; test(accelerators))' \
		"$facts/nodes.json" >/dev/null; then
		ask pods get pods -A --field-selector 'status.phase!=Succeeded,status.phase!=Failed' -o json
	fi
	if ! is_known services; then
		for name in "${monitoring_namespaces[@]}"; do ask "services_$name" get services -n "$name" -o json; done
	fi
	answered
}

# all_facts: one object of them all.
all_facts() {
	jq -n 'reduce inputs as $fact ({}; .[input_filename | sub(".*/"; "") | rtrimstr(".json")] = $fact)' "$facts"/*.json
}
