#!/usr/bin/env bats
# costcalc: what a run cost, against exact fractions; what is refused, and what stays null.
load lib/common

PRICES=$DATA/man/prices.yaml

# A run: one second by default.
run_record() {
	jq -nc '{window: {from_us: 1795330729000000, to_us: 1795330730000000, s: 1, parts: 1}, requests: {ok: 10},
		tokens: {input: 4000, output: 1000, input_from: "usage", output_from: "usage"}} | '"${1:-.}"
}

# cost FILTER [OPTION…]: jq's FILTER of the cost record of that run.
cost() {
	run --separate-stderr costcalc --prices "$PRICES" "${@:2}" <(run_record "${RUN-.}")
	output=$(jq -c "$1" <<<"$output")
}

# sample GPU UTIL [CHANGE]: a telemetry record half a second into the run.
sample() {
	jq -nc --arg uuid "$1" --argjson util "$2" '{t_us: 1795330729500000, source: "nvml", host: "h", device: 0,
		name: "NVIDIA A10", uuid: $uuid, util_ratio: $util} | '"${3:-.}"
}

@test "the record, to the digit" {
	run --separate-stderr costcalc --prices "$PRICES" --gpu 'NVIDIA A10' --gpus 2 --cpu 2000m --memory 8Gi <(run_record)
	is 0
	same '{"gpu":{"product":"NVIDIA A10","row":"NVIDIA-A10","count":2,"hourly_usd":1.1},"cpu":{"cores":2.0,"core_hourly_usd":0.04},"memory":{"bytes":8589934592,"gib":8.0,"gib_hourly_usd":0.005},"overhead_ratio":0.1,"window_s":1.0,"ok":10,"tokens":{"input":4000,"output":1000,"total":5000,"input_from":"usage","output_from":"usage"},"hour":{"gpu_usd":2.2,"cpu_usd":0.08,"memory_usd":0.04,"overhead_usd":0.232,"total_usd":2.552},"run":{"gpu_usd":0.000611111,"cpu_usd":2.2222e-5,"memory_usd":1.1111e-5,"overhead_usd":6.4444e-5,"total_usd":0.000708888},"per_request_usd":7.08888888888889e-5,"per_1k_tokens":{"input_usd":0.000177222222222222,"output_usd":0.000708888888888889,"total_usd":0.000141777777777778},"per_1m_tokens":{"input_usd":0.177222222222222,"output_usd":0.708888888888889,"total_usd":0.141777777777778},"idle":null,"text":{"cost_per_1k_tokens":"$0.00014","cost_per_1k_output_tokens":"$0.00071","hourly_cost":"$2.552","breakdown":{"gpu":"$2.420","cpu":"$0.088","memory":"$0.044"}},"not_measured":{"idle":"the use of the server'"'"'s GPUs was not measured"}}' "$output"
}

@test "against exact fractions: 300 servers, 20 runs each" {
	run python3 "$TOP/tests/oracle/cost.py" "${SEED:-1}" 300
	is 0 '36000 figures compared'
}

@test "money in the documented form: two decimals an hour, four for a thousand tokens" {
	printf '%s\n' 'gpu: {G: 1.8}' 'cpu: {hourly_per_core: 0.225}' 'memory: {hourly_per_gib: 0.025}' >p.yaml
	run --separate-stderr costcalc --prices p.yaml --gpu G --cpu 2 --memory 8Gi <(run_record '.tokens.input = 290000')
	is 0
	same '{"cost_per_1k_tokens":"$0.0000023","cost_per_1k_output_tokens":"$0.00068","hourly_cost":"$2.45","breakdown":{"gpu":"$1.80","cpu":"$0.45","memory":"$0.20"}}' "$(jq -c .text <<<"$output")"
	run --separate-stderr costcalc --prices p.yaml --gpu G --cpu 2 --memory 8Gi <(run_record '.tokens = {input: 200, output: 96}')
	same '"$0.0023"' "$(jq -c .text.cost_per_1k_tokens <<<"$output")"
}

@test "what is shown adds up, where plain rounding would not" {
	# A third of a cent each: rounded one by one they would be a cent less than their sum.
	printf '%s\n' 'gpu: {G: 0.333333333}' 'cpu: {hourly_per_core: 0.333333333}' 'memory: {hourly_per_gib: 0.333333333}' >p.yaml
	run --separate-stderr costcalc --prices p.yaml --gpu G --cpu 1 --memory 1Gi <(run_record)
	same '["$1.00",{"gpu":"$0.33","cpu":"$0.34","memory":"$0.33"}]' "$(jq -c '[.text.hourly_cost, .text.breakdown]' <<<"$output")"
}

