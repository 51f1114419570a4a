#!/usr/bin/env bats
# make install: the installed programs and scripts work without the tree that they came from,
# and make uninstall leaves nothing of them.
load lib/common

# The tree's own outputs stay as they are: a copy is installed, with what is built in it.
setup_file() {
	local src=$BATS_FILE_TMPDIR/src
	export ROOT=$BATS_FILE_TMPDIR/root
	mkdir "$src"
	cp -a "$TOP"/{Makefile,LICENSE,README.md,bench.sh,run.sh,e2e.sh,completions,docs,scenarios,scripts,setup,src,templates,bin} "$src"
	# Objects that are newer than the sources, so that nothing is compiled here.
	mkdir "$src/build"
	cp -a "$TOP/build/plain" "$src/build"
	umask 077
	make -s -C "$src" install DESTDIR="$ROOT" PREFIX=/opt/tokpipe
}

# installed COMMAND…: in an empty directory, with the installed programs first on the PATH.
installed() {
	run --separate-stderr env -u TOKPIPE_BIN PATH="$ROOT/opt/tokpipe/bin:/usr/bin:/bin" "$@"
}

fast=(--set prompts.file=null --input-tokens 8 --max-tokens 4 --warmup 0
	--engine-arg=--time-to-first-token=2ms --engine-arg=--inter-token-latency=1ms)

@test "install: a benchmark from an empty directory, which gets the runs" {
	installed tokpipe bench --local "${fast[@]}" --requests 5
	is 0 'ok 5, failed 0' 'report  runs/'
	same runs "$(find . -mindepth 1 -maxdepth 1 ! -name 'separate-stderr-*' -printf '%f\n')"
	same 5 "$(jq .summary.successful_requests runs/*/analysis.json)"
	same null "$(jq .commit runs/*/run.json)"
	same "$(sed -n 's/^VERSION = //p' "$TOP/Makefile")" "$(jq -r .version runs/*/run.json)"
	[ -n "$(find runs -name report.html -size +10k)" ]
}

@test "install: nothing there tries to build, also when it may write" {
	mkdir bin
	printf '#!/bin/sh\necho made >>%s/made\n' "$PWD" >bin/make
	chmod +x bin/make
	run --separate-stderr env -u TOKPIPE_BIN PATH="$PWD/bin:$ROOT/opt/tokpipe/bin:/usr/bin:/bin" tokpipe validate
	is 0 standard
	[ ! -e made ]
}

@test "install: the other commands, on that run" {
	installed tokpipe bench --local "${fast[@]}" --requests 5
	is 0
	rm runs/*/report.html runs/*/analysis.json
	installed tokpipe results --run-dir runs
	is 0
	installed tokpipe analyze --run-dir runs --output a.json
	is 0 a.json
	installed tokpipe report --run-dir runs
	is 0
	[ -n "$(find runs -name report.html -size +10k)" ]
	installed tokpipe validate --profile burst
	is 0 burst
}

@test "install: a stack is rendered from what is installed, and nothing is written there" {
	touch before
	installed env LLMDBENCH_CONTROL_WORK_DIR="$PWD/w" tokpipe standup --dry-run -c kind_sim
	is 0 "$PWD/w"
	[ -s w/setup/yamls/06_a_deployment_facebook___opt-125m.yaml ]
	same '' "$(find "$ROOT" -newer before)"
}

@test "install: programs, scripts and pages say the version" {
	local version file
	version=$(sed -n 's/^VERSION = //p' "$TOP/Makefile")
	for file in "$ROOT"/opt/tokpipe/bin/*; do
		installed "${file##*/}" --version
		is 0
		same "${file##*/} (tokpipe) $version" "$output"
	done
	installed tokpipe bench --version
	same "tokpipe bench (tokpipe) $version" "$output"
}

@test "install: every program has its page and its completion, and all can read all of it" {
	local file name
	for file in "$ROOT"/opt/tokpipe/bin/*; do
		name=${file##*/}
		[ -s "$ROOT/opt/tokpipe/share/man/man1/$name.1" ]
		[ -s "$ROOT/opt/tokpipe/share/bash-completion/completions/$name" ]
		[ -s "$ROOT/opt/tokpipe/share/zsh/site-functions/_tokpipe" ]
	done
	[ -s "$ROOT/opt/tokpipe/share/man/man7/tokpipe.7" ]
	same "" "$(find "$ROOT" -xtype l)"
	same "" "$(find "$ROOT/opt" ! -perm -a+r -o -type d ! -perm -a+x -o -type f -perm /022)"
	same "" "$(grep -rlI "$BATS_FILE_TMPDIR" "$ROOT")"
}

@test "install: it can be moved to another place" {
	cp -a "$ROOT/opt/tokpipe" moved
	run --separate-stderr env -u TOKPIPE_BIN PATH="$PWD/moved/bin:/usr/bin:/bin" \
		tokpipe bench --local "${fast[@]}" --requests 2
	is 0 'ok 2, failed 0'
}

@test "uninstall: nothing is left" {
	cp -a "$ROOT" "$BATS_FILE_TMPDIR/src" .
	make -s -C src uninstall DESTDIR="$PWD/root" PREFIX=/opt/tokpipe
	same "" "$(find root ! -type d)"
}
