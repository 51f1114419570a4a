# shellcheck shell=bash
# measure: a new run, from the flags to the end of the pipeline.

# shellcheck source=scripts/lib/plan.sh
. "${BASH_SOURCE[0]%/*}/plan.sh"
# shellcheck source=scripts/lib/target.sh
. "${BASH_SOURCE[0]%/*}/target.sh"
# shellcheck source=scripts/lib/features.sh
. "${BASH_SOURCE[0]%/*}/features.sh"
# shellcheck source=scripts/lib/cost.sh
. "${BASH_SOURCE[0]%/*}/cost.sh"
# shellcheck source=scripts/lib/calibration.sh
. "${BASH_SOURCE[0]%/*}/calibration.sh"
# shellcheck source=scripts/lib/finish.sh
. "${BASH_SOURCE[0]%/*}/finish.sh"
# shellcheck source=scripts/lib/telemetry.sh
. "${BASH_SOURCE[0]%/*}/telemetry.sh"

target=''
command_line=()
# What a resumed run needs again, and what it is priced by; of a key only where it is.
kept_flags=(no-telemetry api-key-env api-key-file cacert insecure http2 proxy compressed processes requests duration assert gpu gpus cost-config
	in-cluster pods pvc harness-namespace load-image load-timeout debug-pods context kubeconfig via)

measure() {
	local profile=standard namespace=${opt[namespace]-${KVMINI_NAMESPACE:-default}} resolved
	[[ ${opt[engine]-} != llama ]] || profile=laptop
	[[ $target != url ]] || clean_url "${opt[url]}"
	connection_options
	find_prices
	check_prices
	find_profile "${opt[profile]-$profile}"
	resolved=$(resolve_workload)
	check_processes "$resolved"
	if $dry_run; then
		[[ -z ${opt[manifests]-} ]] || plan_manifests "$resolved" "$namespace"
		out show_plan "$resolved" "$namespace"
		return
	fi
	ask_target "$namespace"
	[[ $target == engine ]] || choose_model "$(jq -r '.request.model // ""' <<<"$resolved")"
	begin_run "$resolved"
	if [[ $target == engine ]]; then
		engine_arguments "${opt[engine]}"
		start_engine "${opt[engine]}"
		ask_models
		choose_model "$(jq -r '.request.model // ""' <<<"$resolved")"
	else
		server_features
	fi
	[[ $(jq '.prompts.calibrate' "$run_dir/workload.json") != true ]] || calibrate
	! in_cluster || go_inside
	make_plan 0 false >"$run_dir/.plan.json"
	plan_commands "$run_dir/.plan.json"
	new_record "$namespace"
	[[ $calibration == null ]] || record --argjson calibration "$calibration" ".calibration = \$calibration"
	if in_cluster; then
		plan_load "$namespace"
		load_and_finish
	fi
	start_and_finish
}

# ask_target NAMESPACE: which models has it?
ask_target() {
	if in_cluster; then
		ask_from_here "$1"
		return
	fi
	case $target in
	url) ask_models ;;
	service)
		cluster_url "$1" "${opt[service]}"
		ask_models
		;;
	esac
}

# calibrate: the run's workload has the lengths that the server counts.
calibrate() {
	info "calibrating: 20 requests"
	ask_lengths "$run_dir/workload.json"
	jq --argjson found "$calibration" '.prompts += ($found | {token_ratio, template_tokens})' \
		"$run_dir/workload.json" >"$run_dir/.workload.json"
	mv "$run_dir/.workload.json" "$run_dir/workload.json"
	info "$(jq -r '"a token here is \(.token_ratio) of the server'"'"'s, and each request \(.template_tokens) more"' <<<"$calibration")"
}

