# shellcheck shell=bash
# pods: the pods behind the Service that is measured: what they use of CPU and memory while the run goes on, how often their
# containers restart in it, and what they log.  What of it cannot be had stands in run.json with its reason; it ends no run.
# Needs run_dir with its run.json, which names the Service, and kubectl, the command with what chooses the cluster.

# shellcheck disable=SC2154 # top is base's, opt options'

# shellcheck source=scripts/lib/cluster.sh
. "${BASH_SOURCE[0]%/*}/cluster.sh"

pods_of=()             # the namespace, and what chooses the pods in it
pods_sampler=''        # the process that samples them
pods_log_most=64000000 # bytes of a log

# pods_start: they are looked at, and sampled from now on until pods_stop.
pods_start() {
	local why='' how
	[[ -n $(from_run '.service // ""') ]] || return 0
	mkdir -p "$run_dir/pods"
	if ! pods_find; then
		no_resources "$why"
		return
	fi
	record --slurpfile list "$run_dir/pods/.list" -f "$top/scripts/lib/pods.jq" --arg when before --argjson logs '[]'
	if [[ -n ${opt["no-telemetry"]-} ]]; then
		no_resources '--no-telemetry was given'
	elif find_how; then
		sample_pods "$(started "$$")" "$how" &
		pods_sampler=$!
	else
		no_resources "$why"
	fi
}

no_resources() {
	info "resources of the pods are not measured: $1"
	record --arg reason "$1" ".not_measured.resources = \$reason"
}

# pods_ask FILE ARGUMENT…: what kubectl says, into the file; status 1, and why, when it says no.
pods_ask() {
	local file=$run_dir/pods/$1
	shift
	why='kubectl is not installed'
	command -v "${kubectl[0]}" >/dev/null || return 1
	"${kubectl[@]}" --request-timeout=5s "$@" >"$file" 2>"$run_dir/pods/.said" && return
	why=$(tail -n 1 "$run_dir/pods/.said")
	return 1
}

