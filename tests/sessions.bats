#!/usr/bin/env bats
# Conversations: each turn has the replies before it, on time, also after the run was killed.
# What the server was sent is compared, as JSON values, with what tests/oracle/sessions.py makes of
# the request records and the server's own log.
load lib/common

RECORDER=

# recorder OPTION…: a server that notes what it is sent in the file log; sets URL.
recorder() {
	: >url
	"$TOP/tests/lib/recorder.py" log "$@" >url 2>recorder.err 3>&- &
	RECORDER=$!
	wait_for 20 test -s url
	URL=$(<url)
}

teardown() {
	[ -z "$RECORDER" ] || kill "$RECORDER" 2>/dev/null || true
	[ ! -s recorder.err ] || cat recorder.err
}

# sessions N TURNS [JQ]: N sessions of TURNS turns, changed by the jq program; ids from 1.
sessions() {
	jq -nc --argjson n "$1" --argjson t "$2" 'range($n) as $s | range(1; $t + 1) as $k
		| {id: ($s * $t + $k), session: "s\($s)", turn: $k, turns: $t, think_us: 1000,
			body: {model: "m", messages: [{role: "user", content: "s\($s) t\($k) \"é\n🙂\""}], stream: true, n: 1, x: {"a": [1, null, 2.50]}}}
		| if .turn == 1 then del(.think_us) else . end | '"${3:-.}"
}

# checked: all that the server was sent is right, and every id has its record.
checked() {
	"$TOP/tests/oracle/sessions.py" requests.jsonl responses.jsonl log "$@"
	"$TOP/tests/lib/check_records.py" --requests requests.jsonl responses.jsonl
}

@test "each turn has the history with the replies in front; the rest of the body is as it was" {
	recorder
	# The first turn has a system message, one has none of its own, one session is a number, single requests between them.
	{
		sessions 3 4 'if .turn == 1 then .body.messages |= [{role: "system", content: "be brief"}] + . elif .turn == 3 then .body.messages = [] else . end'
		jq -nc '{id: 100, body: {messages: [{role: "user", content: "alone"}], stream: true}}'
		sessions 1 3 '.id += 200 | .session = 7 | del(.turns)'
		jq -nc '{id: 101, body: {messages: [{role: "user", content: "alone"}]}, stream: true}'
	} >requests.jsonl
	sendreq --url "$URL" -c 3 requests.jsonl >responses.jsonl
	checked
	# Text is kept of the sessions only, without --text.
	same 15 "$(jq -c 'select(has("text"))' responses.jsonl | jq -s 'map(select(.session)) | length')"
	same 15 "$(grep -c '"text":' responses.jsonl)"
	# The history is said once, whatever blanks the messages have around them.
	rm log responses.jsonl
	sessions 1 3 | jq . | tr -s '\n' ' ' | sed 's/} {/}\n{/g' >requests.jsonl
	kill "$RECORDER"
	recorder
	sendreq --url "$URL" requests.jsonl >responses.jsonl
	checked
}

@test "a turn is due think_us after the one before it ended; the session keeps its slot" {
	recorder --delay 0.02
	sessions 6 3 '.think_us = 60000' >requests.jsonl
	sendreq --url "$URL" -c 2 requests.jsonl >responses.jsonl
	checked
	jq -se 'group_by(.session) | all(sort_by(.turn) | [.[1:], .[:-1]] | transpose | all(.[0].due_us == .[1].end_us + 60000))' responses.jsonl
	# Two conversations at a time, thinking included, and each but the first two begins when another one ended.
	jq -se 'group_by(.session) | map({from: (map(.due_us) | min), to: (map(.end_us) | max)}) as $s
		| ([$s[] | {t: .from, d: 1}, {t: .to, d: -1}] | sort_by(.t, .d) | reduce .[] as $e ({n: 0, most: 0}; .n += $e.d | .most = ([.n, .most] | max)) | .most == 2)
		and ($s | map(.to)) as $ends | ($s | sort_by(.from)[2:] | all(.from as $f | $ends | index($f) != null))' responses.jsonl
}

