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
