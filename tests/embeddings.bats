#!/usr/bin/env bats
# Embeddings and rankings: replies that hold no tokens, from genload to the results.
load lib/common
load lib/llmsim
load lib/bench

teardown() {
	[ -z "$SIM" ] || kill "$SIM" 2>/dev/null || true
}

@test "embeddings of texts and of token ids: ok, E2E only, input tokens counted" {
	sim --model m --time-to-first-token 20ms --truth truth.jsonl
	genload -n 6 --model m --api openai-embeddings --input-tokens 12 >requests.jsonl
	same '["input","model"]' "$(jq -sc 'map(.body | keys) | unique | .[0]' requests.jsonl)"
	same '["/v1/embeddings",{"input_tokens":12,"input_from":"estimate"}]' "$(jq -sc '.[0] | [.path, .expect]' requests.jsonl)"
	genload -n 3 --model m --api openai-embeddings --token-ids --input-tokens 5 | jq -c '.id += 100' >>requests.jsonl
	jq -es '.[-1].body.input | length == 5 and all(type == "number")' requests.jsonl
	sendreq --url "$URL" -c 3 requests.jsonl >responses.jsonl
	stop_sim
	"$TOP/tests/lib/check_records.py" --requests requests.jsonl responses.jsonl
	jq -es 'all(.error == null and .ev_kind == "o" and .streamed == false)' responses.jsonl
	same 9 "$(jq -s 'map(select(.ev_kind == "o" and .output_tokens == 0)) | length' truth.jsonl)"
	tokstat responses.jsonl >metrics.jsonl
	jq -es 'all(.ok and .ttft_ms == null and .tpot_ms == null and .itl_ms == null and .e2e_ms >= 20)' metrics.jsonl
	same '[87,0]' "$(runsum metrics.jsonl | jq -c '[.tokens.input, .tokens.output]')"
	jq -n '6 * 12 + 3 * 5 == 87' | grep -qx true
	runsum metrics.jsonl | jq -e '.rate | .input_tps > 0 and .total_tps == .input_tps and .output_tps == 0'
}

@test "a server that reports only the total, an error, and something that is no embedding" {
	serve() {
		"$TOP/tests/lib/oneserver.py" "$1" >url 3>&- &
		SIM=$!
		found_sim
		genload -n 1 --model m --api "${2-openai-embeddings}" --input-tokens 4 --body-json <(echo '{"documents": ["a"]}') |
			sendreq --url "$URL" >out.jsonl
		kill "$SIM"
		wait "$SIM" || true
		: >url
	}
	serve '{"data": [{"embedding": [1, 2]}], "usage": {"total_tokens": 7}}'
	same '["o",7,null,null]' "$(jq -c '[.ev_kind, .usage.prompt_tokens, .usage.completion_tokens, .error]' out.jsonl)"
	serve '{"results": [{"index": 0, "relevance_score": 0.5}]}' rerank
	same '["o",null,null]' "$(jq -c '[.ev_kind, .usage, .error]' out.jsonl)"
	serve '{"error": {"message": "no such model"}, "data": [1]}'
	same '["e","stream"]' "$(jq -c '[.ev_kind, .error.kind]' out.jsonl)"
	serve '{"data": []}'
	same '["x",null]' "$(jq -c '[.ev_kind, .error]' out.jsonl)"
	tokstat out.jsonl | jq -e '.ok == false'
}

@test "a ranking: the query is the prompt, the documents come from the workload; without them genload says so" {
	sim --model m
	echo '{"request": {"api": "rerank", "model": "m", "body": {"documents": ["one two", "three"], "top_n": 1}}}' >w.json
	genload -f w.json -n 2 --input-tokens 4 | sendreq --url "$URL" >out.jsonl
	jq -es 'all(.error == null and .ev_kind == "o" and .usage.prompt_tokens == 11)' out.jsonl
	run --separate-stderr genload --api rerank
	is 2 'genload: api rerank needs documents: put them into request.body'
}

@test "bench.sh with the profile embeddings: input tokens in the summary, nulls where there is no stream" {
	run --separate-stderr "$TOP/bench.sh" --local --profile embeddings --requests 12 --warmup 2 \
		--engine-arg=--time-to-first-token=2ms
	is 0 'input' 'tokens/s' 'ok 12, failed 0'
	[[ $output != *'time to first token'* ]]
	jq -e '.performance | .avg_ttft_ms == null and .p95_latency_ms > 0 and .success_rate == 1' "$(latest)/results.json"
	jq -e '.tokens.input == 12 * 256' "$(latest)/runsum.json"
}
