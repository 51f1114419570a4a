#!/usr/bin/env bats
# vLLM itself, on the CPU: a server that nobody here wrote, and a second opinion on every number.  Its
# own histograms and counters, read by curl, are compared with ours in tests/oracle/vllm_metrics.py.

load ../lib/common
load ../lib/bench
load ../lib/nginx

# One vLLM for all tests of the file.  Its package index out of reach is a reason to skip (not in CI).
setup_file() {
	local code=0
	"$TOP/setup/engines/vllm.sh" up --yes --state "$BATS_FILE_TMPDIR/vllm.state" --log "$BATS_FILE_TMPDIR/vllm.log" \
		>"$BATS_FILE_TMPDIR/up" 2>&1 3>&- || code=$?
	((code != 3)) || skip "cannot be fetched: $(tail -n 1 "$BATS_FILE_TMPDIR/up")"
	cat "$BATS_FILE_TMPDIR/up"
	((code == 0))
	url=$(tail -n 1 "$BATS_FILE_TMPDIR/up")
	export url
}

teardown_file() {
	"$TOP/setup/engines/vllm.sh" down --state "$BATS_FILE_TMPDIR/vllm.state"
}

teardown() {
	stop_front
	[ ! -e own.state ] || "$TOP/setup/engines/vllm.sh" down --state "$PWD/own.state"
}

# family_of PID: how many processes are in the session of an engine.
family_of() {
	ps -o stat= -s "$1" | awk '!/Z/ { n++ } END { print n + 0 }'
}

# nobody_of PID: they are gone, or soon are.
nobody_of() {
	none() { [ "$(family_of "$1")" = 0 ]; }
	wait_for 10 none "$1"
}

# scraped FILE N: its metrics, once it says that N requests more have ended than in before.prom.
scraped() {
	ended() {
		curl -fsS "$url/metrics" >"$1"
		awk -v n="$2" '/^vllm:request_success_total/ { sum += FILENAME == ARGV[1] ? -$2 : $2 } END { exit sum != n }' \
			before.prom "$1"
	}
	wait_for 20 ended "$@"
}

# ask FIELDS…: one chat request for each, to requests.jsonl.
ask() {
	jq -nc '$ARGS.positional | to_entries[] | {id: (.key + 1), api: "openai-chat", path: "/v1/chat/completions", method: "POST",
		body: ({model: "tiny", messages: [{role: "user", content: "Tell me about the sea."}], max_tokens: 16, min_tokens: 16,
			stream: true, stream_options: {include_usage: true}} + (.value | fromjson))}' --args "$@" >requests.jsonl
}

# send OPTION…: sends them; every record is valid and none is lost.
send() {
	run --separate-stderr sendreq --url "$url" "$@" -o responses.jsonl requests.jsonl
	is 0
	run --separate-stderr "$TOP/tests/lib/check_records.py" --requests requests.jsonl responses.jsonl
	is 0
}

# compared N C: a run of N requests, C at a time, beside what vLLM measured itself; the verdict is in $status.
compared() {
	curl -fsS "$url/metrics" >before.prom
	run --separate-stderr "$TOP/bench.sh" --url "$url" --output-dir "runs-$2" --warmup 0 --max-tokens 40 \
		--set request.min_tokens=40 --requests "$1" --concurrency "$2"
	is 0 "ok $1, failed 0" '(vllm)'
	scraped after.prom "$1"
	run "$TOP/tests/lib/py" "$TOP/tests/oracle/vllm_metrics.py" before.prom after.prom "$(latest "runs-$2")"
	printf '%s\n' "$output"
	grep -E "^(TTFT|E2E|ITL): ours" <<<"$output" | sed "s/^/# note: vLLM, $2 at a time: /" >&3
}

@test "one and four at a time: tokens exactly, TTFT, ITL and E2E as its own histograms have them" {
	# What a server does once, at its first requests, is before the time from which it counts.
	ask '{}' '{}' '{}'
	send -c 2
	compared 30 1
	is 0
	compared 40 4
	is 0
	# The comparison sees what it has to see.
	run=$(latest runs-4)
	cp "$run/metrics.jsonl" right
	wrong() {
		jq -c "$1" right >"$run/metrics.jsonl"
		run "$TOP/tests/lib/py" "$TOP/tests/oracle/vllm_metrics.py" before.prom after.prom "$run"
		is 1 "WRONG: $2"
	}
	wrong '.ttft_sent_ms += 5000' TTFT:
	wrong '.ttft_sent_ms -= 5000' TTFT:
	wrong '.e2e_sent_ms += 9000' E2E:
	wrong '.e2e_sent_ms *= 0.3' ITL:
	wrong '.output_tokens += 1' 'gaps between tokens'
}

