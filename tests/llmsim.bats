#!/usr/bin/env bats
# llmsim: its paths, replies, refusals and ends.  Faults are in llmsim_faults.bats, its clockwork
# in llmsim_model.bats.
load lib/common
load lib/llmsim

@test "the first line is the address; models say who owns them" {
	sim --model a,b/c --model d
	run --separate-stderr curl -s "$URL/v1/models"
	is 0
	same "a b/c d llmsim" "$(jq -r '[.data[].id, .data[0].owned_by] | join(" ")' <<<"$output")"
	[ "$(wc -l <url)" = 1 ]
}

@test "chat is streamed as vLLM does it" {
	sim --time-to-first-token 1ms --inter-token-latency 1ms
	chat '"max_tokens": 3, "stream": true, "stream_options": {"include_usage": true}' >out
	same "6" "$(grep -c '^data: ' out)"
	same "data: [DONE]" "$(grep '^data' out | tail -n 1)"
	sed -n 's/^data: {/{/p' out | jq -c '[.object, .choices[0].delta, .choices[0].finish_reason, .usage.completion_tokens]' >got
	same '["chat.completion.chunk",{"role":"assistant","content":""},null,null]
["chat.completion.chunk",{"content":"To"},null,null]
["chat.completion.chunk",{"content":" measure"},null,null]
["chat.completion.chunk",{"content":" well,"},"length",null]
["chat.completion.chunk",null,null,3]' "$(<got)"
}

@test "completions, by text and by token ids, streamed and whole" {
	sim --time-to-first-token 0 --inter-token-latency 0
	run --separate-stderr curl -s "$URL/v1/completions" -d '{"prompt": [5, 6, 7], "max_tokens": 2}'
	same '["text_completion","To measure","length",3,2]' \
		"$(jq -c '[.object, .choices[0].text, .choices[0].finish_reason, .usage.prompt_tokens, .usage.completion_tokens]' <<<"$output")"
	run --separate-stderr curl -s "$URL/v1/completions" -d '{"prompt": "one two", "max_tokens": 2, "stream": true}'
	same 3 "$(grep -c '^data: ' <<<"$output")"
	run --separate-stderr curl -s "$URL/v1/completions" -d '{"prompt": ["one two"], "max_tokens": 2}'
	same 2 "$(jq .usage.prompt_tokens <<<"$output")"
}

tokens() { # tokens FIELDS: completion tokens and finish_reason of a chat request
	chat "$1" | jq -r '"\(.usage.completion_tokens) \(.choices[0].finish_reason)"'
}

@test "how long a reply is" {
	sim --time-to-first-token 0 --inter-token-latency 0
	same "128 stop" "$(tokens '"x": 1')"
	same "7 length" "$(tokens '"max_tokens": 7')"
	same "8 length" "$(tokens '"max_completion_tokens": 8')"
	stop_sim
	sim --time-to-first-token 0 --inter-token-latency 0 --output-tokens 10 --max-model-len 30
	same "10 stop" "$(tokens '"max_tokens": 20')"
	same "5 length" "$(tokens '"max_tokens": 5')"
	same "20 length" "$(tokens '"max_tokens": 20, "ignore_eos": true')"
	same "15 stop" "$(tokens '"max_tokens": 20, "min_tokens": 15')"
	same "10 stop" "$(tokens '"x": 1')"
}

@test "content in parts, null content, blanks and Unicode count as words" {
	sim --time-to-first-token 0
	run --separate-stderr curl -s "$URL/v1/chat/completions" -d '{"max_tokens": 1, "messages": [
		{"role": "user", "content": [{"type": "text", "text": " a  b\tc\n"}, {"type": "image_url", "image_url": {}}]},
		{"role": "assistant", "content": null}, {"role": "user", "content": "grün 水 \u0000 d"}]}'
	same 7 "$(jq .usage.prompt_tokens <<<"$output")"
}

@test "tokenize takes prompt, content and messages" {
	sim --max-model-len 99
	run --separate-stderr curl -s "$URL/tokenize" -d '{"model": "sim", "prompt": "a b a"}'
	same '[3,3,true,99]' "$(jq -c '[.count, (.tokens | length), .tokens[0] == .tokens[2], .max_model_len]' <<<"$output")"
	run --separate-stderr curl -s "$URL/tokenize" -d '{"content": "a b"}'
	same 2 "$(jq .count <<<"$output")"
	run --separate-stderr curl -s "$URL/tokenize" -d '{"messages": [{"role": "user", "content": "x y z w"}]}'
	same 4 "$(jq .count <<<"$output")"
	refused 400 "must be a string" tokenize '{"prompt": 7}'
}

