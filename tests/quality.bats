#!/usr/bin/env bats
# What requests ask of their replies (response_format, tools), from the wire to the results.
load lib/common

FORMAT='{"type": "json_schema", "json_schema": {"name": "person", "schema": {"type": "object",
	"properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0}},
	"required": ["name", "age"], "additionalProperties": false}}}'
TOOLS='[{"type": "function", "function": {"name": "weather", "parameters": {"type": "object",
	"properties": {"city": {"type": "string"}}, "required": ["city"]}}},
	{"type": "function", "function": {"name": "now"}}]'

# response CHANGE: an ok response; jq's CHANGE changes it.
response() {
	jq -nc '{id: 1, due_us: 0, sent_us: 0, end_us: 9, status: 200, streamed: true, ev_us: [5], ev_kind: "c",
		error: null} | '"$1"
}

# verdicts: jq's [structured_ok, tool_call_ok] of each response on stdin, by the files format and tools.
verdicts() {
	tokstat "$@" | jq -c '[.structured_ok, .tool_call_ok]'
}

@test "a text is as the schema asks, or it is not" {
	echo "$FORMAT" >format
	same '[true,null]
[true,null]
[false,null]
[false,null]
[false,null]
[false,null]
[false,null]
[null,null]
[null,null]
[null,null]' "$({
		response '.text = "{\"name\": \"A\", \"age\": 3}"'
		response '.text = "\n {\"name\": \"\\u00e9\\u0000\", \"age\": 12345678901234567890}"'
		response '.text = "{\"name\": \"A\", \"age\": -3}"'
		response '.text = "{\"name\": \"A\", \"age\": 3"'
		response '.text = "Sure: {\"name\": \"A\", \"age\": 3}"'
		response '.text = "{\"name\": \"A\", \"age\": 3} "  + "}"'
		response '.text = ""'
		response .
		response '.text = "{\"name\": \"A\", \"age\": 3}" | .status = 500'
		response '.text = "{\"name\": \"A\", \"age\": 3}" | .error = {kind: "stream", message: "reset"}'
	} | verdicts --response-format format)"
}

@test "json_object: any object, and nothing else; text asks for nothing" {
	echo '{"type": "json_object"}' >object
	echo '{"type": "text"}' >text
	same '[true,null]
[false,null]' "$({
		response '.text = "{}"'
		response '.text = "[]"'
	} | verdicts --response-format object)"
	same '[null,null]' "$(response '.text = "{}"' | verdicts --response-format text)"
}

@test "a call of one of the tools, with arguments that fit; one good one is enough" {
	echo "$TOOLS" >tools
	same '[null,true]
[null,true]
[null,true]
[null,false]
[null,false]
[null,false]
[null,false]
[null,null]' "$({
		response '.text = "" | .calls = [{name: "weather", arguments: "{\"city\": \"Paris\"}"}]'
		response '.text = "" | .calls = [{name: "now", arguments: "[1]"}]'
		response '.text = "" | .calls = [{name: "gone", arguments: "{}"}, {name: "now", arguments: "{}"}]'
		response '.text = "" | .calls = [{name: "weather", arguments: "{\"town\": \"Paris\"}"}]'
		response '.text = "" | .calls = [{name: "weather", arguments: "{\"city\": \"Par"}]'
		response '.text = "" | .calls = [{name: "gone", arguments: "{}"}]'
		response '.text = "It is sunny."'
		response .
	} | verdicts --tools tools)"
}

@test "both asked for: a reply of calls alone has no text to judge" {
	echo "$FORMAT" >format
	echo "$TOOLS" >tools
	same '[null,true]
[true,false]' "$({
		response '.text = "" | .calls = [{name: "now", arguments: "{}"}]'
		response '.text = "{\"name\": \"A\", \"age\": 3}"'
	} | verdicts --response-format format --tools tools)"
}

@test "--requests: each reply by what its own request asked; tool_choice none asks for no call" {
	jq -nc --argjson format "$FORMAT" --argjson tools "$TOOLS" '
		{id: 1, body: {response_format: $format}}, {id: 2, body: {tools: $tools}},
		{id: 3, body: {tools: $tools, tool_choice: "none"}}, {id: 4, body: {messages: []}},
		{id: 5, body: {response_format: {type: "json_object"}, tool_choice: {type: "function"}}}' >requests
	for id in 1 2 3 4 5; do response ".id = $id | .text = \"{}\""; done >responses
	same '[false,null]
[null,false]
[null,null]
[null,null]
[true,null]' "$(verdicts --requests requests responses)"
}

@test "a schema that cannot be checked: null, and said once, by name" {
	jq '.json_schema.schema.properties.age.minimun = 1' <<<"$FORMAT" >format
	response '.text = "{}"' >responses
	response '.text = "{}" | .id = 2' >>responses
	run --separate-stderr tokstat --response-format format responses
	is 0
	same '[null,null]' "$(jq -sc 'map(.structured_ok)' <<<"$output")"
	same 'tokstat: response_format: minimun: a keyword that is not checked here (did you mean minimum?): replies to this cannot be judged: null' "$stderr"
	# a tool that cannot be checked does not spoil the others
	jq '.[0].function.parameters.dependencies = {}' <<<"$TOOLS" >tools
	same '[null,null]
[null,true]
[null,false]' "$({
		response '.text = "" | .calls = [{name: "weather", arguments: "{}"}]'
		response '.text = "" | .calls = [{name: "weather", arguments: "{}"}, {name: "now", arguments: "{}"}]'
		response '.text = "" | .calls = [{name: "gone", arguments: "{}"}]'
	} | verdicts --tools tools 2>/dev/null)"
}

@test "files that are none are refused" {
	run --separate-stderr tokstat --response-format missing </dev/null
	is 2 'tokstat: missing: No such file'
	echo '{' >broken
	run --separate-stderr tokstat --tools broken </dev/null
	is 2 'tokstat: broken:'
}

@test "runsum: shares of the ok requests that have a verdict; without any the block is null" {
	metric() {
		jq -nc '{ok: true, due_us: 0, sent_us: 0, end_us: 9, last_us: 9, error: null} | '"$1"
	}
	{
		metric '.structured_ok = true'
		metric '.structured_ok = true | .tool_call_ok = null'
		metric '.structured_ok = false'
		metric '.structured_ok = true | .ok = false | .error = {kind: "stream"}'
		metric .
	} >m.jsonl
	same '{"structured_n":3,"structured_ok_rate":0.666666666667,"tool_call_n":0,"tool_call_ok_rate":null}' \
		"$(runsum m.jsonl | jq -c .quality)"
	same null "$(metric . | runsum | jq -c .quality)"
	run --separate-stderr runsum --assert 'quality.structured_ok_rate>=0.9' m.jsonl
	is 5 'quality.structured_ok_rate>=0.9: missed: 0.6666'
}
