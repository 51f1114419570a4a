#!/usr/bin/env bats
# genload: lengths of made-up prompts and of replies: the distributions, and what they leave alone.
load lib/common

PY=${PY:-$TOP/tests/lib/py}
LAW=$TOP/tests/oracle/lengths.py

# prompts DIST: 10,000 lengths of made-up prompts, as counted in the prompts themselves.
prompts() {
	genload -n 10k --seed 7 --input-tokens "$1" --api openai-completions | jq '.body.prompt | split(" ") | length' >prompts
}

# replies DIST: 10,000 longest replies.
replies() {
	genload -n 10k --seed 7 --input-tokens 1 --output-tokens "$1" | jq .body.max_tokens >replies
}

@test "a uniform length has each value of its range alike" {
	prompts uniform:64-256
	"$PY" "$LAW" uniform 0 0 64 256 prompts
	replies uniform:1-7
	"$PY" "$LAW" uniform 0 0 1 7 replies
}

@test "a normal length is normal, cut off at min and max without heaps there" {
	prompts normal:100,20
	"$PY" "$LAW" normal 100 20 1 1000000 prompts
	replies normal:100,50,min=80,max=130
	"$PY" "$LAW" normal 100 50 80 130 replies
	replies normal:10,40,min=60 # the upper tail alone
	"$PY" "$LAW" normal 10 40 60 1000000 replies
}

@test "a lognormal length has the mean and the deviation of the length, not of its logarithm" {
	prompts lognormal:100,60
	"$PY" "$LAW" lognormal 100 60 1 1000000 prompts
	replies lognormal:100,200,min=10,max=500
	"$PY" "$LAW" lognormal 100 200 10 500 replies
}

@test "the oracle refuses clipped lengths, another mean, another deviation, another kind" {
	replies lognormal:100,60
	run ! "$PY" "$LAW" normal 100 50 80 130 -
	run ! "$PY" "$LAW" lognormal 103 60 1 1000000 replies
	run ! "$PY" "$LAW" lognormal 100 57 1 1000000 replies
	run ! "$PY" "$LAW" normal 100 60 1 1000000 replies
}

@test "a mapping says the same as the text" {
	local text map
	while read -r text map; do
		genload -n 200 --input-tokens "$text" --output-tokens "$text" >by_flag
		echo "{\"prompts\": {\"input_tokens\": $map}, \"request\": {\"output_tokens\": $map}}" >w.json
		genload -f w.json -n 200 | cmp - by_flag
	done <<-'END'
		64 64
		64 "64"
		2k 2000
		fixed:64 {"dist": "fixed", "mean": 64}
		uniform:3-9 {"dist": "uniform", "min": 3, "max": 9}
		normal:100,20 {"dist": "normal", "mean": 100, "stddev": 20, "min": null, "max": null}
		normal:100,2.5,max=120,min=80 {"dist": "normal", "mean": 100, "stddev": 2.5, "min": 80, "max": 120}
		lognormal:1e2,30,min=10 {"dist": "lognormal", "mean": 100, "stddev": 30, "min": 10}
	END
}

@test "lengths draw from streams of their own: nothing else moves" {
	genload -n 300 -r 9 --arrival poisson --input-tokens 40 >a
	genload -n 300 -r 9 --arrival poisson --input-tokens normal:40,10 >b
	genload -n 300 -r 9 --arrival poisson --input-tokens normal:40,10 --output-tokens uniform:5-90 >c
	cmp <(jq .at_us a) <(jq .at_us c)
	cmp <(jq -c '.body.messages, .expect' b) <(jq -c '.body.messages, .expect' c)
	# a prompt of another length begins with the same words
	paste <(jq -r '.body.messages[0].content' a) <(jq -r '.body.messages[0].content' b) |
		awk -F '\t' '{ n = length($1) < length($2) ? length($1) : length($2); if (substr($1, 1, n) != substr($2, 1, n)) exit 1 }'
	# input and output lengths that are distributed alike differ
	genload -n 300 --input-tokens uniform:1-1000 --output-tokens uniform:1-1000 |
		jq -es 'map(select(.expect.input_tokens == .body.max_tokens)) | length < 5'
}

