# shellcheck shell=bash
# inload_show: a load in the cluster, for people: the objects that it is made of, and what its pods run.

# shellcheck source=scripts/lib/inload_objects.sh
. "${BASH_SOURCE[0]%/*}/inload_objects.sh"

# show_load NAMESPACE: for a dry run, on stdout: the objects of the load, and what each pod runs.
show_load() {
	# shellcheck disable=SC2034 # namespace is for load_settings_of
	local namespace=$1 program
	read_table
	mkdir -p "$run_dir/cluster"
	jq '{plan: .}' "$run_dir/plan.json" >"$run_dir/run.json"
	write_load "$(load_settings_of XXXXXXXX)"
	for program in load_claim data_pod load_service load_job; do
		printf '\n%s:\n' "$program"
		load_manifest "$program"
	done | sed "s|${run_dir##*/}|RUN|g"
	printf '\neach pod (INDEX from 0) runs:\n'
	load_command | sed "s|${run_dir##*/}|RUN|g"
}

# load_command: what a pod runs, as one could type it.
load_command() {
	local words
	mapfile -t words < <(from_load '.args[]')
	quoted /bin/sh "$(from_load '"\(.mount)/\(.run)/in/load.sh"')" "${words[@]}"
}
