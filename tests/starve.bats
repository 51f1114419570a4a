#!/usr/bin/env bats
# A client that cannot keep up says so: sendreq is starved in every way that we know, and whenever the
# mean TTFT that it reports is more than 2 ms from the server's own, the run is client-limited.
load lib/common
load lib/llmsim

# starved DOSE OPTION…: requests.jsonl under that dose; leaves starve.py's findings in $got.
starved() {
	got=$("$TOP/tests/lib/starve.py" "$1" truth sendreq --url "$URL" "${@:2}" --progress-fd 3 requests.jsonl)
	echo "$got"
	[ "$(jq -r .skip <<<"$got")" = null ] || skip "$(jq -r .skip <<<"$got")"
	# What is promised.
	jq -e '(.err_ms | fabs) <= 2 or .verdict == "client-limited"' <<<"$got"
}

# badly: that dose was one that nobody could take: the promise was put to the test.
badly() {
	jq -e '.err_ms > 2 and .verdict == "client-limited"' <<<"$got"
}

requests() {
	genload --model m --input-tokens 4 "$@" >requests.jsonl
}

@test "left alone, and stopped once: for 20, 100 and 600 ms" {
	local ms
	sim --truth truth --model m --max-num-seqs 200 --time-to-first-token 50ms --inter-token-latency 5ms
	requests -n 120 --warmup 8 --max-tokens 10
	starved none -c 8
	for ms in 20 100 600; do
		starved "stop:$ms" -c 8
	done
	badly
}

@test "stopped over and over: half of the time, a sixth of it, in step with the requests" {
	local dose
	sim --truth truth --model m --max-num-seqs 200 --time-to-first-token 50ms --inter-token-latency 5ms
	requests -n 120 --warmup 8 --max-tokens 10
	for dose in 3/3 40/8 85/15; do
		starved "duty:$dose" -c 8
	done
	starved duty:50/50 -c 8
	badly
}

@test "a CPU quota: mild and harsh" {
	sim --truth truth --model m --max-num-seqs 200 --time-to-first-token 50ms --inter-token-latency 2ms
	requests -n 100 --warmup 16 --max-tokens 40
	starved quota:5 -c 16
	starved quota:1 -c 16
	badly
}

@test "a busy neighbour on its only core, before which it gives way" {
	sim --truth truth --model m --max-num-seqs 200 --time-to-first-token 50ms --inter-token-latency 5ms
	requests -n 40 --warmup 4 --max-tokens 10
	starved neighbours:2 -c 4
	badly
}

@test "a reader that is slow: the records wait, and with them the stamps" {
	sim --truth truth --model m --max-num-seqs 200 --time-to-first-token 50ms --inter-token-latency 5ms
	requests -n 120 --warmup 8 --max-tokens 10
	starved reader:16 -c 8
	jq -c '. + {pass: ("x" * 20000)}' requests.jsonl >long
	mv long requests.jsonl
	starved reader:64 -c 8
	badly
}

@test "open loop: what goes out late is in the TTFT, and in the verdict" {
	sim --truth truth --model m --max-num-seqs 200 --time-to-first-token 30ms --inter-token-latency 5ms
	requests -n 200 -r 100 --arrival poisson --max-tokens 5
	starved none
	# Less than one in a hundred is late: the 99th percentile of the send lag does not know.
	requests -n 800 -r 200 --max-tokens 2
	starved stop:30
	starved stop:500
	badly
}

@test "several processes: one of them is enough" {
	local pid child
	sim --truth truth --model m --max-num-seqs 200 --time-to-first-token 50ms --inter-token-latency 5ms
	requests -n 200 --max-tokens 10
	sendreq --url "$URL" -c 8 -j 2 --progress-fd 3 -o responses requests.jsonl 3>progress &
	pid=$!
	wait_for 10 test -s responses
	read -r child _ < <(xargs <"/proc/$pid/task/$pid/children")
	kill -STOP "$child"
	sleep 0.5
	kill -CONT "$child"
	wait "$pid"
	same '"client-limited"' "$(tokstat responses | runsum --progress progress | jq .client.verdict)"
}