# pods_find: set pods_of, and list them; status 1, and why, when they cannot be known.
pods_find() {
	local namespace name selector
	namespace=$(from_run .namespace)
	name=$(from_run .service)
	if pods_ask .service get inferenceservice "$name" -n "$namespace" -o json; then
		selector=serving.kserve.io/inferenceservice=$name
	elif pods_ask .service get service "$name" -n "$namespace" -o json; then
		selector=$(jq -r '.spec.selector // {} | to_entries | map("\(.key)=\(.value)") | join(",")' "$run_dir/pods/.service")
	else
		return 1
	fi
	pods_of=(-n "$namespace")
	if [[ -n $selector ]]; then
		pods_of+=(-l "$selector")
	else # somebody else says where it leads to
		pods_ask .slices get endpointslices -n "$namespace" -l "kubernetes.io/service-name=$name" -o json || return 1
		mapfile -t -O 2 pods_of < <(jq -r '.items[].endpoints[]?.targetRef | select(.kind? == "Pod") | .name' "$run_dir/pods/.slices" | sort -u)
		why="service $namespace/$name: no pod is behind it"
		((${#pods_of[@]} > 2)) || return 1
	fi
	pods_list
}

# pods_list: those that are there now, in RUN/pods/.list.
pods_list() {
	pods_ask .list get pods "${pods_of[@]}" --ignore-not-found -o json || return 1
	why="service $(from_run '"\(.namespace)/\(.service)"'): no pod is behind it"
	jq -e '.items // [.] | length > 0' "$run_dir/pods/.list" >/dev/null
}

# find_how: set how to what tells their use, metrics.k8s.io or kubelet; status 1, and why, where nothing does.
find_how() {
	for how in metrics.k8s.io kubelet; do
		! pods_use "$how" || return 0
	done
	return 1
}

# pods_use HOW: what they use, as telemetry records, in RUN/pods/.use.
pods_use() {
	local node
	: | tee "$run_dir/pods/.use" >"$run_dir/pods/.figures"
	if [[ $1 == metrics.k8s.io ]]; then
		pods_ask .figures get --raw "/apis/metrics.k8s.io/v1beta1/namespaces/${pods_of[1]}/pods" || return 1
	else
		while IFS= read -r node; do
			pods_ask .node get --raw "/api/v1/nodes/$node/proxy/stats/summary?only_cpu_and_memory=true" || return 1
			cat "$run_dir/pods/.node" >>"$run_dir/pods/.figures"
		done < <(jq -r '[(.items // [.])[].spec.nodeName // empty] | unique[]' "$run_dir/pods/.list")
	fi
	why="$1 has no figures of these pods"
	jq -c -n -L "$top/scripts/lib" --slurpfile list "$run_dir/pods/.list" --arg how "$1" --arg host "$(</proc/sys/kernel/hostname)" \
		-f "$top/scripts/lib/pod_use.jq" "$run_dir/pods/.figures" >"$run_dir/pods/.use"
	[[ -s $run_dir/pods/.use ]]
}

# sample_once HOW: what is new in their use goes into RUN/pods/samples.jsonl: figures are kept for some time by who takes
# them.  Trouble is written when it begins.
sample_once() {
	local why='' dir=$run_dir/pods
	: >>"$dir/.before"
	if ! pods_list || ! pods_use "$1"; then
		! grep -q '"error"' "$dir/.before" || return 0
		jq -cn --arg error "$why" --arg how "$1" --arg host "$(</proc/sys/kernel/hostname)" \
			'{t_us: (now * 1e6 | floor), source: "pod"} + $ARGS.named' >"$dir/.use"
	fi
	grep -vxFf "$dir/.before" "$dir/.use" >>"$dir/samples.jsonl" || true # the same as before
	mv "$dir/.use" "$dir/.before"
}

# sample_pods START HOW: until this script, which began at START, has ended, and what sends its requests.
sample_pods() {
	local never
	exec >/dev/null 2>&1 </dev/null 3>&- {never}<> <(:)
	trap - EXIT
	trap '' INT HUP
	trap 'exit 0' TERM
	renice -n 19 "$BASHPID"
	while alive "$$" "$1" || sender_goes_on; do
		sample_once "$2"
		read -r -t 5 -u "$never" || true
	done
}

sender_goes_on() {
	local sender start
	{ read -r sender start <"$run_dir/sendreq.pid"; } 2>/dev/null && alive "$sender" "$start"
}

pods_stop() {
	[[ -n $pods_sampler ]] || return 0
	end_process "$pods_sampler" "$(started "$pods_sampler")" 15
	pods_sampler=''
}

# pods_collect: after pods_stop: what became of them goes into run.json, their samples to the other telemetry, and what they
# logged into RUN/pods.
pods_collect() {
	local why='' how logs=() samples=$run_dir/pods/samples.jsonl
	[[ -d $run_dir/pods && $(from_run '.pods == null') == false ]] || return 0
	((${#pods_of[@]})) || pods_find || warn "the pods of the service: $why"
	if [[ -s $samples ]]; then
		how=$(jq -rn 'first(inputs | .how)' "$samples")
		sample_once "$how"
		join_samples "$samples"
	fi
	if ((${#pods_of[@]})) && pods_list; then
		keep_logs
		record --slurpfile list "$run_dir/pods/.list" -f "$top/scripts/lib/pods.jq" --arg when after \
			--argjson logs "$(jq -cn '$ARGS.positional' --args -- "${logs[@]}")"
	else
		warn "what became of the pods of the service is not known: $why"
	fi
	rm -f "$run_dir"/pods/.[a-z]*
}

# join_samples FILE: they are the pods' part of telemetry.jsonl, once, however often this is done.
join_samples() {
	local telemetry=$run_dir/telemetry.jsonl
	: >>"$telemetry"
	jq -Rr '. as $line | select((try fromjson.source catch null) != "pod") | $line' "$telemetry" >"$run_dir/.telemetry"
	jq -cs 'unique_by(.t_us, .pod)[]' "$1" >>"$run_dir/.telemetry"
	mv "$run_dir/.telemetry" "$telemetry"
}

# keep_logs: set logs to the pods of which there is one.
keep_logs() {
	local pod container since
	since=$(from_run .started)
	while IFS= read -r pod; do
		if pods_ask .log logs "$pod" -n "${pods_of[1]}" --all-containers --since-time="$since" --limit-bytes="$pods_log_most"; then
			mv "$run_dir/pods/.log" "$run_dir/pods/$pod.log"
			logs+=("$pod")
		else
			debug "pod $pod: no log: $why"
		fi
	done < <(jq -r '(.items // [.])[].metadata.name' "$run_dir/pods/.list")
	while IFS=$'\t' read -r pod container; do
		! pods_ask .log logs "$pod" -n "${pods_of[1]}" -c "$container" --previous --limit-bytes="$pods_log_most" ||
			mv "$run_dir/pods/.log" "$run_dir/pods/$pod.$container.previous.log"
	done < <(jq -r --slurpfile list "$run_dir/pods/.list" -f "$top/scripts/lib/restarted.jq" "$run_dir/run.json")
}

# judge_resources: with the results: were there samples in the run?
judge_resources() {
	[[ -s $run_dir/pods/samples.jsonl ]] || return 0
	record --slurpfile results "$run_dir/results.json" --slurpfile samples "$run_dir/pods/samples.jsonl" \
		-f "$top/scripts/lib/pods_judged.jq"
}
