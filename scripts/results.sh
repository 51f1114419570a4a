#!/usr/bin/env bash
# results.sh: from the response records of a run to everything that is said about it:
# metrics.jsonl, summary.jsonl, runsum.json, cost.json, results.json, analysis.json, requests.csv.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib/base.sh
. "$here/lib/base.sh"
# shellcheck source=scripts/lib/rundir.sh
. "$here/lib/rundir.sh"
# shellcheck source=scripts/lib/cost.sh
. "$here/lib/cost.sh"

usage='--run-dir DIR [--assert BOUND]... [--slo FIELD=BOUND]...'
# shellcheck disable=SC2034 # read by the option parser
about='Compute the results of a run from its records, again if need be.'
options=(
	$'run-dir DIR\tthe run'
	$'assert BOUND...\ta bound that has to hold, such as ttft_ms.p95<=1000; else exit status 5'
	$'slo FIELD=BOUND...\twhat a good request keeps, such as ttft_ms=500'
)

fields=(ttft_ms ttfo_ms ttfb_ms itl_ms tpot_ms e2e_ms e2e_done_ms send_lag_ms ttft_sent_ms e2e_sent_ms input_tokens output_tokens)

# each NAME: the arguments --NAME VALUE for every value that was given, into flags.
each() {
	local value
	[[ -n ${opt[$1]-} ]] || return 0
	while IFS= read -r value; do
		flags+=("--$1" "$value")
	done <<<"${opt[$1]}"
}

# worst STATUS: remember it; a missed bound counts more than bad records.
worst() {
	(($1 <= result)) || result=$1
}

measure() {
	local flags=(--summary "$run_dir/summary.jsonl") asked=()
	[[ -r $run_dir/responses.jsonl ]] || die 2 "$run_dir/responses.jsonl: not there"
	[[ $(jq -r '.plan.sendreq // [] | index("--text")' "$run_dir/run.json") == null || ! -r $run_dir/requests.jsonl ]] ||
		asked=(--requests "$run_dir/requests.jsonl")
	write_records "$run_dir/metrics.jsonl" tokstat "${asked[@]}" "$run_dir/responses.jsonl"
	worst "$status"
	write_records "$run_dir/summary.jsonl" pctl -q -p 50,90,95,99 -f "$run_dir/metrics.jsonl" "${fields[@]}"
	worst "$status"
	[[ ! -s $run_dir/progress.jsonl ]] || flags+=(--progress "$run_dir/progress.jsonl")
	each assert
	each slo
	write_records "$run_dir/runsum.json" runsum "${flags[@]}" "$run_dir/metrics.jsonl"
	worst "$status"
}

tell() {
	local jq samples
	tell_cost
	jq=(jq -n -L "$here/lib" --slurpfile run "$run_dir/run.json" --slurpfile runsum "$run_dir/runsum.json"
		--slurpfile summary "$run_dir/summary.jsonl" "${samples[@]}")
	write "$run_dir/analysis.json" "${jq[@]}" --arg resources '' --arg asked '' -f "$here/lib/analysis.jq" "$run_dir/metrics.jsonl"
	write "$run_dir/requests.csv" jq -rjn -f "$here/lib/csv.jq" "$run_dir/metrics.jsonl"
}

main() {
	local result=0 status reason
	parse_options "$@"
	log_start
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: unexpected"
	open_run "${opt["run-dir"]-}"
	measure
	price_run "$run_dir"
	tell
	exit "$result"
}

main "$@"
