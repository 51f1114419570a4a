#!/usr/bin/env bats
# bench.sh: what it takes, what it makes, what it tells, and how it ends.

load lib/common
load lib/bench

@test "--local measures the built-in engine and leaves a run directory" {
	run --separate-stderr "$TOP/bench.sh" --local --requests 20 --concurrency 4 "${fast[@]}" "${fast_engine[@]}"
	is 0 'simulated engine' 'requests                       20   ok 20, failed 0' "run     $(latest)"
	local file
	for file in run.json workload.json requests.jsonl responses.jsonl progress.jsonl metrics.jsonl summary.jsonl \
		runsum.json results.json analysis.json requests.csv log engine.log; do
		[ -s "$(latest)/$file" ] || {
			echo "no $file"
			return 1
		}
	done
	[ "$(ids "$(latest)/responses.jsonl" | wc -l)" -eq 20 ]
	[ "$(field '[.status, .ended_by, .server.engine, .server.simulated, .profile, .model] | join(" ")')" = \
		'finished requests llmsim true standard sim' ]
	# The engine is gone, and nothing but files of the run is there.
	run curl -s --max-time 5 "$(field .url)/health"
	[ "$status" -ne 0 ]
	[ -z "$(find runs -name '.*' -type f -o -name '*.pid' -o -name '*.state')" ]
}

@test "a flag goes over the profile, the profile over the default" {
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	printf 'load_test: {requests: 6, concurrency: 3}\nrequest: {max_tokens: 2}\nprompts: {input_tokens: 4}\n' >mine.yaml
	local hours
	hours=" $(date -u +%Y-%m-%d_%H)"
	TZ=Asia/Tokyo run --separate-stderr "$TOP/bench.sh" --url "$url" --profile mine.yaml --concurrency 2
	is 0
	hours+=" $(date -u +%Y-%m-%d_%H) "
	[[ $(latest) =~ ^runs/([0-9_-]{13})-[0-9]{2}-[0-9]{2}-mine$ && $hours == *" ${BASH_REMATCH[1]} "* ]]
	[ "$(jq -c '[.load_test.requests, .load_test.concurrency, .request.max_tokens, .load_test.warmup_requests]' \
		"$(latest)/workload.json")" = '[6,2,2,0]' ]
	jq -e '.plan.sendreq | index("-c") as $i | .[$i + 1] == "2"' "$(latest)/run.json"
	[ "$(jq -c 'select(.id == 3).body.max_tokens' "$(latest)/requests.jsonl")" = 2 ]
}

@test "--dry-run shows the plan, needs no server and makes nothing" {
	run --separate-stderr "$TOP/bench.sh" --dry-run --namespace ml-prod --service demo-llm --requests 100 --concurrency 5 \
		--set prompts.file=null
	is 0 'service ml-prod/demo-llm' 'requests    100' 'genload -f RUN/workload.json' 'sendreq --url' ' -c 5 '
	[ ! -e runs ]
	run --separate-stderr "$TOP/bench.sh" --dry-run --local --set load_test.concurency=3
	is 2 'unknown key (did you mean concurrency?)'
}

@test "without a server it names the flags that give one" {
	run --separate-stderr "$TOP/bench.sh" --requests 5
	is 2 --local --engine --url --service usage:
	run --separate-stderr "$TOP/bench.sh" --url http://127.0.0.1:1 --engine sim
	is 2 'only one of --engine --url'
	run --separate-stderr "$TOP/bench.sh" --url http://127.0.0.1:1 --local
	is 2 'only one of --local --url'
	run --separate-stderr "$TOP/bench.sh" --engine lama
	is 2 'did you mean llama?' 'llama sim'
}

