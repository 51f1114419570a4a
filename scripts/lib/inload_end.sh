# shellcheck shell=bash
# inload_end: how a load in the cluster ends: what its pods have written is fetched, and nothing of it stays but its volume;
# or it goes on, and this script leaves it.

# shellcheck disable=SC2154 # load_name and the like are inload_objects', run_dir runs.sh's

# shellcheck source=scripts/lib/inload_objects.sh
. "${BASH_SOURCE[0]%/*}/inload_objects.sh"
# shellcheck source=scripts/lib/inload_merge.sh
. "${BASH_SOURCE[0]%/*}/inload_merge.sh"

load_stage='' # made: its objects are there; runs: so is its Job; over: its pods have ended

# how_to_remove: what there is of the load, by hand.
how_to_remove() {
	quoted "${kubectl[@]}" delete jobs,pods,services,secrets -n "$load_ns" -l "tokpipe/run=$load_name"
}

# end_load: the pods finish what is in flight, then they go; what they wrote stays.
end_load() {
	info "stopping: waiting for the requests in flight"
	remove_named jobs "$load_name" --cascade=foreground --wait=true --timeout=25s
}

# load_status DIR: 0 when each pod has sent its share, else 130: there is something left to send.
load_status() {
	local index status worst=0
	for ((index = 0; index < $(from_load .pods); index++)); do
		status=130
		[[ ! -s $1/$index/status ]] || status=$(<"$1/$index/status")
		case $status in
		0 | 1 | 3) ;;
		*) worst=130 ;;
		esac
	done
	printf '%s\n' "$worst"
}

# collect_load: the files of all pods become those of the run; statuses as those of a pipeline here.
collect_load() {
	make_data_pod
	info "collecting the records from pvc $load_ns/$(from_load .pvc)"
	download "$work/out"
	inload_merge "$work/out" "$run_dir"
	# shellcheck disable=SC2034 # for finish.sh
	statuses=(0 0 "$(load_status "$work/out")" 0 0)
	rm -rf "$work/out"
}

# tell_of_debugging: the pods do nothing; how they would send the load.
tell_of_debugging() {
	info "the pods wait to be looked at: kubectl get pods -n $load_ns -l tokpipe/run=$load_name"
	info "what they would run: $(load_command)"
	info "they go with: $(how_to_remove)"
	load_stage=''
	exit 0
}

# leave_for_later: nobody waits for this load.
leave_for_later() {
	remove_named pods "$load_name-data" --wait=false
	exit 0
}

# leave_load: for the cleanup.  A load that runs is left to run: who was cut off from it comes back.
leave_load() {
	local patience=3
	[[ -n $load_stage ]] || return 0
	if [[ $load_stage == runs ]] && ((interrupted == 0)); then
		record --arg state interrupted --arg by '' -f "$top/scripts/lib/ended.jq"
		info "the load goes on in the cluster; what it has written is fetched by: $(quoted "${called[@]}" --resume "$run_dir")"
		return
	fi
	(remove_load 3) || warn "something of the load is left in the cluster: $(how_to_remove)"
	[[ $load_stage == made ]] || info "what the load has written is on its volume: $(quoted "${called[@]}" --resume "$run_dir")"
}
