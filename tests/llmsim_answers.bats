#!/usr/bin/env bats
# llmsim: what replies say when a request asks for a form: JSON, tool calls, choices, stop strings,
# thinking; and what sendreq, tokstat and runsum make of that, against the truth.
load lib/common
load lib/llmsim

PY=${PY:-$TOP/tests/lib/py}
FAST=(--model m --time-to-first-token 2ms --inter-token-latency 500us --truth truth.jsonl)

FORMAT='{"type": "json_schema", "json_schema": {"name": "person", "schema": {"type": "object",
	"properties": {"name": {"type": "string", "minLength": 3}, "age": {"type": "integer", "minimum": 0, "maximum": 130},
		"skills": {"type": "array", "items": {"enum": ["c", "sh", "é"]}, "minItems": 1},
		"home": {"$ref": "#/$defs/place"}},
	"required": ["name", "age", "home"], "additionalProperties": false,
	"$defs": {"place": {"type": "object", "properties": {"city": {"type": "string"}, "in": {"anyOf":
		[{"type": "null"}, {"$ref": "#/$defs/place"}]}}, "required": ["city"]}}}}}'
TOOLS='[{"type": "function", "function": {"name": "weather", "parameters": {"type": "object",
	"properties": {"city": {"type": "string"}, "days": {"type": "integer", "multipleOf": 2}}, "required": ["city", "days"]}}},
	{"type": "function", "function": {"name": "add", "parameters": {"type": "object",
	"properties": {"a": {"type": "number"}, "b": {"type": "number"}}, "required": ["a", "b"]}}}]'

# judged N WHAT OPTION…: N requests that ask for WHAT (format or tools) to an engine of these options, to metrics.jsonl.
judged() {
	local n=$1 what=$2
	shift 2
	sim "${FAST[@]}" "$@"
	echo "$FORMAT" >format.json
	echo "$TOOLS" >tools.json
	case $what in
	format) genload -n "$n" --model m --input-tokens 3 --max-tokens 500 --response-format format.json ;;
	tools) genload -n "$n" --model m --input-tokens 3 --max-tokens 500 --tools tools.json ;;
	esac >requests.jsonl
	sendreq --url "$URL" -c 8 --text requests.jsonl >responses.jsonl
	"$TOP/tests/lib/check_records.py" --requests requests.jsonl responses.jsonl
	tokstat --requests requests.jsonl responses.jsonl >metrics.jsonl
	stop_sim
}

# agree FIELD TRUTH: tokstat's field is the truth's, request by request; prints how many are true.
agree() {
	jq -n --arg field "$1" --arg truth "$2" --slurpfile truths truth.jsonl '
		($truths | map({(.request_id | split("-")[1]): .[$truth]}) | add) as $of
		| [inputs | select($of["\(.id)"] != .[$field]) | .id] | if . == [] then empty else error("\(.)") end' metrics.jsonl
	jq -s --arg field "$1" 'map(select(.[$field])) | length' metrics.jsonl
}

@test "JSON as the schema asks, streamed in pieces: all right, and Python's jsonschema says the same" {
	judged 40 format
	jq -es 'all(.ev_kind | test("^rc{5,}ud$"))' responses.jsonl
	jq -es 'all(.finish == "stop" and .error == null)' responses.jsonl
	same 40 "$(agree structured_ok structured)"
	run "$PY" "$TOP/tests/oracle/quality.py" requests.jsonl responses.jsonl metrics.jsonl
	is 0 'structured 40 of 40'
}

@test "wrong JSON of every kind: the share is the truth's, exactly" {
	local right
	judged 120 format --fault bad-json@0.3 --fault bad-schema@0.3 --seed 7
	right=$(agree structured_ok structured)
	[ "$right" -gt 20 ] && [ "$right" -lt 100 ]
	same "$right" "$(jq -s 'map(select(.fault == null)) | length' truth.jsonl)"
	same "[120,$right]" "$(runsum metrics.jsonl | jq -c '[.quality.structured_n, (.quality.structured_ok_rate * 120 | round)]')"
	run "$PY" "$TOP/tests/oracle/quality.py" requests.jsonl responses.jsonl metrics.jsonl
	is 0 "structured $right of 120"
}