@test "an unknown flag names the nearest one; --help and --version always work" {
	run --separate-stderr "$TOP/bench.sh" --local --concurency 5
	is 2 'unknown option --concurency; did you mean --concurrency?'
	run --separate-stderr "$TOP/bench.sh" --requests
	is 2 '--requests: a value is missing'
	run --separate-stderr "$TOP/bench.sh" --local --requests 0
	is 2 '--requests: 0: expected a whole number, at least 1'
	run --separate-stderr env -i PATH=/usr/bin:/bin TOKPIPE_BIN=/nowhere LOG_LEVEL=LOUD "$TOP/bench.sh" --help
	is 0 '--output-dir' 'Exit status'
	run --separate-stderr env -i PATH=/usr/bin:/bin TOKPIPE_BIN=/nowhere "$TOP/bench.sh" --version
	is 0 'bench.sh (tokpipe) 0.'
}

@test "a profile is found by name, by its older path and by a path; a missing one lists the names" {
	local name
	for name in burst runners/profiles/burst.yaml "$TOP/scenarios/profiles/burst.yaml"; do
		run --separate-stderr "$TOP/bench.sh" --dry-run --local --set prompts.file=null --profile "$name"
		is 0 'profiles/burst.yaml' '"pattern":"burst"'
	done
	run --separate-stderr "$TOP/bench.sh" --dry-run --local --profile brust
	is 2 'did you mean burst?' 'laptop' 'quantization/gptq'
}

@test "what neither flag nor profile says" {
	echo 'prompts: {input_tokens: 4}' >bare.yaml
	run --separate-stderr "$TOP/bench.sh" --dry-run --local --profile bare.yaml
	is 0 'requests    200' 'warm-up     0' '"max_tokens":100' ' -c 10 --connect-timeout 10s --first-timeout 120s -o '
}

@test "each limit of time has a flag" {
	run --separate-stderr "$TOP/bench.sh" --dry-run --local --set prompts.file=null --connect-timeout 1500ms \
		--first-timeout 30s --timeout 2m
	is 0 ' --connect-timeout 1.5s --first-timeout 30s --timeout 120s '
	run --separate-stderr "$TOP/bench.sh" --dry-run --local --timeout soon
	is 2 '--timeout: soon: expected a time'
}

@test "a full disk: status 4 and what could not be written" {
	local command=("$TOP/bench.sh" --local "${fast[@]}" "${fast_engine[@]}") arguments
	for arguments in --help --version --dry-run '--requests 2'; do
		# shellcheck disable=SC2086 # they are words
		run --separate-stderr bash -c '"$@" >/dev/full' - "${command[@]}" $arguments
		is 4 'bench.sh: standard output: cannot be written'
	done
	[ -s "$(latest)/report.html" ]
	run --separate-stderr bash -c 'trap "" XFSZ; ulimit -f 64; exec "$@"' - "${command[@]}" --requests 300 --output-dir small
	is 4 "$(latest small)/" 'File too large'
	[ "$(jq -r .status "$(latest small)/run.json")" = failed ]
}

@test "patterns become points in time" {
	local plan=("$TOP/bench.sh" --dry-run --local --set prompts.file=null --concurrency 50 --requests 9)
	run --separate-stderr "${plan[@]}" --pattern burst
	is 0 '-c 0s:50,2s:50,2s:10,10s:10/10s '
	run --separate-stderr "${plan[@]}" --pattern burst --concurrency 3
	is 0 '-c 0s:3,2s:3,2s:1,10s:1/10s '
	run --separate-stderr "${plan[@]}" --pattern ramp --duration 30s
	is 0 '-c 0s:1,15s:50 '
	run --separate-stderr "${plan[@]}" --pattern ramp
	is 2 'ramp needs load_test.duration_seconds (--duration)'
	run --separate-stderr "${plan[@]}" --rate 3
	is 0 'constant arrivals, 3 a second'
}

