#!/usr/bin/env bats
# tests/perf: the arithmetic, the tables and the bookkeeping of "make perf"; no time is asserted here.

load lib/common

perf() { # perf SCRIPT [ARGUMENT…]
	"$TOP/tests/lib/py" "$TOP/tests/perf/$1.py" "${@:2}"
}

tiny() { # tiny [OPTION…]: a few real requests, into rows.jsonl
	perf rows --rows rows.jsonl --only tokpipe,floor --streams 2 --requests 2 --tokens 4 "$@"
}

@test "perf: the table of made-up rows: the newest of each kind, digits, goals met and missed" {
	run --separate-stderr perf table "$DATA/perf/rows.jsonl"
	is 0 "| **tokpipe** | 0.250 (-5.25) | – | – | 0.005 |" "| vllm-rs | 1,234 (2,000) |" \
		"| error of the mean TTFT, 50 streams | at most 0.5 ms | 0.250 ms | met |" \
		"| error of the p99 of TTFT, 50 streams | at most 5 ms | 5.25 ms | MISSED |" \
		"better Rust client's, 50 streams | at most 0.5 | 0.469 | met |" \
		"| events a second on one processor, 32 streams, 1 a write | at least 500,000 | 499,999 | MISSED |" \
		"| error of the mean TTFT, 1000 streams | at most 0.5 ms | – | not measured |" \
		"- miller, 1,000,000 records: mlr: not installed" "- nosuch, 50 streams: it could not be installed: no wheel for this machine" \
		'- tokpipe (9.9.9), accuracy, 50 streams: `sendreq --url URL`' "- made up; commit abc, llmsim def"
	[[ $output != *"0.125"* ]]
	run --separate-stderr perf table --check "$DATA/perf/rows.jsonl"
	is 5 "MISSED"
	grep -v '"throughput"' "$DATA/perf/rows.jsonl" | sed 's/-5\.25/-4.75/' >good.jsonl
	run --separate-stderr perf table --check good.jsonl
	is 0 "4.75 ms | met"
}

@test "perf: the table in README.md, and RESULTS.md, say what RESULTS.jsonl says" {
	[ -e "$TOP/tests/perf/RESULTS.jsonl" ] || skip "not in CI: nothing has been measured and kept yet"
	perf table "$TOP/tests/perf/RESULTS.jsonl" >page
	cmp page "$TOP/tests/perf/RESULTS.md"
	cp "$TOP/README.md" README.md
	perf table --readme README.md "$TOP/tests/perf/RESULTS.jsonl"
	cmp README.md "$TOP/README.md"
}

@test "perf: a number typed into the table of a README does not last" {
	printf 'a\n<!-- perf: made of tests/perf/RESULTS.jsonl -->\n| 0.001 |\n<!-- /perf -->\nb\n' >README.md
	perf table --readme README.md "$DATA/perf/rows.jsonl"
	{
		printf 'a\n<!-- perf: made of tests/perf/RESULTS.jsonl -->\n'
		perf table --headline "$DATA/perf/rows.jsonl"
		printf '<!-- /perf -->\nb\n'
	} >expected
	cmp expected README.md
	echo "no marks" >README.md
	run --separate-stderr perf table --readme README.md "$DATA/perf/rows.jsonl"
	is 1 "not there"
}

# Two requests of role, two and three tokens, usage and end.  True: TTFT 50 and 70 ms, mean 60, p99 69.8; gaps of 10, 10
# and 30 ms.  Reported, 1 and 3 ms late at the first token: TTFT 51 and 73, mean 62, p99 72.78; gaps 9, 10, 27.
@test "perf: errors, lateness and concurrency of a pair of requests made by hand" {
	cat >truth.jsonl <<-'END'
		{"request_id":"x-1","arrived_us":1000000,"recv_us":1003000,"plan_us":[1050000,1050000,1060000,1060000],"ev_us":[1050000,1050000,1060000,1060000],"ev_kind":"rccd"}
		{"request_id":"x-2","arrived_us":1010000,"recv_us":1010000,"plan_us":[1070000,1070000,1090000,1112000],"ev_us":[1080000,1080000,1090000,1120000],"ev_kind":"rccc"}
	END
	cat >stamps.jsonl <<-'END'
		{"id":1,"sent_us":999000,"ev_us":[1050000,1050000,1059000,1061000],"connects":1}
		{"id":2,"sent_us":1009000,"ev_us":[1082000,1082000,1092000,1119000],"connects":0}
	END
	cat >check.py <<-'END'
		import sys
		sys.path.insert(0, sys.argv[1])
		import truth
		records = truth.load("truth.jsonl")
		of = truth.by_id(records)
		stamps = truth.of_stamps([(r, of[r["id"]]) for r in truth.load("stamps.jsonl")])
		found = {**truth.errors(stamps, truth.of_truth(records)), **truth.lateness(records), "at once": truth.concurrency(records),
		         **truth.cold({"ttft_mean_ms": 55}, records[:1])}
		for name, value in found.items():
		    print(name, value if value is None else round(value, 4))
		try:
		    truth.of_stamps([({"id": 1, "sent_us": 0, "ev_us": [1]}, records[0])])
		except ValueError as e:
		    print(e)
	END
	run --separate-stderr "$TOP/tests/lib/py" check.py "$TOP/tests/perf"
	is 0
	# numpy.percentile([51, 73], 99) - numpy.percentile([50, 70], 99); of [9, 10, 27] and [10, 10, 30]: 26.66 - 29.6
	same "ttft_err_mean_ms 2.0
ttft_err_p99_ms 2.98
itl_err_mean_ms -1.3333
itl_err_p99_ms -2.94
server_late_mean_ms 3.5
server_late_p99_ms 10.0
server_read_late_mean_ms 1.5
at once 2
cold_ttft_err_mean_ms 5.0
cold_ttft_err_p99_ms None
id 1: 1 events, 4 were sent" "$output"
}

