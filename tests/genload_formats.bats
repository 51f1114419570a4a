#!/usr/bin/env bats
# genload: the forms of prompt files: 20 entries each, with expectations worked out by hand
# (tests/data/prompts/README.md), and files that are too big, torn or mixed up.
load lib/common

P=$TOP/tests/data/prompts

# of_lines: text, longest reply and expectation of each record.
of_lines() {
	jq -c '[.body.messages[0].content, .body.max_tokens, .expect]'
}

@test "vLLM's custom form: a prompt and the length of its reply" {
	run --separate-stderr genload --prompts "$P/vllm-custom.jsonl" -n 15 --prompt-format vllm-custom
	is 1
	same "$(<"$P/vllm-custom.expected")" "$(of_lines <<<"$output")"
	same '4:14: prompt is empty
10:38: not a positive whole number of tokens
11:40: not a positive whole number of tokens
12:40: not a positive whole number of tokens
13:37: not a positive whole number of tokens' "${stderr//"genload: $P/vllm-custom.jsonl:"/}"
}

@test "a prompt and its adapter: the adapter is a tag and the model" {
	run --separate-stderr genload --prompts "$P/lora.jsonl" -n 18 --model base --prompt-format lora
	is 1 'lora.jsonl:11:53: adapter_name is empty' 'lora.jsonl:14:48: adapter_name is not a string'
	same "$(<"$P/lora.expected")" "$(jq -c '[.body.messages[0].content, .body.model, .tags]' <<<"$output")"
	# found by itself, too; without a model the others name none
	genload --prompts "$P/lora.jsonl" -n 3 2>/dev/null >out || true
	same '[null,"math_adapter","code_adapter"]' "$(jq .body.model out | jq -sc .)"
	# a tag that was given stays, and so does a model that is patched in
	echo '{"model": "fixed"}' >body.json
	genload --prompts "$P/lora.jsonl" -n 2 --tag adapter=mine --body-json body.json 2>/dev/null >out || true
	same '["fixed","mine"]' "$(jq -c '[.body.model, .tags.adapter]' out | sort -u)"
}

@test "ShareGPT: the first exchange of each conversation, and an estimate of its reply" {
	run --separate-stderr genload --prompts "$P/sharegpt.json" -n 10
	is 1 "sharegpt.json:47:64: value is not a string" "sharegpt.json:48:3: no conversations" \
		"8 of the first 18 entries were left out: 6 do not begin with a user's turn and the reply to it, 2 are too short, 0 too long"
	same "$(<"$P/sharegpt.expected")" "$(jq -c '[(.body.messages | map([.role, .content])), .body.max_tokens]' <<<"$output")"
	jq -es 'all(.expect == {output_tokens: .body.max_tokens, output_from: "estimate"})' <<<"$output"
}

@test "ShareGPT with --turns: whole conversations as sessions, the replies live" {
	genload --prompts "$P/sharegpt.json" -n 12 --turns 9 >out 2>/dev/null || true
	same "$(<"$P/sharegpt.sessions")" "$(jq -c '[.session, .turn, .body.messages[-1].content, .body.max_tokens]' out)"
	same '["system","user"]' "$(jq -c 'select(.session == 3) | .body.messages | map(.role)' out)"
	genload --prompts "$P/sharegpt.json" -n 4 --turns 2 >out 2>/dev/null || true
	same '[1,2,2,3]' "$(jq .session out | jq -sc .)"
}

@test "ShareGPT in every outer form: compact, JSON lines, from a pipe, and again from its start" {
	genload --prompts "$P/sharegpt.json" -n 25 >whole 2>/dev/null || true
	same 25 "$(wc -l <whole)"
	jq -c . "$P/sharegpt.json" >compact.json
	jq -c '.[]' "$P/sharegpt.json" >lines.jsonl
	local file
	for file in compact.json lines.jsonl; do
		run --separate-stderr genload --prompts "$file" -n 25
		same "$(<whole)" "$output"
		run --separate-stderr bash -c 'cat "$1" | genload --prompts - -n 25' - "$file"
		same "$(<whole)" "$output"
	done
	run --separate-stderr bash -c 'cat "$1" | genload --prompts - -n 25' - "$P/sharegpt.json"
	same "$(<whole)" "$output"
	# lines of ours in one array
	jq -s . "$P/lora.jsonl" >array.json
	genload --prompts array.json -n 40 >a 2>/dev/null || true
	genload --prompts "$P/lora.jsonl" -n 40 2>/dev/null | cmp - a
}

@test "a reply's own length gives way to --max-tokens and --output-tokens; own asks for it" {
	same '[5,null]' "$(genload --prompts "$P/sharegpt.json" -n 1 --output-tokens 5 | jq -c '[.body.max_tokens, .expect]')"
	same '[4,{"output_tokens":4,"output_from":"estimate"}]' \
		"$(genload --prompts "$P/sharegpt.json" -n 1 --max-tokens 4 | jq -c '[.body.max_tokens, .expect]')"
	same '[6,{"output_tokens":6}]' \
		"$(genload --prompts "$P/sharegpt.json" -n 1 --ignore-eos | jq -c '[.body.max_tokens, .expect]')"
	echo '{"request": {"max_tokens": 100}}' >w.json
	same 6 "$(genload -f w.json --prompts "$P/sharegpt.json" -n 1 --output-tokens own | jq .body.max_tokens)"
}

