# shellcheck shell=bash
# inload_target: the server of a load that pods send: by which URL they know it, where its engines tell their counts, and
# what it says of itself, which is asked from here.

# shellcheck disable=SC2034,SC2154 # target is measure.sh's, top base's; metrics and stack_id are inload.sh's

# shellcheck source=scripts/lib/cluster.sh
. "${BASH_SOURCE[0]%/*}/cluster.sh"
# shellcheck source=scripts/lib/kube.sh
. "${BASH_SOURCE[0]%/*}/kube.sh"

stack_id='' # of the stack that the Service is of
inside=''   # the URL by which pods know the server
metrics=''  # where the first of them asks for the engines' counts, by comma

# ask_from_here NAMESPACE: what the server says of itself, before its pods are asked by others: a Service through what
# leads to it from here, an address that only pods know not at all.
ask_from_here() {
	models=null
	if [[ $target == url ]]; then
		clean_url "${opt[url]}"
		inside=$url
	fi
	if [[ -n ${opt[service]-} ]]; then
		cluster_url "$1" "${opt[service]}"
		ask_models
		find_inside "$1" "${opt[service]}"
	elif [[ -z ${opt[model]-} ]]; then
		die 2 "--url with --in-cluster: name the model with --model: that server is not asked from here"
	fi
}

# find_inside NAMESPACE SERVICE: set inside, and of a Service its stack and where its pods tell their counts.
find_inside() {
	local port
	if [[ -z $inside ]] && kube_read get inferenceservice "$2" -n "$1" -o json; then
		inside=$(jq -r '.status.address.url // .status.url' <<<"$answer")
		return
	fi
	kube_read get service "$2" -n "$1" -o json || return 0
	stack_id=$(jq -r '.metadata.labels["tokpipe/stack"] // ""' <<<"$answer")
	port=$(jq -r -f "$top/scripts/lib/service_port.jq" <<<"$answer")
	inside=${inside:-http://$2.$1.svc:$port}
	find_metrics "$1" "$port"
}

# find_metrics NAMESPACE PORT: of each pod behind the Service in answer: a Service would answer for another one each time.
find_metrics() {
	local service=$answer
	[[ -z ${opt["no-telemetry"]-} && $inside != https:* ]] || return 0
	kube_read get pods -n "$1" -l "$(jq -r '.spec.selector // {"tokpipe/none": "none"} | to_entries | map("\(.key)=\(.value)") | join(",")' <<<"$service")" -o json
	metrics=$(jq -r --argjson service "$service" --arg port "$2" -f "$top/scripts/lib/inload_metrics.jq" <<<"$answer")
}

# go_inside: all that is asked from here has been asked.
go_inside() {
	url=$inside
	stop_forward
}