@test "open loop: first turns on schedule; --max-in-flight counts what is on the wire" {
	recorder --delay 0.03
	sessions 8 3 'if .turn == 1 then .at_us = (.id - 1) * 2000 else . end | .think_us = 40000' >requests.jsonl
	sendreq --url "$URL" requests.jsonl >responses.jsonl
	checked
	jq -se 'map(select(.turn == 1)) | sort_by(.id) | .[0].due_us as $d | all(.due_us - $d == (.id - 1) * 2000)' responses.jsonl
	jq -se 'group_by(.session) | all(sort_by(.turn) | [.[1:], .[:-1]] | transpose | all(.[0].due_us == .[1].end_us + 40000))' responses.jsonl
	: >log
	sendreq --url "$URL" --max-in-flight 1 requests.jsonl >responses.jsonl
	checked
	jq -se 'sort_by(.sent_us) | [.[1:], .[:-1]] | transpose | all(.[0].sent_us >= .[1].end_us)' responses.jsonl
	# While one session thinks the others go on: eight of them have more than one begun.
	jq -se 'sort_by(.sent_us) | map(.session) | .[:4] | unique | length > 1' responses.jsonl
}

@test "when a turn fails the rest of its session is skipped, with a record each; the others go on" {
	recorder --fail "s1 t3"
	sessions 3 5 >requests.jsonl
	sendreq --url "$URL" -c 2 --progress-fd 3 requests.jsonl 3>progress.jsonl >responses.jsonl
	checked --failed "s1 t3"
	same '["skipped",null,"an earlier turn of its session failed",null]' "$(jq -c 'select(.id == 9).error | [.kind, .status, .message, .retry_after_s]' responses.jsonl)"
	tokstat responses.jsonl | runsum | jq -e '.requests == {total: 15, ok: 12, failed: 3, success_ratio: 0.8, error_ratio: 0.2, by_error: {http: 1, skipped: 2}}'
	jq -se 'last | .done == 15 and .sent == 13 and .failed == 3' progress.jsonl
	tokview --plain responses.jsonl 2>&1 >/dev/null | grep -q '15 done.*3 failed'
	# Sent again with --retry: the turn that failed, and what was skipped because of it.
	kill "$RECORDER"
	recorder
	run --separate-stderr sendreq --url "$URL" --resume responses.jsonl --retry http requests.jsonl
	is 0 '12 records kept, 3 dropped'
	jq -c 'select(.id != 8 or (.body.messages | length) != 5 or .reply)' log >kept
	mv kept log
	checked
}

@test "lines out of order, a missing first turn, a session that comes again: named, and the others are sent" {
	recorder
	{
		sessions 1 2 '.id += 10 | .session = "good"'
		sessions 1 3 '.id += 20 | .session = "gap" | select(.turn != 2)'
		sessions 1 2 '.id += 30 | .session = "late" | select(.turn == 2)'
		sessions 1 2 '.id += 40 | .session = "good"'
		sessions 1 3 '.id += 50 | .session = "twice" | if .turn == 2 then ., .id = 59 else . end'
		sessions 1 2 '.id += 60 | .session = "text" | .api = "openai-completions"'
		sessions 1 2 '.id += 70 | .session = "none" | .body.messages = "hi" | select(.turn == 1)'
		sessions 1 2 '.id += 80 | .session = "at" | .at_us = 0'
		sessions 1 1 '.id += 90 | .session = {} | .turn = 1'
		sessions 1 1 '.id += 100 | .session = "zero" | .turn = 0'
		sessions 1 1 '.id += 110 | .session = "one"'
	} >in
	run --separate-stderr sendreq --url "$URL" in
	same '[11,12,21,51,52,53,81,111]' "$(jq -c .id <<<"$output" | sort -n | jq -sc .)"
	is 1
	same 'sendreq: in:4: a turn of its session is missing before it
sendreq: in:5: a session that does not begin with its turn 1
sendreq: in:6: a session that was there before: its turns must follow each other
sendreq: in:7: a session that was there before: its turns must follow each other
sendreq: in:8: the session before it ends at turn 1 of 3
sendreq: in:10: a turn that was there before
sendreq: in:12: a session: only with api openai-chat
sendreq: in:13: a session: only with api openai-chat
sendreq: in:14: a turn of a session without body.messages
sendreq: in:16: at_us: a session'"'"'s first turn alone has one
sendreq: in:17:22: session is neither a string nor a number
sendreq: in:18: a session, but turn is not a whole number from 1
sendreq: in:19: the session before it ends at turn 1 of 2' "$(grep -v 'none of' <<<"$stderr")"
}