@test "perf: CPU and memory are those of the whole tree, those before the exec left out, and nothing is left behind" {
	cat >tree.sh <<-END
		#!/usr/bin/env bash
		python3 -c 'import time
		while time.process_time() < 1: pass'
		sleep 0.2
		exec python3 -c 'import subprocess, sys
		code = "import time\nx = bytearray(60000000)\nwhile time.process_time() < %s: pass\ntime.sleep(0.3)"
		children = [subprocess.Popen([sys.executable, "-c", code % 0.4]) for _ in range(2)]
		subprocess.Popen(["sleep", "9876.$$"])
		[c.wait() for c in children]'
	END
	chmod +x tree.sh
	cat >measure.py <<-'END'
		import sys
		sys.path.insert(0, sys.argv[1])
		import meter
		m = meter.measure(["./tree.sh"], meter.processor(-1), 60, until_exec=True)
		print("status", m.status)
		print("CPU of both children, not of the shell's", 0.8 <= m.cpu_s() < 1.6 or m.cpu_s())
		print("memory of both", 120e6 < m.peak_bytes < 250e6 or m.peak_bytes)
		print("half of it by then", 0 < m.cpu_until((m.began_us + m.ended_us) // 2) < m.cpu_s())
		print("too long", meter.measure(["sleep", "9876." + sys.argv[2]], meter.processor(0), 0.3).status)
	END
	run --separate-stderr "$TOP/tests/lib/py" measure.py "$TOP/tests/perf" $$
	same "status 0
CPU of both children, not of the shell's True
memory of both True
half of it by then True
too long None" "$output"
	run ps -eo args=
	[[ $output != *"sleep 9876.$$"* ]]
}

@test "perf: a tiny real run: every request of tokpipe and floor is joined and counted, and measured once" {
	tiny
	same '["accuracy","tokpipe",2,6,42,2,true,true,true]
["accuracy","floor",2,6,42,2,true,true,true]' "$(jq -c '[.table, .client, .streams, .requests_ok, .events, .reached_concurrency,
		(.ttft_err_mean_ms != null and .itl_err_p99_ms != null and .cold_ttft_err_mean_ms != null), .cpu_us_per_event > 0, .peak_mb > 1]' rows.jsonl)"
	same 0 "$(jq -r 'select(.command | test("/|127")) | .command' rows.jsonl | wc -l)"
	tiny
	same 2 "$(wc -l <rows.jsonl)"
	sed -i '2d; s/"commit": "[^"]*"/"commit": "another"/' rows.jsonl
	tiny
	same 'another
tokpipe
floor' "$(jq -r 'if .commit == "another" then .commit else .client end' rows.jsonl)"
	perf kept rows.jsonl >kept.jsonl
	same 2 "$(wc -l <kept.jsonl)"
}

@test "perf: what does not exist is named, with what is near" {
	run --separate-stderr perf rows --rows rows.jsonl --only tokpip
	is 2 "tokpip: no such client or table; did you mean tokpipe?"
	run --separate-stderr perf rows --rows rows.jsonl --streams 5,x
	is 2 "5,x: expected whole numbers"
	[ ! -e rows.jsonl ]
}

@test "ours and the floor take turns at each number of streams, the tables and the peers come after them" {
	cat >order.py <<-E
		import sys
		sys.path.insert(0, "$TOP/tests/perf")
		import rows
		print(*(f"{n}:{s}" for n, s in rows.order(["tokpipe", "floor", "pacing", "vllm-rs"], [200, 50])))
	E
	same 'tokpipe:50 floor:50 tokpipe:200 floor:200 pacing:None vllm-rs:200 vllm-rs:50' "$("$TOP/tests/lib/py" order.py)"
}
