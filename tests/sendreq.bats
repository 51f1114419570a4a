#!/usr/bin/env bats
# sendreq: when requests go out, and what is left after an interruption.  (What it makes of
# servers that misbehave: tests/faults.bats; of odd input: tests/filters.bats.)
load lib/common

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	llmsim --unix-socket "$BATS_FILE_TMPDIR/sim" --model m --max-num-seqs 100 \
		--time-to-first-token 20ms --inter-token-latency 5ms >/dev/null 3>&- &
	echo $! >sim.pid
	wait_for 10 test -S sim
}

teardown_file() {
	kill "$(<"$BATS_FILE_TMPDIR/sim.pid")"
}

# requests N TOKENS [JQ]: N request records, changed by the jq program.
requests() {
	jq -nc --argjson n "$1" --argjson t "$2" 'range(1; $n + 1) | {id: ., body: {model: "m", stream: true, max_tokens: $t,
		messages: [{role: "user", content: "hi"}], stream_options: {include_usage: true}}} | '"${3:-.}"
}

# to_sim OPTION…: sendreq to this file's engine; SIM for where it must be the very process.
SIM=(--url http://sim --unix-socket "$BATS_FILE_TMPDIR/sim")
to_sim() {
	sendreq "${SIM[@]}" "$@"
}

# most_in_flight: the largest number of records on stdin that overlap in time.
most_in_flight() {
	jq -s '[.[] | {t: .sent_us, d: 1}, {t: .end_us, d: -1}] | sort_by(.t, .d)
		| reduce .[] as $e ({n: 0, most: 0}; .n += $e.d | .most = ([.n, .most] | max)) | .most'
}

@test "closed loop: never more than -c in flight, due when a slot became free, connections kept" {
	requests 12 4 | to_sim -c 3 >out
	"$TOP/tests/lib/check_records.py" out
	same 3 "$(most_in_flight <out)"
	same 3 "$(jq -s 'map(.connects) | add' out)"
	# From the fourth on each was due exactly when one of the others ended.
	jq -se '[.[].end_us] as $ends | sort_by(.id)[3:] | all(.due_us as $d | $ends | index($d) != null)' out
	jq -se 'sort_by(.id)[3:] | all(.sent_us - .due_us < 1000000)' out
}

@test "when none was ok it says so: a wrong model is no silence" {
	run --separate-stderr to_sim < <(requests 3 2 '.body.model = "other"')
	is 0 'sendreq: none of 3 requests was ok: their records say why (.error)'
	run --separate-stderr to_sim < <(requests 3 2 'if .id == 2 then .body.model = "other" else . end')
	is 0
	[ -z "$stderr" ]
}

@test "records come in the order of completion" {
	requests 6 4 '.body.max_tokens = (7 - .id) * 4' | to_sim -c 6 >out
	jq -se 'length == 6 and map(.end_us) == (map(.end_us) | sort) and map(.id) != (map(.id) | sort)' out
}

@test "-c as points in time: a step up, a step down" {
	requests 200 20 | to_sim -c 0s:1,400ms:1,400ms:6,800ms:6,800ms:2 --duration 1500ms >out
	[ "$(most_in_flight <out)" -le 6 ]
	# Those that filled the five new slots were due at the step itself, to the microsecond.
	jq -se '(map(.due_us) | min) as $t0 | map(select(.due_us == $t0 + 400000)) | length == 5' out
	[ "$(jq -sc '(map(.due_us) | min) as $t0 | .[] | select(.sent_us > $t0 + 800000)' out | most_in_flight)" -le 2 ]
	jq -se '(map(.due_us) | min) as $t0 | any(.sent_us > $t0 + 800000) and ([.[] | select(.sent_us < $t0 + 400000)] | length < 6)' out
}

@test "an API key that is also JSON of the record leaves the record whole" {
	requests 1 2 | KEY=0 to_sim --api-key-env KEY >out
	"$TOP/tests/lib/check_records.py" out
	same '200' "$(jq .status out)"
}

@test "--duration ends the sending, not the requests" {
	run --separate-stderr to_sim -c 2 --duration 300ms <(requests 1000 4)
	is 0
	jq -se 'length > 5 and length < 50 and all(.error == null)
		and (map(.due_us) | min) as $t0 | all(.sent_us <= $t0 + 1300000)' <<<"$output"
}

@test "a deadline's message says which one, and how long it was" {
	requests 1 20 >one
	to_sim --first-timeout 10ms one >out
	to_sim --timeout 50ms --first-timeout 1s one >>out
	run --separate-stderr sendreq --unix-socket "$BATS_FILE_TMPDIR/sim" --url https://sim --connect-timeout 1s one
	is 3
	echo "$output" >>out
	same 'timeout Request timed out after 10ms (first event)
timeout Request timed out after 50ms (total)
timeout Request timed out after 1s (connect)' "$(jq -r '.error | "\(.kind) \(.message)"' out)"
}

@test "open loop: due is the schedule's, whatever is in flight" {
	requests 20 10 '.at_us = .id * 10000' | to_sim >out
	jq -se 'sort_by(.id) | .[0].due_us as $d | all(.due_us - $d == (.id - 1) * 10000)' out
	jq -se 'all(.sent_us >= .due_us and .sent_us - .due_us < 1000000)' out
	[ "$(most_in_flight <out)" -gt 3 ]
}

@test "--max-in-flight holds back, and the wait shows" {
	requests 10 10 '.at_us = 0' | to_sim --max-in-flight 2 --progress-fd 3 3>progress >out
	same 2 "$(most_in_flight <out)"
	jq -se '(map(.due_us) | unique | length) == 1 and (map(.sent_us - .due_us) | max) > 200000' out
}

@test "warm-ups go first, and the clock starts when they are back" {
	requests 5 4 'if .id <= 2 then .phase = "warmup" else .at_us = 0 end' | to_sim >out
	jq -se 'sort_by(.id) | (.[0].phase == "warmup") and (([.[0:2][].end_us] | max) as $last
		| all(.[2:][]; .due_us >= $last))' out
	same 3 "$(jq -s 'map(select(has("phase") | not)) | length' out)"
}

