#!/usr/bin/env bats
# tokstat: the fields of a metric record, and whose definitions they follow.
load lib/common

# A response: ok, streamed, three tokens after a role; jq's program $1 changes it.
response() {
	jq -nc '{id: 17, tags: {a: "b"}, due_us: 1000000, sent_us: 1000040, connect_us: 100, first_byte_us: 900,
		end_us: 1009040, status: 200, streamed: true, ev_us: [1000, 2000, 4000, 7000, 8000, 8500],
		ev_kind: "rcccud", usage: {prompt_tokens: 9, completion_tokens: 3, cached_tokens: 0,
		reasoning_tokens: null}, finish: "stop", error: null} | '"${1:-.}"
}

# of FILTER CHANGE [OPTION…]: jq's FILTER of the metric record of a changed response.
of() {
	run --separate-stderr tokstat "${@:3}" <<<"$(response "$2")"
	output=$(jq -c "$1" <<<"$output")
}

@test "the record, in the documented order, to the digit" {
	run --separate-stderr tokstat <<<"$(response)"
	is 0
	same '{"id":17,"tags":{"a":"b"},"ok":true,"due_us":1000000,"sent_us":1000040,"end_us":1009040,"last_us":1007040,"send_lag_ms":0.040,"connect_ms":0.100,"ttfb_ms":0.940,"ttft_ms":2.040,"ttfo_ms":2.040,"itl_ms":[2.000,3.000],"tpot_ms":2.500,"e2e_ms":7.040,"e2e_done_ms":9.040,"ttfb_sent_ms":0.900,"ttft_sent_ms":2.000,"ttfo_sent_ms":2.000,"e2e_sent_ms":7.000,"e2e_done_sent_ms":9.000,"input_tokens":9,"input_from":"usage","output_tokens":3,"tokens_from":"usage","cached_tokens":0,"reasoning_tokens":null,"structured_ok":null,"tool_call_ok":null,"finish":"stop","error":null,"status":200,"streamed":true}' "$output"
}

@test "thinking ends TTFT, not TTFO" {
	of '[.ttft_ms, .ttfo_ms]' '.ev_kind = "rttcud"'
	same '[2.04,7.04]' "$output"
}

@test "one token has no TPOT and no gaps" {
	of '[.tpot_ms, .itl_ms, .output_tokens]' '.ev_us = [1000, 2000] | .ev_kind = "rc" | .usage.completion_tokens = 1'
	same '[null,[],1]' "$output"
}

@test "without usage events are counted and input comes from expect" {
	of '[.output_tokens, .tokens_from, .input_tokens, .input_from]' '.usage = null | .expect.input_tokens = 12'
	same '[3,"events",12,"expected"]' "$output"
}

@test "usage 0 with output: the server's value, no TPOT, one warning" {
	of '[.output_tokens, .tpot_ms, .ttft_ms]' '.usage.completion_tokens = 0'
	same '[0,null,2.04]' "$output"
	same "tokstat: <stdin>:1: usage says 0 output tokens, but output came: TPOT is null (1 such)" "$stderr"
}

@test "a reply that was not streamed has E2E only" {
	of '[.ttft_ms, .ttfo_ms, .itl_ms, .tpot_ms, .e2e_ms, .tokens_from]' \
		'.streamed = false | .ev_us = [8000] | .ev_kind = "c" | .usage = null'
	same '[null,null,null,null,8.04,null]' "$output"
}

@test "not ok: every latency is null, the client's lag stays" {
	local change null='[null,null,null,null,null,null,null,0.04,false]'
	for change in '.error = {kind: "stream", message: "reset"}' '.status = 503' '.ev_kind = "rrrrud"' \
		'.ev_kind = "rccecd"'; do
		of '[.ttfb_ms, .ttft_ms, .itl_ms, .tpot_ms, .e2e_ms, .e2e_done_ms, .e2e_sent_ms, .send_lag_ms, .ok]' "$change"
		same "$null" "$output"
	done
}

@test "an embedding is ok and has E2E only" {
	of '[.ok, .ttft_ms, .itl_ms, .e2e_ms]' '.ev_us = [8000] | .ev_kind = "o" | .usage.completion_tokens = null'
	same '[true,null,null,8.04]' "$output"
}

@test "warm-ups are left out, unless asked for" {
	of '.id' '.phase = "warmup"'
	same "" "$output"
	of '[.id, .phase]' '.phase = "warmup"' --with-warmup
	same '[17,"warmup"]' "$output"
}

@test "unknown members pass through, event times and text do not" {
	of '[.part, .session, .new, has("ev_us"), has("ev_kind"), has("usage"), has("text"), .ok]' \
		'. + {part: 2, session: "c3", new: {a: [1]}, text: "long", ok: "theirs"}'
	same '[2,"c3",{"a":[1]},false,false,false,false,true]' "$output"
}

