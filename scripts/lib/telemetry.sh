# shellcheck shell=bash
# telemetry: gpusample beside the pipeline: the engine's own counts, where its /metrics answers,
# and the GPUs, where the server runs on this machine; another machine's are not ours to read.
# Sets pipeline.sh's gpusample.

# shellcheck source=scripts/lib/target.sh
. "${BASH_SOURCE[0]%/*}/target.sh"
# shellcheck source=scripts/lib/pipeline.sh
. "${BASH_SOURCE[0]%/*}/pipeline.sh"
# shellcheck source=scripts/lib/reach.sh
. "${BASH_SOURCE[0]%/*}/reach.sh"
# shellcheck source=scripts/lib/pods.sh
. "${BASH_SOURCE[0]%/*}/pods.sh"

sampler='' telemetry_watcher=''

# on_this_machine: does the server run here?  It does when we started it, or at a loopback address
# behind which there is not somebody else's.
on_this_machine() {
	[[ -z $engine ]] || return 0
	[[ $via != port-forward && $url =~ ^https?://(localhost|127\.[0-9.]+|\[::1\])(:|/|$) ]]
}

simulated() {
	jq -e '[.data[]?.owned_by] | index("llmsim") != null' <<<"$models" >/dev/null
}

# find_telemetry: set gpusample to the command that samples what there is; run.json says what is
# sampled, and why not the rest.
find_telemetry() {
	local gpu='' metrics='' answer
	local look word
	gpusample=(gpusample)
	for word in "${connection[@]}"; do
		[[ $word == --http2 || $word == --compressed ]] || gpusample+=("$word") # a page needs neither
	done
	look=("${gpusample[@]}" -n 1 --timeout 3s)
	if [[ -n ${opt["no-telemetry"]-} ]]; then
		gpu='--no-telemetry was given' metrics='--no-telemetry was given'
	else
		answer=$("${look[@]}" --source engine --url "$url/metrics" 2>/dev/null || true)
		metrics=$(jq -r '.error // empty' <<<"$answer")
		if simulated; then
			gpu='a simulated engine uses no GPU'
		elif ! on_this_machine; then
			gpu='the server is not on this machine'
		elif ! answer=$("${look[@]}" 2>&1 >/dev/null); then
			gpu=${answer#gpusample: }
		fi
	fi
	[[ -n $metrics ]] || gpusample+=(--url "$url/metrics")
	[[ -n $metrics || -z $gpu ]] || gpusample+=(--source engine)
	[[ -z $metrics || -z $gpu ]] || gpusample=()
	record -f "$top/scripts/lib/sampled.jq" --arg gpu "${gpu%%, and no --url*}" --arg engine "${metrics:+$url/metrics: $metrics}" \
		--argjson command "$(jq -cn '$ARGS.positional' --args -- "${gpusample[@]}")"
}

# start_telemetry: sample until stop_telemetry; returns when the first samples are there, so that
# they count from before the first request.
start_telemetry() {
	local before
	find_telemetry
	pods_start
	: >>"$run_dir/telemetry.jsonl"
	((${#gpusample[@]})) || return 0
	debug "$(quoted "${gpusample[@]}") >>$run_dir/telemetry.jsonl"
	before=$(stat -c %s "$run_dir/telemetry.jsonl")
	(
		trap - EXIT TERM
		trap '' INT HUP # it ends when we say so
		remembered "$run_dir/gpusample.pid" "${gpusample[@]}" </dev/null >>"$run_dir/telemetry.jsonl" 2>>"$run_dir/log" 3>&-
	) &
	sampler=$!
	watch_telemetry &
	telemetry_watcher=$!
	wait_until 5 "the first sample" sampled "$before" || warn "gpusample: no sample after 5 s"
}

# sampled SIZE: there is more in telemetry.jsonl than before, or there never will be.
sampled() {
	(($(stat -c %s "$run_dir/telemetry.jsonl") > $1)) || ! kill -0 "$sampler" 2>/dev/null
}

# stop_telemetry: it samples once more, and ends.
stop_telemetry() {
	pods_stop
	[[ -n $sampler ]] || return 0
	kill "$telemetry_watcher" 2>/dev/null || true
	end_process "$sampler" "$(started "$sampler")" 10
	rm -f "$run_dir/gpusample.pid"
	sampler='' telemetry_watcher=''
}

# watch_telemetry: should this script be killed, the sampler ends when the requests have.
watch_telemetry() {
	local self sender start pid sampler_start
	exec >/dev/null 2>&1 </dev/null 3>&-
	trap '' INT HUP
	trap 'exit 0' TERM
	trap - EXIT
	self=$(started "$$")
	until read -r pid sampler_start <"$run_dir/gpusample.pid"; do sleep 0.1; done
	while alive "$$" "$self"; do sleep 0.5; done
	while { read -r sender start <"$run_dir/sendreq.pid"; } && alive "$sender" "$start"; do sleep 0.5; done
	end_process "$pid" "$sampler_start" 10
}
