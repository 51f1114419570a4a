#!/usr/bin/env bats
# run.sh: on a small project of its own, with tests that pass, fail, skip and die.
load lib/common

# A tree with the runner of this project, and tests of the caller's.
project() {
	mkdir -p tests/unit tests/lib src
	cp "$TOP/tests/run.sh" tests
	cp "$TOP"/tests/lib/{stage,in_parallel} tests/lib
	ln -s "$TOP/scripts" "$TOP/setup" .
	printf 'all units:\n' >Makefile
	cat >tests/filters.bats
}

@test "all passes: status 0 and the counts alone on the last line" {
	project <<<'@test "one" { true; }'
	run --separate-stderr tests/run.sh
	is 0
	[ "${lines[-1]}" = "4 passed, 0 failed, 0 skipped" ] # two builds, the test twice
}

@test "a failing test fails the suite, is named and shown with what it said" {
	project <<<'@test "two" { echo seen 42; false; }'
	run --separate-stderr tests/run.sh
	is 1 "failed: bats: filters.bats: two" "seen 42"
	[ "${lines[-1]}" = "2 passed, 2 failed, 0 skipped" ]
}

@test "a skip is counted and its reason is shown" {
	project <<<'@test "three" { skip "no moon"; }'
	CI='' run --separate-stderr tests/run.sh
	is 0 "skipped: filters.bats: three: no moon"
	[ "${lines[-1]}" = "2 passed, 0 failed, 2 skipped" ]
}

@test "with CI=true a skip is a failure, unless its reason says that CI cannot" {
	project <<<$'@test "three" { skip "no moon"; }\n@test "four" { skip "not in CI: no sun"; }'
	CI=true run --separate-stderr tests/run.sh
	is 1 "failed: bats: filters.bats: three" "no moon" "skipped: filters.bats: four: not in CI: no sun"
	[ "${lines[-1]}" = "2 passed, 2 failed, 2 skipped" ]
}

@test "a test file that cannot be read is a failure" {
	project <<<'@test "five" { if; }'
	run --separate-stderr tests/run.sh
	is 1
	[ "${lines[-1]}" = "2 passed, 2 failed, 0 skipped" ]
}

@test "a unit test that dies is a failure, one that fails or skips is counted as such" {
	project <<<'@test "one" { true; }'
	mkdir -p build/plain/unit build/san/unit
	touch tests/unit/{dies,mixed}.c
	printf '#!/bin/sh\necho 1..2\necho ok 1 - a\nkill -9 $$\n' >build/plain/unit/dies
	printf '#!/bin/sh\nprintf "1..3\\nok 1 - a\\nnot ok 2 - b\\n# 1 != 2\\nnot ok 3 # SKIP c\\n"\nexit 1\n' >build/plain/unit/mixed
	chmod +x build/plain/unit/*
	cp build/plain/unit/mixed build/san/unit
	printf '#!/bin/sh\necho 1..1\necho ok 1 - a\n' >build/san/unit/dies
	chmod +x build/san/unit/dies
	CI='' run --separate-stderr tests/run.sh
	is 1 "not ok unit/dies.c: exit status 137" "failed: units: unit/mixed.c: b" "# 1 != 2"
	# 2 builds, dies.c 1 and 1, mixed.c 1 and 1, filters twice
	[ "${lines[-1]}" = "8 passed, 3 failed, 2 skipped" ]
}

@test "a build that fails ends the run" {
	project <<<'@test "one" { true; }'
	printf 'all units:\n\t@echo no compiler; false\n' >Makefile
	run --separate-stderr tests/run.sh
	is 1 "no compiler"
	[ "${lines[-1]}" = "0 passed, 2 failed, 0 skipped" ]
}

@test "one file by name, and a name that is none" {
	project <<<'@test "one" { true; }'
	run --separate-stderr tests/run.sh filters
	is 0 "3 passed, 0 failed, 0 skipped"
	run --separate-stderr tests/run.sh nosuch
	is 2 "nosuch: no such test"
}

@test "--help works and an unknown option names the nearest" {
	run --separate-stderr "$TOP/tests/run.sh" --help
	is 0 "usage: run.sh" "passed"
	run --separate-stderr "$TOP/tests/run.sh" --job 3
	is 2 "--jobs"
}