@test "progress: once a second and at the end, and nobody needs to read it" {
	requests 60 40 | to_sim -c 10 --progress-fd 3 3>progress >out
	jq -se 'length >= 2 and (last | .sent == 60 and .done == 60 and .ok == 60 and .in_flight == 0 and .out_tokens == 2400)
		and all(.[]; .cpu_ratio != null and .loop_lag_ms >= 0 and .send_lag_ms >= 0)' progress
	requests 3 4 | to_sim --progress-fd 3 3> >(exit 0) >out
	same 3 "$(wc -l <out)"
	run --separate-stderr to_sim --progress-fd 9 </dev/null
	is 2 "--progress-fd"
}

@test "a client that was away says so: its stamps are late on average, the run is client-limited" {
	requests 20 20 >requests.jsonl
	sendreq "${SIM[@]}" -c 2 --progress-fd 3 -o out requests.jsonl 3>progress &
	pid=$!
	wait_for 10 test -s out
	kill -STOP $pid
	sleep 0.5
	kill -CONT $pid
	wait $pid
	jq -se 'map(.stamp_lag_ms) | max > 20' progress
	same '"client-limited"' "$(tokstat out | runsum --progress progress | jq .client.verdict)"
}

@test "--text keeps the reply; fields of the request pass through" {
	requests 1 4 '.tags = {a: "b"} | .expect = {output_tokens: 4} | .mine = [1, {"x": null}]' | to_sim --text >out
	jq -e '.tags.a == "b" and .expect.output_tokens == 4 and .mine == [1, {"x": null}] and (.text | length > 5)' out
}

@test "several servers: round robin" {
	requests 4 2 | sendreq --url http://a --url http://b/v1 --unix-socket "$BATS_FILE_TMPDIR/sim" >out
	same '["http://a","http://b/v1","http://a","http://b/v1"]' "$(jq -sc 'sort_by(.id) | map(.target)' out)"
	jq -se 'all(.error == null)' out
}

@test "Ctrl-C: nothing new, those in flight end, status 130; --resume sends the rest" {
	requests 40 20 >requests.jsonl
	sendreq "${SIM[@]}" -c 4 -o responses.jsonl requests.jsonl 2>err &
	pid=$!
	wait_for 10 test -s responses.jsonl
	kill -INT $pid
	status=0
	wait $pid || status=$?
	is 130
	n=$(wc -l <responses.jsonl)
	[ "$n" -gt 0 ] && [ "$n" -lt 40 ]
	jq -se 'all(.final and .error == null)' responses.jsonl
	run --separate-stderr to_sim -c 4 --resume responses.jsonl requests.jsonl
	is 0 "$n records kept, 0 dropped"
	"$TOP/tests/lib/check_records.py" --requests requests.jsonl responses.jsonl
	same "$((40 - n))" "$(jq -c 'select(.part == 2)' responses.jsonl | wc -l)"
}

@test "a second Ctrl-C cancels: records that are not final, and --resume sends those again" {
	requests 4 1000 >requests.jsonl
	sendreq "${SIM[@]}" -c 4 -o responses.jsonl requests.jsonl 2>err &
	pid=$!
	sleep 0.3
	kill -INT $pid
	wait_for 10 grep -q interrupted err
	kill -TERM $pid # drains already: no change
	sleep 0.2
	test ! -s responses.jsonl
	kill -INT $pid
	status=0
	wait $pid || status=$?
	is 130
	jq -se 'length == 4 and all(.error.kind == "cancelled" and .final == false and (.ev_us | length) > 0)' responses.jsonl
	jq -c '.body.max_tokens = 4' requests.jsonl | to_sim -c 4 --resume responses.jsonl
	"$TOP/tests/lib/check_records.py" --requests requests.jsonl responses.jsonl
	jq -se 'length == 4 and all(.error == null)' responses.jsonl
}

