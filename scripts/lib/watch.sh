# shellcheck shell=bash
# watch: how the scripts wait for what they made in a cluster: with a deadline, and with an eye on what can no longer
# become ready.  watch.jq judges; who gives up shows the events and the end of the log, and keeps all of it.

# shellcheck source=scripts/lib/kube.sh
. "${BASH_SOURCE[0]%/*}/kube.sh"

EVENT_LINES=15
LOG_LINES=30
POLL=2  # seconds
seen=() # work files of a wait: the objects, their events, a log

# wait_ready deployment|job|pvc NAME NAMESPACE SECONDS, or pods SELECTOR NAMESPACE SECONDS: returns when it is ready;
# else the script ends in the words of trouble.
wait_ready() {
	local kind=$1 name=$2 ns=$3 limit=$4 since=$SECONDS patience=120 verdict said='' state began n=0
	! $dry_run || return 0
	watch_files
	info "waiting for $kind $name (at most $limit s)"
	while :; do
		began=$SECONDS
		look "$kind" "$name" "$ns"
		((SECONDS - began < 10)) || since=$((since + SECONDS - began)) # what nobody could do while nobody answered
		verdict=$(judge)
		state=$(jq -r .state <<<"$verdict")
		case $state in
		ready) break ;;
		failed) give_up ;;
		esac
		progress "$verdict"
		((n++ % 5)) || [[ $kind != job ]] || save_logs "$ns" "${seen[0]}" # pods of Jobs go, and their logs
		pause "$POLL"
	done
	rm -f "${seen[@]}"
	info "$kind $name: ready after $((SECONDS - since)) s"
}

# watch_files: those of seen, with nothing in them.
watch_files() {
	local dir=$work/setup/logs
	seen=("$dir/.objects.json" "$dir/.events.json" "$dir/.nodes.json" "$dir/.log")
	printf '{}\n' | tee "${seen[@]:0:3}" >/dev/null
	: >"${seen[3]}"
}

# look KIND NAME NAMESPACE: what there is of it now, into the files of seen.
look() {
	local selector kinds
	# shellcheck disable=SC2154 # stack_id is stack.sh's
	selector=app.kubernetes.io/name=$2${stack_id:+,tokpipe/stack=$stack_id}
	classes=false
	case $1 in
	deployment) kinds=deployments,replicasets,pods ;;
	job) kinds=jobs,pods ;;
	pods) kinds=pods selector=$2 ;;
	pvc)
		look_at_claim "$2" "$3"
		return
		;;
	esac
	kube_read get "$kinds" -n "$3" -l "$selector" -o json || answer='{}'
	printf '%s\n' "$answer" >"${seen[0]}"
	pending && look_around "$3"
	return 0
}

# pending: does one of the pods not run yet?
pending() {
	jq -e 'any(.items[]?; .kind == "Pod" and .status.phase != "Running" and .status.phase != "Succeeded")' "${seen[0]}" >/dev/null
}

# look_around NAMESPACE: what was told of what does not run, and what the nodes have.
look_around() {
	local filter=type!=Normal status=0
	! grep -q '"Unschedulable"' "${seen[0]}" || filter='' # that more nodes come is told as Normal
	kube_read get events -n "$1" ${filter:+--field-selector "$filter"} -o json || answer='{}'
	printf '%s\n' "$answer" >"${seen[1]}"
	[[ -z $filter ]] || return 0
	try get nodes -o json || status=$?
	((status == 0)) || answer='{}'
	printf '%s\n' "$answer" >"${seen[2]}"
}

# look_at_claim NAME NAMESPACE: the claim and the storage classes, where these may be read.
look_at_claim() {
	local claim='' status=0
	! kube_read get pvc "$1" -n "$2" -o json || claim=$answer
	try get storageclasses -o json || status=$?
	((status != 0)) || classes=true
	((status == 0)) || answer='{}'
	printf '%s\n%s\n' "$claim" "$answer" | jq -n '{items: [inputs | if .items then .items[] | .kind = "StorageClass" else . end]}' >"${seen[0]}"
	kube_read get events -n "$2" --field-selector "involvedObject.name=$1" -o json || answer='{}'
	printf '%s\n' "$answer" >"${seen[1]}"
}

