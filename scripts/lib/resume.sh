# shellcheck shell=bash
# resume: complete a run that was interrupted or killed: the same workload and seed, the
# same pipeline, and of it only what has no final record yet.

# shellcheck source=scripts/lib/measure.sh
. "${BASH_SOURCE[0]%/*}/measure.sh"
# shellcheck source=scripts/lib/cluster.sh
. "${BASH_SOURCE[0]%/*}/cluster.sh"

resume_run() {
	local stored
	only_resume_flags
	find_run "${opt[resume]}"
	[[ -f $run_dir/workload.json ]] || die 2 "$run_dir: no workload.json in it: nothing to go on with"
	stored=$(from_run .url)
	restore_flags
	check_processes "$(<"$run_dir/workload.json")"
	use_cluster
	[[ -n ${opt[collect]-} ]] || connection_options
	if $dry_run; then
		clean_url "${opt[url]-$stored}"
		model=$(from_run .model)
		plan_again
		out typed_pipeline
		run_dir=''
		return
	fi
	stamp=$(stat -c @%Y "$run_dir")
	hold_run
	log_file=$run_dir/log
	info "going on with $run_dir"
	[[ ! -f $run_dir/responses.jsonl ]] || info "$(wc -l <"$run_dir/responses.jsonl") records are there"
	! in_cluster || resume_load
	reach_server "$stored"
	plan_again
	record --arg url "$url" --slurpfile plan "$run_dir/.plan.json" -f "$top/scripts/lib/again.jq"
	rm "$run_dir/.plan.json"
	start_and_finish
}

# only_resume_flags: everything about the load is the run's own.
only_resume_flags() {
	local flag
	for flag in "${!opt[@]}"; do
		case $flag in
		resume | yes | dry-run | url | api-key-env | api-key-file | cacert | insecure | assert | retry | no-telemetry | processes | \
			context | kubeconfig | collect | load-timeout) ;;
		*) bad_usage "--$flag: a resumed run keeps its own (it may be given --url, --processes, keys and certificates)" ;;
		esac
	done
}

restore_flags() {
	local flag value typed=" ${!opt[*]} "
	while IFS=$'\t' read -r flag value; do
		[[ $typed == *" $flag "* ]] || opt[$flag]+=${opt[$flag]:+$'\n'}$value
	done < <(from_run '.flags | to_entries[] | "\(.key)\t\(.value | split("\n")[])"')
}

# reach_server STORED-URL: the engine that we had started, again; else the server.
reach_server() {
	local name
	name=$(from_run '.server.started // ""')
	if [[ -n $name && -z ${opt[url]-} ]]; then
		engine=$name
		stop_engine # a killed run left it
		mapfile -t engine_args < <(from_run '.server.args[]')
		start_engine "$name"
	elif [[ -z ${opt[url]-} && $(from_run '.load.via // ""') == port-forward ]]; then
		opt[via]="port-forward"
		cluster_url "$(from_run .namespace)" "$(from_run .service)"
	else
		[[ -n ${opt[url]-} ]] || via=$(from_run '.load.via // "url"')
		clean_url "${opt[url]-$1}"
	fi
	ask_models
	choose_model "$(from_run .model)"
}

# plan_again: the plan for what is left, in .plan.json, and its commands.
plan_again() {
	local used progress=$run_dir/progress.jsonl
	[[ -f $progress ]] || progress=/dev/null
	used=$(jq -n --slurpfile run "$run_dir/run.json" -f "$top/scripts/lib/time_used.jq" "$progress")
	make_plan "$used" true >"$run_dir/.plan.json"
	plan_commands "$run_dir/.plan.json"
}
