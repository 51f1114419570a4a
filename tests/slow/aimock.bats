#!/usr/bin/env bats
# What was asked of replies, with npm's aimock as the engine: its fixtures answer rightly and wrongly.
load ../lib/common

PY=${PY:-$TOP/tests/lib/py}

teardown() {
	[ ! -e aimock.pid ] || kill "$(<aimock.pid)"
}

# aimock: start it on a free port; sets url.
aimock() {
	local code=0
	"$TOP/tests/lib/aimock" >needs.log 2>&1 3>&- || code=$?
	[ "$code" != 3 ] || skip "cannot be fetched: $(tail -n 1 needs.log)"
	"$TOP/tests/lib/aimock" -p 0 -f "$DATA/aimock_asked.json" >aimock.log 2>&1 3>&- &
	echo $! >aimock.pid
	wait_for 20 grep -q http:// aimock.log
	url=$(grep -o -m 1 'http://[0-9.:]*' aimock.log)
}

# ask STREAM ASKED PROMPT…: two requests of each prompt, with ASKED merged into the body, to requests.jsonl.
ask() {
	jq -nc --argjson stream "$1" --argjson asked "$2" '[$ARGS.positional[] as $w | range(2) | $w] | to_entries[] |
		{id: (.key + 1), api: "openai-chat", tags: {prompt: .value}, body: ({model: "m", stream: $stream,
		 messages: [{role: "user", content: .value}]} + $asked)}' --args "${@:3}" >requests.jsonl
}

# verdicts FIELD: prompt by prompt, what tokstat says; Python's jsonschema has to say the same.
verdicts() {
	sendreq --url "$url" -c 4 --text requests.jsonl >responses.jsonl
	"$TOP/tests/lib/check_records.py" --requests requests.jsonl responses.jsonl
	tokstat --requests requests.jsonl responses.jsonl >metrics.jsonl
	"$PY" "$TOP/tests/oracle/quality.py" requests.jsonl responses.jsonl metrics.jsonl
	output=$(jq -sc --arg f "$1" 'map([.tags.prompt, .[$f]]) | unique' metrics.jsonl)
}

FORMAT='{"response_format": {"type": "json_schema", "json_schema": {"name": "person", "schema": {"type": "object",
	"properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0}}, "required": ["name", "age"]}}}}'
TOOLS='{"tools": [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object",
	"properties": {"city": {"type": "string"}}, "required": ["city"]}}}]}'

@test "aimock: JSON that is as the schema asks, and JSON that is not" {
	local stream
	aimock
	for stream in true false; do
		ask "$stream" "$FORMAT" 'person right' 'person young' 'person broken' 'person chatty'
		verdicts structured_ok
		same '[["person broken",false],["person chatty",false],["person right",true],["person young",false]]' \
			"$(tail -n 1 <<<"$output")"
		same 0.25 "$(runsum metrics.jsonl | jq .quality.structured_ok_rate)"
	done
}

@test "aimock: tool calls that are right, unknown, wrong or none" {
	local stream
	aimock
	for stream in true false; do
		ask "$stream" "$TOOLS" 'call right' 'call second' 'call unknown' 'call wrong' 'call none'
		verdicts tool_call_ok
		same '[["call none",false],["call right",true],["call second",true],["call unknown",false],["call wrong",false]]' \
			"$(tail -n 1 <<<"$output")"
		same 0.4 "$(runsum metrics.jsonl | jq .quality.tool_call_ok_rate)"
		jq -es 'map(select(.tags.prompt == "call second").calls | length) == [2, 2]' responses.jsonl
	done
}
