# shellcheck shell=bash
# inload_plan: the objects of a load in a cluster, as files, of a run that is not made.  What only a run has is not in
# them: its name, which follows from its directory, and the engines' pods, whose counts the first load pod would sample.

# shellcheck disable=SC2034,SC2154 # metrics is inload_target's; opt and the like are bench.sh's

# shellcheck source=scripts/lib/inload.sh
. "${BASH_SOURCE[0]%/*}/inload.sh"

# plan_manifests WORKLOAD NAMESPACE: into the directory that --manifests names.
plan_manifests() {
	local dir run_dir namespace=$2 program stack_id=
	read_table
	dir=$(mktemp -d) || die 4 "${TMPDIR:-/tmp}: work files cannot be written there (TMPDIR)"
	run_dir=$dir/RUN
	mkdir -p "$run_dir/cluster" "${opt[manifests]}" || die 4 "${opt[manifests]}: cannot be made"
	url=${opt[url]-http://${opt[service]}.$namespace.svc} model=${opt[model]-MODEL}
	printf '%s\n' "$1" >"$run_dir/workload.json"
	make_plan 0 false | jq '{plan: .}' >"$run_dir/run.json"
	write_load "$(load_settings_of dry-run)"
	for program in load_service load_job data_pod; do
		load_manifest "$program" >"${opt[manifests]}/07_$program.yaml" || die 4 "${opt[manifests]}: cannot be written"
	done
	rm -rf "$dir"
}
