# shellcheck shell=bash
# finish: after the pipeline: what became of the run, its results, its report, what a person
# reads, and the exit status.

# shellcheck source=scripts/lib/pipeline.sh
. "${BASH_SOURCE[0]%/*}/pipeline.sh"

state='' outcome=0 bad_lines=0

# finish_run: needs statuses and interrupted of the pipeline; ends the script.
finish_run() {
	local bounds_status=0 report_status=0
	judge_pipeline
	whole_lines "$run_dir/requests.jsonl"
	record --arg state "$state" --arg by "$(ended_by)" -f "$top/scripts/lib/ended.jq"
	[[ -s $run_dir/responses.jsonl ]] || die "$((outcome ? outcome : 3))" "$run_dir: no request was sent"
	compute_results
	judge_resources
	run "$top/scripts/report.sh" --run-dir "$run_dir" >>"$log_file" || report_status=1
	[[ $(from_run '.calibration') == null ]] || judge_calibration
	out show_summary
	((outcome == 0)) || exit "$outcome"
	check_answers
	exit "$((bounds_status ? bounds_status : report_status | bad_lines))"
}

# whole_lines FILE: cut off what follows the last newline: sendreq has enough in the middle of
# a line when a duration ends the run.
whole_lines() {
	[[ -s $1 && -n $(tail -c 1 "$1") ]] || return 0
	truncate -s "-$(tail -n 1 "$1" | wc -c)" "$1"
}

# judge_calibration: what the calibrated lengths were worth in this run.
judge_calibration() {
	local error
	error=$(jq -n -f "$top/scripts/lib/calibration_error.jq" "$run_dir/metrics.jsonl")
	record --argjson error "$error" ".calibration.run = \$error"
}

# judge_pipeline: set state (run.json's status) and outcome (the exit status it means).
judge_pipeline() {
	local made=${statuses[0]} sent=${statuses[2]}
	debug "statuses of the pipeline: ${statuses[*]}"
	state=finished
	if ((interrupted || sent == 130)); then
		state=interrupted outcome=130
	elif ((made > 1 && made != 141)); then # 141: sendreq had enough
		state=failed outcome=$made
		error "genload failed (status $made); see $run_dir/log"
	elif ((sent > 128)); then
		state=failed outcome=1
		error "sendreq was killed (signal $((sent - 128))); complete the run with --resume $run_dir"
	elif ((sent == 2 || sent == 4)); then
		state=failed outcome=$sent
		error "sendreq failed (status $sent); see $run_dir/log"
	elif ((statuses[1] == 1 || statuses[3] == 1)); then # tee could not write
		state=failed outcome=4
		error "$run_dir: cannot be written: is the disk full?"
	elif ((made == 1)); then
		bad_lines=1
		warn "genload: some lines were bad: they were left out, and the exit status is 1"
	fi
	((outcome != 4 || made == 4)) || error "  when that is mended, complete the run with --resume $run_dir"
}

# ended_by: requests, when each has its record; else duration, or signal.
ended_by() {
	local wanted sent=0
	wanted=$(from_run '.plan | .requests // .ends_by')
	if [[ $state == finished ]]; then
		[[ ! -f $run_dir/responses.jsonl ]] ||
			sent=$(grep -acv '"phase":"warmup"' "$run_dir/responses.jsonl" || true)
		[[ $wanted == requests || ($wanted != duration && $sent -ge $wanted) ]] && echo requests || echo duration
	elif ((interrupted)); then
		echo signal
	fi
}

show_summary() {
	jq -nr -L "$top/scripts/lib" --slurpfile cost "$run_dir/cost.json" --slurpfile results "$run_dir/results.json" --slurpfile run "$run_dir/run.json" --slurpfile runsum "$run_dir/runsum.json" \
		--slurpfile summary "$run_dir/summary.jsonl" -f "$top/scripts/lib/summary.jq"
	printf 'run     %s\n' "$run_dir"
	((report_status)) || printf 'report  %s\n' "$run_dir/report.html"
	[[ $state == finished ]] || printf 'go on   %s\n' "$(quoted "${called[@]}" --resume "$run_dir")"
}

# check_answers: a run in which no request was ok measured nothing.
check_answers() {
	local kind message
	[[ $(jq '.requests.ok' "$run_dir/runsum.json") == 0 ]] || return 0
	read -r kind message < <(jq -r 'select(.error) | "\(.error.kind) \(.error.message // "")"' "$run_dir/responses.jsonl" | head -n 1)
	case $kind in
	connect | timeout) no_connection "$(from_run .url)" "no request was ok: $message" ;;
	*) die 3 "$(from_run .url): no request was ok: $kind: $message" ;;
	esac
}

# compute_results: every derived file.  A finished run is held to the profile's validation
# block and to --assert: each missed bound is named, and bounds_status is 5.
compute_results() {
	local command=("$top/scripts/results.sh" --run-dir "$run_dir") bounds slos text
	mapfile -t bounds < <(jq -r -f "$top/scripts/lib/bounds.jq" "$run_dir/workload.json")
	[[ -z ${opt[assert]-} ]] || mapfile -t -O "${#bounds[@]}" bounds <<<"${opt[assert]}"
	[[ $state == finished ]] || bounds=()
	for text in "${bounds[@]}"; do command+=(--assert "$text"); done
	mapfile -t slos < <(jq -r '.slo // {} | to_entries[] | select(.value != null) | "\(.key)=\(.value)"' "$run_dir/workload.json")
	for text in "${slos[@]}"; do command+=(--slo "$text"); done
	run "${command[@]}" >>"$log_file" || bounds_status=$?
	case $bounds_status in
	0 | 5) ;;
	1) bounds_status=0 ;; # some records were bad: said already
	*) die "$bounds_status" "$run_dir: its results could not be computed" ;;
	esac
}