@test "a duration ends the run, unless --requests does" {
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	run --separate-stderr "$TOP/bench.sh" --url "$url" "${fast[@]}" --duration 1s --set load_test.requests=null
	is 0
	[ "$(field '[.status, .ended_by] | join(" ")')" = 'finished duration' ]
	# The records behind the end, too, are whole.
	jq -se 'length > 0' "$(latest)/requests.jsonl" >/dev/null
	printf 'load_test: {duration_seconds: 60}\nprompts: {input_tokens: 4}\nrequest: {max_tokens: 2}\n' >long.yaml
	run --separate-stderr "$TOP/bench.sh" --url "$url" --profile long.yaml --requests 8 --output-dir other
	is 0
	[ "$(jq -r '[.status, .ended_by] | join(" ")' "$(latest other)/run.json")" = 'finished requests' ]
}

@test "open loop: a rate, its arrivals, and the cap on requests in flight" {
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	run --separate-stderr "$TOP/bench.sh" --url "$url" "${fast[@]}" --rate 50 --arrival poisson --requests 20 --max-in-flight 3
	is 0 'ok 20, failed 0'
	jq -e '.plan.sendreq | index("-c") == null and index("--max-in-flight") != null' "$(latest)/run.json"
	[ "$(jq -c 'select(.at_us != null) | .id' "$(latest)/requests.jsonl" | wc -l)" -eq 20 ]
	[ "$(jq -c '.metadata | [has("concurrent_users"), .concurrent_users]' "$(latest)/results.json")" = '[true,null]' ]
}