@test "nobody said which GPU: every amount is null, with the reason; the default is not taken" {
	printf 'gpu: {default: 9, G: 1}\n' >p.yaml
	run --separate-stderr costcalc --prices p.yaml --cpu 4 --memory 8Gi <(run_record)
	is 0
	jq -e '([.hour[], .run[], .per_1k_tokens[], .per_1m_tokens[], .per_request_usd, .idle, .text.hourly_cost, .text.breakdown[]] | all(. == null))
		and .gpu.product == null and .not_measured == {cost: "the GPU of this server is not known"}' <<<"$output"
	run --separate-stderr costcalc --prices p.yaml --gpu default <(run_record)
	same '["default",9]' "$(jq -c '[.gpu.row, .hour.total_usd]' <<<"$output")"
}

@test "a server without a GPU costs its CPU and its memory" {
	cost '[.hour.gpu_usd, .hour.total_usd, .not_measured]' --gpus 0 --cpu 10 --memory 10Gi
	same '[0,0.495,{"idle":"the server has no GPU"}]' "$output"
	cost '[.hour.total_usd, .not_measured]' --gpus 0
	same '[null,{"cost":"neither the CPU nor the memory of this server is known and priced"}]' "$output"
}

@test "CPU and memory that nobody described: null with the reason, and the rest is the sum" {
	cost '[.hour.cpu_usd, .hour.memory_usd, .hour.total_usd, .text.breakdown, .not_measured.cpu, .not_measured.memory]' --gpu NVIDIA-A10
	same '[null,null,1.21,{"gpu":"$1.21","cpu":null,"memory":null},"the CPU of this server is not known","the memory of this server is not known"]' "$output"
	printf 'gpu: {G: 1}\n' >p.yaml
	PRICES=p.yaml cost '[.hour.total_usd, .not_measured.cpu, .not_measured.memory]' --gpu G --cpu 1 --memory 1Gi
	same '[1,"cpu.hourly_per_core has no price","memory.hourly_per_gib has no price"]' "$output"
}

@test "no ok request, no tokens, no window: null with the reason" {
	RUN='.requests.ok = 0 | .tokens = {input: null, output: null}' cost '[.per_request_usd, .per_1k_tokens.total_usd, .run.total_usd > 0, .not_measured.per_request, .not_measured["per_tokens.total"]]' --gpu NVIDIA-A10
	same '[null,null,true,"no request was ok","no request was ok"]' "$output"
	RUN='.tokens.input = null' cost '[.per_1k_tokens, .not_measured["per_tokens.input"], .not_measured["per_tokens.total"]]' --gpu NVIDIA-A10
	same '[{"input_usd":null,"output_usd":0.000336111111111111,"total_usd":null},"the tokens are not known","the tokens are not known"]' "$output"
	RUN='.tokens.output = 0' cost '[.per_1k_tokens.output_usd, .not_measured["per_tokens.output"]]' --gpu NVIDIA-A10
	same '[null,"there were no tokens"]' "$output"
	run --separate-stderr bash -c 'runsum </dev/null | costcalc --prices "$1" --gpu NVIDIA-A10' - "$PRICES"
	is 0
	same '[1.21,null,"the run has no window: no request was sent"]' "$(jq -c '[.hour.total_usd, .run.total_usd, .not_measured.run]' <<<"$output")"
}

@test "a product without a price: the nearest name where it stands, exit 2, and nothing written" {
	local product
	for product in NVIDIA-A100-SXM4-80GB NVIDIA-A100 NVIDIA-A1 nvidia-a10 default; do
		run --separate-stderr costcalc --prices "$PRICES" --gpu "$product" <(run_record)
		is 2 "costcalc: $PRICES:"
		[ -z "$output" ]
	done
	run --separate-stderr costcalc --prices "$PRICES" --gpu NVIDIA-A100-80G
	is 2 "costcalc: $PRICES:3:3: no price for the GPU NVIDIA-A100-80G; the nearest name is NVIDIA-A100-80GB"
	run --separate-stderr costcalc --prices "$PRICES" --gpu H200
	is 2 "costcalc: $PRICES:2:3: no price for the GPU H200, and no name like it"
	# Before anything is read.
	run --separate-stderr costcalc --prices "$PRICES" --gpu H200 </dev/null
	is 2
}