refused() { # refused STATUS MESSAGE PATH BODY [CURL OPTION…]
	run --separate-stderr curl -s -o reply -w '%{http_code}' "$URL/$3" -d "$4" "${@:5}"
	same "$1" "$output"
	[[ $(jq -r '.error | "\(.code) \(.message)"' reply) == "$1"*"$2"* ]] || {
		cat reply
		return 1
	}
}

@test "what is refused, and with what" {
	sim --max-model-len 10
	refused 404 "The model \`other\` does not exist." v1/completions '{"model": "other", "prompt": "x"}'
	refused 400 "bad JSON at line 1, column 6" v1/completions '{"a" 1}'
	refused 400 "not a JSON object" v1/completions '[]'
	refused 400 "prompt: field required" v1/completions '{}'
	refused 400 "at least one token" v1/completions '{"prompt": " "}'
	refused 400 "list of token ids" v1/completions '{"prompt": [1, "a"]}'
	refused 400 "needs a role" v1/chat/completions '{"messages": ["x"]}'
	refused 400 "has the wrong type" v1/chat/completions '{"messages": "x"}'
	refused 400 "n must be an integer from 1 to 128" v1/completions '{"prompt": "x", "n": 0}'
	refused 400 "max_tokens must be an integer of at least 1" v1/completions '{"prompt": "x", "max_tokens": 0}'
	refused 400 "maximum context length is 10" v1/completions '{"prompt": "x", "max_tokens": 10}'
	refused 400 "maximum context length is 10" v1/completions '{"prompt": "x", "max_tokens": 9223372036854775807}'
	refused 400 "no such fault" v1/completions '{"model": "sim!unheard-of", "prompt": "x"}'
	refused 400 "no such fault" v1/completions '{"prompt": "x"}' -H 'X-Sim-Fault: unheard-of'
	refused 404 "Not Found" v1/nowhere '{}'
	refused 405 "Method Not Allowed" v1/models '{}'
	refused 405 "Method Not Allowed" v1/completions '{}' -X PUT
}

@test "a key, from the environment or a file" {
	SIM_KEY=sesame sim --api-key-env SIM_KEY
	refused 401 "Unauthorized" v1/completions '{"prompt": "x"}'
	refused 401 "Unauthorized" v1/completions '{"prompt": "x"}' -H 'Authorization: Bearer sesam'
	same 200 "$(curl -s -o reply -w '%{http_code}' -H 'Authorization: Bearer sesame' "$URL/v1/models")"
	same 200 "$(curl -s -o reply -w '%{http_code}' "$URL/health")"
	stop_sim
	echo sesame >key
	sim --api-key-file key
	same 401 "$(curl -s -o reply -w '%{http_code}' "$URL/v1/models")"
	same 200 "$(curl -s -o reply -w '%{http_code}' -H 'authorization: bearer sesame' "$URL/v1/models")"
}

@test "a model's name that is no UTF-8 makes a document of UTF-8 all the same" {
	sim --model $'a\xff"b'
	curl -s -o reply "$URL/v1/models"
	iconv -f UTF-8 -t UTF-8 reply >copy
	same 'a�"b' "$(jq -r '.data[0].id' copy | sed 's/ï¿½/\\ufffd/')"
}

@test "not ready until --ready-after" {
	sim --ready-after 1h
	same 503 "$(curl -s -o reply -w '%{http_code}' "$URL/health")"
	stop_sim
	sim --ready-after 300ms
	wait_for 5 curl -sf "$URL/health"
}

metric() { # metric NAME[{LABEL…]: the value of the only series with that beginning
	curl -s "$URL/metrics" | awk -v name="vllm:$1" 'index($0, name) == 1 { print $2 }'
}

metric_is() { # metric_is NAME VALUE
	[ "$(metric "$1")" = "$2" ]
}

