#!/usr/bin/env bats
# setup/engines: check, up and down; twice does no harm; only what was started is ended.

load lib/common
load lib/bench

sim() {
	"$TOP/setup/engines/sim.sh" "$@" --state "$PWD/own.state"
}

@test "up prints the URL, twice the same; down ends it, twice" {
	run --separate-stderr sim check
	is 0
	run --separate-stderr sim up
	is 0 'http://127.0.0.1:'
	local first=$output
	run --separate-stderr sim up
	is 0
	[ "$output" = "$first" ]
	curl -fsS "$first/health" >/dev/null
	run --separate-stderr sim down
	is 0
	run curl -s --max-time 5 "$first/health"
	[ "$status" -ne 0 ]
	run --separate-stderr sim down
	is 0
	[ ! -e own.state ]
}

@test "down leaves a process alone that only has the number" {
	sleep 60 3>&- &
	local pid=$!
	printf '%s %s http://127.0.0.1:1\n' "$pid" 12345 >own.state
	run --separate-stderr sim down
	is 0
	kill -0 "$pid"
	# And up does not take it for the engine.
	printf '%s %s http://127.0.0.1:1\n' "$pid" 12345 >own.state
	run --separate-stderr sim up
	is 0
	[ "$output" != http://127.0.0.1:1 ]
	kill "$pid"
}

@test "an engine that cannot start says why" {
	run --separate-stderr sim up -- --max-num-seqs 0
	is 4 'max-num-seqs' 'the engine did not start'
	[ ! -e own.state ]
	run --separate-stderr sim sideways
	is 2 'expected check, up, down or options'
}

@test "an engine that runs out of memory says so" {
	mkdir bin
	printf '#!/bin/sh\necho "std::bad_alloc: cannot allocate memory" >&2\nexit 1\n' >bin/llmsim
	chmod +x bin/llmsim
	TOKPIPE_BIN=$PWD/bin run --separate-stderr sim up
	is 4 'Out of memory: engine sim.sh' 'Increase resource limits'
}

@test "bench.sh stops its engine when it fails" {
	run --separate-stderr "$TOP/bench.sh" --local --engine-arg=--model=a,b --requests 2
	is 2 'several models'
	[ -z "$(ls runs)" ]
	run pgrep -f "$PWD"
	[ "$status" -ne 0 ]
}

@test "an engine whose bench.sh was killed ends with what used it" {
	local pid engine
	"$TOP/bench.sh" --local --engine-arg=--inter-token-latency=5ms --set prompts.file=null --input-tokens 4 \
		--warmup 0 --max-tokens 20 --requests 40 --concurrency 4 >out 2>err 3>&- &
	pid=$!
	wait_for 20 grep -qs '"ev_us"' -r runs
	kill -9 "$pid"
	read -r engine _ <"$(latest)/engine.state"
	kill -0 "$engine"
	wait_for 20 test ! -e "/proc/$engine"
	wait_for 5 test ! -e "$(latest)/engine.state"
	# sendreq had the time to finish.
	[ "$(jq -c 'select(.error == null)' "$(latest)/responses.jsonl" | wc -l)" -eq 40 ]
}