@test "mistakes in the prices: all of them, each with file, line and column" {
	cat >p.yaml <<-'END'
		gpu:
		  A: -1
		  B: free
		gpus: {}
		cpu:
		  hourly_per_cores: 1
		memory: 3
		overhead: {fraction: "0.1"}
		calculation: {use_requests: maybe}
	END
	run --separate-stderr costcalc --prices p.yaml
	is 2 'p.yaml:2:6: gpu.A: -1: must be at least 0' 'p.yaml:3:6: gpu.B: free: a string, not a number' \
		'p.yaml:4:1: gpus: unknown key' 'p.yaml:6:3: cpu.hourly_per_cores: unknown key (did you mean hourly_per_core?)' \
		'p.yaml:7:9: memory: 3: an integer, not a map' 'p.yaml:8:22: overhead.fraction: 0.1: a string, not a number' \
		'p.yaml:9:29: calculation.use_requests: maybe: a string, not a boolean'
	printf '%s\n' 'gpu: {NVIDIA-A10: 1, default: 2}' 'products:' '  X: NVIDIA-A11' '  Y: default' 'server: {cpu: 2 cores, memory: 8gb}' \
		'calculation: {include_sidecars: true}' >p.yaml
	run --separate-stderr costcalc --prices p.yaml
	is 2 'p.yaml:3:6: products.X: NVIDIA-A11: no such row of gpu (did you mean NVIDIA-A10?)' 'p.yaml:4:6: products.Y: default: only for' \
		'p.yaml:5:15: server.cpu: 2 cores: no such unit' 'p.yaml:5:32: server.memory: 8gb: no such unit' \
		'p.yaml:6:33: calculation.include_sidecars: true: sidecars are not counted'
	printf '{"gpu": {"A": 1}\n' >p.json
	run --separate-stderr costcalc --prices p.json
	is 2 'costcalc: p.json:2:'
	run --separate-stderr costcalc --prices nosuch.yaml
	is 2 'costcalc: nosuch.yaml: No such file or directory'
}

@test "prices extend others, and a null takes back a row" {
	printf 'extends: %s\ngpu: {NVIDIA-A10: null, MINE: 0.5}\nproducts: {NVIDIA A10: null}\n' "$PRICES" >p.yaml
	PRICES=p.yaml cost '[.hour.total_usd]' --gpu MINE
	same '[0.55]' "$output"
	run --separate-stderr costcalc --prices p.yaml --gpu NVIDIA-A10
	is 2
	run --separate-stderr costcalc --prices p.yaml --gpu NVIDIA-A100-80GC
	is 2 "costcalc: $PRICES:3:3: "
}

@test "a server may stand in the prices; options go over it" {
	printf 'extends: %s\nserver: {gpu: NVIDIA-A10, gpus: 4, cpu: 8, memory: 32Gi}\n' "$PRICES" >p.yaml
	PRICES=p.yaml cost '[.gpu.count, .cpu.cores, .memory.gib, .hour.total_usd]'
	same '[4,8,32,5.368]' "$output"
	PRICES=p.yaml cost '[.gpu.count, .cpu.cores, .memory.gib]' --gpus 1 --cpu 500m --memory 1Gi
	same '[1,0.5,1]' "$output"
}

@test "telemetry says which GPU it is, and how idle it was" {
	{
		sample GPU-1 0.75
		sample GPU-1 0.25
		sample GPU-1 1 '.t_us = 1795330739000000' # after the run
		jq -nc '{t_us: 1795330729500000, source: "engine", host: "h", engine: "vllm", running: 3}'
	} >t.jsonl
	cost '[.gpu.product, .gpu.count, .hour.gpu_usd, .run.gpu_usd, .idle]' --telemetry t.jsonl
	same '["NVIDIA A10",1,1.1,0.000305556,{"gpu_ratio":0.5,"gpu_usd":0.000152778}]' "$output"
	# What somebody said counts; whose GPUs these are is then settled by their number.
	cost '[.gpu.row, .gpu.count, .idle, .not_measured.idle]' --telemetry t.jsonl --gpu NVIDIA-A100-80GB --gpus 2
	same '["NVIDIA-A100-80GB",2,null,"the telemetry is not of the server'"'"'s GPUs alone"]' "$output"
}