@test "--requests fills in what is missing, and counts what did not come" {
	printf '%s\n' '{"id":17,"tags":{"a":"q"},"expect":{"input_tokens":5},"session":"s","turn":1,"body":{}}' \
		'{"id":18,"body":{}}' '{"id":17,"tags":{"a":"again"}}' >requests.jsonl
	of '[.tags.a, .input_tokens, .expect.input_tokens, .session, .turn]' 'del(.tags) | .usage = null' \
		--requests requests.jsonl
	same '["q",5,5,"s",1]' "$output"
	same "tokstat: 1 of 2 requests have no response record" "$stderr"
	of '[.tags.a, .turn]' '.turn = 7' --requests requests.jsonl
	same '["b",7]' "$output"
	of '.id' . --requests missing.jsonl
	is 2 "17" "tokstat: missing.jsonl: No such file or directory"
}

@test "bad records are named and skipped" {
	local reason change
	while IFS='|' read -r reason change; do
		run --separate-stderr tokstat <<<"$(response "$change")"$'\n'"$(response '.id = 18')"
		[ -n "$change" ]
		is 1 '{"id":18,' "tokstat: <stdin>:1"
		[[ $stderr == *"$reason"* ]]
		[ "$(wc -l <<<"$output")" -eq 1 ]
	done <<-'END'
		ev_us and ev_kind differ in length|.ev_kind = "rcc"
		ev_us decreases|.ev_us[3] = 1
		ev_kind: unknown letter|.ev_kind = "rczcud"
		ev_us: not a time|.ev_us[0] = 1.5
		ev_us: not a time|.ev_us[0] = -1
		sent_us is missing|del(.sent_us)
		not a response record|del(.ev_us, .ev_kind)
		not an object|[.]
	END
}

@test "an unknown definition names the nearest" {
	run --separate-stderr tokstat --as guidelm </dev/null
	is 2 "tokstat: --as: guidelm: no such definition (did you mean guidellm?)" "usage: tokstat"
}

@test "what each tool makes of the same events" {
	local name want
	while read -r name want; do
		of '[.as, .ttft_ms, .ttfo_ms, .itl_ms, .tpot_ms, .e2e_ms]' . --as "$name"
		same "$want" "$output"
	done <<-'END'
		vllm ["vllm",1,null,[1,2,3],3,7]
		sglang ["sglang",2,null,[2,3],3.25,8.5]
		guidellm ["guidellm",1.9,1.9,2.5,2.3,8.4]
		aiperf ["aiperf",2,2,2.5,null,7]
		genai-perf ["genai-perf",2,null,2.5,null,7]
		inference-perf ["inference-perf",2,null,[2,3],2.5,9]
	END
}

@test "an error object inside a stream is no failure to some" {
	local name want change='.ev_kind = "rcceud" | .error = {kind: "stream", message: "x"}'
	while read -r name want; do
		of .ok "$change" --as "$name"
		same "$want" "$output"
	done <<-'END'
		tokpipe false
		vllm true
		sglang true
		guidellm false
		aiperf true
		genai-perf false
		inference-perf true
	END
	of .ok '.error = {kind: "stream", message: "reset"}' --as vllm
	same false "$output"
}

@test "every field is what NumPy makes of random responses, by every definition" {
	local py=${PY:-$TOP/tests/lib/py} name
	"$py" "$TOP/tests/oracle/responses.py" 400 7 >responses.jsonl
	for name in tokpipe vllm sglang guidellm aiperf genai-perf inference-perf; do
		tokstat --with-warmup --as "$name" responses.jsonl >metrics.jsonl
		run --separate-stderr "$py" "$TOP/tests/oracle/tokstat.py" "$name" responses.jsonl metrics.jsonl
		is 0 "400 records"
	done
}

@test "it streams: a record comes out before the next goes in" {
	coproc stat { tokstat; }
	local line pid=$stat_PID in=${stat[1]}
	response >&"$in"
	read -r -t 10 line <&"${stat[0]}"
	[[ $line == '{"id":17,'* ]]
	exec {in}>&-
	wait "$pid"
}

@test "a pipe that does not block is waited for" {
	cat >feed.py <<-'PY'
		import os, subprocess, sys, time
		r, w = os.pipe()
		os.set_blocking(r, False)
		p = subprocess.Popen(["tokstat"], stdin=r)
		for line in open(sys.argv[1]):
		    time.sleep(0.1)
		    os.write(w, line.encode())
		os.close(w)
		sys.exit(p.wait())
	PY
	head -n 2 "$DATA/man/responses.jsonl" >in
	python3 feed.py in >out
	same 2 "$(wc -l <out)"
}
