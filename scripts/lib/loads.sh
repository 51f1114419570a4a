# shellcheck shell=bash
# loads: the runs of bench.sh that run.sh makes: one for each model and treatment, in directories of their own below
# the work directory's results.  What is finished is not done again.  Needs the settings, the stack and the endpoint.

# shellcheck disable=SC2154 # cfg, work and the like are settings', stack's and endpoint's

# shellcheck source=scripts/lib/child.sh
. "${BASH_SOURCE[0]%/*}/child.sh"
# shellcheck source=scripts/lib/treatments.sh
. "$top/scripts/lib/treatments.sh"

outcomes=() # "NAME<TAB>WHAT<TAB>DIRECTORY", a line for each run
worst=0     # exit status
runs=0
profile_name=''

# What bench.sh makes load pods of and has no flags for.
load_settings=(HARNESS_SERVICE_ACCOUNT HARNESS_CPU_NR HARNESS_CPU_MEM HARNESS_PVC_SIZE VLLM_COMMON_PVC_ACCESSMODE
	VLLM_COMMON_PVC_STORAGE_CLASS RUN_EXPERIMENT_RESULTS_DIR_PREFIX CONTROL_UNSCHEDULABLE_GRACE)

# render_all: the profile of each treatment, checked before anything is asked or sent.
render_all() {
	local treatment name dir=$work/workload
	name=${cfg[HARNESS_EXPERIMENT_PROFILE]##*/}
	profile_name=${name%.y*ml}
	mkdir -p "$dir/experiments" "$dir/profiles/${cfg[HARNESS_NAME]}/treatment_list"
	[[ -z $experiment_file ]] || cp -- "$experiment_file" "$dir/experiments/"
	dir=$dir/profiles/${cfg[HARNESS_NAME]}
	for treatment in "${treatments[@]}"; do
		treatment_suffix "$treatment"
		render_profile "${cfg[HARNESS_EXPERIMENT_PROFILE]}" "$treatment" "${cfg[HARNESS_EXPERIMENT_PROFILE_OVERRIDES]}" \
			"$dir/$profile_name$suffix.yaml"
		jq -r '.values | to_entries[] | "\(.key)=\(.value)"' <<<"$treatment" >"$dir/treatment_list/treatment$suffix.txt"
		LOG_LEVEL=WARN "$top/scripts/validate.sh" --profile "$dir/$profile_name$suffix.yaml" >/dev/null
	done
}

# load_image: set image to the load pods' image.
load_image() {
	local part
	image=
	for part in REGISTRY REPO NAME; do
		part=${cfg[IMAGE_$part]}
		[[ -z $part || $part == NA ]] || image+=${image:+/}$part
	done
	image+=:${cfg[IMAGE_TAG]}
}

# bench_command PROFILE DIR: set command to the run of bench.sh.
bench_command() {
	command=("$top/bench.sh" --profile "$1" --model "$model" --output-dir "$2" --namespace "$namespace")
	if [[ -n $context ]]; then
		command+=(--context "$context")
	elif ! $dry_run; then
		command+=(--kubeconfig "$work/environment/kubeconfig")
	fi
	[[ $endpoint_kind != service ]] || command+=(--service "$endpoint_name")
	if [[ ${cfg[HARNESS_LOCAL_LOAD]} == 1 ]]; then
		[[ $endpoint_kind == service ]] || command+=(--url "$endpoint_url")
	else
		in_cluster
	fi
}

# in_cluster: the same from pods: what they are made of, which bench.sh has no flags for, stands before it.
in_cluster() {
	local image name settings=()
	load_image
	for name in "${load_settings[@]}"; do
		settings+=("LLMDBENCH_$name=${cfg[$name]}")
	done
	command=(env "${settings[@]}" "${command[@]}" --url "$endpoint_url" --in-cluster --pods "${cfg[HARNESS_LOAD_PARALLELISM]}"
		--pvc "${cfg[HARNESS_PVC_NAME]}" --harness-namespace "$harness_namespace" --load-image "$image"
		--load-timeout "${cfg[HARNESS_WAIT_TIMEOUT]}")
	[[ ${cfg[HARNESS_DEBUG]} != 1 ]] || command+=(--debug-pods)
}

# earlier DIR: set run to the latest run in it and state to its status; to nothing when there is none.
earlier() {
	local file
	run='' state=''
	for file in "$1"/*/run.json; do
		[[ ! -f $file ]] || run=${file%/run.json}
	done
	[[ -z $run ]] || state=$(jq -r .status "$run/run.json")
}

# measure_treatment TREATMENT NAME: what is finished is not measured again, what was interrupted is completed.
measure_treatment() {
	local command run state name dir
	treatment_suffix "$1"
	name=$2$suffix dir=$work/results/$2$suffix
	earlier "$dir"
	if [[ $state == finished ]]; then
		outcomes+=("$name"$'\t'"done before"$'\t'"$run")
		return
	fi
	bench_command "$work/workload/profiles/${cfg[HARNESS_NAME]}/$profile_name$suffix.yaml" "$dir"
	if [[ ${cfg[HARNESS_SKIP_RUN]} == 1 ]]; then
		collect_command "$name" || return 0
	elif [[ -n $run ]]; then
		command=("$top/bench.sh" --resume "$run")
	fi
	note_command "${command[@]}"
	if $dry_run; then
		quoted "${command[@]}"
		render_load "$name"
		return
	fi
	info "run $name"
	run_child "${command[@]}"
	runs=$((runs + 1))
	keep_outcome "$name" "$dir"
}

# render_load NAME: the objects of the load that a run would make, beside those of the stack.
render_load() {
	local file dir=$work/setup/yamls/.load
	[[ " ${command[*]} " == *" --in-cluster "* ]] || return 0
	LOG_LEVEL=WARN "${command[@]}" --dry-run --manifests "$dir" >/dev/null
	for file in "$dir"/*.yaml; do
		mv -- "$file" "${dir%/*}/$(basename "$file" .yaml)_$1.yaml"
	done
	rmdir "$dir"
}

# collect_command NAME: set command to what fetches the records of $run; status 1 when there is none to fetch.
collect_command() {
	if [[ -z $run ]]; then
		outcomes+=("$1"$'\t'"nothing to collect"$'\t'"$work/results")
		return 1
	fi
	command=("$top/bench.sh" --resume "$run" --collect)
}

# keep_outcome NAME DIR: of the run that has ended.
keep_outcome() {
	local run state ended=finished file
	earlier "$2"
	case $child_status in
	0) [[ $state == finished ]] || ended="under way; fetch it with: $(quoted "$top/bench.sh" --resume "$run")" ;;
	5) ended="finished, a bound was missed" ;;
	*) ended="failed (exit status $child_status)" ;;
	esac
	((interrupted == 0)) || ended=interrupted
	outcomes+=("$1"$'\t'"$ended"$'\t'"${run:-$2}")
	if ((child_status != 0 && (worst == 0 || worst == 5))); then worst=$child_status; fi
	[[ -n $run && $state == finished ]] || return 0
	mkdir -p "$work/analysis/$1"
	for file in analysis.json report.html; do
		[[ ! -f $run/$file ]] || cp -- "$run/$file" "$work/analysis/$1/"
	done
}
