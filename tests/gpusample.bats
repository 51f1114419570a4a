#!/usr/bin/env bats
# gpusample: engines' pages against Python's parser, GPUs against NVIDIA's own binding, the clock,
# and what happens when a source is not there.  No test here has seen a GPU: NVML is
# tests/lib/fake_nvml.c, nvidia-smi prints what was recorded elsewhere.
load lib/common

PY=${PY:-$TOP/tests/lib/py}
ORACLE=$TOP/tests/oracle/telemetry.py
SERVER=

teardown() {
	[ -z "$SERVER" ] || kill "$SERVER" 2>/dev/null || true
}

# no_gpu: whatever this machine has, no GPU is found.
no_gpu() {
	mkdir -p hidden
	: >hidden/libnvidia-ml.so.1
	printf '#!/bin/sh\nexit 9\n' >hidden/nvidia-smi
	chmod +x hidden/nvidia-smi
	export LD_LIBRARY_PATH=$PWD/hidden PATH=$PWD/hidden:$PATH
}

# nvml [FLAG…]: the fake library is the machine's.
nvml() {
	mkdir -p nvml
	gcc -std=c17 -shared -fPIC "$@" -o nvml/libnvidia-ml.so.1 "$TOP/tests/lib/fake_nvml.c"
	export LD_LIBRARY_PATH=$PWD/nvml FAKE_NVML=$PWD/nvml/state
	: >"$FAKE_NVML"
}

# smi FILE: nvidia-smi prints this recording.
smi() {
	no_gpu
	rm hidden/nvidia-smi
	export PATH=$TOP/tests/lib:$PATH FAKE_SMI_CSV=$1 FAKE_SMI_STATE=$PWD/smi-state
	: >"$FAKE_SMI_STATE"
}

# serve [OPTION…]: the files in pages are pages; sets URL.
serve() {
	mkdir -p pages
	"$TOP/tests/lib/pages.py" pages "$@" >url 2>server-log 3>&- &
	SERVER=$!
	wait_for 10 test -s url
	URL=$(<url)
}

# asked N: so often a page was asked for.
asked() {
	[ "$(wc -l <pages/log)" -ge "$1" ]
}

# in_background OPTION…: until its first record; sets SAMPLER.
in_background() {
	: >out
	gpusample "$@" >>out 2>err 3>&- &
	SAMPLER=$!
	wait_for 10 test -s out
}

# ended SIGNAL STATUS: the sampler ends by itself after the signal.
ended() {
	local got=0
	kill "-$1" "$SAMPLER"
	wait "$SAMPLER" || got=$?
	[ "$got" = "$2" ]
}

@test "no GPU and no engine: one line, nothing made up" {
	no_gpu
	run --separate-stderr gpusample -n 3
	is 4 "gpusample: no GPU here (nvml: " "nvidia-smi: exit status 9" "no --url of an engine"
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" = 1 ]
}

@test "a source that is asked for has to be there" {
	no_gpu
	run --separate-stderr gpusample -n 1 --source nvml
	is 4 "gpusample: nvml: "
	run --separate-stderr gpusample -n 1 --source nvidia-smi
	is 4 "gpusample: nvidia-smi: exit status 9"
	run --separate-stderr gpusample -n 1 --source nvml --source engine --url http://127.0.0.1:1
	is 4 "gpusample: nvml: "
	[ -z "$output" ]
}

@test "usage" {
	run --separate-stderr gpusample --source nvlm
	is 2 "--source: nvlm: expected nvml, nvidia-smi or engine (did you mean nvml?)"
	run --separate-stderr gpusample --url localhost:8000
	is 2 "--url: localhost:8000: no http:// or https:// in front"
	run --separate-stderr gpusample --url http://user:s3cret@127.0.0.1:99999
	is 2 "--url: the one with an @: not a URL"
	[[ $output$stderr != *s3cret* ]]
	run --separate-stderr gpusample --source engine
	is 2 "--source engine: --url is missing"
	run --separate-stderr gpusample --source nvml --url http://127.0.0.1:1
	is 2 "--url goes with --source engine"
	run --separate-stderr gpusample -i 1ms
	is 2 "-i: 1ms: too small"
	run --separate-stderr gpusample -n 0
	is 2 "-n: 0: too small"
	run --separate-stderr gpusample file
	is 2 "file: it reads no files"
	run --separate-stderr gpusample --url http://127.0.0.1:1 --cacert nosuch
	is 2 "--cacert: nosuch: No such file"
}