@test "metrics have vLLM's names and the right numbers" {
	sim --time-to-first-token 20ms --inter-token-latency 10ms --max-num-seqs 1
	chat '"max_tokens": 5' >/dev/null
	chat '"max_tokens": 2' >/dev/null
	curl -s "$URL/metrics" >page
	grep -q '^# TYPE vllm:time_to_first_token_seconds histogram' page
	same 6.0 "$(metric prompt_tokens_total)"
	same 7.0 "$(metric generation_tokens_total)"
	same 2.0 "$(metric 'request_success_total{engine="0",finished_reason="length"')"
	same 0.0 "$(metric num_requests_running)"
	same 5.0 "$(metric inter_token_latency_seconds_count)"
	same 0.050000 "$(metric inter_token_latency_seconds_sum)"
	same 0.040000 "$(metric time_to_first_token_seconds_sum)"
	same 2.0 "$(metric 'time_to_first_token_seconds_bucket{engine="0",le="0.02"')"
	same 0.0 "$(metric 'time_to_first_token_seconds_bucket{engine="0",le="0.01"')"
	same 0.090000 "$(metric e2e_request_latency_seconds_sum)"
	local endless='{"prompt": "x", "max_tokens": 1000, "stream": true}'
	curl -sN "$URL/v1/completions" -d "$endless" >/dev/null &
	local one=$!
	wait_for 5 metric_is num_requests_running 1.0
	curl -sN "$URL/v1/completions" -d "$endless" >/dev/null &
	local two=$!
	wait_for 5 metric_is num_requests_waiting 1.0
	[ "$(metric kv_cache_usage_perc)" != 0.000000 ]
	kill "$one" "$two"
	wait_for 5 metric_is num_requests_running 0.0
	metric_is num_requests_waiting 0.0
	same 2.0 "$(metric 'request_success_total{engine="0",finished_reason="abort"')"
}

@test "each family of metrics is one of vLLM's, with its type, its labels and its bounds" {
	sim --time-to-first-token 0 --inter-token-latency 0
	chat '"max_tokens": 2' >/dev/null
	curl -s "$URL/metrics" >page
	run --separate-stderr python3 "$TOP/tests/oracle/families.py" page "$DATA/metrics/vllm-0.32.0.prom"
	is 0 '15 families, all as theirs' 'vllm:num_preemptions_total'
	same "" "$(grep '^# HELP' page | grep -vxFf "$DATA/metrics/vllm-0.32.0.prom")"
	sed 's/^# TYPE vllm:kv_cache_usage_perc gauge/# TYPE vllm:kv_cache_usage_perc counter/; s/le="0.25"/le="0.26"/' page >other
	run python3 "$TOP/tests/oracle/families.py" other "$DATA/metrics/vllm-0.32.0.prom"
	is 1 'vllm:kv_cache_usage_perc: counter, theirs: gauge' "('le', '0.26')"
}

@test "a full queue gets 429 and a time to come back" {
	sim --max-num-seqs 1 --max-waiting-queue-length 1 --time-to-first-token 10s
	chat '"max_tokens": 1' >/dev/null &
	chat '"max_tokens": 1' >/dev/null &
	wait_for 5 metric_is num_requests_waiting 1.0
	run --separate-stderr curl -s -i "$URL/v1/completions" -d '{"prompt": "x"}'
	is 0 "429 Too Many Requests" "retry-after: 1" "the waiting queue is full"
}

@test "a unix socket, beside the port, gone at the end" {
	sim --unix-socket sock
	same sim "$(curl -s --unix-socket sock http://x/v1/models | jq -r '.data[0].id')"
	same sim "$(curl -s "$URL/v1/models" | jq -r '.data[0].id')"
	stop_sim
	[ ! -e sock ]
}

@test "a signal ends it quietly, within a moment, with the truth of what was cut off" {
	sim --truth truth --inter-token-latency 20ms
	chat '"max_tokens": 1000, "stream": true' >out &
	wait_for 5 grep -q content out
	local before=$SECONDS
	kill -INT "$SIM"
	wait "$SIM"
	SIM=
	((SECONDS - before <= 2))
	[ ! -s errors ]
	[[ $(jq -r .ev_kind truth) =~ ^rc+$ ]]
}

@test "the truth on a full disk ends it with 4" {
	sim --truth /dev/full
	local code=0
	chat '"max_tokens": 1' >/dev/null || true
	wait "$SIM" || code=$?
	SIM=
	same 4 "$code"
	grep -q 'llmsim: /dev/full: No space left on device' errors
}

