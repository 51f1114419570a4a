# shellcheck shell=bash
# pipeline: the run itself:
#	genload | tee requests.jsonl | sendreq | tee progress.jsonl | tokview
# in a process group of its own, so that Ctrl-C reaches this script alone, which tells
# sendreq: the first time to finish what is in flight, the second time to cancel it.
# Needs run_dir and the three commands (plan_commands).  Sets statuses and interrupted.

# shellcheck source=scripts/lib/runs.sh
. "${BASH_SOURCE[0]%/*}/runs.sh"

genload=() sendreq=() tokview=() gpusample=()
statuses=()
interrupted=0
group=''

# plan_commands FILE: set the three from the plan in it.
plan_commands() {
	mapfile -t genload < <(jq -r '.genload[]' "$1")
	mapfile -t sendreq < <(jq -r '.sendreq[]' "$1")
	mapfile -t tokview < <(jq -r '.tokview[]' "$1")
}

# remembered FILE COMMAND…: become COMMAND, after noting which process that is.
remembered() {
	local pid=$BASHPID
	printf '%s %s\n' "$pid" "$(started "$pid")" >"$1"
	shift
	exec "$@"
}

# sendreq's descriptor 3, its progress, is what goes down the pipe; its records go to the file.
pipeline() {
	set +e
	trap - EXIT
	"${genload[@]}" 2>>"$run_dir/log" |
		tee -i "$run_dir/requests.jsonl" |
		remembered "$run_dir/sendreq.pid" "${sendreq[@]}" 3>&1 >>"$run_dir/log" 2>&1 |
		tee -i -p -a "$run_dir/progress.jsonl" |
		show_progress
	printf '%s\n' "${PIPESTATUS[*]}" >&"$told_by"
}

show_progress() {
	if ((log_level > 1)); then
		"${tokview[@]}" >/dev/null 2>>"$run_dir/log"
	else
		"${tokview[@]}" >/dev/null
	fi
}

# run_pipeline: run it to its end, whatever signals come.
run_pipeline() {
	local seen told=0 told_by
	seen=$(wc -l <"$run_dir/log")
	trap 'interrupted=$((interrupted + 1)); tell_sendreq' INT TERM HUP
	exec {told_by}<> <(:) # a pipe for the statuses: the disk may be full by then
	set -m
	pipeline &
	group=$!
	set +m
	while kill -0 "$group" 2>/dev/null; do
		if [[ -s $run_dir/sendreq.pid ]]; then
			((told == interrupted)) || tell_sendreq
			wait "$group" || true
		else
			sleep 0.01 # a signal must find it: wait only when it is there
		fi
	done
	group=''
	trap 'exit 130' INT TERM HUP
	# shellcheck disable=SC2034 # for finish.sh
	read -r -t 1 -u "$told_by" -a statuses || die 1 "$run_dir: the pipeline was killed; complete it with --resume"
	exec {told_by}>&-
	rm -f "$run_dir/sendreq.pid"
	((log_level > 2)) || tail -n "+$((seen + 1))" "$run_dir/log" | grep -aE '^(genload|sendreq): ' | head -n 20 >&2 || true
}

# tell_sendreq: after the first signal it finishes what is in flight, after the second it
# cancels that.
tell_sendreq() {
	local pid start
	{ read -r pid start <"$run_dir/sendreq.pid"; } 2>/dev/null && alive "$pid" "$start" || return 0
	told=$interrupted
	if ((told == 1)); then
		info "stopping: waiting for the requests in flight (once more to cancel them)"
		kill -TERM "$pid"
	else
		info "cancelling the requests in flight"
		kill -INT "$pid"
	fi
}

# end_pipeline: for the cleanup: nothing of it outlives the script.
end_pipeline() {
	[[ -z $group ]] || kill -TERM -- "-$group" 2>/dev/null || true
}

# typed_pipeline: the pipeline as one could type it.
typed_pipeline() {
	((${#gpusample[@]} == 0)) || printf '%s >>%s &\n' "$(quoted "${gpusample[@]}")" "$(quoted "$run_dir/telemetry.jsonl")"
	printf '%s |\n' "$(quoted "${genload[@]}")"
	printf '\t%s |\n' "$(quoted tee -i "$run_dir/requests.jsonl")"
	printf '\t%s 3>&1 >/dev/null |\n' "$(quoted "${sendreq[@]}")"
	printf '\t%s |\n' "$(quoted tee -i -p -a "$run_dir/progress.jsonl")"
	printf '\t%s >/dev/null\n' "$(quoted "${tokview[@]}")"
}
