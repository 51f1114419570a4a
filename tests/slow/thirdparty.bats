#!/usr/bin/env bats
# sendreq against servers that nobody here wrote: npm's aimock and llama.cpp's server, pinned,
# fetched once.  Where a registry cannot be reached the tests are skipped, but never in CI.
load ../lib/common

teardown() {
	local pid
	for pid in *.pid; do
		[ ! -e "$pid" ] || kill "$(<"$pid")" || true
	done
	[ ! -e llama.state ] || "$TOP/setup/engines/llama.sh" down --state "$PWD/llama.state"
}

# aimock OPTION…: start it on a free port; sets url.
aimock() {
	needs "$TOP/tests/lib/aimock"
	"$TOP/tests/lib/aimock" -p 0 -f "$DATA/aimock.json" "$@" >aimock.log 2>&1 3>&- &
	echo $! >aimock.pid
	wait_for 20 grep -q http:// aimock.log
	url=$(grep -o -m 1 'http://[0-9.:]*' aimock.log)
}

# ask N WORD…: N requests of each word to requests.jsonl; the word is the tag.
ask() {
	local n=$1
	shift
	jq -nc --argjson n "$n" '[$ARGS.positional[] as $w | range($n) | $w] | to_entries[] |
		{id: (.key + 1), api: "openai-chat", path: "/v1/chat/completions", method: "POST", tags: {word: .value},
		 body: {model: "m", messages: [{role: "user", content: .value}], max_tokens: 16, stream: true,
		        stream_options: {include_usage: true}}}' --args "$@" >requests.jsonl
}

# send OPTION…: sends them; every record is valid and none is lost.
send() {
	run --separate-stderr sendreq --url "$url" "$@" -o responses.jsonl requests.jsonl
	is 0
	run --separate-stderr "$TOP/tests/lib/check_records.py" --requests requests.jsonl responses.jsonl
	is 0
}

# of WORD FILTER: jq's verdict on all records of that word.
of() {
	jq -es --arg w "$1" "map(select(.tags.word == \$w)) | length > 0 and all($2)" responses.jsonl
}

@test "aimock: content, thinking, tool calls, a refusal, a reply that breaks off" {
	aimock
	ask 3 plain think tool limit cut
	send -c 5
	of plain '.ev_kind == "rcccccccccccrud" and .error == null and .finish == "stop" and .usage.completion_tokens == 11'
	of think '(.ev_kind | test("^t+rc+rud$")) and .error == null'
	of tool '(.ev_kind | test("^rf+rud$")) and .finish == "tool_calls"'
	of limit '.status == 429 and .error.kind == "http" and .error.message == "Rate limited" and .error.retry_after_s == 1'
	of cut '.error.kind == "stream" and .final'
}

@test "aimock: its 80 ms to the first token and 20 ms between tokens are what we stamp" {
	aimock
	ask 5 plain
	send -c 1
	tokstat responses.jsonl >metrics.jsonl
	# wide bounds: its timers are late on a busy machine, never early by more than their grain
	jq -es 'all(.ttft_ms > 75 and .ttft_ms < 1000 and .tpot_ms > 15 and .tpot_ms < 300 and .output_tokens == 11)' metrics.jsonl
}

@test "aimock: what it received is what was asked, once each, with our request ids" {
	aimock
	ask 4 plain think
	send -c 3
	curl -fs "$url/__aimock/journal" >journal.json
	jq -e --slurpfile q requests.jsonl 'length == 8 and
		([.[].body | {model, messages, max_tokens, stream, stream_options}] | sort) == ([$q[].body] | sort) and
		([.[].headers["x-request-id"] | capture("^(?<run>.+)-(?<id>[0-9]+)$")] |
			([.[].id | tonumber] | sort) == [range(1; 9)] and ([.[].run] | unique | length) == 1)' journal.json
}

@test "aimock: dropped, malformed, cut and limited replies each have their record" {
	aimock --chaos-drop 0.2 --chaos-malformed 0.2 --chaos-disconnect 0.6 --chaos-ratelimit 0.2
	ask 200 think
	send -c 8
	jq -es '(map(.error.kind // "ok") | unique) as $kinds |
		(["http", "ok", "stream"] - $kinds) == [] and ($kinds - ["http", "ok", "protocol", "stream"]) == []' responses.jsonl
	jq -es 'map(select(.error.kind == "http").status) | unique | index(429) and index(500)' responses.jsonl
}

@test "llama.cpp: valid records; TTFT and TPOT agree with the server's own timings" {
	needs "$TOP/setup/engines/llama.sh" up --state "$PWD/llama.state" --log "$PWD/llama.log" --yes
	url=$(grep -o 'http://[0-9.:]*' needs.log | tail -n 1)
	ask 3 "Tell me about the sea."
	send -c 1
	jq -es 'all(.error == null and (.ev_kind | test("^r?c+r?ud$")) and .usage.prompt_tokens > 0 and .timings.predicted_n > 1)' \
		responses.jsonl
	run "$TOP/tests/lib/py" "$TOP/tests/oracle/timings.py" responses.jsonl
	printf '# note: llama.cpp: %s\n' "${lines[@]}" >&3
	is 0
	# four at once share the slots: every record is still valid
	ask 5 "Count."
	sed -i 's/"max_tokens":16/"max_tokens":6/' requests.jsonl
	rm responses.jsonl
	send -c 4
}