# judge: watch.jq's verdict.  Uses the variables of wait_ready.
judge() {
	jq -n -f "$top/scripts/lib/watch.jq" --slurpfile objects "${seen[0]}" --slurpfile events "${seen[1]}" \
		--slurpfile nodes "${seen[2]}" --rawfile log "${seen[3]}" --arg kind "$kind" --arg name "$name" --arg ns "$ns" \
		--argjson now "$(printf '%(%s)T' -1)" --argjson since "$(($(printf '%(%s)T' -1) - SECONDS + since))" \
		--argjson limit "$limit" --argjson grace "${cfg[CONTROL_UNSCHEDULABLE_GRACE]}" --argjson classes_known "$classes"
}

# progress VERDICT: how many of them are ready, when that changed.
progress() {
	local now
	now=$(jq -r '"\(.done) of \(.of)"' <<<"$1")
	[[ $now == "$said" || $kind == pvc ]] || info "$kind $name: $now ready"
	said=$now
}

# save_logs NAMESPACE FILE: the log of every pod in the list FILE, each into a file of its own; one that has none is left.
save_logs() {
	local pod
	while IFS= read -r pod; do
		[[ -z $pod ]] || save_log "$1" "$pod"
	done < <(jq -r '.items[]? | select(.kind == "Pod" and .status.phase != "Pending") | .metadata.name' "$2")
}

# save_log NAMESPACE POD [PREVIOUS…]: of the first of these (true: of the container before) that has one, else of the
# container that is there.  What was kept before is not lost to nothing.
save_log() {
	local file=$work/setup/logs/$2.log previous
	for previous in "${@:3}" false; do
		attempt "${kubectl[@]}" --request-timeout=20s logs "$2" -n "$1" --all-containers --previous="$previous" --tail=2000 \
			</dev/null || answer=''
		[[ $answer != 'unable to retrieve container logs'* ]] || answer='' # the node's words, not the pod's
		[[ -z $answer ]] || break
	done
	[[ -z $answer ]] || printf '%s\n' "$answer" >"$file"
}

# give_up: with the log at hand the verdict may be another; show what is known, and end in the words of trouble.
give_up() {
	local pod='' pods advice
	patience=5
	mapfile -t pods < <(jq -r '.pods[]' <<<"$verdict")
	for pod in "${pods[@]}"; do
		save_log "$ns" "$pod" true
		[[ ! -s $work/setup/logs/$pod.log ]] || cp "$work/setup/logs/$pod.log" "${seen[3]}"
	done
	verdict=$(judge)
	show_events
	show_log "$pod"
	cp "${seen[1]}" "$work/setup/logs/events.json"
	rm -f "${seen[@]}"
	mapfile -t advice < <(jq -r '.advice[]' <<<"$verdict")
	trouble "$(jq -r .status <<<"$verdict")" "$(jq -r .words <<<"$verdict")" "$(jq -r .object <<<"$verdict")" \
		"$(jq -r .reason <<<"$verdict")" "${advice[@]}" "All of it: $work/setup/logs"
}

# show_events: the last ones of what is waited for.
show_events() {
	local line lines
	kube_read get events -n "$ns" -o json || answer='{}'
	printf '%s\n' "$answer" >"${seen[1]}"
	mapfile -t lines < <(jq -r -f "$top/scripts/lib/events.jq" --slurpfile objects "${seen[0]}" --arg name "$name" \
		--argjson most "$EVENT_LINES" "${seen[1]}")
	((${#lines[@]})) || return 0
	error "events:"
	for line in "${lines[@]}"; do
		error "  $line"
	done
}

# show_log POD: the end of what it wrote.
show_log() {
	local line lines file=$work/setup/logs/$1.log
	[[ -n $1 && -s $file ]] || return 0
	error "the end of the log of pod $1:"
	mapfile -t lines < <(tail -n "$LOG_LINES" "$file")
	for line in "${lines[@]}"; do
		error "  $line"
	done
}
