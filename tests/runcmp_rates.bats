#!/usr/bin/env bats
# runcmp: how often it is wrong, and how much it sees, on synthetic runs whose truth is known.
load lib/common

PY=${PY:-$TOP/tests/lib/py}

oracle() {
	run --separate-stderr "$PY" "$TOP/tests/oracle/runcmp.py" "$1"
	is 0 ", compared"
	echo "$output" | sed 's/^note: //; s/^/# note: runcmp: /' >&3
}

@test "1000 pairs of the same: 3 to 7 % false alarms at 5 % (of percentiles 2 to 7), the verdict no more" { oracle false_alarms; }
@test "the same with runs that differ from run to run, three a side" { oracle run_to_run; }
@test "it sees a slower server as often as SciPy's tests do" { oracle power; }
@test "95 % intervals of the change hold the true one 95 times in 100" { oracle coverage; }
