#!/usr/bin/env bats
# Ctrl-C, kill -9 and a server that goes away: nothing that was measured is lost, and
# --resume completes the run: every id once.

load lib/common
load lib/bench

# start_bench OPTION…: bench.sh on the test's own engine, in the background; sets pid.
start_bench() {
	# What a shell starts in the background ignores Ctrl-C, unless told otherwise.
	env --default-signal=INT "$TOP/bench.sh" --url "$url" --set prompts.file=null --input-tokens 8 --max-tokens 20 --warmup 0 \
		--set validation=null --requests 60 --concurrency 4 "$@" >out 2>err &
	pid=$!
}

# records N: at least N records are there.
records() {
	[ -d runs ] && [ -f "$(latest)/responses.jsonl" ] && [ "$(wc -l <"$(latest)/responses.jsonl")" -ge "$1" ]
}

# busy: the engine has got requests.
busy() {
	curl -s "$url/metrics" | grep -Eq '^vllm:num_requests_running.* [1-9]'
}

# ended STATUS: bench.sh ended with it.
ended() {
	local status=0
	wait "$pid" || status=$?
	[ "$status" -eq "$1" ] || {
		echo "status $status"
		cat out err
		return 1
	}
}

# complete: all 60 ids are there, each once, and every one is ok.
complete() {
	same "$(seq 0 59)" "$(ids "$(latest)/responses.jsonl" | awk -v first="$(ids "$(latest)/requests.jsonl" | head -n 1)" '{ print $1 - first }')"
	[ "$(jq -c 'select(.error != null)' "$(latest)/responses.jsonl" | wc -l)" -eq 0 ]
	[ "$(field '[.status, .ended_by, (.parts | length)] | join(" ")')" = "finished requests $1" ]
	[ "$(jq .requests.ok "$(latest)/runsum.json")" -eq 60 ]
}

slow=(--time-to-first-token 10ms --inter-token-latency 5ms)

@test "Ctrl-C finishes what is in flight, marks the run, and --resume completes it" {
	start_sim "${slow[@]}"
	start_bench
	wait_for 20 records 5
	kill -INT "$pid"
	ended 130
	[ "$(field '[.status, .ended_by] | join(" ")')" = 'interrupted signal' ]
	[ -s "$(latest)/results.json" ]
	grep -q 'interrupted: not every request was sent' out
	grep -q -- "--resume $(latest)" out
	[ "$(jq -c 'select(.final | not)' "$(latest)/responses.jsonl" | wc -l)" -eq 0 ]
	local before stamp progress
	before=$(jq -c .id "$(latest)/responses.jsonl")
	progress=$(<"$(latest)/progress.jsonl")
	stamp=$(stat -c %Y "$(latest)")
	run --separate-stderr "$TOP/bench.sh" --resume "$(latest)"
	is 0 'ok 60, failed 0'
	complete 2
	[ "$(stat -c %Y "$(latest)")" = "$stamp" ]
	same "$before" "$(jq -c .id "$(latest)/responses.jsonl" | head -n "$(wc -l <<<"$before")")"
	same "$progress" "$(head -n "$(wc -l <<<"$progress")" "$(latest)/progress.jsonl")"
	[ "$(wc -l <"$(latest)/progress.jsonl")" -gt "$(wc -l <<<"$progress")" ]
	# A run that is complete stays as it is.
	cp "$(latest)/responses.jsonl" kept
	run --separate-stderr "$TOP/bench.sh" --resume runs
	is 0 'ok 60, failed 0'
	cmp kept "$(latest)/responses.jsonl"
}

@test "the second Ctrl-C cancels what is in flight; resume sends it again" {
	start_sim --time-to-first-token 10ms --inter-token-latency 200ms
	start_bench --concurrency 60
	wait_for 20 busy
	kill -INT "$pid"
	wait_for 5 grep -q 'once more' err
	local start
	start=$(date +%s%6N)
	kill -INT "$pid"
	ended 130
	(($(field '.parts[0].ended_us') - start < 2000000))
	[ "$(jq -c 'select(.error.kind == "cancelled" and (.final | not))' "$(latest)/responses.jsonl" | wc -l)" -gt 0 ]
	"$TOP/setup/engines/sim.sh" down --state own.state
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	run --separate-stderr "$TOP/bench.sh" --resume "$(latest)" --url "$url"
	is 0 'ok 60, failed 0'
	complete 2
}

@test "Ctrl-C on a terminal reaches the run once, not each of its programs" {
	start_sim "${slow[@]}"
	cat >typist <<'END'
(
	until grep -q '"ev_us"' runs/*/responses.jsonl 2>/dev/null; do sleep 0.05; done
	printf '\003'
	until grep -q '"status": "interrupted"' runs/*/run.json 2>/dev/null; do sleep 0.05; done
) | script -q -e -c "$1" screen >/dev/null
END
	run --separate-stderr timeout 60 bash typist "'$TOP/bench.sh' --url '$url' --set prompts.file=null --input-tokens 8 \
		--max-tokens 20 --warmup 0 --requests 60 --concurrency 4"
	is 130
	grep -q 'stopping: waiting for the requests in flight' screen
	[ "$(jq -c 'select(.error != null)' "$(latest)/responses.jsonl" | wc -l)" -eq 0 ]
	[ -s "$(latest)/results.json" ]
}