# of ID FILTER: jq's verdict on one record.
of() {
	jq -es --argjson id "$1" ".[] | select(.id == \$id) | $2" responses.jsonl
}

@test "its streams: content, usage, several choices, not streamed, a tool call, JSON by a schema" {
	local tools schema
	tools='"tools": [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}], "tool_choice": "required"'
	schema='{"type": "object", "properties": {"unit": {"enum": ["c", "f"]}}, "required": ["unit"], "additionalProperties": false}'
	ask '{}' '{"n": 2}' '{"stream": false, "stream_options": null}' "{$tools, \"min_tokens\": 0, \"max_tokens\": 500}" \
		'{"min_tokens": 0, "max_tokens": 800, "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": '"$schema"'}}}' \
		'{"stream_options": {"include_usage": true, "continuous_usage_stats": true}}'
	send -c 3 --text
	# Chunks that wait for their sending are merged: never more of them than tokens, at times fewer.
	of 1 '(.ev_kind | test("^rc+ud$")) and .error == null and .finish == "length" and .usage.completion_tokens == 16 and
		.usage.prompt_tokens > 5 and .usage.cached_tokens == 0 and (.ev_kind | length) <= 19'
	of 2 '.error == null and .usage.completion_tokens == 32 and (.ev_kind | test("^r+[cr]+ud$"))'
	of 3 '(.streamed | not) and .ev_kind == "c" and .usage.completion_tokens == 16 and .error == null'
	of 4 '(.ev_kind | test("^r+[fr]*f[fr]*ud$")) and .error == null'
	of 5 '(.text | fromjson | .unit | . == "c" or . == "f") and .finish == "stop"'
	of 6 '(.ev_kind | test("^rc+ud$")) and .usage.completion_tokens == 16'
	run --separate-stderr tokstat responses.jsonl
	# Of three at a time, any may end first.
	same '16 32 16' "$(jq -rs 'map(select(.id <= 3)) | sort_by(.id) | map(.output_tokens) | join(" ")' <<<"$output")"
}

@test "completions, by text and by token ids" {
	jq -nc '["one two three", [5, 6, 7, 8]] | to_entries[] | {id: .key, api: "openai-completions", path: "/v1/completions", method: "POST",
		body: {model: "tiny", prompt: .value, max_tokens: 9, min_tokens: 9, stream: true, stream_options: {include_usage: true}}}' >requests.jsonl
	send -c 1
	jq -es 'all((.ev_kind | test("^c+ud$")) and .usage.completion_tokens == 9 and .finish == "length")' responses.jsonl
	of 1 '.usage.prompt_tokens == 4'
}

@test "what it refuses, in its own words: a model, a prompt that is too long, a body, a path, a tool call" {
	ask '{"model": "other"}' '{"max_tokens": 99999}' '{"messages": "x"}' '{}' '{"temperature": -3}'
	jq -c 'if .id == 4 then .path = "/v1/embeddings" | .body = {model: "tiny", input: "x"} else . end' requests.jsonl >changed
	mv changed requests.jsonl
	jq -nc '{id: 9, api: "openai-chat", path: "/v1/chat/completions", method: "POST",
		body: {model: "tiny", stream: true, messages: [{role: "user", content: ("hello " * 9000)}]}}' >>requests.jsonl
	send -c 2
	of 1 '.error.kind == "http" and .status == 404 and (.error.message | test("model `other` does not exist"))'
	of 2 '.status == 400 and (.error.message | test("max_tokens=99999"))'
	of 3 '.status == 400 and (.error.message | test("valid list"))'
	of 4 '.status == 404 and .error.kind == "http"'
	of 5 '.status == 400 and (.error.message | test("temperature"))'
	of 9 '.status == 400 and (.error.message | test("maximum context length is 8192 tokens"))'
	# Nothing of this has hurt it.
	ask '{}'
	rm responses.jsonl
	send -c 1
	of 1 '.error == null'
}