@test "shards together are the whole, lengths included" {
	local i
	set -- -n 100 --warmup 3 --input-tokens lognormal:30,20 --output-tokens normal:50,9
	genload "$@" >whole
	for i in 1 2 3; do genload "$@" --shard "$i/3"; done | sort | cmp - <(sort whole)
}

@test "the record expects what is known: the made-up prompt's words, and a reply that has to be so long" {
	genload -n 50 --input-tokens uniform:5-50 --output-tokens uniform:5-50 >out
	jq -es 'all(.expect == {input_tokens: (.body.messages[0].content | split(" ") | length), input_from: "estimate"})' out
	genload -n 50 --output-tokens uniform:5-50 --ignore-eos >out
	jq -es 'all(.expect.output_tokens == .body.max_tokens)' out
	jq -es 'map(.body.max_tokens) | unique | length > 20' out
}

@test "--output-tokens and --max-tokens replace each other, and the prompt file's own" {
	echo '{"prompt": "p", "max_tokens": 7, "output_tokens": 3}' >prompts.jsonl
	genload --prompts prompts.jsonl -n 1 --output-tokens 50 >out
	same '[50,null]' "$(jq -c '[.body.max_tokens, .expect]' out)"
	echo '{"request": {"max_tokens": 64}}' >w.json
	same 9 "$(genload -f w.json -n 1 --output-tokens 9 | jq .body.max_tokens)"
	echo '{"request": {"output_tokens": "uniform:3-4"}}' >w.json
	same 64 "$(genload -f w.json -n 1 --max-tokens 64 | jq .body.max_tokens)"
}

# refused DIST TEXT: --input-tokens DIST is refused with that text, and so is --output-tokens.
refused() {
	run --separate-stderr genload -n 1 --input-tokens "$1"
	is 2 "genload: prompts.input_tokens$2"
	run --separate-stderr genload -n 1 --output-tokens "$1"
	is 2 "genload: request.output_tokens$2"
}

@test "what is no length is refused by name" {
	refused many ': many: expected a number, or one of fixed, uniform, normal, lognormal'
	refused norml:100,20 ': norml: expected a number, or one of fixed, uniform, normal, lognormal (did you mean normal?)'
	refused 0 ': 0: too small'
	refused 1.5 ': 1.5: not a whole number'
	refused normal ': normal: must be normal:MEAN,STDDEV[,min=N][,max=N]'
	refused normal:1,2,mx=3 ': normal:1,2,mx=3: must be normal:MEAN,STDDEV[,min=N][,max=N]'
	refused uniform:9 ': uniform:9: must be uniform:LOW-HIGH'
	refused normal:100 '.stddev: missing: normal needs it'
	refused normal:-5,2 '.mean: -5: must be from 0 to 1000000'
	refused uniform:9-3 '.min: above max'
	refused normal:5,1,min=0 '.min: 0: must be from 1 to 1000000'
	refused lognormal:0,5 '.mean: a lognormal length has a mean above 0'
	refused normal:1,1,min=900 ': next to nothing of it lies from min to max'
	refused normal:7.5,0 '.mean: without a stddev it must be a whole number'
	run --separate-stderr genload --output-tokens 5 --max-tokens 4
	is 2 'genload: request.output_tokens: excludes max_tokens'
	run --separate-stderr genload --output-tokens uniform:5-9 --min-tokens 6
	is 2 "genload: request.min_tokens: above the shortest of output_tokens"
	run --separate-stderr genload -f - <<<'{"prompts": {"input_tokens": {"dist": "uniform", "min": 1, "max": 2, "mean": 4}}}'
	is 2 'genload: prompts.input_tokens.mean: has no meaning for uniform'
	run --separate-stderr genload -f - <<<'{"prompts": {"input_tokens": {"dist": "normal", "meen": 4}}}'
	is 2 'genload: prompts.input_tokens.meen: unknown key (did you mean mean?)'
	run --separate-stderr genload -f - <<<'{"prompts": {"input_tokens": {"mean": 4}}}'
	is 2 'genload: prompts.input_tokens.dist: missing'
	run --separate-stderr genload -f - <<<'{"prompts": {"input_tokens": true}}'
	is 2 'genload: prompts.input_tokens: must be a whole number or a distribution'
}