@test "SIGTERM drains, too" {
	start_sim "${slow[@]}"
	start_bench
	wait_for 20 records 5
	kill -TERM "$pid"
	ended 130
	[ "$(field .status)" = interrupted ]
	[ "$(jq -c 'select(.error != null)' "$(latest)/responses.jsonl" | wc -l)" -eq 0 ]
}

@test "a resumed run keeps its bounds" {
	start_sim "${slow[@]}"
	start_bench --assert 'ttft_ms.p50<=0.1' --assert 'e2e_ms.p50<=0.2'
	wait_for 20 records 5
	kill -TERM "$pid"
	ended 130
	run --separate-stderr "$TOP/bench.sh" --resume "$(latest)"
	is 5 'ttft_ms.p50<=0.1: missed' 'e2e_ms.p50<=0.2: missed' 'ok 60, failed 0'
	run --separate-stderr "$TOP/bench.sh" --resume "$(latest)" --assert 'requests.ok>=60'
	is 0
}

@test "after kill -9 of bench.sh and of sendreq --resume completes the run" {
	local sender
	start_sim "${slow[@]}"
	start_bench
	wait_for 20 records 5
	kill -9 "$pid"
	read -r sender _ <"$(latest)/sendreq.pid"
	[ -d "/proc/$sender" ]
	run --separate-stderr "$TOP/bench.sh" --resume "$(latest)"
	is 0 'ok 60, failed 0'
	[ ! -d "/proc/$sender" ]
	complete 2
	rm -r runs
	start_bench
	wait_for 20 records 5
	read -r sender _ <"$(latest)/sendreq.pid"
	kill -9 "$sender"
	ended 1
	[ "$(field .status)" = failed ]
	grep -q 'sendreq was killed (signal 9)' err
	run --separate-stderr "$TOP/bench.sh" --resume "$(latest)"
	is 0 'ok 60, failed 0'
	complete 2
}

@test "a run of our own engine that was killed: --resume ends the old one and starts another" {
	local engine
	"$TOP/bench.sh" --local --engine-arg=--inter-token-latency=5ms --set prompts.file=null --input-tokens 8 \
		--max-tokens 20 --warmup 0 --requests 60 --concurrency 4 >out 2>err &
	pid=$!
	wait_for 20 records 5
	kill -9 "$pid"
	read -r engine _ <"$(latest)/engine.state"
	run --separate-stderr "$TOP/bench.sh" --resume "$(latest)"
	is 0 'ok 60, failed 0'
	[ ! -d "/proc/$engine" ]
	complete 2
}

@test "the server goes away: its failures are results; a resumed run is told where it is now" {
	start_sim "${slow[@]}"
	start_bench --connect-timeout 2s
	wait_for 20 records 5
	"$TOP/setup/engines/sim.sh" down --state own.state
	ended 0
	[ "$(jq -c 'select(.error.kind == "connect" or .error.kind == "stream")' "$(latest)/responses.jsonl" | wc -l)" -gt 0 ]
	same "$(seq 1 60)" "$(ids "$(latest)/responses.jsonl" | wc -l | xargs seq 1)"
	run --separate-stderr "$TOP/bench.sh" --resume "$(latest)"
	is 3 'Connection timeout'
	start_sim "${slow[@]}"
	run --separate-stderr "$TOP/bench.sh" --resume "$(latest)" --url "$url" --retry connect,stream
	is 0 'ok 60, failed 0'
	complete 2
}

@test "what --resume refuses" {
	run --separate-stderr "$TOP/bench.sh" --resume nowhere
	is 2 'nowhere: no such directory'
	mkdir empty
	run --separate-stderr "$TOP/bench.sh" --resume empty
	is 2 'is this a run directory?'
	[ -d empty ]
	run --separate-stderr "$TOP/bench.sh" --resume empty --requests 5
	is 2 '--requests: a resumed run keeps its own'
	start_sim "${slow[@]}"
	start_bench
	wait_for 20 records 5
	run --separate-stderr "$TOP/bench.sh" --resume "$(latest)"
	is 2 'still running'
	kill -INT "$pid"
	ended 130
}

@test "resume: a disk that fills up is 4; what is there stays, and with room the run is completed" {
	local apart=(unshare --mount)
	((EUID == 0)) || apart+=(--map-root-user)
	"${apart[@]}" true 2>/dev/null || skip "not in CI: no file systems can be mounted here"
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	mkdir disk
	run --separate-stderr "${apart[@]}" bash -c 'mount -t tmpfs -o size=128k tmpfs disk
		"$0" "$@" --output-dir disk; echo "status $?"
		mount -o remount,size=16m disk
		"$0" --resume disk; echo "status $?"
		cat disk/*/responses.jsonl >responses.jsonl' "$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 300
	is 0 'status 4' 'No space left on device' 'when that is mended, complete the run with --resume' 'status 0'
	[ "$(ids responses.jsonl | uniq | wc -l)" -eq 300 ]
}
