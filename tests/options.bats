#!/usr/bin/env bats
# scripts/lib/options.sh, as every script uses it: help and version work before anything is
# installed, and stdout is checked.

load lib/common

scripts() {
	cd "$TOP" || return
	printf '%s\n' ./*.sh scripts/*.sh setup/[!e]*.sh setup/engines/*.sh tests/run.sh tests/lint.sh tests/perf/run.sh
}

@test "options: --help and --version of every script, with nothing but Debian's own programs" {
	local script
	for script in $(scripts); do
		run --separate-stderr env -i PATH=/usr/bin:/bin TOKPIPE_BIN=/nowhere "$TOP/$script" --help
		is 0 "usage: ${script##*/} " --help --version
		run --separate-stderr env -i PATH=/usr/bin:/bin TOKPIPE_BIN=/nowhere "$TOP/$script" --version
		[ "$status $output" = "0 ${script##*/} (tokpipe) $(sed -n 's/^VERSION = //p' "$TOP/Makefile")" ]
	done
}

@test "options: --help that nobody can read is 4" {
	local script
	for script in $(scripts); do
		run --separate-stderr bash -c '"$1" --help >/dev/full' - "$TOP/$script"
		is 4 "${script##*/}: standard output: cannot be written"
	done
}

@test "options: a flag that does not exist is 2, with the usage line" {
	local script
	for script in $(scripts); do
		run --separate-stderr "$TOP/$script" --nonsense </dev/null
		is 2 "${script##*/}: unknown option --nonsense" "usage: ${script##*/} "
	done
}

@test "options: one letter is the short form of an option: -x V and -x=V, and the first = parts them" {
	local form
	for form in '-j|0' '-j=0' '--processes|0' '--processes=0'; do
		IFS='|' read -ra form <<<"$form"
		run --separate-stderr "$TOP/bench.sh" --local --dry-run "${form[@]}" </dev/null
		is 2 '--processes: 0: expected a whole number, at least 1'
	done
	run --separate-stderr "$TOP/bench.sh" --local --dry-run -j=1=2 </dev/null
	is 2 '--processes: 1=2: expected'
	run --separate-stderr "$TOP/bench.sh" --local --dry-run -j 0 -j 1 -j -1 </dev/null
	is 2 '--processes: -1: expected'
	run --separate-stderr "$TOP/bench.sh" -j
	is 2 'bench.sh: -j: a value is missing (N)'
	run --separate-stderr "$TOP/bench.sh" -x 3
	is 2 'bench.sh: unknown option -x'
	run --separate-stderr "$TOP/bench.sh" -jx
	is 2 'bench.sh: unknown option -jx'
	run --separate-stderr "$TOP/bench.sh" --=x
	is 2 'bench.sh: unknown option --'
	run --separate-stderr "$TOP/scripts/report.sh" -j 3
	is 2 'report.sh: unknown option -j'
	"$TOP/bench.sh" --help | grep -x -- '  -j, --processes N .*'
}