# page FILE: its record is what Python makes of it; leaves the record in "record".
page() {
	mkdir -p pages
	cp "$1" pages/metrics
	[ -n "$SERVER" ] || serve
	gpusample -n 1 --source engine --url "$URL" >record 2>err
	[ ! -s err ]
	run --separate-stderr "$PY" "$ORACLE" engine "$1" record
	is 0
}

@test "every sample of real pages is read as Python's parser reads it" {
	local file
	for file in "$DATA"/metrics/*.prom; do
		"$TOP/build/plain/unit/prom" "$file" >dump
		run --separate-stderr "$PY" "$ORACLE" samples "$file" dump
		is 0
	done
}

@test "vLLM's own page, summed as Python sums it" {
	page "$DATA/metrics/vllm-0.32.0.prom"
	same vllm "$(jq -r .engine record)"
	jq -e '.waiting > 0 and .prompt_tokens_total > 1000 and .ttft_count > 0' record
}

@test "SGLang's own page, summed as Python sums it: ranks and priorities count once" {
	page "$DATA/metrics/sglang-0.5.23.prom"
	same '["sglang",11,2,0.51,24]' "$(jq -c '[.engine, .running, .waiting, .kv_ratio, .requests_total]' record)"
}

@test "SGLang: a part of a total that is not there is no total of 0" {
	serve
	printf 'sglang:num_running_reqs 3\nsglang:num_queue_reqs{priority="1"} 7\n' >pages/metrics
	same '["sglang",3,false]' "$(gpusample -n 1 --source engine --url "$URL" | jq -c '[.engine, .running, has("waiting")]')"
}

@test "llama.cpp's own page, summed as Python sums it: prompts with and without what was cached" {
	page "$DATA/metrics/llamacpp-2026.10.11549.prom"
	same '["llama.cpp",250,226,24]' "$(jq -c '[.engine, .prompt_tokens_total, .prefill_tokens_total, .prefix_hits_total]' record)"
}

@test "several label sets: sums, the fullest cache, the newest adapters, no times, nothing that is NaN" {
	cat >several <<'END'
# HELP vllm:num_requests_running Two "engines", one model; \ and # in a comment
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="a} b,\"c\"\\"} 3.0
vllm:num_requests_running{engine="1",model_name="m"} 4e0 1795330729000
vllm:num_requests_waiting{engine="0"} NaN
vllm:num_requests_waiting{engine="1"} 2
vllm:num_requests_waiting_by_reason{engine="1",reason="capacity"} 2
vllm:kv_cache_usage_perc{engine="0"} 0.25
vllm:kv_cache_usage_perc{engine="1"} 0.75
vllm:gpu_cache_usage_perc{engine="0"} 0.99
vllm:prompt_tokens_total{engine="0"} 1.5e3
vllm:prompt_tokens_total{engine="1"} 500
vllm:prompt_tokens_created{engine="0"} 1.795e+09
vllm:generation_tokens_total{engine="0"} +Inf
vllm:gpu_prefix_cache_queries_total 40
vllm:gpu_prefix_cache_hits_total 10
vllm:request_success_total{finished_reason="stop"} 5
vllm:request_success_total{finished_reason="length"} 6
vllm:time_to_first_token_seconds_bucket{le="0.1"} 7
vllm:time_to_first_token_seconds_bucket{le="+Inf"} 11
vllm:time_to_first_token_seconds_sum{engine="0"} 0.5
vllm:time_to_first_token_seconds_sum{engine="1"} 0.25
vllm:time_to_first_token_seconds_count{engine="0"} 8
vllm:time_to_first_token_seconds_count{engine="1"} 3
vllm:time_per_output_token_seconds_sum 1
vllm:time_per_output_token_seconds_count 9
vllm:lora_requests_info{max_lora="2",running_lora_adapters="old",waiting_lora_adapters=""} 1.7e+09
vllm:lora_requests_info{max_lora="2",running_lora_adapters="math, chat",waiting_lora_adapters="sql"} 1.8e+09
vllm:lora_requests_info{max_lora="2",running_lora_adapters="",waiting_lora_adapters="older"} 1.75e+09
END
	page several
	same '[7,null,0.75,2000,null,40,10,11,0.75,11,1,9,["math","chat"],["sql"]]' "$(jq -c '[.running, .waiting, .kv_ratio,
		.prompt_tokens_total, .output_tokens_total, .prefix_queries_total, .prefix_hits_total, .requests_total, .ttft_sum_s,
		.ttft_count, .itl_sum_s, .itl_count, .lora_running, .lora_waiting]' record)"
	sed 's/$/\r/' several >crlf
	page crlf
}

@test "OpenMetrics: exemplars, and nothing behind the end" {
	cat >open <<'END'
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0"} 3
# TYPE vllm:num_requests_waiting gauge
vllm:num_requests_waiting{engine="0"} 1 1795330729.5
# TYPE vllm:prompt_tokens counter
vllm:prompt_tokens_total{engine="0"} 17 # {trace_id="a # b"} 1.0 1795330729.5
vllm:prompt_tokens_created{engine="0"} 1795330729.5
# TYPE vllm:generation_tokens counter
vllm:generation_tokens_total{engine="0"} 5
# TYPE vllm:prefix_cache_queries counter
vllm:prefix_cache_queries_total 4
# TYPE vllm:prefix_cache_hits counter
vllm:prefix_cache_hits_total 3
# TYPE vllm:request_success counter
vllm:request_success_total{finished_reason="stop"} 2
# TYPE vllm:kv_cache_usage_perc gauge
vllm:kv_cache_usage_perc 0.5
# EOF
END
	page open
	{
		cat open
		echo 'vllm:num_requests_running{engine="1"} 100'
	} >pages/metrics
	same 3 "$(gpusample -n 1 --source engine --url "$URL" | jq .running)"
}

@test "a bad line is told of once, with its place; the others count; exit status 1" {
	serve
	printf 'vllm:num_requests_running 1\nvllm:num_requests_running{a="b" 2\nnot a line\nvllm:num_requests_waiting 3\n' >pages/metrics
	run --separate-stderr gpusample -n 3 -i 500ms --source engine --url "$URL"
	is 1 "gpusample: $URL/metrics:2:33: expected , or } after a label"
	[ "${#stderr_lines[@]}" = 1 ]
	same '[1,3]' "$(jq -sc 'map([.running, .waiting]) | unique[]' <<<"$output")"
	[ "${#lines[@]}" -ge 2 ]
}

@test "pages that are none: each has its reason, and no figure" {
	local name
	serve
	printf 'STATUS 503' >pages/sick
	printf '# nothing\nhttp_requests_total 5\n' >pages/others
	printf '<!DOCTYPE html>\n<html></html>\n' >pages/html
	: >pages/empty
	printf 'HANG' >pages/hang
	while IFS=: read -r name reason; do
		run --separate-stderr gpusample -n 2 -i 20ms --timeout 300ms --source engine --url "$URL/$name"
		is 3 "gpusample: $URL/$name: $reason"
		[ "${#lines[@]}" = 1 ]
		jq -e --arg r "$reason" '(.error | startswith($r)) and (keys == ["error","host","source","t_us","url"])' <<<"$output"
	done <<'END'
missing:HTTP 404
sick:HTTP 503
others:no metric of vLLM, SGLang or llama.cpp in it
html:no metric of vLLM, SGLang or llama.cpp in it
empty:no metric of vLLM, SGLang or llama.cpp in it
hang:Operation timed out
END
}

@test "an engine that goes away and comes back: told twice, one record of it, never a zero" {
	serve
	echo 'vllm:num_requests_running 1' >pages/metrics
	in_background -i 50ms --source engine --url "$URL"
	printf 'STATUS 500' >pages/new && mv pages/new pages/metrics
	wait_for 10 grep -q error out
	sleep 0.3
	echo 'vllm:num_requests_running 2' >pages/new && mv pages/new pages/metrics
	wait_for 10 grep -q '"running":2' out
	ended TERM 0
	same "gpusample: $URL/metrics: HTTP 500
gpusample: $URL/metrics: is back" "$(<err)"
	same '[1,"HTTP 500",2]' "$(jq -sc '[.[] | .running // .error] | [foreach .[] as $x (null; [.[1], $x]; if .[0] != .[1] then $x else empty end)]' out)"
	same 1 "$(grep -c error out)"
}

@test "connections are kept, compression is not asked for, keys are sent and nowhere shown" {
	serve
	echo 'vllm:num_requests_running 1' >pages/metrics
	KEY=sk-secret-1 gpusample -n 5 -i 200ms --source engine --api-key-env KEY --url "${URL/127/user:pw@127}" >out 2>err
	same "1 /metrics Bearer sk-secret-1 -" "$(sort -u pages/log)"
	[ "$(wc -l <pages/log)" -ge 3 ]
	run grep -q 'secret\|pw@' out err
	[ "$status" = 1 ]
	same "\"$URL/metrics\"" "$(jq .url out | sort -u)"
}

@test "several engines, each with its record; a path is taken as it is" {
	serve
	echo 'vllm:num_requests_running 1' >pages/a
	cp "$DATA/metrics/sglang-0.5.23.prom" pages/b
	gpusample -n 1 --source engine --url "$URL/a" --url "$URL/b" | jq -c '[.url[-1:], .engine]' | sort >out
	same '["a","vllm"]
["b","sglang"]' "$(<out)"
}

@test "TLS: a certificate that is trusted, one that is not" {
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
		-keyout key.pem -out cert.pem 2>/dev/null
	serve --tls cert.pem key.pem
	echo 'vllm:num_requests_running 1' >pages/metrics
	run --separate-stderr gpusample -n 1 --source engine --url "$URL"
	is 3 "certificate"
	gpusample -n 1 --source engine --url "$URL" --cacert cert.pem | jq -e '.running == 1'
	gpusample -n 1 --source engine --url "$URL" --insecure | jq -e '.running == 1'
}

@test "a slow page holds up no GPU, and is not asked for again meanwhile" {
	nvml
	serve
	printf 'HANG' >pages/metrics
	gpusample -n 6 -i 100ms --timeout 1m --source nvml --source engine --url "$URL" >out 2>err 3>&- &
	SAMPLER=$!
	wait_for 20 eval '[ "$(grep -c nvml out)" = 12 ]'
	[ "$(wc -l <pages/log)" = 1 ]
	ended TERM 3 # the engine never answered
}

@test "samples keep to start + k intervals, whatever one takes" {
	smi "$DATA/nvidia-smi/h100.csv"
	mkdir slow
	printf '#!/bin/sh\nsleep 0.12\nexec "%s" "$@"\n' "$TOP/tests/lib/nvidia-smi" >slow/nvidia-smi
	chmod +x slow/nvidia-smi
	PATH=$PWD/slow:$PATH gpusample -n 12 -i 400ms --source nvidia-smi >out
	# How late each sample was, in its interval: drift would spread that evenly.  A loaded machine
	# may hold up a few.
	jq -se '.[0].t_us as $from | [.[] | (.t_us - $from) % 400000] as $late
		| ($late | length) == 12 and ([$late[] | select(. < 100000)] | length) >= 9
		and ([range(1; 12) as $i | $late[$i]] | all(. >= 0))' out
	jq -se '[.[] | .t_us] | . == sort and (.[-1] - .[0]) >= 11 * 400000 - 1000' out
}

@test "signals: the end of an endless one, an interruption of a counted one; both sample once more" {
	serve
	echo 'vllm:request_success_total 1' >pages/metrics
	in_background -i 1h --source engine --url "$URL"
	echo 'vllm:request_success_total 2' >pages/new && mv pages/new pages/metrics
	ended TERM 0
	same '[1,2]' "$(jq -sc 'map(.requests_total)' out)"
	in_background -i 1h -n 5 --source engine --url "$URL"
	ended TERM 130
	[ "$(wc -l <out)" = 2 ]
	printf 'HANG' >pages/metrics
	gpusample -i 1h --timeout 1h --source engine --url "$URL" 2>err >out 3>&- &
	SAMPLER=$!
	wait_for 10 asked 5
	kill -TERM "$SAMPLER"
	sleep 0.3
	kill -0 "$SAMPLER"
	kill -TERM "$SAMPLER" # a second one waits for nothing
	wait_for 30 eval '! kill -0 "$SAMPLER" 2>/dev/null'
}

@test "Ctrl-C is the usual end" {
	serve
	echo 'vllm:num_requests_running 1' >pages/metrics
	run python3 - "$URL" <<'END'
import signal, subprocess, sys
p = subprocess.Popen(["gpusample", "-i", "1h", "--source", "engine", "--url", sys.argv[1]], stdout=subprocess.PIPE)
p.stdout.readline()
p.send_signal(signal.SIGINT)
rest = p.stdout.read()
sys.exit(0 if p.wait() == 0 and rest.count(b"\n") == 1 else 1)
END
	is 0
}

@test "ABI test, no GPU seen: NVML's constants and structures are those of NVIDIA's own binding" {
	"$TOP/build/plain/unit/nvml" abi >ours
	"$PY" "$ORACLE" abi >theirs
	same "$(jq -S 'del(.reasons)' theirs)" "$(jq -S . ours)"
	# the names of the throttle reasons stand at the bits that they name
	nvml
	same '["sw_power_cap"]
["gpu_idle"]' "$(gpusample -n 1 --source nvml | jq -c .throttle)"
	jq -e '.reasons | .GpuIdle == 1 and .ApplicationsClocksSetting == 2 and .SwPowerCap == 4 and .HwSlowdown == 8
		and .SyncBoost == 16 and .SwThermalSlowdown == 32 and .HwThermalSlowdown == 64 and .HwPowerBrakeSlowdown == 128
		and .DisplayClockSetting == 256' theirs
}

@test "ABI test, no GPU seen: gpusample and NVIDIA's own binding read the same from one library" {
	local what flags
	for flags in -O1 -DOLD; do
		nvml "$flags"
		for what in '' not-supported mig; do
			echo "$what" >"$FAKE_NVML"
			gpusample -n 1 --source nvml >out 2>err
			[ "$(wc -l <out)" = 2 ]
			run --separate-stderr "$PY" "$ORACLE" gpus out
			is 0
		done
	done
	nvml
	same '{"device":0,"name":"NVIDIA Fake 80GB","uuid":"GPU-00000000-0000-0000-0000-0000000000a0","util_ratio":0.87,"mem_used_bytes":71303168000,"mem_total_bytes":85520809984,"power_w":612.345,"energy_j":98123456.789,"sm_clock_hz":1980000000,"temp_c":61,"throttle":["sw_power_cap"]}' \
		"$(gpusample -n 1 --source nvml | head -n 1 | jq -c 'del(.t_us, .source, .host)')"
}

@test "ABI test, no GPU seen: what the GPU or the driver lacks is absent, not zero" {
	nvml
	echo not-supported >"$FAKE_NVML"
	same '[false,false,true]' "$(gpusample -n 1 | head -n 1 | jq -c '[has("util_ratio"), has("energy_j"), has("power_w")]')"
	echo mig >"$FAKE_NVML"
	same '[true,false,true]' "$(gpusample -n 1 | head -n 1 | jq -c '[.mig, has("util_ratio"), has("mem_used_bytes")]')"
	nvml -DOLD
	same '[false,true,["sw_power_cap"]]' "$(gpusample -n 1 | head -n 1 | jq -c '[has("energy_j"), has("mem_used_bytes"), .throttle]')"
}

@test "ABI test, no GPU seen: a library without a driver, a driver without a GPU" {
	no_gpu # no nvidia-smi either
	nvml
	echo unloaded >"$FAKE_NVML"
	run --separate-stderr gpusample -n 1
	is 4 "no GPU here (nvml: nvmlInit_v2: Driver Not Loaded; nvidia-smi: "
	echo no-gpu >"$FAKE_NVML"
	run --separate-stderr gpusample -n 1 --source nvml
	is 4 "gpusample: nvml: the NVIDIA driver is there, but no GPU"
	[ -z "$output" ]
}

@test "ABI test, no GPU seen: a GPU that is lost is told of, the other goes on, and it may come back" {
	nvml
	in_background -i 20ms
	echo lost >"$FAKE_NVML"
	wait_for 10 grep -q error out
	wait_for 10 eval '[ "$(tail -n 3 out | grep -c "\"device\":0,")" = 3 ]'
	: >"$FAKE_NVML"
	wait_for 10 eval 'tail -n 1 out | grep -q "\"device\":1,"'
	ended TERM 0
	same "gpusample: nvml: GPU 1: nvmlDeviceGetHandleByIndex_v2: GPU is lost
gpusample: nvml: GPU 1, NVIDIA Fake 80GB: is back" "$(<err)"
	same '[1,"nvmlDeviceGetHandleByIndex_v2: GPU is lost"]' "$(jq -c 'select(.error) | [.device, .error]' out)"
	jq -se 'all(.error or (.mem_total_bytes > 0))' out
}

@test "nvidia-smi as recorded on an H100, its units in ours" {
	smi "$DATA/nvidia-smi/h100.csv"
	gpusample -n 1 >out
	same '{"source":"nvidia-smi","device":0,"name":"NVIDIA H100 80GB HBM3","uuid":"GPU-00000000-0000-0000-0000-000000000000","util_ratio":1,"mem_used_bytes":20780679168,"mem_total_bytes":85520809984,"power_w":631.95,"sm_clock_hz":1980000000,"temp_c":59,"throttle":[]}' \
		"$(jq -c 'del(.t_us, .host)' out)"
	smi "$DATA/nvidia-smi/h100-mig.csv"
	gpusample -n 1 --source nvidia-smi | jq -e '.mig == true and (has("util_ratio") | not) and .power_w == 433.78'
}

@test "nvidia-smi of older drivers: refused columns are asked for by their older names, or not at all" {
	sed 's/clocks_event_reasons/clocks_throttle_reasons/; s/0x0000000000000000/0x0000000000000008/' "$DATA/nvidia-smi/h100.csv" >older.csv
	smi "$PWD/older.csv"
	same '["hw_slowdown"]' "$(gpusample -n 1 | jq -c .throttle)"
	cut -d, -f1-9 "$DATA/nvidia-smi/h100.csv" >oldest.csv
	smi "$PWD/oldest.csv"
	same '[1,false]' "$(gpusample -n 1 | jq -c '[.util_ratio, has("throttle")]')"
}

@test "an nvidia-smi that breaks in the middle, hangs, or loses a GPU: told, and never a zero" {
	{
		cat "$DATA/nvidia-smi/h100.csv"
		sed -n '2s/^0/1/p' "$DATA/nvidia-smi/h100.csv"
	} >two.csv
	cp two.csv now.csv
	smi "$PWD/now.csv"
	in_background -i 20ms --timeout 1s
	echo broken >"$FAKE_SMI_STATE"
	wait_for 20 grep -q "couldn't communicate" out
	echo hang >hang && mv hang "$FAKE_SMI_STATE" # a file that is empty for a moment is a GPU that is back
	sleep 1.2
	cp "$DATA/nvidia-smi/h100.csv" now.csv
	: >"$FAKE_SMI_STATE"
	wait_for 20 grep -q 'not listed' out
	cp two.csv new.csv && mv new.csv now.csv
	wait_for 20 grep -q 'GPU 1, .*is back' err
	ended TERM 0
	same "gpusample: nvidia-smi: NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.
gpusample: nvidia-smi: is back
gpusample: nvidia-smi: GPU 1: it is not listed any more
gpusample: nvidia-smi: GPU 1, NVIDIA H100 80GB HBM3: is back" "$(<err)"
	jq -se 'all(.error or (.util_ratio == 1)) and ([.[] | select(.error)] | length) == 2' out
}

@test "an nvidia-smi that closes its output and stays is late" {
	no_gpu
	printf '#!/bin/sh\nexec >&- 2>&-\nexec sleep 20\n' >hidden/nvidia-smi
	SECONDS=0
	run --separate-stderr gpusample -n 1 --timeout 500ms --source nvidia-smi
	is 4 "nvidia-smi: it did not end in time"
	[ "$SECONDS" -lt 15 ]
}

@test "lines of nvidia-smi that are none" {
	smi "$DATA/nvidia-smi/h100.csv"
	mkdir odd
	printf '#!/bin/sh\necho Warning: infoROM is corrupted\nexec "%s" "$@"\n' "$TOP/tests/lib/nvidia-smi" >odd/nvidia-smi
	chmod +x odd/nvidia-smi
	PATH=$PWD/odd:$PATH run --separate-stderr gpusample -n 3 -i 20ms
	is 1 "gpusample: nvidia-smi:1: the first column is not a GPU's number"
	[ "${#stderr_lines[@]}" = 1 ]
	[ "${#lines[@]}" = 3 ]
}

@test "nothing is named, GPUs and an engine are there: both" {
	nvml
	serve
	echo 'vllm:num_requests_running 1' >pages/metrics
	same '["engine",null]
["nvml",0]
["nvml",1]' "$(gpusample -n 1 --url "$URL" | jq -c '[.source, .device]' | sort)"
}
