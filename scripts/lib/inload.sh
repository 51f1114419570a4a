# shellcheck shell=bash
# inload: a run whose load is sent by pods of the cluster: a Job of which each pod has a shard of the workload.  It goes
# on whatever becomes of this script, and what its pods wrote lies on a volume until it is fetched.
# Sets what finish_run needs: statuses, interrupted, and the files of the run.

# shellcheck source=scripts/lib/inload_flags.sh
. "${BASH_SOURCE[0]%/*}/inload_flags.sh"
# shellcheck source=scripts/lib/inload_target.sh
. "${BASH_SOURCE[0]%/*}/inload_target.sh"
# shellcheck source=scripts/lib/inload_objects.sh
. "${BASH_SOURCE[0]%/*}/inload_objects.sh"
# shellcheck source=scripts/lib/inload_follow.sh
. "${BASH_SOURCE[0]%/*}/inload_follow.sh"
# shellcheck source=scripts/lib/inload_show.sh
. "${BASH_SOURCE[0]%/*}/inload_show.sh"
# shellcheck source=scripts/lib/inload_end.sh
. "${BASH_SOURCE[0]%/*}/inload_end.sh"

# plan_load NAMESPACE: RUN/cluster/load.json, from the flags and the plan; what the run is, with it.
plan_load() {
	local id namespace=$1
	read_table
	mkdir -p "$run_dir/cluster"
	id=$(printf '%s\n%s\n' "$host_name" "$(realpath -- "$run_dir")" | sha256sum | cut -c 1-8)
	write_load "$(load_settings_of "$id")"
	open_load
	record --slurpfile load "$run_dir/cluster/load.json" --arg metrics "$metrics" -f "$top/scripts/lib/inload_record.jq"
}

# write_load SETTINGS [PART]: load.json, with the arguments of the pods for the plan of the run, or for what follows its parts.
write_load() {
	local warmup
	warmup=$(jq '(.load_test.warmup_requests // 0) > 0' "$run_dir/workload.json")
	from_run .plan | jq -f "$top/scripts/lib/inload_load.jq" --arg model "$model" --arg metrics "$metrics" --argjson part "${2-1}" \
		--argjson warmup "$warmup" --argjson settings "$1" >"$run_dir/cluster/.load.json"
	mv "$run_dir/cluster/.load.json" "$run_dir/cluster/load.json"
}

# load_settings_of ID: as JSON.
load_settings_of() {
	local key=false debug=false
	[[ -z ${opt["api-key-env"]-}${opt["api-key-file"]-} ]] || key=true
	[[ -z ${opt["debug-pods"]-} ]] || debug=true
	jq -n --arg name "tokpipe-load-$1" --arg run "${run_dir##*/}-$1" --arg stack "$stack_id" --arg version "$(program_version)" \
		--arg namespace "${opt["harness-namespace"]-$namespace}" --arg image "${opt["load-image"]-localhost/tokpipe/tokpipe:$(program_version)}" \
		--arg pvc "${opt[pvc]-$(setting HARNESS_PVC_NAME)}" --arg mount "$(setting RUN_EXPERIMENT_RESULTS_DIR_PREFIX)" \
		--arg account "${LLMDBENCH_HARNESS_SERVICE_ACCOUNT:-default}" --argjson pods "${opt[pods]}" --argjson timeout "${opt["load-timeout"]}" \
		--arg cpu "$(setting HARNESS_CPU_NR)" --arg memory "$(setting HARNESS_CPU_MEM)" --argjson key "$key" --argjson debug "$debug" \
		--arg size "$(setting HARNESS_PVC_SIZE)" --arg access "$(setting VLLM_COMMON_PVC_ACCESSMODE)" \
		--arg class "$(setting VLLM_COMMON_PVC_STORAGE_CLASS)" \
		'$ARGS.named'
}

# setting NAME: of the environment, else of the table.
setting() {
	local name=LLMDBENCH_$1
	printf '%s\n' "${!name:-${default_of[$1]}}"
}

