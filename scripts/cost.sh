#!/usr/bin/env bash
# cost.sh: what a run cost, again or with other prices; or what a live service costs.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib/base.sh
. "$here/lib/base.sh"
# shellcheck source=scripts/lib/rundir.sh
. "$here/lib/rundir.sh"
# shellcheck source=scripts/lib/cluster.sh
. "$here/lib/cluster.sh"
# shellcheck source=scripts/lib/cost.sh
. "$here/lib/cost.sh"

usage='{--run-dir DIR | --service NAME [--namespace NS] [--duration HOURS]} [OPTION...]'
# shellcheck disable=SC2034 # read by the option parser
about='Compute the cost of a run, or of a live service, by the hour, the request and the token.'
options=(
	$'run-dir DIR\tthe run'
	$'namespace NS\twhere the service is ($KVMINI_NAMESPACE, else default)'
	$'service NAME\tthe service'
	$'duration HOURS\tof the service, so many hours counted back from now (24)'
	"${cost_options[@]}"
	$'cpu CORES\tthe server\'s CPU: 2, 2000m (profile)'
	$'memory SIZE\tthe server\'s memory: 8Gi (profile)'
	$'output FILE\twhere to write the cost record (cost.json in the run directory, whose results.json then has it)'
)
# shellcheck disable=SC2034 # read by the option parser
notes='A table for people goes to standard output.  What is not known is null, with the reason: without the
GPU'\''s product nothing is priced.  A product that has no price ends the script with exit status 2.'

priced_by=(gpu gpus cpu memory cost-config)

# restore_typed: what was typed for the run counts where nothing is typed now.
restore_typed() {
	local flag value
	for flag in "${priced_by[@]}"; do
		[[ -z ${opt[$flag]-} && ($flag != cost-config || -z ${KVMINI_COST_CONFIG-}) ]] || continue
		value=$(from_run ".flags[\"$flag\"] // \"\"")
		[[ -z $value ]] || opt[$flag]=$value
	done
}

table() {
	jq -nr -L "$here/lib" --slurpfile cost "$1" --arg of "$2" -f "$here/lib/cost_table.jq"
}

cost_of_run() {
	local file reason place=$run_dir
	restore_typed
	find_prices
	check_prices
	for file in summary.jsonl runsum.json; do
		[[ -s $run_dir/$file ]] || "$here/results.sh" --run-dir "$run_dir"
	done
	[[ -z ${opt[output]-} ]] || place=$work
	write "$place/prices.json" make_prices '{}'
	price_run "$place"
	[[ -z $reason ]] || exit 2 # a product that has no price; said already
	if [[ -n ${opt[output]-} ]]; then
		write "${opt[output]}" cat "$place/cost.json"
	else
		# shellcheck disable=SC2016 # jq's
		record --argjson typed "$(chosen "${priced_by[@]}")" '.flags += $typed' # for the next time
		tell_cost
	fi
	info "${opt[output]-$run_dir/cost.json}"
	out table "$place/cost.json" "$run_dir, by the prices of ${prices_file#"$top/"}"
}

# service_cost NAMESPACE HOURS REASON: the cost record of a service on stdout.
service_cost() {
	local server program=$here/lib/cost_service.jq
	server_options
	jq -nc -f "$program" --arg namespace "$1" --arg service "${opt[service]}" --arg duration_h "$2" --arg reason "$3" |
		costcalc --prices "$prices_file" "${server[@]}" |
		jq -c -f "$program" --arg namespace '' --arg service '' --arg duration_h 0 --arg reason "$3"
}

cost_of_service() {
	local why hours=${opt[duration]-24} namespace=${opt[namespace]-${KVMINI_NAMESPACE:-default}}
	[[ $hours =~ ^[0-9]{1,6}(\.[0-9]{1,6})?$ && $hours =~ [1-9] ]] || bad_usage "--duration: $hours: expected hours, such as 24"
	find_prices
	check_prices
	why_no_cluster
	why="pods of $namespace/${opt[service]} in the last $hours hours: ${why:-no record of them was kept}"
	warn "not measured: $why"
	work=$(mktemp -d) || die 4 "${TMPDIR:-/tmp}: no room for work files"
	trap 'rm -rf "$work"' EXIT
	service_cost "$namespace" "$hours" "$why" >"$work/cost.json"
	if [[ -n ${opt[output]-} ]]; then
		write "${opt[output]}" cat "$work/cost.json"
		info "${opt[output]}"
	fi
	out table "$work/cost.json" "$namespace/${opt[service]}, by the prices of ${prices_file#"$top/"}"
}

main() {
	parse_options "$@"
	log_start
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: unexpected"
	if [[ -n ${opt["run-dir"]-} ]]; then
		[[ -z ${opt[service]-}${opt[namespace]-}${opt[duration]-} ]] ||
			bad_usage "either --run-dir, or --service with --namespace and --duration"
		open_run "${opt["run-dir"]}"
		cost_of_run
	elif [[ -n ${opt[service]-} ]]; then
		type -P jq costcalc >/dev/null || set_up
		cost_of_service
	else
		bad_usage "of what?  Give --run-dir DIR or --service NAME"
	fi
}

main "$@"
