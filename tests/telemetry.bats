#!/usr/bin/env bats
# Telemetry in a run of bench.sh: what is sampled and what not, that it covers the run, and that
# no sampler outlives it.
load lib/common
load lib/bench

# mine DIR: the sampler of the run in DIR: "PID START".
mine() {
	[ -s "$1/gpusample.pid" ] && read -r PID START <"$1/gpusample.pid"
}

# gone: that process is not there any more.
gone() {
	local stat
	{ read -r stat <"/proc/$PID/stat"; } 2>/dev/null || return 0
	[[ " $stat " != *" $START "* ]]
}

# in_background OPTION…: a run that is sampled and under way; sets BENCH, run, PID and START.
in_background() {
	"$TOP/bench.sh" "$@" >out 2>err 3>&- &
	BENCH=$!
	wait_for 60 eval 'compgen -G "runs/*/gpusample.pid" >/dev/null && [ -s runs/*/responses.jsonl ]'
	run=$(latest)
	mine "$run"
}

@test "the engine's own counts, from before the first request to after the last" {
	"$TOP/bench.sh" --local --requests 30 "${fast[@]}" "${fast_engine[@]}" >out
	run=$(latest)
	jq -se 'length >= 2 and .[0].requests_total == 0 and all(.source == "engine" and .engine == "vllm")' "$run/telemetry.jsonl"
	# every request and token that the records have, warm-ups included
	jq -e --slurpfile r "$run/responses.jsonl" '.engine.counted
		| .requests_total == ($r | length) and .ttft_count == ($r | length)
		and .output_tokens_total == ($r | map(.usage.completion_tokens) | add)
		and .prompt_tokens_total == ($r | map(.usage.prompt_tokens) | add)' "$run/analysis.json"
	jq -e '.plan.gpusample[0] == "gpusample" and (.not_measured | has("engine") | not)
		and .not_measured.gpu == "a simulated engine uses no GPU"' "$run/run.json"
	jq -e '.resources.avg_gpu_utilization == null' "$run/results.json"
	[ ! -e "$run/gpusample.pid" ]
}

@test "the engine's mean TTFT and ours tell of the same requests" {
	"$TOP/bench.sh" --local --requests 30 --warmup 0 --set prompts.file=null --input-tokens 8 --max-tokens 4 >out
	run=$(latest)
	# ours has the network and the client in it: never less, and on a loaded machine much more
	ours=$(jq -s 'map(.ttft_sent_ms // empty) | add / length' "$run/metrics.jsonl")
	jq -e --argjson ours "$ours" '.engine.ttft_mean_ms | . > 40 and . <= $ours + 0.001' "$run/analysis.json"
}

@test "--no-telemetry: nothing is sampled, and the reason is there; a resumed run keeps to it" {
	"$TOP/bench.sh" --local --no-telemetry --requests 10 "${fast[@]}" "${fast_engine[@]}" >out
	run=$(latest)
	[ -e "$run/telemetry.jsonl" ] && [ ! -s "$run/telemetry.jsonl" ]
	jq -e '.plan.gpusample == [] and .not_measured.gpu == "--no-telemetry was given"
		and (.not_measured.engine | endswith("--no-telemetry was given"))' "$run/run.json"
	jq -e '.engine == null and .gpus == []' "$run/analysis.json"
	sed -i '$d' "$run/responses.jsonl"
	"$TOP/bench.sh" --resume "$run" >out
	[ ! -s "$run/telemetry.jsonl" ]
}

@test "a server here, that is no simulation: this machine's GPUs (ABI test, no GPU seen)" {
	mkdir nvml
	gcc -std=c17 -shared -fPIC -o nvml/libnvidia-ml.so.1 "$TOP/tests/lib/fake_nvml.c"
	"$TOP/tests/lib/badserver.py" >url 3>&- &
	SERVER=$!
	wait_for 10 test -s url
	LD_LIBRARY_PATH=$PWD/nvml "$TOP/bench.sh" --url "$(<url)" --model good --rate 4 --arrival constant --requests 14 "${fast[@]}" >out
	kill "$SERVER"
	run=$(latest)
	jq -e '.resources.avg_gpu_utilization == 0.435' "$run/results.json" # 0.87 and 0
	jq -e '.engine == null and (.gpus | map(.device) == [0, 1]) and .gpus[0].power_w == 612.345' "$run/analysis.json"
	jq -e '(.not_measured | has("gpu") | not) and (.not_measured.engine | endswith("/metrics: HTTP 404"))' "$run/run.json"
}

@test "whose GPUs are ours: a server that we started, or at a loopback address" {
	# shellcheck disable=SC2016,SC2034 # for the inner shell
	here() {
		bash -c '. "$1/scripts/lib/telemetry.sh"; engine=$2 url=$3; on_this_machine' - "$TOP" "$@"
	}
	here sim http://10.0.0.1:8000
	here '' http://127.0.0.1:8000
	here '' http://127.1.2.3
	here '' https://localhost/base
	here '' 'http://[::1]:8000'
	run here '' http://10.0.0.1:8000
	[ "$status" = 1 ]
	run here '' http://127.0.0.1.example.com
	[ "$status" = 1 ]
	run here '' http://localhost.example.com:8000
	[ "$status" = 1 ]
}

@test "Ctrl-C: the sampler ends with the run, after a last sample" {
	in_background --local --requests 100 --concurrency 2 "${fast[@]}" --max-tokens 100 "${slow_engine[@]}"
	kill -TERM "$BENCH"
	wait "$BENCH" || [ $? = 130 ]
	gone
	[ ! -e "$run/gpusample.pid" ]
	jq -e '.engine.counted.requests_total > 0' "$run/analysis.json"
	jq -se '(.[-1].running == 0) and (map(.t_us) | . == sort)' "$run/telemetry.jsonl"
}

@test "kill -9 of bench.sh: the sampler ends when the requests have; --resume samples its own part" {
	local first
	in_background --local --requests 24 --concurrency 2 "${fast[@]}" --max-tokens 40 "${slow_engine[@]}"
	kill -9 "$BENCH"
	wait "$BENCH" || true
	wait_for 60 gone
	first=$(wc -l <"$run/telemetry.jsonl")
	"$TOP/bench.sh" --resume "$run" >out
	[ "$(wc -l <"$run/telemetry.jsonl")" -ge "$first" ]
	jq -se 'all(type == "object")' "$run/telemetry.jsonl"
	[ ! -e "$run/gpusample.pid" ]
}

@test "a sampler that dies does the run no harm" {
	in_background --local --requests 20 --concurrency 2 "${fast[@]}" --max-tokens 40 "${slow_engine[@]}"
	kill -9 "$PID"
	wait "$BENCH"
	jq -e '.status == "finished" and .ended_by == "requests"' "$run/run.json"
}