@test "tool calls: right and wrong in every way" {
	local right
	judged 150 tools --fault bad-json@0.15 --fault bad-schema@0.15 --fault bad-call@0.15 --fault no-call@0.15 --seed 3
	same '["bad-call","bad-json","bad-schema","no-call",null]' "$(jq -sc 'map(.fault) | unique | sort_by(. == null)' truth.jsonl)"
	right=$(agree tool_call_ok tool_call)
	[ "$right" -gt 30 ] && [ "$right" -lt 130 ]
	same "[150,$right]" "$(runsum metrics.jsonl | jq -c '[.quality.tool_call_n, (.quality.tool_call_ok_rate * 150 | round)]')"
	run "$PY" "$TOP/tests/oracle/quality.py" requests.jsonl responses.jsonl metrics.jsonl
	is 0 "calls $right of 150"
	jq -es 'map(select(.calls)) | length > 100 and all(.ev_kind | test("^rf+ud$"))' responses.jsonl
	jq -es 'map(select(.calls).finish) | unique == ["tool_calls"]' responses.jsonl
	jq -es 'map(select(.calls).calls[0].name) | unique == ["add", "no_such_tool", "weather"]' responses.jsonl
}

@test "what max_tokens cuts off is not as asked" {
	sim "${FAST[@]}"
	echo "$FORMAT" >format.json
	genload -n 3 --model m --input-tokens 3 --max-tokens 6 --response-format format.json >requests.jsonl
	sendreq --url "$URL" --text requests.jsonl | tokstat --requests requests.jsonl >metrics.jsonl
	jq -es 'all(.ok and .finish == "length" and .structured_ok == false)' metrics.jsonl
	wait_for 10 grep -q . truth.jsonl
	same 0 "$(agree structured_ok structured)"
}

@test "not streamed: the same verdicts" {
	sim "${FAST[@]}"
	echo "$FORMAT" >format.json
	echo "$TOOLS" >tools.json
	{
		genload -n 1 --no-stream --model m --input-tokens 3 --max-tokens 500 --response-format format.json
		genload -n 1 --no-stream --model m --input-tokens 3 --max-tokens 500 --tools tools.json | jq -c '.id = 2'
		genload -n 1 --no-stream --model 'm!bad-json' --input-tokens 3 --max-tokens 500 --response-format format.json | jq -c '.id = 3'
		genload -n 1 --no-stream --model 'm!no-call' --input-tokens 3 --max-tokens 500 --tools tools.json | jq -c '.id = 4'
	} >requests.jsonl
	sendreq --url "$URL" --text requests.jsonl >responses.jsonl
	same '[[1,"c"],[2,"f"],[3,"c"],[4,"c"]]' "$(jq -sc 'map([.id, .ev_kind])' responses.jsonl)"
	same '[[true,null],[null,true],[false,null],[null,false]]' \
		"$(tokstat --requests requests.jsonl responses.jsonl | jq -sc 'map([.structured_ok, .tool_call_ok])')"
}

@test "tool_choice: none makes words, a function's name makes that call" {
	sim "${FAST[@]}"
	local body='{"messages": [{"role": "user", "content": "hi"}], "tools": '$TOOLS', "max_tokens": 99'
	same 'null length' "$(curl -s "$URL/v1/chat/completions" -d "$body, \"tool_choice\": \"none\"}" |
		jq -r '"\(.choices[0].message.tool_calls) \(.choices[0].finish_reason)"')"
	same add "$(curl -s "$URL/v1/chat/completions" -d "$body, \"tool_choice\": {\"type\": \"function\", \"function\": {\"name\": \"add\"}}}" |
		jq -r '.choices[0].message.tool_calls[0].function.name')"
	same 400 "$(curl -s -o /dev/null -w '%{http_code}' "$URL/v1/chat/completions" \
		-d "$body, \"tool_choice\": {\"type\": \"function\", \"function\": {\"name\": \"gone\"}}}")"
}

