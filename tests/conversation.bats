#!/usr/bin/env bats
# bench.sh with sessions: a run like any other, which also goes on in the middle of a conversation.
load lib/common
load lib/bench

RECORDER=

teardown() {
	[ -z "$RECORDER" ] || kill "$RECORDER" 2>/dev/null || true
	"$TOP/setup/engines/sim.sh" down --state "$BATS_TEST_TMPDIR/own.state"
}

# chats: five turns, in a moment.
chats=(--profile conversation --warmup 2 --max-tokens 8 --input-tokens 12 --think 5ms)

@test "the profile conversation: prompts grow with each turn, caches hit, the results have the usual form" {
	start_sim --time-to-first-token 2ms --inter-token-latency 1ms --enable-prefix-caching --block-size 4
	run --separate-stderr "$TOP/bench.sh" --url "$url" "${chats[@]}" --requests 23 --concurrency 3
	is 0 'ok 25, failed 0' # the last session is whole
	[ "$(field '[.status, .ended_by] | join(" ")')" = 'finished requests' ]
	"$TOP/tests/lib/check_records.py" --requests "$(latest)/requests.jsonl" "$(latest)/responses.jsonl"
	# Of every session: each turn's prompt is the one before it, its reply, and 12 words more.
	jq -se 'map(select(.session)) | group_by(.session) | length == 5 and all(length == 5 and
		(sort_by(.turn) | [.[1:], .[:-1]] | transpose | all(.[0].usage.prompt_tokens == .[1].usage.prompt_tokens + 8 + 12)))' "$(latest)/responses.jsonl"
	# The cache finds at least the whole blocks of the prompt before it.
	jq -se 'map(select(.session)) | group_by(.session) | all(sort_by(.turn) | [.[1:], .[:-1]] | transpose
		| all(.[0].usage.cached_tokens >= .[1].usage.prompt_tokens - 4))' "$(latest)/responses.jsonl"
	same '[[1,5],[2,5],[3,5],[4,5],[5,5]]' "$(pctl -g turn ttft_ms <"$(latest)/metrics.jsonl" | jq -sc 'map([.group.turn, .n])')"
	jq -c '[paths | map(if type == "number" then 0 else . end)] | unique' "$(latest)/results.json" >with
	run --separate-stderr "$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 4 --output-dir plain
	is 0
	jq -c '[paths | map(if type == "number" then 0 else . end)] | unique' "$(latest plain)/results.json" >without
	cmp with without
}

@test "bench.sh killed at turn 3 of 5: --resume completes the conversations, with their history" {
	"$TOP/tests/lib/recorder.py" log --hold 5 --piece 1000 >url 3>&- &
	RECORDER=$!
	wait_for 20 test -s url
	"$TOP/bench.sh" --url "$(<url)" --model m "${chats[@]}" --warmup 0 --requests 20 --concurrency 2 >out 2>err &
	pid=$!
	wait_for 60 jq -es 'any(.[]; .body.messages | length == 5)' log # the third turn's: two and two before it
	local sender
	read -r sender _ <"$(latest)/sendreq.pid"
	kill -9 "$pid" "$sender"
	kill "$RECORDER"
	: >url
	"$TOP/tests/lib/recorder.py" log --piece 1000 >url 3>&- &
	RECORDER=$!
	wait_for 20 test -s url
	run --separate-stderr "$TOP/bench.sh" --resume "$(latest)" --url "$(<url)"
	is 0 'ok 20, failed 0'
	[ "$(field '[.status, .ended_by, (.parts | length)] | join(" ")')" = 'finished requests 2' ]
	same "$(seq 1 20)" "$(ids "$(latest)/responses.jsonl")"
	"$TOP/tests/oracle/sessions.py" "$(latest)/requests.jsonl" "$(latest)/responses.jsonl" log
	# One at least was cut at its third turn.
	jq -se 'group_by(.session) | any(sort_by(.turn) | map(.part // 1) == [1, 1, 2, 2, 2])' "$(latest)/responses.jsonl"
}

@test "sessions and their flags: shown in a plan, refused where there are none" {
	run --separate-stderr "$TOP/bench.sh" --dry-run --local --set prompts.file=null --turns 4 --think 3s --requests 10
	is 0 'sessions    of 4 turns' '"sessions":{"turns":4,"think_ms":"3s"}' '-n 12 '
	run --separate-stderr "$TOP/bench.sh" --dry-run --local --set prompts.file=null --turns uniform:2-6 --think lognormal:900,500
	is 0 'sessions    of uniform:2-6 turns' '-n 200 '
	run --separate-stderr "$TOP/bench.sh" --dry-run --local --set prompts.file=null --turns 4 --api openai-completions
	is 2 'sessions.turns: only with request.api openai-chat'
	run --separate-stderr "$TOP/bench.sh" --dry-run --local --set sessions.turn=4
	is 2 'unknown key (did you mean turns?)'
}
