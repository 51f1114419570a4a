#!/usr/bin/env bats
# scripts/compare.sh: runs by their directories, by their parents, by their records.
load lib/common

# run_of DIR FIRST_MS: a run directory with 60 requests, the first with that TTFT.
run_of() {
	mkdir -p "$1"
	jq -nc --argjson first "$2" 'range(60) | {id: (. + 1), ok: true, due_us: (. * 1000000), sent_us: (. * 1000000),
		end_us: (. * 1000000 + 500000), ttft_ms: ($first + . * 0.5)}' >"$1/metrics.jsonl"
	echo '{"status":"finished","model":"m","server":{"simulated":false}}' >"$1/run.json"
	echo '{"client":{"verdict":"ok"}}' >"$1/runsum.json"
	echo '{"load_test":{"concurrency":10}}' >"$1/workload.json"
}

compare() {
	run --separate-stderr "$TOP/scripts/compare.sh" "$@"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	run_of runs/2026-01-01_00-00-00-old 50
	run_of runs/2026-01-02_00-00-00-new 70
}

@test "compare: a table, and 5 on a regression" {
	compare --metrics ttft_ms.p50 runs/*-old runs/*-new
	is 5 "A  runs/2026-01-01_00-00-00-old" "B is: worse"
	compare --metrics ttft_ms.p50 --tolerance 80% runs/*-old runs/*-new
	is 0 "worse, within the tolerance"
	compare --metrics ttft_ms --stats mean --tolerance 1% --tolerance ttft_ms=200% runs/*-old runs/*-new
	is 0
	compare --metrics ttft_ms.p50 runs/*-new runs/*-old
	is 0 "B is: better"
}

@test "compare: a parent is its latest run; a file is its records; commas make a side" {
	compare --metrics ttft_ms.p50 --force runs/*-old runs
	is 5 "B  runs/2026-01-02_00-00-00-new"
	compare --metrics ttft_ms.p50 runs/*-new runs/2026-01-01_00-00-00-old/metrics.jsonl
	is 0 "B is: better"
	run_of other/2026-01-03_00-00-00-new 71
	compare --metrics ttft_ms.mean "runs/2026-01-01_00-00-00-old" "runs/2026-01-02_00-00-00-new,other"
	is 5 "   other/2026-01-03_00-00-00-new" "B is: worse"
}

@test "compare: the record goes where it is asked for, and nothing is left in the runs" {
	compare --metrics ttft_ms.p50 --output record.json runs/*-old runs/*-new
	is 5
	same worse "$(jq -r .verdict record.json)"
	same 'metrics.jsonl run.json runsum.json workload.json' "$(cd runs/*-new && echo *)"
	compare --output nowhere/record.json runs/*-old runs/*-new
	is 4 "nowhere/record.json: cannot be written"
}

@test "compare: records that are not there yet are computed" {
	local run=runs/2026-01-02_00-00-00-new
	rm "$run/metrics.jsonl"
	compare runs/*-old "$run"
	is 2 "responses.jsonl: not there"
}

@test "compare: two runs of bench.sh as it is, whose prompts are new in each, are of one workload" {
	for _ in 1 2; do
		run --separate-stderr "$TOP/bench.sh" --local --requests 20 --output-tokens 4 --output-dir two
		is 0
	done
	[ "$(jq -r .prompts.salt two/*/workload.json | sort -u | wc -l)" = 2 ]
	compare --metrics ttft_ms.p50 --output record.json two/*
	same '[]' "$(jq -c '[.reasons[].code | select(. != "client")]' record.json)"
}

@test "compare: wrong usage" {
	compare runs/*-old
	is 2 "two runs at least"
	compare runs/*-old nosuch
	is 2 "nosuch: no such directory"
	compare --metrics rate.nosuch runs/*-old runs/*-new
	is 2 "runcmp: --metrics: rate.nosuch: unknown"
	compare --metrics ttft_ms.p50 runs/*-old runs/*-old
	is 5 "same: " "cannot compare"
}