@test "a schema that cannot be kept is refused, not guessed at" {
	sim "${FAST[@]}"
	local schema
	while read -r schema why; do
		curl -s "$URL/v1/chat/completions" -d '{"messages": [{"role": "user", "content": "hi"}], "response_format":
			{"type": "json_schema", "json_schema": {"name": "x", "schema": '"$schema"'}}}' >answer
		jq -e --arg why "$why" '.error.code == 400 and (.error.message | contains($why))' answer || {
			cat answer
			return 1
		}
	done <<-'END'
		{"minimun":1} did you mean minimum?
		{"type":"string","pattern":"^[0-9]{7}$"} finds no value
		{"allOf":[{"type":"string"},{"type":"null"}]} finds no value
		{"$ref":"#"} finds no value
	END
}

@test "n choices: interleaved, each an event; tokens are the usage's, over all of them" {
	sim "${FAST[@]}"
	genload -n 4 --model m --input-tokens 3 --max-tokens 5 --n 3 | sendreq --url "$URL" -c 2 --text >responses.jsonl
	stop_sim
	jq -es 'all(.ev_kind == "rrr" + "c" * 15 + "ud" and .usage.completion_tokens == 15 and (.text | split(" ") | length) == 5)' \
		responses.jsonl
	tokstat responses.jsonl >metrics.jsonl
	jq -es 'all(.output_tokens == 15 and .tokens_from == "usage" and (.itl_ms | length) == 14)' metrics.jsonl
	jq -es 'all(.output_tokens == 15)' truth.jsonl
	jq -n --slurpfile truths truth.jsonl '($truths | map({(.request_id | split("-")[1]): .ev_kind}) | add) as $of
		| [inputs | select($of["\(.id)"] != .ev_kind)] | length' responses.jsonl >different
	same 0 "$(<different)"
}

@test "stop strings end the prose before they are said" {
	sim "${FAST[@]}"
	local whole cut stop
	whole=$(chat '"max_tokens": 60' | jq -r '.choices[0].message.content')
	for stop in "$(cut -d ' ' -f 9 <<<"$whole")" "$(cut -d ' ' -f 4-6 <<<"$whole")" "$(cut -c 30-33 <<<"$whole")"; do
		stop_sim
		sim "${FAST[@]}" # replies begin elsewhere with each request
		cut=$(chat '"max_tokens": 60, "stop": ["never seen", '"$(jq -nc --arg s "$stop" '$s')"']')
		same "${whole%%"$stop"*}" "$(jq -r '.choices[0].message.content' <<<"$cut")"
		same stop "$(jq -r '.choices[0].finish_reason' <<<"$cut")"
		stop_sim
		sim "${FAST[@]}"
		same "${whole%%"$stop"*}" "$(chat '"stream": true, "max_tokens": 60, "stop": '"$(jq -nc --arg s "$stop" '$s')" |
			sed -n 's/^data: {/{/p' | jq -rj '.choices[0].delta.content // ""')"
	done
}

@test "a reasoning model: TTFT ends at the first thought, TTFO at the answer; usage says how much was thought" {
	sim "${FAST[@]}" --inter-token-latency 5ms --reasoning-tokens 6
	genload -n 5 --model m --input-tokens 3 --max-tokens 10 | sendreq --url "$URL" -c 5 --text >responses.jsonl
	stop_sim
	jq -es 'all(.ev_kind == "rttttttccccud" and .usage.reasoning_tokens == 6 and (.text | split(" ") | length) == 4)' responses.jsonl
	jq -es 'all(.reasoning_tokens == 6 and .output_tokens == 10)' truth.jsonl
	tokstat responses.jsonl >metrics.jsonl
	jq -es 'all(.reasoning_tokens == 6 and .output_tokens == 10)' metrics.jsonl
	# the truth: what lies between the first thought and the first word of the answer as it was sent, to the
	# precision of stamps on a busy machine, and never less than the five gaps of 5 ms and the one behind them
	jq -n --slurpfile truths truth.jsonl '($truths | map({(.request_id | split("-")[1]): (.ev_us[7] - .ev_us[1])}) | add) as $of
		| [inputs | (.ttfo_ms - .ttft_ms) * 1000 - $of["\(.id)"] | fabs] | max < 50000' metrics.jsonl | grep -qx true
	jq -es 'all(.ttfo_ms - .ttft_ms > 20)' metrics.jsonl
}
