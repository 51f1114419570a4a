#!/usr/bin/env bash
# perf: what the instrument is worth: clients side by side against the truth that llmsim logs, what
# an event costs, throughput, pacing, statistics.  Not a test: it prints, on a quiet machine.
#
# Each row is kept in build/perf/rows.jsonl as soon as it is measured, so that what Ctrl-C cut off
# goes on where it was; a row of another machine, commit or server does not count.
set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=../../scripts/lib/log.sh
source "$TOP/scripts/lib/log.sh"
# shellcheck source=../../scripts/lib/run.sh
source "$TOP/scripts/lib/run.sh"
# shellcheck source=../../scripts/lib/options.sh
source "$TOP/scripts/lib/options.sh"
# shellcheck source=../../scripts/lib/deps.sh
source "$TOP/scripts/lib/deps.sh"

usage='[--check] [--keep] [--only NAME,...] [--streams N,...] [--yes]'
about='Prints how far what clients report is from the truth that llmsim logs, and what an event costs them.'
options=(
	$'check\texit with status 5 when a goal was missed'
	$'keep\twrite tests/perf/RESULTS.md and RESULTS.jsonl, and the table in README.md'
	$'only NAME,...\tof the clients (tokpipe, floor, those in tests/perf/peers) and tables (throughput, pacing, stats)'
	$'streams N,...\tthese numbers of streams only'
	$'yes\tinstall missing packages without asking'
)
notes='Rows are kept in build/perf/rows.jsonl: interrupted, it goes on; remove that file to measure all again.'

rows=$TOP/build/perf/rows.jsonl

python() {
	"$TOP/tests/lib/py" "$TOP/tests/perf/$1.py" "${@:2}"
}

# keep: this machine's rows and nothing else become the results.
keep() {
	python kept "$rows" >"$TOP/tests/perf/RESULTS.jsonl.part"
	mv "$TOP/tests/perf/RESULTS.jsonl.part" "$TOP/tests/perf/RESULTS.jsonl"
	python table "$TOP/tests/perf/RESULTS.jsonl" >"$TOP/tests/perf/RESULTS.md"
	python table --readme "$TOP/README.md" "$TOP/tests/perf/RESULTS.jsonl"
}

main() {
	local which=()
	parse_options "$@"
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: unexpected"
	# shellcheck disable=SC2034 # read in deps.sh
	assume_yes=${opt[yes]-false}
	need_packages build run python perf
	[ -n "${TOKPIPE_BIN-}" ] || make -s -C "$TOP" "-j$(nproc)" all perf-programs
	[ -z "${opt[only]-}" ] || which+=(--only "${opt[only]}")
	[ -z "${opt[streams]-}" ] || which+=(--streams "${opt[streams]}")
	python rows --rows "$rows" "${which[@]}"
	python kept "$rows" >"$TOP/build/perf/kept.jsonl"
	[ -z "${opt[keep]-}" ] || keep
	python table ${opt[check]:+--check} "$TOP/build/perf/kept.jsonl"
}

main "$@"
