#!/usr/bin/env bash
# analyze.sh: the analysis of a run: analysis.json, or another file, from its records.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib/base.sh
. "$here/lib/base.sh"
# shellcheck source=scripts/lib/rundir.sh
. "$here/lib/rundir.sh"
# shellcheck source=scripts/lib/cluster.sh
. "$here/lib/cluster.sh"
# shellcheck source=scripts/lib/samples.sh
. "$here/lib/samples.sh"

usage='--run-dir DIR [--service NAME [--namespace NS]] [--output FILE]'
# shellcheck disable=SC2034 # read by the option parser
about='Compute the latency, throughput and error analysis of a run, and its report.'
options=(
	$'run-dir DIR\tthe run'
	$'namespace NS\twhere the service is ($KVMINI_NAMESPACE, else default)'
	$'service NAME\tadds the resources of its pods'
	$'output FILE\twhere to write (analysis.json in the run directory)'
)
# shellcheck disable=SC2034 # read by the option parser
notes='With --service, resources stands in the result: null, with the reason under not_measured, where
they cannot be measured.  Without --output the report of the run is made again, too.'

# why_no_resources: set resources to the reason, or to nothing when nobody asked.
why_no_resources() {
	local asked
	resources=''
	if [[ -z ${opt[service]-} ]]; then
		[[ -z ${opt[namespace]-} ]] || bad_usage "--namespace goes with --service: whose pods?"
		return
	fi
	asked=${opt[namespace]-${KVMINI_NAMESPACE:-default}}/${opt[service]}
	if [[ $asked == $(jq -r '"\(.namespace)/\(.service)"' "$run_dir/run.json") ]]; then
		why=$(jq -r '.not_measured.resources // ""' "$run_dir/run.json")
		[[ -n $why ]] || return 0 # they were
	else
		why_no_cluster
	fi
	resources="pods of $asked: ${why:-no samples were taken during the run}"
	warn "resources are not measured: $resources"
}

main() {
	local resources why status jq output samples
	parse_options "$@"
	log_start
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: unexpected"
	open_run "${opt["run-dir"]-}"
	why_no_resources
	output=${opt[output]-$run_dir/analysis.json}
	for file in metrics.jsonl summary.jsonl runsum.json; do
		[[ -r $run_dir/$file ]] || "$here/results.sh" --run-dir "$run_dir"
	done
	read_samples
	jq=(jq -n -L "$here/lib" --slurpfile run "$run_dir/run.json" --slurpfile runsum "$run_dir/runsum.json")
	jq+=(--slurpfile summary "$run_dir/summary.jsonl" "${samples[@]}" --arg resources "$resources" --arg asked "${opt[service]-}" -f "$here/lib/analysis.jq")
	write "$output" "${jq[@]}" "$run_dir/metrics.jsonl"
	info "$output"
	[[ -n ${opt[output]-} ]] || "$here/report.sh" --run-dir "$run_dir"
}

main "$@"
