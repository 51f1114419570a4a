# shellcheck shell=bash
# inload_follow: what the pods of a load do while they do it: their progress goes to tokview, what cannot become well ends
# the wait, and so does a signal.  An API server that is away for a while harms nothing: the load goes on without it.

# shellcheck disable=SC2154 # load_name and the like are inload_objects', interrupted pipeline's
# shellcheck disable=SC2034 # what is local in follow_load is read by watch.sh

declare -A followed=() # pod → process that reads its log
told=''                # of pods that failed, to say it once
to_view=''             # descriptor of the viewer's input
viewer=''

# follow_load: until the Job has ended, or cannot come to its end: then the reason is in RUN/cluster/.verdict.  It is a
# process of its own, which ends when this script does.
follow_load() {
	local kind=job name=$load_name ns=$load_ns since=$SECONDS limit verdict='' pods of
	parent=("$$" "$(started "$$")")
	patience=60
	trap end_view EXIT
	trap 'exit 130' INT TERM HUP
	limit=$(from_load 'if .timeout > 0 then .timeout + 120 else 1e9 end | floor')
	of=$(from_load .pods)
	watch_files
	start_view
	while :; do
		look job "$name" "$ns"
		pods=$(jq -f "$top/scripts/lib/inload_pods.jq" "${seen[0]}")
		follow_pods
		tell_of_pods
		verdict=$(judge)
		[[ $verdict != *'"state": "failed"'* && $pods == *'"job": "active"'* ]] || break
		pause 1
	done
	[[ $verdict != *'"state": "failed"'* ]] ||
		jq --argjson pods "$pods" '. + {began: any($pods.shards[]; .began != [])}' <<<"$verdict" | jq -c . >"$work/.verdict"
	exit 0
}

# start_view: tokview, which reads what the followers write; it goes on when this script is interrupted.
start_view() {
	: >>"$run_dir/responses.jsonl" # the viewer looks for it
	exec {to_view}> >(
		trap '' INT TERM HUP
		grep --line-buffered '^{' | show_progress
	)
	viewer=$!
}

end_view() {
	local pid
	[[ -n $to_view ]] || return 0
	# what has been written is read to its end, unless that does not come
	wait_until 5 "the end of the pods' logs" followers_gone || debug "a log is still open"
	for pid in "${followed[@]}"; do
		kill "$pid" 2>/dev/null || true
	done
	exec {to_view}>&-
	wait "$viewer" || true
	to_view='' followed=()
}

followers_gone() {
	local pid
	for pid in "${followed[@]}"; do
		! kill -0 "$pid" 2>/dev/null || return 1
	done
}

# follow_pods: read the log of each pod that has one, from its beginning; after an interruption what is new.
follow_pods() {
	local pod running from
	while IFS=$'\t' read -r pod running; do
		from=--tail=-1
		if [[ -n ${followed[$pod]-} ]]; then
			[[ $running == true ]] || continue
			! kill -0 "${followed[$pod]}" 2>/dev/null || continue
			from=--tail=1
		fi
		"${kubectl[@]}" logs -f "$from" -n "$load_ns" "$pod" 1>&"$to_view" 2>/dev/null </dev/null &
		followed[$pod]=$!
	done < <(jq -r '.shards[] | .running as $r | .began[] | "\(.)\t\([.] | inside($r))"' <<<"$pods")
}

# tell_of_pods: who died, and why.
tell_of_pods() {
	local line
	[[ $pods == *'"ending": false'* ]] || return 0 # that they end is no news
	while IFS= read -r line; do
		[[ -n $line && $told != *"|$line|"* ]] || continue
		told+="|$line|"
		warn "load pod ${line%% *} of $of died: ${line#* }: another one sends what is left"
	done < <(jq -r '.shards[] | .shard as $s | .failed[] | "\($s) \(.)"' <<<"$pods")
}