# load_files: into a directory what the pods need, and from there to the volume.
load_files() {
	local dir=$work/in file name
	rm -rf "$dir"
	mkdir -p "$dir"
	jq --arg folder "$load_folder/in" -f "$top/scripts/lib/inload_files.jq" "$run_dir/workload.json" >"$dir/workload.json"
	while IFS=$'\t' read -r name file; do
		cp -- "$file" "$dir/$name"
	done < <(jq -r '{prompts: .prompts.file?, words: .prompts.words?, schedule: .load_test.schedule} | to_entries[] | select(.value) | "\(.key)\t\(.value)"' "$run_dir/workload.json")
	[[ -z ${opt[cacert]-} ]] || cp -- "${opt[cacert]}" "$dir/cacert.pem"
	cp -- "$top/setup/image/load.sh" "$dir/"
	upload "$dir"
	rm -rf "$dir"
}

load_again=false # is this another round of the same load?

# resume_load: a run of this kind goes on: its Job is waited for, or what its pods have written is fetched; and when that is
# not all, they are started again.  Ends the script.
resume_load() {
	local status=0
	open_load
	trap load_signal INT TERM HUP
	kube_read get job "$load_name" -n "$load_ns" -o json || answer='{}'
	if [[ -z ${opt[collect]-} ]] && jq -e '(.status.active // 0) > 0' <<<"$answer" >/dev/null; then
		info "job $load_ns/$load_name: the load is under way"
		load_stage=runs
		finish_load
	fi
	load_stage=over
	collect_load
	status=${statuses[2]}
	if [[ -z ${opt[collect]-} && $status${opt[retry]-} != 0 ]]; then
		remove_load
		load_again
	fi
	remove_load
	load_stage=''
	trap 'exit 130' INT TERM HUP
	pods_collect
	finish_run
}

# load_again: the Job, for what is left to send.  Pods that were started again have counted parts of their own: in this round
# all of them begin behind the last one of any, so that what lay between the rounds is no time of the run.
load_again() {
	local part
	load_again=true
	url=$(from_run .url)
	model=$(from_run .model)
	plan_again
	record --arg url "$url" --slurpfile plan "$run_dir/.plan.json" -f "$top/scripts/lib/again.jq"
	rm "$run_dir/.plan.json"
	metrics=$(from_load '.args[4]')
	part=$(jq -n 'reduce (inputs | .part // 1) as $part (1; [., $part] | max) | . + 1' "$run_dir/responses.jsonl")
	record --argjson part "$part" ".load.part = \$part"
	seconds load-timeout "${opt["load-timeout"]}"
	write_load "$(from_load ".timeout = ${seconds%.*}")" "$part"
	load_and_finish
}

# start_load: all of it, up to the Job.
start_load() {
	info "load in the cluster: job $load_ns/$load_name"
	make_volume
	make_data_pod
	! $load_again || forget_round
	load_files
	make_key
	make_object load_service
	make_object load_job
}

# load_and_finish: send the load, wait for it, fetch it; ends the script.
load_and_finish() {
	info "measuring $model at $url, from $(from_load 'if .pods == 1 then "a pod" else "\(.pods) pods" end')"
	trap load_signal INT TERM HUP
	load_stage=made
	pods_start
	start_load
	load_stage=runs
	[[ -z ${opt["debug-pods"]-} ]] || tell_of_debugging
	finish_load
}

# load_signal: before the Job is there, and the second time, the script ends; else the load, in order.
load_signal() {
	interrupted=$((interrupted + 1))
	[[ $load_stage == runs ]] && ((interrupted == 1)) || exit 130
}

# finish_load: once the Job is there.
finish_load() {
	[[ $target == resume || $(from_load .timeout) != 0 ]] || leave_for_later
	await_load
	pods_stop
	load_stage=over
	[[ -s $work/.verdict && $(<"$work/.verdict") != *'"began":true'* ]] || collect_load
	[[ ! -s $work/.verdict ]] || give_up_load
	remove_load
	load_stage=''
	trap 'exit 130' INT TERM HUP
	pods_collect
	finish_run
}

# await_load: until the Job has ended.  What watches it has a process group of its own, so that Ctrl-C reaches this script
# alone, which then ends the Job; that is seen there.
await_load() {
	local pid status ended=false
	rm -f "$work/.verdict"
	set -m
	follow_load &
	pid=$!
	set +m
	while :; do
		status=0
		wait "$pid" || status=$?
		if ((interrupted)) && ! $ended; then
			ended=true
			end_load
		fi
		kill -0 "$pid" 2>/dev/null || break
	done
	((status == 0)) || exit "$status"
}

# give_up_load: the Job has failed.  What its pods have written is kept.
give_up_load() {
	local kind=job name=$load_name ns=$load_ns verdict since=$SECONDS limit=0
	verdict=$(<"$work/.verdict")
	give_up
}