@test "behind nginx: HTTP/2, TLS and gzip change nothing in what is counted" {
	local whole='.error == null and .usage.completion_tokens == 16 and (.ev_kind | test("^rc+ud$"))'
	ask '{}' '{}' '{}' '{}' '{}' '{}' '{}' '{}' '{}' '{}' '{}' '{}'
	curl -fsS "$url/metrics" >before.prom
	front "$url" "proxy_buffering off;" "ssl http2"
	run --separate-stderr sendreq --url https://localhost --unix-socket front --cacert ca.pem --http2 -c 6 -o two.jsonl requests.jsonl
	is 0
	jq -es "length == 12 and all(.http == \"2\" and $whole)" two.jsonl
	front "$url" "proxy_buffering off; gzip on; gzip_types text/event-stream; gzip_min_length 1;"
	run --separate-stderr sendreq --url http://server --unix-socket front --compressed -c 2 -o gzip.jsonl requests.jsonl
	is 0
	jq -es "length == 12 and all($whole)" gzip.jsonl
	stop_front
	jq -es 'length == 12 and all((.ratio | tonumber) > 1)' log.jsonl
	scraped after.prom 24
	counted() { awk -v name="vllm:$1" 'index($0, name "{") == 1 { n += FILENAME == ARGV[1] ? -$2 : $2 } END { print n }' before.prom after.prom; }
	same 384 "$(counted generation_tokens_total)"
	same "$(cat two.jsonl gzip.jsonl | jq -s 'map(.usage.prompt_tokens) | add')" "$(counted prompt_tokens_total)"
}

@test "calibrate.sh finds words that are one token for it" {
	# common ones, and some that cannot be: its vocabulary is small, and each try is a request
	{
		tr -cs '[:lower:]' '\n' <"$TOP/scenarios/prompts/mixed.jsonl" | grep -E '^.{3,}' | sort | uniq -c | sort -rn | awk 'NR <= 60 { print $2 }'
		printf '%s\n' xqzv floccinaucinihilipilification
	} >candidates
	run --separate-stderr "$TOP/scripts/calibrate.sh" --url "$url" --words candidates --output words
	is 0 'words: ' 'counted as 512 tokens'
	[ "$(grep -cE 'xqzv|floccin' words)" = 0 ]
}

@test "its metrics: llmsim's are among them, and so are those that other tests read" {
	local sim
	sim=$("$TOP/setup/engines/sim.sh" up --state "$PWD/sim.state")
	curl -fsS "$sim/metrics" >sim.prom
	"$TOP/setup/engines/sim.sh" down --state "$PWD/sim.state"
	curl -fsS "$url/metrics" >vllm.prom
	run --separate-stderr python3 "$TOP/tests/oracle/families.py" sim.prom vllm.prom
	is 0 'families, all as theirs'
	same "" "$(grep '^# TYPE vllm' "$DATA/metrics/vllm-0.32.0.prom" | grep -vxFf vllm.prom)"
}

@test "bench.sh --engine vllm: the profile's features are its arguments; labelled; nothing of it stays" {
	local pid
	"$TOP/bench.sh" --engine vllm --yes --requests 4 --concurrency 2 --warmup 1 --max-tokens 8 --set prompts.file=null \
		--input-tokens 16 --set vllm_features.gpu_memory_utilization=0.5 --set vllm_features.max_model_len=1024 \
		--set vllm_features.enable_prefix_caching=false >out 2>err 3>&- &
	pid=$!
	wait_for 300 grep -qs 'http://' -r runs --include=engine.state
	read -r engine _ <"$(latest)/engine.state"
	[ "$(family_of "$engine")" -ge 3 ]
	wait "$pid"
	nobody_of "$engine"
	grep -q 'ok 4, failed 0' out
	grep -q '! dummy weights: speed only, the text means nothing' out
	[ "$(grep -ci simulated out)" = 0 ]
	same '["vllm",false,["--gpu-memory-utilization=0.5","--max-model-len=1024","--no-enable-prefix-caching"],[]]' \
		"$(jq -c '[.server.engine, .server.simulated, .server.args, .not_applied]' "$(latest)/run.json")"
	# It does what it was told, and says so.
	grep -aq "'max_model_len': 1024" "$(latest)/engine.log"
	grep -aq "'enable_prefix_caching': False" "$(latest)/engine.log"
	jq -e '.labels.note' "$(latest)/results.json"
	grep -q 'dummy weights' "$(latest)/report.html"
}

@test "an argument that it refuses ends the run with its own words" {
	run --separate-stderr "$TOP/bench.sh" --engine vllm --yes --requests 2 --set vllm_features.quantization=awq
	is 4 'Cannot find the config file for awq' 'the engine did not start'
	[ -z "$(ls runs)" ]
}

@test "what the server leaves when it is killed ends with down" {
	local engine
	"$TOP/setup/engines/vllm.sh" up --state "$PWD/own.state" 3>&-
	read -r engine _ <own.state
	[ "$(family_of "$engine")" -ge 3 ]
	kill -9 "$engine"
	"$TOP/setup/engines/vllm.sh" down --state "$PWD/own.state"
	nobody_of "$engine"
}