@test "--grace ends those that take too long after Ctrl-C" {
	requests 2 1000 >requests.jsonl
	sendreq "${SIM[@]}" -c 2 --grace 100ms requests.jsonl >out 2>err &
	pid=$!
	sleep 0.3
	kill -INT $pid
	status=0
	wait $pid || status=$?
	is 130
	jq -se 'length == 2 and all(.error.kind == "cancelled")' out
}

@test "kill -9 loses only what was in flight" {
	requests 60 10 >requests.jsonl
	sendreq "${SIM[@]}" -c 5 -o responses.jsonl requests.jsonl &
	pid=$!
	wait_for 10 test -s responses.jsonl
	kill -9 $pid
	wait $pid || true
	before=$(wc -l <responses.jsonl)
	printf '{"id":60,"final":true,"err' >>responses.jsonl # as if the disk had been slower
	to_sim -c 5 --resume responses.jsonl requests.jsonl
	"$TOP/tests/lib/check_records.py" --requests requests.jsonl responses.jsonl
	same 60 "$(wc -l <responses.jsonl)"
	same "$before" "$(jq -c 'select(has("part") | not)' responses.jsonl | wc -l)"
}

@test "--retry: what failed so is sent again" {
	requests 3 4 >requests.jsonl
	run --separate-stderr sendreq --url http://127.0.0.1:1 -o responses.jsonl requests.jsonl
	is 3 "no request got an answer"
	to_sim --resume responses.jsonl requests.jsonl
	same 3 "$(jq -c 'select(.error.kind == "connect")' responses.jsonl | wc -l)"
	to_sim --resume responses.jsonl --retry connect,stream requests.jsonl
	jq -se 'length == 3 and all(.error == null)' responses.jsonl
	run --separate-stderr to_sim --resume responses.jsonl --retry conect requests.jsonl
	is 2 "--retry: conect"
}

@test "a password in a URL is in no message and no record" {
	run --separate-stderr sendreq --url http://user:s3cret@127.0.0.1:1 < <(requests 1 2)
	is 3 "no request got an answer from http://127.0.0.1:1"
	[[ $output$stderr != *s3cret* ]]
}

@test "a resumed schedule goes on where it stopped" {
	requests 10 4 '.at_us = .id * 50000' >requests.jsonl
	head -6 requests.jsonl | to_sim -o responses.jsonl
	to_sim --resume responses.jsonl requests.jsonl
	# The seventh is due at once: not 350 ms later.
	jq -se 'map(select(.part == 2)) | length == 4 and (sort_by(.id) | .[0].due_us as $d
		| all(.due_us - $d == (.id - 7) * 50000)) and (.[0] | .sent_us - .due_us < 300000)' responses.jsonl
}

@test "an id that was there before is a bad line" {
	run --separate-stderr to_sim < <(requests 2 2 '.id = 7')
	is 1 "sendreq: <stdin>:2: an id that was there before"
	same 7 "$(jq .id <<<"$output")"
}

@test "wrong usage names what is wrong" {
	run --separate-stderr sendreq
	is 2 "--url is missing" "usage: sendreq"
	run --separate-stderr sendreq --url localhost:8000 </dev/null
	is 2 "localhost:8000: no http:// or https:// in front"
	run --separate-stderr sendreq --url http://user:s3cret@127.0.0.1:99999 </dev/null
	is 2 "sendreq: the one with an @: not a URL"
	[[ $output$stderr != *s3cret* ]]
	run --separate-stderr to_sim -c 0
	is 2 "-c: 0: too small"
	run --separate-stderr to_sim -c 5s:1
	is 2 "the first point must be at 0s"
	run --separate-stderr to_sim --timeot 5s
	is 2 "did you mean --timeout?"
	run --separate-stderr to_sim one two
	is 2 "two: one input file only"
	run --separate-stderr to_sim missing.jsonl
	is 2 "missing.jsonl: No such file"
	run --separate-stderr to_sim --resume missing.jsonl
	is 2 "missing.jsonl: No such file"
}

@test "a reply that came while this process was stopped is stamped as of its arrival" {
	llmsim --port 0 --model m --time-to-first-token 1s --inter-token-latency 1ms >url 3>&- &
	local sim=$! pid
	wait_for 10 test -s url
	requests 1 5 >one
	sendreq --url "$(<url)" one >out &
	pid=$!
	sleep 0.4
	kill -STOP "$pid"
	sleep 2.6
	kill -CONT "$pid"
	wait "$pid"
	kill "$sim"
	jq -e '.error == null and (.ev_us | length >= 5 and all(. >= 990000 and . < 2500000))' out
}
