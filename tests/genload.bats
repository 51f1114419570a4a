#!/usr/bin/env bats
# genload: what is sent and when.
load lib/common

PY=${PY:-$TOP/tests/lib/py}

bodies() {
	jq -c '.body'
}

# prompt_file N: N prompts "p1" … "pN".
prompt_file() {
	seq "$1" | jq -c '{prompt: "p\(.)"}' >prompts.jsonl
}

@test "a record has exactly the fields of a request record, streaming with usage" {
	run --separate-stderr genload -n 1 --input-tokens 3 --model m --tag a=b
	is 0
	same '["id","api","path","method","body","expect","tags"]' "$(jq -c keys_unsorted <<<"$output")"
	same '{"model":"m","max_tokens":128,"stream":true,"stream_options":{"include_usage":true}}' \
		"$(jq -c '.body | del(.messages)' <<<"$output")"
	same '[1,"openai-chat","/v1/chat/completions","POST",{"a":"b"}]' \
		"$(jq -c '[.id,.api,.path,.method,.tags]' <<<"$output")"
	same '["user",3]' "$(jq -c '.body.messages[0] | [.role, (.content | split(" ") | length)]' <<<"$output")"
}

@test "completions have a prompt and a path of their own" {
	run --separate-stderr genload -n 1 --input-tokens 3 --api openai-completions
	is 0
	same '["openai-completions","/v1/completions","string",false]' \
		"$(jq -c '[.api,.path,(.body.prompt|type),(.body|has("messages"))]' <<<"$output")"
}

@test "200 requests by default; warm-ups come first, marked, without a time, in the same sequence of ids" {
	same 200 "$(genload | wc -l)"
	genload --warmup 3 -n 2 --arrival constant -r 10 >out
	same '[1,"warmup",null]
[2,"warmup",null]
[3,"warmup",null]
[4,null,0]
[5,null,100000]' "$(jq -c '[.id,.phase,.at_us]' out)"
}