# until_turn SESSION TURN: the server has been sent that turn.
until_turn() {
	jq -es --arg s "$1 t$2 " 'any(.[]; .body.messages | last.content | startswith($s))' log >/dev/null 2>&1
}

@test "kill -9 at turn 3 of 5: --resume goes on in the middle of the conversation" {
	recorder --hold 6 # the system message, and three of the user's with two replies
	sessions 4 5 'if .turn == 1 then .body.messages |= [{role: "system", content: "be brief"}] + . else . end' >requests.jsonl
	sendreq --url "$URL" -c 2 -o responses.jsonl requests.jsonl &
	pid=$!
	wait_for 20 until_turn s0 3
	kill -9 $pid
	wait $pid || true
	kill "$RECORDER"
	recorder
	same '[1,2]' "$(jq -c 'select(.session == "s0").turn' responses.jsonl | sort -n | jq -sc .)"
	run --separate-stderr sendreq --url "$URL" -c 2 --resume responses.jsonl requests.jsonl
	is 0
	checked
	same 20 "$(wc -l <responses.jsonl)"
	jq -se 'map(select(.session == "s0")) | map(.part // 1) == [1, 1, 2, 2, 2]' <(jq -sc 'sort_by(.id)[]' responses.jsonl)
	# What is complete stays as it is.
	cp responses.jsonl before
	sendreq --url "$URL" -c 2 --resume responses.jsonl requests.jsonl 2>/dev/null
	cmp before responses.jsonl
}

@test "Ctrl-C at turn 3 of 5: that turn ends, those not begun have no record, --resume sends them" {
	recorder --delay 1
	sessions 3 5 '.think_us = 500000' >requests.jsonl
	sendreq --url "$URL" -c 2 -o responses.jsonl requests.jsonl 2>err &
	pid=$!
	wait_for 20 until_turn s0 3
	kill -INT $pid
	status=0
	wait $pid || status=$?
	is 130
	same '[1,2,3]' "$(jq -c 'select(.session == "s0").turn' responses.jsonl | sort -n | jq -sc .)"
	jq -se 'all(.final and .error == null)' responses.jsonl
	kill "$RECORDER"
	recorder
	local start
	start=$(date +%s%6N)
	sendreq --url "$URL" -c 2 --resume responses.jsonl requests.jsonl
	checked
	# The user thinks anew: the next turn is due that long after the resumed run's start, not at once.
	jq -se --argjson start "$start" 'any(.id == 4 and .due_us - $start >= 500000)' responses.jsonl
}

@test "a cancelled turn is sent again; one that failed before the kill leaves the rest skipped" {
	recorder --hold 3
	sessions 2 4 >requests.jsonl
	sendreq --url "$URL" -c 1 -o responses.jsonl requests.jsonl 2>err &
	pid=$!
	wait_for 20 until_turn s0 2
	kill -INT $pid
	wait_for 5 grep -q 'waiting up to' err
	kill -INT $pid
	status=0
	wait $pid || status=$?
	is 130
	same '[[1,true],[2,false]]' "$(jq -sc 'sort_by(.id) | map([.id, .final])' responses.jsonl)"
	kill "$RECORDER"
	recorder --fail "s1 t2"
	sendreq --url "$URL" -c 1 --resume responses.jsonl requests.jsonl
	checked --failed "s1 t2"
	# As if it had been killed between the failed turn's record and the skipped ones.
	grep -v '"skipped"' responses.jsonl >r
	mv r responses.jsonl
	sendreq --url "$URL" -c 1 --resume responses.jsonl requests.jsonl
	checked --failed "s1 t2"
}