@test "an address in use, no address, and a truth that cannot be opened" {
	sim
	run --separate-stderr llmsim --port "${URL##*:}"
	is 3 "llmsim: 127.0.0.1:${URL##*:}: Address already in use"
	run --separate-stderr llmsim --host no.such.host.invalid
	is 3 "no such address"
	touch sock
	run --separate-stderr llmsim --port 0 --unix-socket sock
	is 3 "llmsim: sock: Address already in use"
	run --separate-stderr llmsim --port 0 --truth nowhere/truth
	is 4 "llmsim: nowhere/truth: No such file or directory"
}

@test "wrong usage" {
	run --separate-stderr llmsim --port 70000
	is 2 "llmsim: --port: 70000: too large" "usage: llmsim"
	run --separate-stderr llmsim extra
	is 2 "extra: unexpected argument"
	run --separate-stderr llmsim --time-to-first-token 10
	is 2 "not a duration"
	run --separate-stderr llmsim --time-to-first-token 10ms --prefill-overhead 1ms
	is 2 "goes with no --prefill option"
	run --separate-stderr llmsim --inter-token-latency 10ms --inter-token-latency-std-dev 4ms
	is 2 "more than 30%"
	run --separate-stderr llmsim --fault resett
	is 2 "did you mean reset?"
	run --separate-stderr llmsim --api-key-env NO_SUCH_VARIABLE
	is 2 "NO_SUCH_VARIABLE: is not set"
	run --separate-stderr llmsim --model 'a!b'
	is 2 "holds no '!'"
	run --separate-stderr llmsim --max-nun-seqs 3
	is 2 "did you mean --max-num-seqs?"
}

@test "too few descriptors: it says so once, and everybody is served in the end" {
	(ulimit -n 24 && exec llmsim --port 0 --time-to-first-token 200ms >url 2>errors) &
	SIM=$!
	found_sim
	local i clients=()
	for i in {1..40}; do
		curl -s "$URL/v1/completions" -d '{"prompt": "x", "max_tokens": 1}' -o "reply$i" &
		clients+=($!)
	done
	wait "${clients[@]}"
	same 40 "$(cat reply* | jq -s 'map(select(.usage.completion_tokens == 1)) | length')"
	grep -q 'llmsim: accept: Too many open files' errors
}

@test "keep-alive, pipelined, chunked, HTTP/1.0, and a body that waits for 100" {
	sim --time-to-first-token 1ms
	run --separate-stderr curl -s -o /dev/null -o /dev/null -w '%{num_connects} ' "$URL/health" "$URL/v1/models"
	same "1 0 " "$output"
	run --separate-stderr curl -s "$URL/v1/completions" -H 'Transfer-Encoding: chunked' -H 'Expect: 100-continue' \
		-d '{"prompt": "x", "max_tokens": 1}' --expect100-timeout 30 -m 10
	same 1 "$(jq .usage.completion_tokens <<<"$output")"
	run --separate-stderr curl -s --http1.0 "$URL/v1/completions" -d '{"prompt": "x", "max_tokens": 1, "stream": true}'
	is 0 "data: [DONE]"
	local body='{"prompt": "x", "max_tokens": 2}' request
	request="POST /v1/completions HTTP/1.1"$'\r\n'"Content-Length: ${#body}"$'\r\n\r\n'$body
	exec 5<>"/dev/tcp/127.0.0.1/${URL##*:}"
	printf '%s%sGET /health HTTP/1.1\r\nConnection: close\r\n\r\n' "$request" "$request" >&5
	run --separate-stderr timeout 5 cat <&5
	exec 5>&-
	same 3 "$(grep -c 'HTTP/1.1 200 OK' <<<"$output")"
	same 2 "$(grep -c '"completion_tokens":2' <<<"$output")"
}

@test "what is no HTTP, a body that is too long" {
	sim --max-line 100
	exec 5<>"/dev/tcp/127.0.0.1/${URL##*:}"
	printf 'hello there\r\n\r\n' >&5
	run --separate-stderr timeout 5 cat <&5
	exec 5>&-
	is 0 "HTTP/1.1 400 Bad Request" "connection: close"
	refused 413 "the body is too long" v1/completions "{\"prompt\": \"$(printf '%200s' x)\"}"
}
