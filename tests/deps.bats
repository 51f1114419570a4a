#!/usr/bin/env bats
# scripts/lib/deps.sh: what is missing, who may install it, and what is said when nobody can.
# A copy with a package list of its own, and nothing on PATH but stand-ins that say what they
# were asked.

load lib/common

setup() {
	dir=$(mktemp -d)
	mkdir -p "$dir/scripts/lib" "$dir/setup" "$dir/bin"
	cp "$TOP"/scripts/lib/{log,run,deps}.sh "$dir/scripts/lib"
	printf '%s\n' 'build here cmd:bash' 'build nonesuch cmd:nonesuch' 'run missing-too inc:missing-too.h' \
		'test nonesuch cmd:nonesuch' >"$dir/setup/packages"
	ln -s "$(command -v bash)" "$(command -v env)" "$(command -v mktemp)" "$(command -v rm)" "$(command -v tail)" \
		"$(command -v dirname)" "$dir/bin"
	stand_in apt-get 'echo "apt-get $*" >>'"$dir/asked"
	chmod -R a+rX "$dir"
	chmod a+rwx "$dir"
	cd "$dir" || return
}

teardown() {
	rm -rf "$dir"
}

stand_in() { # stand_in NAME LINES
	printf '#!/bin/bash\n%s\n' "$2" >"$dir/bin/$1"
	chmod 755 "$dir/bin/$1"
}

# need [SETTING]: need_packages build run, by somebody who is not root, without a terminal.
need() {
	local drop=()
	((EUID != 0)) || drop=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	"${drop[@]}" env -i PATH="$dir/bin" TMPDIR="$dir" bash -euo pipefail -c '. scripts/lib/log.sh; . scripts/lib/run.sh
		. scripts/lib/deps.sh; log_start; '"${1-:}"'; need_packages build run test; echo "went on"' deps </dev/null
}

@test "deps: without sudo it names the command for somebody else, once each package: 4" {
	run --separate-stderr need
	is 4 'deps: not root and no sudo: ask for: apt-get install --no-install-recommends nonesuch missing-too'
	[ ! -e asked ]
}

@test "deps: without a terminal the question names the packages and the flag: 2, at any level" {
	stand_in sudo 'exec "$@"'
	run --separate-stderr need 'log_level=3'
	is 2 'missing packages: nonesuch missing-too.' 'answer with --yes'
	[ ! -e asked ]
}

@test "deps: --yes with a sudo that wants a password is 4, and does not blame the network" {
	stand_in sudo 'echo "sudo: a password is required" >&2; exit 1'
	run --separate-stderr need assume_yes=true
	is 4 'sudo wants a password' 'apt-get install --no-install-recommends nonesuch missing-too'
	[[ $stderr != *network* ]]
}

@test "deps: --yes with a sudo that asks nothing installs what is missing, and goes on" {
	stand_in sudo '[[ $1 == -n ]] && shift; exec "$@"'
	ln -s "$(type -P true)" bin/true
	run --separate-stderr need assume_yes=true
	is 0 'installing missing packages' 'went on'
	grep -q 'apt-get.* update$' asked
	grep -q 'apt-get.* install --no-install-recommends nonesuch missing-too$' asked
}

@test "deps: package lists that cannot be read are 3, with what apt-get said" {
	stand_in sudo '[[ $1 == -n ]] && shift; exec "$@"'
	stand_in apt-get 'echo "E: no such host"; exit 100'
	ln -s "$(type -P true)" bin/true
	run --separate-stderr need assume_yes=true
	is 3 'E: no such host' 'the package lists could not be read'
}

@test "deps: no apt-get: the names, and 4" {
	rm bin/apt-get
	run --separate-stderr need
	is 4 'no apt-get here' 'nonesuch missing-too'
}

@test "deps: nothing missing costs nothing and says nothing" {
	echo 'build here cmd:bash' >setup/packages
	run --separate-stderr need
	is 0 'went on'
	[ -z "$stderr" ]
}