@test "a resumed schedule: sessions that were begun go on, the first of the others is due at once" {
	recorder
	sessions 6 3 'if .turn == 1 then .at_us = .id * 100000 else . end' >requests.jsonl
	head -n 9 requests.jsonl | sendreq --url "$URL" -o responses.jsonl
	# Of the second session only its first turn is there.
	jq -c 'select(.id <= 4 or .id >= 7)' responses.jsonl >r
	mv r responses.jsonl
	rm log
	kill "$RECORDER"
	recorder
	sendreq --url "$URL" --resume responses.jsonl requests.jsonl
	jq -se 'map(select(.part == 2)) | sort_by(.id) | (.[2].due_us as $d | .[0].id == 5 and .[0].due_us == $d + 1000 and .[2].id == 10
		and ([.[] | select(.turn == 1) | .due_us - $d] == [0, 300000, 600000]))' responses.jsonl
}

@test "--duration: what is due later is not sent and has no record" {
	recorder
	sessions 2 5 '.think_us = 300000' >requests.jsonl
	sendreq --url "$URL" -c 2 --duration 700ms -o responses.jsonl requests.jsonl
	jq -se '(map(.due_us) | min) as $d | length < 10 and length >= 2 and all(.error == null and .due_us - $d < 700000)' responses.jsonl
	sendreq --url "$URL" -c 2 --resume responses.jsonl requests.jsonl
	checked
}

@test "a resume without the replies' text says so instead of leaving them out" {
	recorder
	sessions 1 3 >requests.jsonl
	sendreq --url "$URL" requests.jsonl | jq -c 'select(.id == 1) | del(.text)' >responses.jsonl
	sendreq --url "$URL" --resume responses.jsonl requests.jsonl
	same '["the reply to an earlier turn was not kept"]' "$(jq -c 'select(.id > 1).error.message' responses.jsonl | sort -u | jq -sc .)"
}

@test "a reply with a tool call goes back as tool_calls" {
	recorder --call "t1"
	sessions 2 2 'if .turn == 2 then .body.messages = [{role: "tool", tool_call_id: "call_1_0", content: "42"}] else . end' >requests.jsonl
	sendreq --url "$URL" requests.jsonl >responses.jsonl
	jq -se 'map(select(.turn == 1)) | length == 2 and all(.calls == [{name: "look", arguments: "{\"at\": \"ü\"}"}])' responses.jsonl
	checked
	same '["user","assistant","tool"]' "$(jq -c 'select(.body.messages | length == 3) | .body.messages | map(.role)' log | sort -u)"
	jq -e 'select(.body.messages | length == 3).body.messages[1].tool_calls[0] == {id: "call_1_0", type: "function", function: {name: "look", arguments: "{\"at\": \"ü\"}"}}' log
}

@test "thousands of conversations at a time; what is over is not held" {
	recorder --delay 0.5 --piece 1000000
	sessions 2000 2 >requests.jsonl
	(ulimit -n 8192 && sendreq --url "$URL" -c 2000 requests.jsonl) >responses.jsonl
	checked
	# One after the other, each with most of a megabyte in its turns: what is over has gone.
	kill "$RECORDER"
	recorder --piece 1000000
	sessions 150 2 '.body.messages[0].content *= 30000' >requests.jsonl
	ASAN_OPTIONS=${ASAN_OPTIONS-}:quarantine_size_mb=1 "$TOP/tests/lib/rss" rss sendreq --url "$URL" -c 1 requests.jsonl >responses.jsonl
	rm log
	echo "$(<rss) KiB for $(stat -c %s requests.jsonl) bytes of requests"
	[ "$(<rss)" -lt 70000 ]
}

@test "a conversation that begins at a time of its own is of no stage, in any of its turns" {
	recorder
	sessions 1 3 'if .turn == 1 then .at_us = 0 else . end' >requests.jsonl
	sendreq --url "$URL" -c 0s:1=warm requests.jsonl >responses.jsonl
	jq -se 'length == 3 and all(.[]; .error == null and (.tags.stage? == null))' responses.jsonl
	sessions 1 3 | sendreq --url "$URL" -c 0s:1=warm >closed.jsonl
	jq -se 'length == 3 and all(.[]; .tags.stage == "warm")' closed.jsonl
}
