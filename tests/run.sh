#!/usr/bin/env bash
# run.sh: the test suite, in stages; see --help.  Each stage leaves its TAP in build/test/,
# and the last line counts what is in there.
set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=../scripts/lib/log.sh
source "$TOP/scripts/lib/log.sh"
# shellcheck source=../scripts/lib/run.sh
source "$TOP/scripts/lib/run.sh"
# shellcheck source=../scripts/lib/options.sh
source "$TOP/scripts/lib/options.sh"
# shellcheck source=../scripts/lib/deps.sh
source "$TOP/scripts/lib/deps.sh"

usage='[--jobs N] [--yes] [quick | all | cluster | NAME...]'
about='Runs the tests: quick (the default), all, those on a real cluster, or single ones by name: pctl, pctl.bats, unit/scan, lint.'
options=(
	$'jobs N\thow many test files run at the same time (number of processors)'
	$'fuzz-time D\thow long each fuzzer runs in "all" (60s)'
	$'yes\tinstall missing packages without asking'
)
notes='The last line is "N passed, N failed, N skipped".  Exit status: 0, or 1 when anything failed or nothing ran.
With CI=true a skipped test is a failure, unless its reason begins with "not in CI: ".'

# A status of their own, which no test takes for one of ours.
export ASAN_OPTIONS=exitcode=66 UBSAN_OPTIONS=exitcode=66:print_stacktrace=1
# What the tests start must not depend on the caller's settings.
unset LOG_LEVEL KVMINI_DEBUG KVMINI_NAMESPACE KVMINI_OUTPUT_DIR TOKPIPE_BIN
export RESULTS=$TOP/build/test LC_ALL=C.UTF-8
export no_proxy=127.0.0.1,localhost,::1${no_proxy:+,$no_proxy}

stage() { # stage NAME KIND LIMIT COMMAND…: see tests/lib/stage
	"$TOP/tests/lib/stage" "$@"
}

builds() {
	stage build check 900 make -s -j "$jobs" all units
	[ "${operands[*]}" = cluster ] || stage build-san check 900 make -s -j "$jobs" SAN=1 all units
	if grep -q '^not ok' "$RESULTS"/build*.tap; then
		summary
		exit 1
	fi
}

unit_programs() { # unit_programs plain|san: set unit_programs
	local source
	unit_programs=()
	for source in tests/unit/*.c; do
		unit_programs+=("build/$1/unit/$(basename "$source" .c)")
	done
}

units() {
	unit_programs plain
	stage units tap 600 "$parallel" "$jobs" units "${unit_programs[@]}"
	unit_programs san
	stage units-san tap 600 "$parallel" "$jobs" units "${unit_programs[@]}"
}

# The .bats files of the programs, and the matrix: what runs again on the sanitizer build.
program_tests() {
	local source file
	for source in src/*.c; do
		file=tests/$(basename "$source" .c).bats
		[ ! -e "$file" ] || printf '%s\n' "$file"
	done
	echo tests/filters.bats
}

quick() {
	local files
	units
	stage bats tap 2700 "$parallel" "$jobs" bats tests/*.bats tests/promises/*.bats
	mapfile -t files < <(program_tests)
	stage bats-san tap 2700 env "TOKPIPE_BIN=$TOP/build/san/bin" "$parallel" "$jobs" bats "${files[@]}"
}

# On a real Kubernetes, which takes minutes to build the first time.
cluster() {
	((EUID != 0)) || stage cluster-build check 1800 tests/cluster/prepare.sh --yes
	stage cluster tap 2400 tests/cluster/check.sh
}

everything() {
	stage lint check 600 tests/lint.sh
	stage gcc-werror check 600 tests/lib/werror gcc "$jobs"
	stage clang-werror check 600 tests/lib/werror clang "$jobs"
	quick
	unit_programs plain
	stage valgrind-units tap 900 env VALGRIND=1 "$parallel" "$jobs" units "${unit_programs[@]}"
	stage valgrind-filters tap 900 tests/lib/valgrind
	cluster
	stage slow tap 2700 "$parallel" 1 bats tests/slow/*.bats
	stage fuzz check 1800 make -s fuzz "FUZZ_TIME=${opt["fuzz-time"]-60}"
}

named() { # named NAME: one test file, by what people may call it
	local name=$1 file
	[ "$name" != lint ] || {
		stage lint check 600 tests/lint.sh
		return
	}
	for file in "$name" "tests/$name" "tests/$name.bats" "tests/slow/$name.bats" "tests/promises/$name.bats"; do
		[[ -f $file && $file == *.bats ]] || continue
		stage "$(basename "$file" .bats)" tap 1800 "$parallel" 1 bats "$file"
		return
	done
	file=build/plain/unit/$(basename "$name" .c)
	[ -x "$file" ] || die 2 "$name: no such test in tests, tests/slow, tests/promises or tests/unit"
	stage "$(basename "$name" .c)" tap 600 "$parallel" 1 units "$file"
}

# The skips with their reasons, the names of what failed, and the counts.
summary() {
	local taps=("$RESULTS"/*.tap)
	sed -nE 's/^(not )?ok (.*) # (SKIP|skip) ?/skipped: \2: /p' "${taps[@]}" | sort | uniq
	awk '/^not ok/ && !/# (SKIP|skip)/ {
		sub(/^not ok /, "")
		stage = FILENAME
		gsub(/.*\/|\.tap$/, "", stage)
		print "failed: " stage ": " $0
	}' "${taps[@]}"
	awk '
		/^(not )?ok/ && /# (SKIP|skip)/ { skip++; next }
		/^ok/ { ok++ }
		/^not ok/ { bad++ }
		END { printf "%d passed, %d failed, %d skipped\n", ok, bad, skip; exit bad > 0 || ok == 0 }' "${taps[@]}"
}

main() {
	local jobs parallel=tests/lib/in_parallel name
	parse_options "$@"
	log_start
	# shellcheck disable=SC2034 # read in deps.sh
	assume_yes=${opt[yes]-false}
	jobs=${opt[jobs]-$(nproc)}
	whole jobs "$jobs" 1
	cd "$TOP"
	need_packages build run image test lint
	rm -rf "$RESULTS"
	mkdir -p "$RESULTS"
	shopt -s nullglob
	builds
	for name in "${operands[@]:-quick}"; do
		case $name in
		quick) quick ;;
		all) everything ;;
		cluster) cluster ;;
		*) named "$name" ;;
		esac
	done
	summary
}

main "$@"