@test "telemetry that does not say which GPUs serve: null, with the reason" {
	{
		sample GPU-1 0.5
		sample GPU-2 0.5
	} >t.jsonl
	cost '[.hour.total_usd, .not_measured]' --telemetry t.jsonl
	same '[null,{"cost":"the telemetry is of several GPUs: --gpus has to say how many of them serve"}]' "$output"
	cost '[.hour.gpu_usd, .idle.gpu_ratio]' --telemetry t.jsonl --gpus 2
	same '[2.2,0.5]' "$output"
	cost '[.hour.gpu_usd, .idle]' --telemetry t.jsonl --gpus 1
	same '[1.1,null]' "$output"
	cost '.not_measured.cost' --telemetry t.jsonl --gpus 3
	[[ $output == *"fewer GPUs"* ]]
	sample GPU-3 0.5 '.name = "NVIDIA L4"' >>t.jsonl
	cost '.not_measured.cost' --telemetry t.jsonl --gpus 2
	[[ $output == *"several products"* ]]
	sample GPU-1 0 '.mig = true | del(.util_ratio)' >t.jsonl
	cost '.not_measured.cost' --telemetry t.jsonl
	[[ $output == *"partitioned (MIG)"* ]]
	sample GPU-1 0 '.name = "NVIDIA L4"' >t.jsonl
	cost . --telemetry t.jsonl
	is 2 'no price for the GPU NVIDIA L4'
	: >t.jsonl
	cost '.not_measured.cost' --telemetry t.jsonl
	same '"the GPU of this server is not known"' "$output"
	printf '{"t_us":1}\n' >t.jsonl
	run --separate-stderr costcalc --prices "$PRICES" --telemetry t.jsonl <(run_record)
	is 1 'costcalc: t.jsonl:1: not a telemetry record'
	run --separate-stderr costcalc --prices "$PRICES" --telemetry nosuch <(run_record)
	is 2 'costcalc: nosuch: '
}

@test "what else a run record says passes through; what is no run record is bad" {
	RUN='. + {tags: {shard: 1}, ok: 3, client: null}' cost '[.tags, .ok, has("client")]' --gpu NVIDIA-A10
	same '[{"shard":1},10,false]' "$output"
	printf '%s\n' '{"id":1}' '{"window":{"s":-1},"requests":{},"tokens":{}}' '{"window":{"s":1},"requests":{"ok":1.5},"tokens":{}}' \
		'{"window":{"s":1},"requests":{},"tokens":{"input":"3"}}' 'x' >bad.jsonl
	run_record >>bad.jsonl
	run --separate-stderr costcalc --prices "$PRICES" --gpu NVIDIA-A10 bad.jsonl
	is 1 'bad.jsonl:1: not a run record: ' 'bad.jsonl:2: window.s: ' 'bad.jsonl:3: requests.ok: not a count' \
		'bad.jsonl:4: tokens.input: not a count' 'bad.jsonl:5:1: not JSON'
	[ "$(wc -l <<<"$output")" = 1 ]
}

@test "wrong use" {
	run --separate-stderr costcalc
	is 2 '--prices is missing'
	run --separate-stderr costcalc --prices "$PRICES" --gpus -1
	is 2 '--gpus: -1: too small'
	run --separate-stderr costcalc --prices "$PRICES" --memory 8GB
	is 2 '--memory: 8GB: no such unit (n u m k M G T P E, or Ki Mi Gi Ti Pi Ei)'
	run --separate-stderr costcalc --prices "$PRICES" --pricse x
	is 2 'did you mean --prices?'
	run --separate-stderr costcalc --prices "$PRICES" --gpu NVIDIA-A10 --gpus 1M --cpu 1G
	is 0
	cost . --gpu NVIDIA-A100-80GB --gpus 1M --cpu 1G --memory 1Pi
	is 0
	printf 'gpu: {G: 1000000}\n' >p.yaml
	PRICES=p.yaml cost . --gpu G --gpus 1M
	is 1 'the cost is above 1000000000 dollars'
}

@test "the shipped prices are valid, dated, and every row and name has a price" {
	local name
	run --separate-stderr costcalc --prices "$TOP/scenarios/cost.yaml" </dev/null
	is 0
	grep -q '^# .*sample prices of 20' "$TOP/scenarios/cost.yaml"
	while read -r name; do
		run --separate-stderr costcalc --prices "$TOP/scenarios/cost.yaml" --gpu "$name" </dev/null
		is 0
	done < <(yaml2json "$TOP/scenarios/cost.yaml" | jq -r '.gpu, .products | keys[]')
	# What the old tool took for an A10 by likeness.
	run --separate-stderr costcalc --prices "$TOP/scenarios/cost.yaml" --gpu NVIDIA-A100-SXM4-80GB <(run_record)
	same 4.9 "$(jq .hour.gpu_usd <<<"$output")"
}