@test "constant arrivals equal the formula to the microsecond" {
	local rate rates=(1 3 7.3 64 999.999 0.1 123456.7)
	mkdir at
	for rate in "${rates[@]}"; do
		genload -n 10k -r "$rate" --arrival constant --input-tokens 1 | jq .at_us >"at/$rate"
	done
	same 70000 "$(cat at/* | wc -l)"
	"$PY" "$TOP/tests/oracle/arrival.py" constant at/*
}

@test "the oracle refuses arrivals that are a microsecond off, and gaps that are uniform" {
	mkdir at off
	genload -n 100 -r 3 --arrival constant --input-tokens 1 | jq .at_us >at/3
	awk 'NR == 50 { $0++ } { print }' at/3 >off/3
	"$PY" "$TOP/tests/oracle/arrival.py" constant at/3
	run ! "$PY" "$TOP/tests/oracle/arrival.py" constant off/3
	run ! "$PY" "$TOP/tests/oracle/arrival.py" poisson 3 at/3
}

@test "poisson arrivals are exponential, over many seeds" {
	local seed
	for seed in $(seq 64); do
		genload -n 10k -r 40 --arrival poisson --seed "$seed" --input-tokens 1 |
			cut -d: -f3 | cut -d, -f1 >"at.$seed"
	done
	same 640000 "$(cat at.* | wc -l)"
	"$PY" "$TOP/tests/oracle/arrival.py" pvalues poisson 40 1 at.*
}

@test "the same seed is the same pattern at every rate" {
	genload -n 1000 -r 10 --arrival poisson --input-tokens 1 | jq .at_us >slow
	genload -n 1000 -r 1000 --arrival poisson --input-tokens 1 | jq '.at_us * 100' >fast
	paste slow fast | awk '{ d = $1 - $2; if (d > 51 || d < -51) { print; exit 1 } }'
}

@test "the same seed gives the same bytes, another seed others, and 1 is the default" {
	genload -n 500 -r 5 --arrival poisson --seed 7 >a
	genload -n 500 -r 5 --arrival poisson --seed 7 >b
	genload -n 500 -r 5 --arrival poisson --seed 8 >c
	cmp a b
	run ! cmp a c
	run ! cmp <(jq .at_us a) <(jq .at_us c)
	run ! cmp <(bodies <a) <(bodies <c)
	cmp <(genload) <(genload --seed 1)
}

@test "arrivals and prompts draw from separate streams" {
	genload -n 100 -r 5 --arrival poisson >a
	genload -n 100 -r 5 --arrival poisson --input-tokens 7 >b
	genload -n 100 -r 5 --arrival constant >c
	cmp <(jq .at_us a) <(jq .at_us b)
	cmp <(bodies <a) <(bodies <c)
}

@test "a rate alone means constant arrivals" {
	same '[0,100000]' "$(genload -n 2 -r 10 | jq .at_us | jq -sc .)"
}

@test "--duration: no request is due then or later" {
	genload --duration 1s -r 10 --arrival constant | jq .at_us >at_us
	same "$(seq 0 100000 900000)" "$(<at_us)"
	same 3 "$(genload -n 3 --duration 1s -r 10 --arrival constant | wc -l)"
	same 2 "$(genload -n 3 --duration 200ms -r 10 --arrival constant | wc -l)"
}

@test "a closed loop with a duration writes until the reader goes away" {
	run bash -c 'set -o pipefail; genload --duration 10s --input-tokens 1 | head -n 5000 | tail -n 1 | jq .id; echo "${PIPESTATUS[0]}"'
	same $'5000\n141' "$output"
}

@test "the records of one phase are those of the whole, shard by shard" {
	local i
	set -- --model m --input-tokens uniform:3-9 --warmup 7 -r 50 --arrival poisson --turns 2 -n 40
	genload "$@" >whole
	same '7 40' "$(jq -r .phase whole | grep -c warmup) $(jq -c 'select(.phase | not)' whole | wc -l)"
	cmp <(genload "$@" --phase warmup && genload "$@" --phase measured) whole
	for i in 1 2 3; do
		genload "$@" --shard "$i/3" --phase warmup
		genload "$@" --phase measured --shard "$i/3"
	done >parts
	cmp <(sort whole) <(sort parts)
	same 0 "$(genload --model m -n 3 --phase warmup | wc -l)"
}

@test "N shards together are the unsharded stream" {
	prompt_file 7
	local n source
	for source in --token-ids "--prompts prompts.jsonl"; do
		# shellcheck disable=SC2086 # two words or one
		set -- --api openai-completions --warmup 5 -n 100 -r 9 --arrival poisson $source
		genload "$@" >whole
		for n in 1 2 3 7; do
			seq "$n" | while read -r i; do genload "$@" --shard "$i/$n"; done >shards
			same 105 "$(jq .id shards | sort -nu | wc -l)"
			cmp <(sort whole) <(sort shards)
		done
	done
	same '[2,5,8]' "$(genload -n 9 --shard 2/3 | jq .id | jq -sc .)"
}

@test "prompts are used in the file's order and again from its start" {
	prompt_file 3
	genload --prompts prompts.jsonl --warmup 1 -n 6 >out
	same '["p1","p2","p3","p1","p2","p3","p1"]' "$(jq '.body.messages[0].content' out | jq -sc .)"
	same '[null]' "$(jq -c '[.expect]' out | sort -u)"
	cmp out <(genload --prompts - --warmup 1 -n 6 <prompts.jsonl)
	cmp out <(tee <prompts.jsonl | genload --prompts - --warmup 1 -n 6)
	cmp out <(tr -d '\n' <prompts.jsonl | sed 's/}{/}\r\n\n{/g' | genload --prompts - --warmup 1 -n 6)
}

@test "a prompt is the same string, whatever is in it" {
	jq -nc '{prompt: "a\"\\\n\t\u0001 é 漢 🙂 \u007f/"}, {prompt: ("x" * 1000000)}' >prompts.jsonl
	genload --prompts prompts.jsonl -n 2 | jq -c '{prompt: .body.messages[0].content}' | cmp - prompts.jsonl
	genload --prompts prompts.jsonl -n 2 --api openai-completions | jq -c '{prompt: .body.prompt}' | cmp - prompts.jsonl
}

@test "messages go out as they are, to chats only" {
	echo '{"messages": [{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"t"}]}]}' >prompts.jsonl
	same "$(jq -c .messages prompts.jsonl)" "$(genload --prompts prompts.jsonl -n 1 | jq -c .body.messages)"
	run --separate-stderr genload --prompts prompts.jsonl -n 1 --api openai-completions
	is 2 'genload: prompts.jsonl:1: messages need a chat API' 'genload: prompts.jsonl: no usable prompt'
}

@test "a prompt's category becomes a tag, its max_tokens and output_tokens count where nothing else is said" {
	cat >prompts.jsonl <<-'EOF'
		{"prompt": "a", "category": "code", "max_tokens": 7, "id": "x"}
		{"prompt": "b", "output_tokens": 9}
		{"prompt": "c", "output_tokens": 50, "max_tokens": 20}
	EOF
	genload --prompts prompts.jsonl -n 3 --tag k=v >out
	same '[{"k":"v","category":"code"},7,null]
[{"k":"v"},9,{"output_tokens":9}]
[{"k":"v"},20,{"output_tokens":20}]' "$(jq -c '[.tags,.body.max_tokens,.expect]' out)"
	genload --prompts prompts.jsonl -n 3 --tag category=mine --max-tokens 5 >out
	same '[{"category":"mine"},5,null]
[{"category":"mine"},5,{"output_tokens":5}]
[{"category":"mine"},5,{"output_tokens":5}]' "$(jq -c '[.tags,.body.max_tokens,.expect]' out)"
}

@test "made-up prompts have the length asked for, and neighbours begin with different words" {
	genload -n 2000 --input-tokens 32 >out
	same 2000 "$(jq -r .body.messages[0].content out | sort -u | wc -l)"
	same 32 "$(jq -r '.body.messages[0].content | split(" ") | length' out | sort -u)"
	same 400 "$(jq -r '.body.messages[0].content | split(" ")[0]' out | head -n 400 | sort -u | wc -l)"
	same 2000 "$(jq -r '.body.messages[0].content | split(" ")[:2] | join(" ")' out | sort -u | wc -l)"
	same '{"input_tokens":32,"input_from":"estimate"}' "$(jq -c .expect out | sort -u)"
}

@test "token ids are exact and from the vocabulary" {
	set -- --api openai-completions --token-ids --input-tokens 50 -n 500
	genload "$@" >out
	same '[50,"number",true,true]' "$(jq -c '.body.prompt | [length, (map(type) | unique[]), min >= 1000, max <= 30000]' out | sort -u)"
	same '{"input_tokens":50,"input_from":"ids"}' "$(jq -c .expect out | sort -u)"
	same '[10,11,12]' "$(genload "$@" --vocab 10-12 | jq -s '[.[].body.prompt[]] | unique' -c)"
}

@test "--words replaces the list, and its first line may say that each is one token" {
	printf '%s\n' eins zwei drei >words
	same '["drei","eins","zwei"]' "$(genload --words words -n 9 --input-tokens 5 | jq -sc 'map(.body.messages[0].content | split(" ")) | add | unique')"
	same '"estimate"' "$(genload --words words -n 1 | jq .expect.input_from)"
	sed -i '1i #one-token' words
	same '"tokenize"' "$(genload --words words -n 1 | jq .expect.input_from)"
	same '["drei","eins","zwei"]' "$(genload --words words -n 9 --input-tokens 5 | jq -sc 'map(.body.messages[0].content | split(" ")) | add | unique')"
}

@test "bad words files are refused" {
	printf 'good\ntwo words\n' >words
	run --separate-stderr genload --words words
	is 2 'genload: words:2: more than one word'
	printf 'good\nquo"te\n' >words
	run --separate-stderr genload --words words
	is 2 'genload: words:2: not a plain word'
	printf '\n' >words
	run --separate-stderr genload --words words
	is 2 'genload: words: no words'
	run --separate-stderr genload --words missing
	is 2 'genload: missing: No such file or directory'
}

@test "sampling parameters come from flags and from the workload; flags win" {
	cat >w.json <<-'EOF'
		{"request": {"max_tokens": 64, "temperature": 0.8, "top_p": 0.9, "top_k": 40, "presence_penalty": 0.1,
		 "frequency_penalty": -0.2, "seed": 5, "stop": ["END"], "min_tokens": 1, "ignore_eos": null, "model": "w"},
		 "tags": {"a": "w", "n": 3}}
	EOF
	genload -f w.json -n 1 --input-tokens 1 --temperature 0.25 --model flag --tag a=flag >out
	same '{"model":"flag","max_tokens":64,"min_tokens":1,"temperature":0.25,"top_p":0.9,"top_k":40,"presence_penalty":0.1,"frequency_penalty":-0.2,"seed":5,"stop":["END"],"stream":true}' \
		"$(jq -c '.body | del(.messages, .stream_options)' out)"
	same '{"a":"flag","n":3}' "$(jq -c .tags out)"
	cmp out <(genload -f - -n 1 --input-tokens 1 --temperature 0.25 --model flag --tag a=flag <w.json)
}

@test "a reply of known length is expected to have it" {
	same '{"input_tokens":128,"input_from":"estimate","output_tokens":40}' \
		"$(genload -n 1 --ignore-eos --max-tokens 40 | jq -c .expect)"
	same 40 "$(genload -n 1 --min-tokens 40 --max-tokens 40 | jq .expect.output_tokens)"
	same null "$(genload -n 1 --min-tokens 4 --max-tokens 40 | jq .expect.output_tokens)"
}

@test "--no-stream asks for neither a stream nor its usage" {
	same '[false,null]' "$(genload -n 1 --no-stream | jq -c '.body | [.stream, .stream_options]')"
}

@test "the body is merged last: maps merge, null removes, the rest replaces" {
	echo '{"request": {"body": {"a": {"x": 1, "y": 2}, "b": [1, 2], "temperature": 0.1}, "temperature": 0.9}}' >w.json
	echo '{"a": {"y": null, "z": {"deep": true}}, "b": [3], "stream_options": null, "max_tokens": null}' >body.json
	genload -f w.json --body-json body.json -n 1 >out
	same '{"temperature":0.1,"stream":true,"a":{"x":1,"z":{"deep":true}},"b":[3]}' "$(jq -c '.body | del(.messages)' out)"
	same user "$(jq -r .body.messages[0].role out)"
}

@test "a body with messages of its own uses no prompts and expects no length" {
	echo '{"messages": [{"role": "user", "content": "fixed"}]}' >body.json
	same '["fixed",null]' "$(genload --body-json body.json -n 3 | jq -c '[.body.messages[0].content, .expect]' | sort -u)"
}

@test "numbers of the body keep their value" {
	echo '{"x": 0.1, "y": 1e300, "z": 0.30000000000000004, "i": 9007199254740993}' >body.json
	genload --body-json body.json -n 1 >out
	grep -qF '"x":0.1,' out
	grep -qF '"z":0.30000000000000004,"i":9007199254740993' out
	same true "$(jq '.body.y == 1e300' out)"
}

@test "the workload decides, and what a flag stands against gives way" {
	echo '{"load_test": {"arrival": "constant", "rate": 10, "requests": 1e1, "warmup_requests": 2, "seed": 3}}' >w.json
	same 12 "$(genload -f w.json | wc -l)"
	same 900000 "$(genload -f w.json | tail -n 1 | jq .at_us)"
	same null "$(genload -f w.json --arrival closed | tail -n 1 | jq .at_us)"
	same 52 "$(genload -f w.json --duration 5s | wc -l)"
	echo '{"load_test": {"arrival": "constant", "rate": 10, "duration_seconds": 2.5}}' >w.json
	same 25 "$(genload -f w.json | wc -l)"
	same 40 "$(genload -f w.json -n 40 | wc -l)"
	prompt_file 2
	echo '{"prompts": {"input_tokens": 9}}' >w.json
	same p1 "$(genload -f w.json --prompts prompts.jsonl -n 1 | jq -r .body.messages[0].content)"
}

@test "a workload that is no JSON is an error with its place" {
	printf '{"request": {\n  "max_tokens": 5,,\n}}' >w.json
	run --separate-stderr genload -f w.json
	is 2 'genload: w.json:2:19: '
	echo '[]' >w.json
	run --separate-stderr genload -f w.json
	is 2 'genload: w.json:1:1: not a JSON object'
	echo '{"a":1,"a":2}' >w.json
	run --separate-stderr genload -f w.json
	is 2 'genload: w.json:1:' 'duplicate'
	run --separate-stderr genload -f missing.json
	is 2 'genload: missing.json: No such file or directory'
	echo '{' >body.json
	run --separate-stderr genload --body-json body.json
	is 2 'genload: body.json:'
}

# refused JSON TEXT: that workload is refused with that text.
refused() {
	run --separate-stderr genload -f - <<<"$1"
	is 2 "genload: $2"
	[ -z "$output" ]
}

@test "wrong values in a workload are refused by name" {
	refused '{"load_test": {"requests": "many"}}' 'load_test.requests: must be a whole number'
	refused '{"load_test": {"requests": 1.5}}' 'load_test.requests: must be a whole number'
	refused '{"load_test": {"requests": -1}}' 'load_test.requests: -1: must be from 0 to 1000000000000'
	refused '{"load_test": {"rate": 0, "arrival": "poisson"}}' 'load_test.rate: 0: must be from 0.001'
	refused '{"load_test": {"arrival": "poisson"}}' 'load_test.rate: arrival poisson needs a rate'
	refused '{"load_test": {"rate": 5, "arrival": "closed"}}' 'load_test.rate: has no meaning with arrival closed'
	refused '{"load_test": {"arrival": "uniform"}}' 'load_test.arrival: uniform: known are closed, constant, poisson, gamma'
	refused '{"load_test": []}' 'load_test: must be a map'
	refused '{"request": {"api": "grpc"}}' 'request.api: grpc: known are openai-chat, openai-completions'
	refused '{"request": {"stop": 5}}' 'request.stop: must be a string or a list of strings'
	refused '{"request": {"stream": 1}}' 'request.stream: must be true or false'
	refused '{"request": {"body": 1}}' 'request.body: must be a map'
	refused '{"request": {"top_p": 1.5}}' 'request.top_p: 1.5: must be from 0 to 1'
	refused '{"request": {"max_token": 5}}' 'request.max_token: unknown key (did you mean max_tokens?)'
	refused '{"prompts": {"file": 5}}' 'prompts.file: must be a string'
	refused '{"prompts": {"file": "x", "input_tokens": 5}}' 'prompts.file: excludes'
	refused '{"prompts": {"token_ids": true}}' 'prompts.token_ids: not with a chat API'
	refused '{"prompts": {"vocab": "9-1"}}' 'prompts.vocab: 9-1: must be LOW-HIGH'
	refused '{"tags": {"a": []}}' 'tags.a: must be'
}

# usage ARGS… -- TEXT: these arguments are wrong usage.
usage() {
	run --separate-stderr genload "${@:1:$#-2}"
	is 2 "genload: ${*: -1}"
	[ -z "$output" ]
}

@test "wrong flags are refused" {
	usage -n abc -- '--requests: abc: not a number'
	usage -r 0 -- '--rate: '
	usage --arrival uniform -- 'load_test.arrival: uniform: known are closed, constant, poisson, gamma'
	usage --duration 5 -- '--duration: 5: not a duration'
	usage --shard 3/2 -- '--shard: 3/2: there is no such shard'
	usage --shard 0/2 -- '--shard: 0/2: must be I/N'
	usage --shard 2 -- '--shard: 2: must be I/N'
	usage --phase warm -- '--phase: warm: must be warmup or measured'
	usage --tag x -- '--tag: x: must be KEY=VALUE'
	usage --requets 5 -- '--requets: unknown option (did you mean --requests?)'
	usage extra -- 'extra: unexpected argument'
	usage --prompts a --input-tokens 5 -- 'prompts.file: excludes'
	usage -r 5 --arrival closed -- 'load_test.rate: has no meaning with arrival closed'
}

@test "bad lines of a prompt file are reported once and left out" {
	{
		echo '{"prompt": "good 1"}'
		echo '{"prompt": "cut'
		echo '{"prompt": 5}'
		echo '{"text": "neither"}'
		echo '{"prompt": "both", "messages": [{}]}'
		echo '{"prompt": ""}'
		echo '{"messages": []}'
		echo '{"messages": ["x"]}'
		echo '[1]'
		printf '{"prompt": "\xff"}\n'
		printf '{"prompt": "nul \0"}\n'
		echo '{"prompt": "x", "max_tokens": 0}'
		echo
		printf '{"prompt": "good 2"}'
	} >prompts.jsonl
	run --separate-stderr genload --prompts prompts.jsonl -n 4
	is 1
	same '["good 1","good 2","good 1","good 2"]' "$(jq '.body.messages[0].content' <<<"$output" | jq -sc .)"
	same 'genload: prompts.jsonl:2:16: the text ends inside a string
genload: prompts.jsonl:3:12: prompt is not a string
genload: prompts.jsonl:4: neither prompt nor messages
genload: prompts.jsonl:5: both prompt and messages
genload: prompts.jsonl:6:14: prompt is empty
genload: prompts.jsonl:7:16: messages is empty
genload: prompts.jsonl:8:15: a message is not an object
genload: prompts.jsonl:9:1: not a JSON object
genload: prompts.jsonl:10: not UTF-8
genload: prompts.jsonl:11:17: control character in a string
genload: prompts.jsonl:12:32: not a positive whole number of tokens' "$stderr"
	run --separate-stderr genload --prompts prompts.jsonl -n 4 --max-line 15
	is 2 'genload: prompts.jsonl:1: longer than --max-line'
}

@test "a prompt file without a usable prompt, or none at all, is an error" {
	: >empty
	run --separate-stderr genload --prompts empty
	is 2 'genload: empty: no usable prompt'
	echo nonsense >bad
	run --separate-stderr genload --prompts bad
	is 2 'genload: bad:1:1: ' 'genload: bad: no usable prompt'
	run --separate-stderr genload --prompts missing
	is 2 'genload: missing: No such file or directory'
}

@test "a full disk is an error, at once" {
	run --separate-stderr bash -c 'genload -n 1M >/dev/full'
	is 4 'genload: <stdout>: No space left on device'
	run --separate-stderr bash -c 'genload --duration 10s >/dev/full'
	is 4 'genload: <stdout>: No space left on device'
}

@test "records reach the reader while the prompts still come" {
	mkfifo in out
	genload --prompts - -n 3 <in >out &
	exec 7>in 8<out
	echo '{"prompt": "now"}' >&7
	IFS= read -r -t 10 line <&8
	same '"now"' "$(jq .body.messages[0].content <<<"$line")"
	exec 7>&-
	same 2 "$(wc -l <&8)"
	wait
}

@test "the project's own prompts are good, all different, and of every kind" {
	local file=$TOP/scenarios/prompts/mixed.jsonl
	genload --prompts "$file" -n "$(wc -l <"$file")" >out 2>err
	[ ! -s err ]
	jq -es 'length >= 200 and (map(.body.messages[0].content) | unique | length) == length' out
	same chat,code,extract,long,reason,summarise,translate "$(jq -r .tags.category out | sort -u | paste -sd,)"
	jq -es 'map(select(.tags.category == "long").body.messages[0].content | length) | length >= 12 and min > 6000' out
	[ "$(stat -c %s "$file")" -lt 400000 ]
}

@test "choices, formats and tools go out as they are; a flag's file replaces the workload's" {
	cat >w.json <<-'EOF'
		{"request": {"n": 2, "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}},
		 "tools": [{"type": "function", "function": {"name": "f"}}], "tool_choice": {"type": "function"},
		 "parallel_tool_calls": false, "reasoning_effort": "low"}}
	EOF
	genload -f w.json -n 1 --input-tokens 1 >out
	same "$(jq -cS .request w.json)" "$(jq -cS '.body | del(.messages, .max_tokens, .stream, .stream_options)' out)"
	echo '{"type": "json_object"}' >format.json
	echo '[{"type": "function", "function": {"name": "g"}}]' >tools.json
	genload -f w.json -n 1 --n 3 --response-format format.json --tools tools.json --tool-choice required \
		--reasoning-effort high >out
	same '[3,{"type":"json_object"},"g","required","high"]' \
		"$(jq -c '.body | [.n, .response_format, .tools[0].function.name, .tool_choice, .reasoning_effort]' out)"
	# the usage counts all choices
	same 120 "$(genload -n 1 --n 3 --ignore-eos --max-tokens 40 | jq .expect.output_tokens)"
}

@test "a format or tools of another shape are refused by name" {
	refused '{"request": {"response_format": "x.json"}}' 'request.response_format: must be a map'
	refused '{"request": {"tools": []}}' 'request.tools: must be a list of maps'
	refused '{"request": {"tools": [1]}}' 'request.tools: must be a list of maps'
	refused '{"request": {"tool_choice": 1}}' 'request.tool_choice: must be a string or a map'
	refused '{"request": {"n": 0}}' 'request.n: 0: must be from 1 to 1000'
	echo '{"a": ' >broken.json
	run --separate-stderr genload --tools broken.json
	is 2 'genload: broken.json:'
	echo '{}' >object.json
	run --separate-stderr genload --tools object.json
	is 2 'genload: --tools: request.tools: must be a list of maps'
}

@test "--turns makes sessions: whole ones, first turns alone have a time" {
	genload --turns 3 --think 1500ms -n 5 -r 10 --warmup 2 --input-tokens 4 >out
	same '[1,"warmup",null,null,null,null,null,4]
[2,"warmup",null,null,null,null,null,4]
[3,null,0,1,1,3,null,4]
[4,null,null,1,2,3,1500000,null]
[5,null,null,1,3,3,1500000,null]
[6,null,100000,2,1,3,null,4]
[7,null,null,2,2,3,1500000,null]
[8,null,null,2,3,3,1500000,null]' "$(jq -c '[.id, .phase, .at_us, .session, .turn, .turns, .think_us, .expect.input_tokens]' out)"
	# Each turn holds one message, its own, which nobody else has.
	same 8 "$(jq -r '.body.messages | select(length == 1)[0].content' out | sort -u | wc -l)"
	run --separate-stderr genload --turns 2 --api openai-completions
	is 2 'sessions.turns: only with api openai-chat'
	run --separate-stderr genload --turns 0
	is 2 'sessions.turns' '0'
	echo '{"sessions": {"turn": 3}}' >w.json
	run --separate-stderr genload -f w.json
	is 2 'sessions.turn: unknown key (did you mean turns?)'
}

@test "conversations of a prompt file: their own turns, their own thinking times" {
	cat >p.jsonl <<'END'
{"turns": ["a", {"prompt": "b", "max_tokens": 7, "think_ms": 20.5}, {"messages": [{"role": "tool", "content": "c"}]}], "category": "k", "think_ms": 3}
{"prompt": "alone"}
END
	genload --prompts p.jsonl -n 5 --think 1s >out
	same '["a",1,1,3,null,128,"k"]
["b",1,2,3,20500,7,"k"]
["c",1,3,3,3000,128,"k"]
["alone",null,null,null,null,128,null]
["a",2,1,3,null,128,"k"]
["b",2,2,3,20500,7,"k"]
["c",2,3,3,3000,128,"k"]' "$(jq -c '[.body.messages[0].content, .session, .turn, .turns, .think_us, .body.max_tokens, .tags.category]' out)"
	# --turns: at most so many of a conversation, and sessions of the other lines.
	genload --prompts p.jsonl -n 5 --turns 2 >out
	same '["a",1,1,2]
["b",1,2,2]
["alone",2,1,2]
["a",2,2,2]
["alone",3,1,2]
["a",3,2,2]' "$(jq -c '[.body.messages[0].content, .session, .turn, .turns]' out)"
	run --separate-stderr genload --prompts p.jsonl --api openai-completions -n 1
	is 1 'p.jsonl:1:11: turns need a chat API'
}

@test "a session is never split between shards" {
	echo '{"turns": ["a", "b", "c"]}
{"turns": ["d", "e"]}
{"prompt": "f"}' >p.jsonl
	local source i
	for source in "--prompts p.jsonl" "--turns 4 --input-tokens 3"; do
		# shellcheck disable=SC2086 # two words and more
		set -- --warmup 2 -n 50 -r 9 --arrival poisson --think 1s $source
		genload "$@" >whole
		for i in 1 2 3; do genload "$@" --shard $i/3 >part.$i; done
		cmp whole <(sort -t: -k2n part.?)
		same "$(jq .session whole | grep -v null | uniq | wc -l)" \
			"$(for i in 1 2 3; do jq .session part.$i | grep -v null | uniq; done | sort | uniq | wc -l)"
		for i in 1 2 3; do jq -se 'map(select(.session)) | group_by(.session) | all(length == .[0].turns)' part.$i; done
	done
}

@test "turns and thinking times from distributions, by the session and the turn alone" {
	local dist='lognormal:3000,2000,min=10,max=20000'
	genload --turns uniform:2-5 --think "$dist" -n 3000 --input-tokens 1 >out
	jq -se 'group_by(.session) | all(length == .[0].turns and map(.turn) == [range(1; length + 1)])
		and (map(length) | (unique == [2, 3, 4, 5]) and (add / length | . > 3.3 and . < 3.7))' out
	jq -se 'map(select(.think_us).think_us) | length > 1500 and min >= 10000 and max <= 20000000 and (unique | length > 1000)
		and (add / length | . > 2700000 and . < 3300000)' out
	cmp <(genload --turns uniform:2-5 --think "$dist" -n 300 --input-tokens 1) <(genload --turns uniform:2-5 --think "$dist" -n 3000 --input-tokens 1 | head -n "$(genload --turns uniform:2-5 -n 300 --input-tokens 1 | wc -l)")
	echo '{"sessions": {"turns": {"dist": "uniform", "min": 2, "max": 5}, "think_ms": "'$dist'"}}' >w.json
	cmp out <(genload -f w.json -n 3000 --input-tokens 1)
	run --separate-stderr genload --turns gauss:3
	is 2 'sessions.turns: gauss: expected a number, or one of'
	run --separate-stderr genload --turns 2 --think soon
	is 2 'sessions.think_ms: soon: expected'
}

@test "--system: a first message of each chat, in a session of its first turn only" {
	genload --system $'Be "brief".\né' -n 3 --warmup 1 --turns 2 --input-tokens 2 >out
	same '[["system","user"],["system","user"],["user"],["system","user"],["user"]]' "$(jq -c '.body.messages | map(.role)' out | jq -sc .)"
	same $'Be "brief".\né' "$(jq -r '.body.messages[0].content' out | head -n 2)"
	jq -se 'all(.expect == null)' out
	echo '{"messages": [{"role": "user", "content": "x"}]}' >p.jsonl
	same '[{"role":"user","content":"x"}]' "$(genload --system s --prompts p.jsonl -n 1 | jq -c .body.messages)"
	run --separate-stderr genload --system s --api openai-completions -n 1
	is 2 'prompts.system: only with api openai-chat'
}

@test "--prefix-tokens: prompts of a group begin alike, groups take turns, and their prompts come again" {
	local flags=(--prefix-tokens 20 --prefix-groups 3 --input-tokens 6 --seed 5)
	genload "${flags[@]}" --prefix-prompts 2 -n 20 --warmup 1 >out
	jq -r '.body.messages[0].content' out >said
	python3 - <<-'EOF'
		lines = [line.split() for line in open("said")]
		assert len(lines) == 21 and all(len(x) == 26 for x in lines)
		for i, a in enumerate(lines):
		    for j, b in enumerate(lines[:i]):
		        assert (a[:20] == b[:20]) == (i % 3 == j % 3), (i, j)
		        assert (a == b) == (i % 6 == j % 6), (i, j)
		        assert a[0] != b[0] or i % 3 == j % 3, (i, j)
	EOF
	jq -se 'all(.expect | .input_tokens == 26 and .input_from == "estimate")' out
	# without it nothing else changes, and shards are the whole
	cmp <(genload "${flags[@]}" -n 20 | jq -c '.body.messages[0].content | split(" ")[20:]') \
		<(genload --input-tokens 6 --seed 5 -n 20 | jq -c '.body.messages[0].content | split(" ")')
	for i in 1 2 3; do genload "${flags[@]}" --prefix-prompts 2 -n 20 --warmup 1 --shard $i/3; done | jq -sc 'sort_by(.id)[]' >sharded
	cmp <(jq -c . out) sharded
	genload "${flags[@]}" -n 6 --token-ids --api openai-completions | jq -se '.[0].body.prompt[:20] == .[3].body.prompt[:20]
		and .[0].body.prompt[:20] != .[1].body.prompt[:20] and all(.[]; .expect.input_tokens == 26 and .expect.input_from == "ids")'
	# of a session the first turn
	genload "${flags[@]}" --turns 2 -n 12 | jq -se '[.[] | select(.turn == 1).body.messages[0].content | split(" ")[:20]] | .[0] == .[3] and .[0] != .[1] and .[1] != .[2]'
	genload "${flags[@]}" --turns 2 -n 12 | jq -se 'all(.[] | select(.turn == 2); .body.messages[0].content | split(" ") | length == 6)'
	run --separate-stderr genload --prefix-groups 3 -n 1
	is 2 'prompts.prefix_groups: only with prefix_tokens'
	echo '{"prompts": {"file": "x", "prefix_tokens": 3}}' >w.json
	run --separate-stderr genload -f w.json -n 1
	is 2 'prompts.file: excludes prefix_tokens'
	genload --prefix-tokens 3 --token-ratio 1.5 --template-tokens 4 --input-tokens 16 -n 1 |
		jq -e '.expect == {input_tokens: 19, input_from: "calibrated"} and (.body.messages[0].content | split(" ") | length == 10)'
}