@test "bounds on estimated lengths: vLLM's for ShareGPT, others where they are given" {
	local word
	word=$(printf 'word %.0s' {1..1023})
	jq -nc --arg w "$word" '[
		{q: "why is this so", a: "1 2 3 4"}, {q: "one two three", a: "a b c d"}, {q: "a b c d", a: "one two three"},
		{q: ($w + "x"), a: ($w + "y")}, {q: ($w + "x x"), a: "a b c d"}, {q: ($w + "x"), a: ($w + "y z")}]
		| map({conversations: [{from: "human", value: .q}, {from: "gpt", value: .a}]})' >bounds.json
	# prompts of 4, 3, 4, 1024, 1025 and 1024; replies of 6, 4, 3, 1024, 4 and 1025
	run --separate-stderr genload --prompts bounds.json -n 3
	is 0 '' '4 of the first 6 entries were left out: 0 do not begin with a user'"'"'s turn and the reply to it, 2 are too short, 2 too long'
	same '[6,1024,6]' "$(jq .body.max_tokens <<<"$output" | jq -sc .)"
	genload --prompts bounds.json -n 6 --min-input-tokens 0 --max-input-tokens 0 --max-total-tokens 0 >out 2>err
	same '[6,4,3,1024,4,1025]' "$(jq .body.max_tokens out | jq -sc .)"
	[ ! -s err ]
	seq 40 | jq -c '{prompt: ([range(.) | "w"] | join(" "))}' >lines.jsonl
	same '[10,11,12]' "$(genload --prompts lines.jsonl -n 3 --min-input-tokens 10 --max-input-tokens 12 2>err |
		jq '.body.messages[0].content | split(" ") | length' | jq -sc .)"
	grep -F '9 of the first 12' err
	run --separate-stderr genload --prompts lines.jsonl -n 3 --min-input-tokens 50
	is 2 '40 of the first 40 entries were left out' 'no usable prompt'
}

@test "an array that is torn, or not quite one: what is good is used, each fault is told with its place" {
	cat >odd.json <<-'END'
		[{"prompt": "one"}, 17,
		  {"prompt" "two"},
		  {"prompt": "three"} {"prompt": "four"},, {"prompt": "five",
		   "max_tokens": 0},
		  {"prompt": "six"},
		]
		more
	END
	run --separate-stderr genload --prompts odd.json -n 4
	is 1
	same '["one","three","four","six"]' "$(jq '.body.messages[0].content' <<<"$output" | jq -sc .)"
	run --separate-stderr genload --prompts odd.json -n 5
	same 'genload: odd.json:1:21: not a JSON object
genload: odd.json:2:13: expected '"':'"'
genload: odd.json:3:23: no comma between two elements of the array
genload: odd.json:3:42: not an element of the array
genload: odd.json:4:19: not a positive whole number of tokens
genload: odd.json:6:1: a comma before the end of the array
genload: odd.json:7:1: something behind the array' "$stderr"
	printf '[{"prompt": "a"}, {"prompt": "b"' >torn.json
	run --separate-stderr genload --prompts torn.json -n 2
	is 1 'genload: torn.json:1:19: the text ends inside an element'
	printf '[ \n' >open.json
	run --separate-stderr genload --prompts open.json -n 2
	is 2 'genload: open.json:2:1: the text ends before the array does' 'no usable prompt'
	echo '[]' >none.json
	run --separate-stderr genload --prompts none.json -n 2
	is 2 'genload: none.json: no usable prompt'
	jq -nc '[{prompt: "short"}, {prompt: ("x" * 300000)}, {prompt: "end"}]' >long.json
	run --separate-stderr genload --prompts long.json -n 2 --max-line 1000
	is 1 'genload: long.json:1:21: longer than --max-line'
	same '["short","end"]' "$(jq '.body.messages[0].content' <<<"$output" | jq -sc .)"
}

@test "a form that is not known names those that are" {
	run --separate-stderr genload --prompts x --prompt-format shargpt
	is 2 'prompts.format: shargpt: known are lines, vllm-custom, lora, sharegpt (did you mean sharegpt?)'
	run --separate-stderr genload --prompts "$P/lora.jsonl" --prompt-format sharegpt -n 1
	is 2 'lora.jsonl:1: no conversations' 'no usable prompt'
}

@test "a big array is streamed: memory does not grow with the file" {
	# 60 MB in 40,000 conversations, on one line
	awk 'BEGIN { s = "word "; while (length(s) < 700) s = s s; printf "["
		for (i = 0; i < 40000; i++) printf "%s{\"id\":\"%d\",\"conversations\":[{\"from\":\"human\",\"value\":\"%d %s\"},{\"from\":\"gpt\",\"value\":\"%s\"}]}", (i ? "," : ""), i, i, s, s
		print "]" }' >big.json
	[ "$(stat -c %s big.json)" -gt 60000000 ]
	"$TOP/tests/lib/rss" peak genload --prompts big.json -n 40000 --max-input-tokens 0 --max-total-tokens 0 | wc -l >count
	same 40000 "$(<count)"
	[ "$(<peak)" -lt 20000 ] # KiB
}
