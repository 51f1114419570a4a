#!/usr/bin/env bash
# compare.sh: one run against another, for people: a table, and the record where it is asked for.
# Exit status 5 when there is a regression, or when they cannot be compared.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib/base.sh
. "$here/lib/base.sh"
# shellcheck source=scripts/lib/rundir.sh
. "$here/lib/rundir.sh"

usage='RUN_A[,RUN...] RUN_B[,RUN...]... [OPTION...]'
# shellcheck disable=SC2034 # read by the option parser
about='Compare runs with the first: better, worse, no difference shown, or cannot compare.'
options=(
	$'metrics METRIC,...\twhat is compared, such as ttft_ms.p99,slot.output_tps'
	$'stats STAT,...\tof a metric without one: mean, rank, p50, ... (mean,p50,p99,rank)'
	$'tolerance [METRIC=]X...\thow much worse is no regression: 5%, ttft_ms=5%, ttft_ms.p99=20 (0%)'
	$'slo FIELD=BOUND...\twhat a good request keeps, such as ttft_ms=500'
	$'force\tcompare although the runs are not comparable'
	$'output FILE\twhere to write the comparison records'
)
# shellcheck disable=SC2034 # read by the option parser
notes='A run is a run directory, or a parent: the latest run in it; or a file of metric records.  Several runs of the
same thing, separated by commas, make one side.  runcmp(1) says how it is computed.'

# flags_of NAME…: the arguments --NAME VALUE for every value that was given, into flags.
flags_of() {
	local name value
	for name; do
		[[ -n ${opt[$name]-} ]] || continue
		while IFS= read -r value; do
			flags+=("--$name" "$value")
		done <<<"${opt[$name]}"
	done
}

# find_side OPERAND: set side to its runs, with their records computed where they are not there.
find_side() {
	local run runs=()
	side=$1
	[[ ! -f $1 && $1 != - ]] || return 0
	[[ ! -d $1 ]] || runs=("$1")
	((${#runs[@]} > 0)) || IFS=, read -r -a runs <<<"$1"
	side=''
	for run in "${runs[@]}"; do
		if [[ ! -f $run ]]; then
			find_run "$run"
			[[ -s $run_dir/metrics.jsonl ]] || "$here/results.sh" --run-dir "$run_dir"
			run=$run_dir
		fi
		side+=${side:+,}$run
	done
}

main() {
	local operand side sides=() flags=() status
	parse_options "$@"
	log_start
	((${#operands[@]} >= 2)) || bad_usage "two runs at least: the baseline, and what is compared with it"
	type -P runcmp >/dev/null || set_up
	for operand in "${operands[@]}"; do
		find_side "$operand"
		sides+=("$side")
	done
	flags_of metrics stats tolerance slo
	[[ -z ${opt[force]-} ]] || flags+=(--force)
	if [[ -n ${opt[output]-} ]]; then
		run_dir=''
		write_records "${opt[output]}" runcmp "${flags[@]}" -- "${sides[@]}"
		info "${opt[output]}"
	fi
	run runcmp -t "${flags[@]}" -- "${sides[@]}"
}

main "$@"