@test "--output-dir and KVMINI_OUTPUT_DIR choose the parent; the flag wins" {
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	local command=("$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 3)
	KVMINI_OUTPUT_DIR=there run --separate-stderr "${command[@]}"
	is 0 "run     $(latest there)"
	KVMINI_OUTPUT_DIR=there run --separate-stderr "${command[@]}" --output-dir results/experiment1
	is 0 "run     $(latest results/experiment1)"
	[[ $(basename "$(latest results/experiment1)") =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{2}-[0-9]{2}-[0-9]{2}-standard$ ]]
	# What was given as --output-dir does as --run-dir, too.
	run --separate-stderr "$TOP/scripts/analyze.sh" --run-dir results/experiment1
	is 0
}

@test "two runs of the same second get two directories" {
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	local command=(env -i "PATH=$PATH" "TOKPIPE_BIN=$TOKPIPE_BIN" setsid "$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 3)
	"${command[@]}" </dev/null >one 2>&1 &
	local one=$!
	"${command[@]}" </dev/null >two 2>&1
	wait "$one"
	[ "$(find runs -mindepth 1 -maxdepth 1 | wc -l)" -eq 2 ]
	[ "$(find runs -name results.json | wc -l)" -eq 2 ]
}

@test "cron's bare environment is enough: no HOME, no PATH, no terminal" {
	# shellcheck disable=SC2016 # for that bash
	run --separate-stderr env -i "TOKPIPE_BIN=$TOKPIPE_BIN" setsid bash -c \
		'exec "$0" "$@" </dev/null' "$TOP/bench.sh" --local --requests 3 "${fast[@]}" "${fast_engine[@]}"
	is 0 'ok 3, failed 0'
}

@test "a full standard output is 4; the run is whole" {
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	run --separate-stderr bash -c '"$@" >/dev/full' - "$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 2 \
		--output-dir 'my runs'
	is 4 'standard output: cannot be written; the run is in my runs/'
	[ "$(jq -r .status "$(latest 'my runs')/run.json")" = finished ]
	[ -s "$(latest 'my runs')/report.html" ]
}

@test "the model: the only one, the one that was named, or the list" {
	start_sim --model alpha,beta --time-to-first-token 1ms --inter-token-latency 1ms
	run --separate-stderr "$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 2
	is 2 'several models' --model 'alpha beta'
	[ ! -e runs ]
	run --separate-stderr "$TOP/bench.sh" --url "$url/v1/" "${fast[@]}" --requests 2 --model beta
	is 0 "beta at $url"
	[ "$(jq -r .body.model "$(latest)/requests.jsonl" | sort -u)" = beta ]
	"$TOP/setup/engines/sim.sh" down --state "$BATS_TEST_TMPDIR/own.state"
	start_sim --model gamma --time-to-first-token 1ms --inter-token-latency 1ms
	rm -r runs
	run --separate-stderr "$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 2
	is 0 "gamma at $url"
	[ "$(jq -r .body.model "$(latest)/requests.jsonl" | sort -u)" = gamma ]
}

@test "bounds: of the profile and of --assert; each missed one is named, exit 5" {
	start_sim --time-to-first-token 5ms --inter-token-latency 1ms
	local command=("$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 4)
	run --separate-stderr "${command[@]}" --assert 'ttft_ms.p95<=5000' --set validation.max_p95_latency_ms=10000
	is 0
	run --separate-stderr "${command[@]}" --assert 'ttft_ms.p50<=0.1' --set validation.max_p95_latency_ms=0.2
	is 5 'ttft_ms.p50' 'e2e_ms.p95' 'ok 4, failed 0'
	run --separate-stderr "${command[@]}" --slo ttft_ms=5000 --slo e2e_ms=0.1 --assert 'goodput.ratio>=0.5'
	is 5 'goodput.ratio' '0 of 4 keep ttft_ms<=5000, e2e_ms<=0.1'
	same '[{"ttft_ms":5000,"e2e_ms":0.1},0]' "$(jq -c '.goodput | [.slo, .good]' "$(latest)/runsum.json")"
	run --separate-stderr "$TOP/scripts/report.sh" --run-dir "$(latest)" --format text
	is 0 'goodput   ' '0 of 4 keep ttft_ms<=5000, e2e_ms<=0.1'
	run --separate-stderr "$TOP/scripts/report.sh" --run-dir "$(latest)" --template detailed.html
	is 0
	grep -qF 'ttft_ms ≤ 5000, e2e_ms ≤ 0.1' "$(latest)/report.html"
	run --separate-stderr "${command[@]}" --slo tfft_ms=5 --dry-run
	is 2 'did you mean' ttft_ms
	run --separate-stderr "${command[@]}" --slo ttft_ms --dry-run
	is 2 'no value: write KEY.KEY=VALUE'
	run --separate-stderr "${command[@]}" --assert 'ttft_ms.p50=<1'
	is 2 'no operator'
}

@test "a run with failures exits 0; one without any answer 3" {
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms --fault http-500@0.5
	local command=("$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 20 --set validation=null)
	run --separate-stderr "${command[@]}"
	is 0 'failed' 'http'
	run --separate-stderr "$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 20
	is 5 'requests.success_ratio>=0.95: missed' 'requests.error_ratio<=0.05: missed'
	"$TOP/setup/engines/sim.sh" down --state "$BATS_TEST_TMPDIR/own.state"
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms --fault http-500
	run --separate-stderr "$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 5 --set validation=null
	is 3 'no request was ok' http
}

@test "LOG_LEVEL and KVMINI_DEBUG change what is said, not what comes out" {
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	local command=("$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 2)
	LOG_LEVEL=DEBUG run --separate-stderr "${command[@]}"
	is 0 'debug: genload -f' 'debug: curl'
	LOG_LEVEL=ERROR run --separate-stderr "${command[@]}"
	is 0
	[ -z "$stderr" ]
	KVMINI_DEBUG=true run --separate-stderr "${command[@]}"
	is 0 'debug: genload -f'
	LOG_LEVEL=LOUD run --separate-stderr "${command[@]}"
	is 2 'LOG_LEVEL: LOUD: expected DEBUG, INFO, WARN or ERROR'
	KVMINI_DEBUG=1 run --separate-stderr "${command[@]}"
	is 2 'KVMINI_DEBUG: 1: expected true or false'
}

@test "an API key is in no argument list, no file and no message" {
	local secret=sk-0123456789abcdef
	printf '%s\n' "$secret" >key
	start_sim --api-key-file key --time-to-first-token 20ms --inter-token-latency 5ms
	run --separate-stderr "$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 2
	is 3 'Permission denied' 'Verify the API key'
	SECRET=$secret "$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 40 --api-key-env SECRET >out 2>&1 &
	local pid=$! seen=''
	while kill -0 "$pid" 2>/dev/null; do
		seen+=$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' || true)
	done
	wait "$pid"
	[[ $seen == *'--api-key-env SECRET'* && $seen != *"$secret"* ]]
	run ! grep -r -- "$secret" runs out
	run --separate-stderr "$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 2 --api-key-file key
	is 0
	run ! grep -r -- "$secret" runs
	run --separate-stderr "$TOP/bench.sh" --url http://user:pw@127.0.0.1:1 --requests 2
	is 2 'no user name or password in it'
}

@test "an engine's arguments go to the engine that is started, else they are said not to apply" {
	local features=(--set vllm_features.max_num_seqs=2 --set vllm_features.quantization=fp8
		--set vllm_features.enable_prefix_caching=true --set vllm_features.enforce_eager=false)
	run --separate-stderr "$TOP/bench.sh" --local --requests 4 "${fast[@]}" "${fast_engine[@]}" "${features[@]}"
	is 0 'not applied to this server: quantization'
	[ "$(field '.server.args | index("--max-num-seqs=2") != null and index("--enable-prefix-caching") != null')" = true ]
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	run --separate-stderr "$TOP/bench.sh" --url "$url" --requests 4 "${fast[@]}" "${features[@]}"
	is 0 'not applied to this server: max_num_seqs, quantization' 'enable_prefix_caching: asked for true, the server has false'
}

@test "bad lines among the prompts are named, the others are measured, and the status is 1" {
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	printf '%s\n' '{"prompt":"a"}' '{"prompt":' '{"prompt":"c"}' >prompts.jsonl
	run --separate-stderr "$TOP/bench.sh" --url "$url" --prompts prompts.jsonl --requests 6 --max-tokens 2 --warmup 0
	is 1 'genload: ' 'prompts.jsonl:2:' 'some lines were bad' 'ok 6, failed 0'
	[[ $output != *'go on'* ]]
	[ "$(field '[.status, .ended_by] | join(" ")')" = 'finished requests' ]
}

@test "a run does not depend on stderr; a directory may have any name" {
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	run bash -c '"$@" 2>/dev/full' - "$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 2 --output-dir="-a b"
	is 0 'run     ./-a b/'
	run bash -c '"$@" 2>&-' - "$TOP/bench.sh" --url "$url" "${fast[@]}" --requests 2
	is 0 'run     runs/'
}

@test "work files that cannot be written are said before anything is sent" {
	TMPDIR=/nowhere run --separate-stderr "$TOP/bench.sh" --url http://127.0.0.1:1 --requests 2
	is 4 '/nowhere: work files cannot be written there (TMPDIR)'
}

@test "a proxy of the caller's is not asked for what is on this machine; bench.sh may be a link" {
	ln -s "$TOP/bench.sh" link
	http_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1 no_proxy=example.com \
		run --separate-stderr ./link --local --requests 2 "${fast[@]}" "${fast_engine[@]}"
	is 0 'ok 2, failed 0'
}

@test "--url may be the base, /v1 or an API's own URL; a server without /v1/models is said to be one" {
	local path
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	for path in / /v1 /v1/chat/completions; do
		run --separate-stderr "$TOP/bench.sh" --url "$url$path" --requests 2 "${fast[@]}"
		is 0 'ok 2, failed 0'
		[ "$(field .url)" = "$url" ]
	done
	run --separate-stderr "$TOP/bench.sh" --url "$url/nowhere" --requests 2
	is 3 "$url/nowhere/v1/models: not there: is this an OpenAI-compatible server?"
}