# begin_run WORKLOAD: the directory, with the workload in it.
begin_run() {
	profile_name=${profile_file##*/}
	profile_name=${profile_name%.y*ml}
	new_run_dir "${opt["output-dir"]-${KVMINI_OUTPUT_DIR:-runs}}" "$profile_name"
	jq --arg salt "$(od -An -N4 -tx4 /dev/urandom | tr -d ' ')" \
		'if .prompts.salt == "auto" then .prompts.salt = $salt else . end' <<<"$1" >"$run_dir/workload.json"
	hold_run
	log_file=$run_dir/log
	debug "$(quoted "${command_line[@]}")"
}

# make_plan USED_S RESUME: plan.jq's plan for the workload of run_dir.
make_plan() {
	jq -f "$top/scripts/lib/plan.jq" --argjson flags "$(typed)" --argjson used_s "$1" --argjson resume "$2" \
		--arg retry "${opt[retry]-}" --argjson processes "${opt[processes]-1}" \
		--arg url "$url" --arg model "$model" --arg workload "$run_dir/workload.json" --arg run "$run_dir" \
		--argjson connection "$(jq -cn '$ARGS.positional' --args -- "${connection[@]}")" "$run_dir/workload.json"
}

new_record() {
	record -f "$top/scripts/lib/record.jq" --arg id "${run_dir##*/}" --arg version "$(program_version)" \
		--arg commit "$(commit)" \
		--arg profile "$profile_name" --arg profile_file "$profile_file" \
		--arg namespace "$(cluster_only "$1")" --arg service "${opt[service]-}" --arg url "$url" --arg model "$model" \
		--arg engine "${opt[engine]-}" --arg note "$note" --argjson flags "$(chosen "${kept_flags[@]}")" \
		--argjson engine_args "$(jq -cn '$ARGS.positional' --args -- "${engine_args[@]}")" \
		--argjson features "$features" --argjson models "$models" --argjson host "$(host)" \
		--slurpfile workload "$run_dir/workload.json" --slurpfile plan "$run_dir/.plan.json" \
		--argjson command "$(jq -cn '$ARGS.positional' --args -- "${command_line[@]}")"
	rm "$run_dir/.plan.json"
	make_prices '{}' >"$run_dir/prices.json" || die 4 "$run_dir/prices.json: cannot be written"
	warn_features
}

# commit: of the tree that these scripts are in; an installed one may lie in somebody else's.
commit() {
	[[ ! -e $top/.git ]] || git -C "$top" rev-parse HEAD 2>/dev/null || true
}

# cluster_only NAMESPACE: an engine that runs here is in none.
cluster_only() {
	[[ $target == engine ]] || printf '%s\n' "$1"
}

# start_and_finish: run the commands; ends the script.
start_and_finish() {
	info "measuring $model at $url"
	debug "$(typed_pipeline)"
	record_way
	start_telemetry
	run_pipeline
	stop_telemetry
	pods_collect
	record_breaks
	finish_run
}

# show_plan WORKLOAD NAMESPACE: what would run, on stdout.
show_plan() {
	run_dir=$(mktemp -d)
	trap 'rm -r "$run_dir"' EXIT
	printf '%s\n' "$1" >"$run_dir/workload.json"
	case $target in
	engine) url=http://127.0.0.1:PORT ;;
	service) url=http://URL-OF-$2-${opt[service]} ;;
	esac
	model=$(jq -r --arg model "${opt[model]-}" 'if $model != "" then $model else .request.model // "MODEL" end' <<<"$1")
	make_plan 0 false >"$run_dir/plan.json"
	plan_commands "$run_dir/plan.json"
	[[ -n ${opt["no-telemetry"]-} ]] || gpusample=(gpusample --url "$url/metrics")
	jq -r -f "$top/scripts/lib/show_plan.jq" --slurpfile plan "$run_dir/plan.json" --arg profile "$profile_file" \
		--arg target "$target" --arg engine "${opt[engine]-}" --arg url "$url" --arg namespace "$2" \
		--arg service "${opt[service]-}" --arg parent "${opt["output-dir"]-${KVMINI_OUTPUT_DIR:-runs}}" <<<"$1"
	printf '\ncommands (RUN is the run directory):\n'
	typed_pipeline | sed "s|$run_dir|RUN|g"
	! in_cluster || show_load "$2"
}
