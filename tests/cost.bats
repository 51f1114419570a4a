#!/usr/bin/env bats
# cost.sh, and the pricing of bench.sh's runs: what is priced by what, and what stays null.
load lib/common
load lib/run_dir
load lib/bench

setup_file() {
	export RUN=$BATS_FILE_TMPDIR/run
	unset KVMINI_COST_CONFIG
	make_run "$RUN" --requests 40 --slots 4 --fail 9
}

cost() {
	run --separate-stderr "$TOP/scripts/cost.sh" "$@"
}

# priced FILTER: of the run r's results.json.
priced() {
	jq -c "$1" r/results.json
}

SERVER=(--gpu NVIDIA-H100-80GB --gpus 1 --cpu 2 --memory 8Gi)

@test "a run: a table for people, cost.json, and the cost block of results.json" {
	cp -r "$RUN" r
	cost --run-dir r "${SERVER[@]}"
	is 0 'r/cost.json' '1 x NVIDIA-H100-80GB, 2 cores, 8.00 GiB' 'scenarios/cost.yaml'
	[ "$(grep -c 'GPU  *6.500000' <<<"$output")" = 1 ]
	same '["$7.282",{"gpu":"$7.150","cpu":"$0.088","memory":"$0.044"}]' "$(priced '.cost | [.hourly_cost, .breakdown]')"
	[[ $(priced .cost.cost_per_1k_tokens) =~ ^\"\$0\.[0-9]{4,}\"$ ]]
	jq -e '.not_measured | keys | map(select(startswith("cache.") | not)) == ["energy", "resources"]' r/run.json
	# Nothing else of it changed.
	same "$(jq -S 'del(.cost)' "$RUN/results.json")" "$(jq -S 'del(.cost)' r/results.json)"
	cmp r/analysis.json "$RUN/analysis.json"
	[ "$(stat -c %Y r)" = "$(stat -c %Y "$RUN")" ] || [ -z "$(find r -name '.*')" ]
}

@test "cost per token is the hour's price over the window and the tokens, by another reader" {
	cp -r "$RUN" r
	cost --run-dir r "${SERVER[@]}"
	python3 - <<-'EOF'
		import json
		runsum, cost = json.load(open("r/runsum.json")), json.load(open("r/cost.json"))
		total = (6.5 + 2 * 0.04 + 8 * 0.005) * 1.1 * runsum["window"]["s"] / 3600
		t = runsum["tokens"]
		for n, key in ((t["input"], "input_usd"), (t["output"], "output_usd"), (t["input"] + t["output"], "total_usd")):
		    assert abs(cost["per_1k_tokens"][key] * n / 1000 / total - 1) < 1e-9
		    assert abs(cost["per_1m_tokens"][key] * n / 1e6 / total - 1) < 1e-9
		assert abs(cost["per_request_usd"] * runsum["requests"]["ok"] / total - 1) < 1e-9
		assert runsum["requests"]["ok"] < runsum["requests"]["total"]
		text = json.load(open("r/results.json"))["cost"]["cost_per_1k_tokens"]
		assert abs(float(text.lstrip("$")) / cost["per_1k_tokens"]["total_usd"] - 1) < 0.05
	EOF
}

@test "what was typed for a run counts the next time; results.sh keeps the prices of the run" {
	cp -r "$RUN" r
	cost --run-dir r "${SERVER[@]}"
	cp r/results.json before.json
	printf 'gpu: {NVIDIA-H100-80GB: 1}\n' >cost.yaml
	"$TOP/scripts/results.sh" --run-dir r
	cmp r/results.json before.json
	cost --run-dir r # by the cost.yaml that is here now
	is 0
	same '["$1.00",{"gpu":"$1.00","cpu":null,"memory":null}]' "$(priced '.cost | [.hourly_cost, .breakdown]')"
	jq -e '.not_measured | ."cost.breakdown.cpu" == "cpu.hourly_per_core has no price" and (has("cost") | not)' r/run.json
}

@test "--output: the run stays as it is" {
	cp -r "$RUN" r
	cost --run-dir r "${SERVER[@]}" --output c.json
	is 0 'c.json'
	jq -e '.hour.total_usd == 7.282' c.json
	diff -r r "$RUN"
	cost --run-dir r "${SERVER[@]}" --output nowhere/c.json
	is 4 'nowhere/c.json: cannot be written'
}

@test "the parent of runs means the latest; what is missing is computed first" {
	mkdir runs
	python3 "$TOP/tests/oracle/rundir.py" runs/2026-01-01_00-00-00-a --requests 5 --slots 1
	python3 "$TOP/tests/oracle/rundir.py" runs/2026-01-02_00-00-00-a --requests 5 --slots 1
	cost --run-dir runs "${SERVER[@]}"
	is 0 'runs/2026-01-02_00-00-00-a/cost.json'
	jq -e '.cost.hourly_cost == "$7.282"' runs/2026-01-02_00-00-00-a/results.json
	[ ! -e runs/2026-01-01_00-00-00-a/cost.json ]
}

@test "nobody said which GPU: null, the reason in run.json, exit 0" {
	cp -r "$RUN" r
	cost --run-dir r
	is 0 'cost: not measured: the GPU of this server is not known'
	same '{"cost_per_1k_tokens":null,"cost_per_1k_output_tokens":null,"hourly_cost":null,"breakdown":{"gpu":null,"cpu":null,"memory":null}}' "$(priced .cost)"
	jq -e '.not_measured.cost == "the GPU of this server is not known"' r/run.json
}

@test "prices: the flag, the variable, cost.yaml here, the shipped ones" {
	local name
	cp -r "$RUN" r
	for name in flag variable here; do printf 'gpu: {G-%s: 1}\n' "$name" >"$name.yaml"; done
	mv here.yaml cost.yaml
	cost --run-dir r --gpu G-here
	is 0
	KVMINI_COST_CONFIG=variable.yaml cost --run-dir r --gpu G-variable
	is 0
	KVMINI_COST_CONFIG=variable.yaml cost --run-dir r --gpu G-flag --cost-config flag.yaml
	is 0 'by the prices of flag.yaml'
	KVMINI_COST_CONFIG=cost.yaml cost --run-dir r --gpu G-here
	is 0
	rm cost.yaml
	KVMINI_COST_CONFIG=cost.yaml cost --run-dir r --gpu NVIDIA-A10
	is 0 'by the prices of scenarios/cost.yaml'
	cost --run-dir r --cost-config nosuch.yaml
	is 2 'nosuch.yaml: no such file; --cost-config or KVMINI_COST_CONFIG names the prices'
	KVMINI_COST_CONFIG=nosuch.yaml cost --run-dir r
	is 2 'nosuch.yaml: no such file'
}

@test "a product without a price, and mistakes in cost.yaml: exit 2 with the line, and nothing changes" {
	cp -r "$RUN" r
	cost --run-dir r --gpu NVIDIA-A100-80G
	is 2 'cost.yaml:12:3: no price for the GPU NVIDIA-A100-80G; the nearest name is NVIDIA-A100-80GB'
	printf 'gpu: {NVIDIA-A10: -1}\ncpus: {}\n' >cost.yaml
	cost --run-dir r
	is 2 'cost.yaml:1:19: gpu.NVIDIA-A10: -1: must be at least 0' 'cost.yaml:2:1: cpus: unknown key (did you mean cpu?)'
	diff -r r "$RUN"
}

# with_telemetry FILTER GPU…: the run r, whose run.json jq changes, with samples of these products.
with_telemetry() {
	local n=0 name filter=$1
	rm -rf r
	cp -r "$RUN" r
	jq "$filter" "$RUN/run.json" >r/run.json
	shift
	for name; do
		jq -c --arg name "$name" --argjson n "$n" '{t_us: (.window.from_us + 1000), source: "nvml", host: "bench-1", device: $n,
			name: $name, uuid: "GPU-\($n)", util_ratio: 0.75}' "$RUN/runsum.json"
		n=$((n + 1))
	done >r/telemetry.jsonl
}

@test "telemetry of this machine names the GPU of a server on it" {
	with_telemetry . 'NVIDIA A10'
	"$TOP/scripts/results.sh" --run-dir r
	same '"$1.21"' "$(priced .cost.hourly_cost)"
	jq -e '.idle.gpu_ratio == 0.25 and .gpu.count == 1' r/cost.json
	jq -e '.server.gpu == "NVIDIA A10"' r/prices.json
	"$TOP/scripts/results.sh" --run-dir r
	same '"$1.21"' "$(priced .cost.hourly_cost)"
}

@test "telemetry that is not of the server, or not of one product, prices nothing" {
	local change
	for change in '.server.simulated = true' '.url = "http://10.1.2.3:8000"' '.url = "http://127.0.0.1.example.com"'; do
		with_telemetry "$change" 'NVIDIA A10'
		"$TOP/scripts/results.sh" --run-dir r
		same null "$(priced .cost.hourly_cost)"
		jq -e '.not_measured.cost == "the GPU of this server is not known"' r/run.json
	done
	with_telemetry . 'NVIDIA A10' # which did nothing
	sed -i 's/"util_ratio":0.75/"util_ratio":0.02/' r/telemetry.jsonl
	"$TOP/scripts/results.sh" --run-dir r
	same null "$(priced .cost.hourly_cost)"
	with_telemetry . 'NVIDIA A10' # before the run
	sed -i 's/"t_us":[0-9]*/"t_us":1795330728000000/' r/telemetry.jsonl
	"$TOP/scripts/results.sh" --run-dir r
	same null "$(priced .cost.hourly_cost)"
	with_telemetry . 'NVIDIA A10' 'NVIDIA A10'
	"$TOP/scripts/results.sh" --run-dir r
	same null "$(priced .cost.hourly_cost)"
	jq -e '.not_measured.cost | startswith("the telemetry is of several GPUs: --gpus")' r/run.json
	cost --run-dir r --gpus 2
	is 0
	same '"$2.42"' "$(priced .cost.hourly_cost)"
}

@test "of several GPUs those that worked in the run are the server's" {
	with_telemetry . 'NVIDIA A10' 'NVIDIA A10' 'NVIDIA L4'
	sed -i '2,3s/"util_ratio":0.75/"util_ratio":0.01/' r/telemetry.jsonl
	"$TOP/scripts/results.sh" --run-dir r
	same '"$1.21"' "$(priced .cost.hourly_cost)"
	jq -e '.gpu.count == 1 and .idle.gpu_ratio == 0.25' r/cost.json
}

@test "a torn line in the telemetry is left out" {
	with_telemetry . 'NVIDIA A10'
	printf '{"t_us":17953' >>r/telemetry.jsonl
	run --separate-stderr "$TOP/scripts/results.sh" --run-dir r
	same '"$1.21"' "$(priced .cost.hourly_cost)"
}

@test "a GPU of the telemetry that has no price: results.sh says so and goes on, cost.sh exits 2" {
	with_telemetry . 'NVIDIA A10G'
	run --separate-stderr "$TOP/scripts/results.sh" --run-dir r
	is 0 'no price for the GPU NVIDIA A10G; the nearest name is NVIDIA A10'
	same null "$(priced .cost.hourly_cost)"
	jq -e '.not_measured.cost | contains("no price for the GPU NVIDIA A10G")' r/run.json
	cost --run-dir r
	is 2 'no price for the GPU NVIDIA A10G'
}

@test "the profile's resources: requests, or limits where the prices say so" {
	cp -r "$RUN" r
	jq '.workload.resources = {requests: {cpu: "2000m", memory: "8Gi", "nvidia.com/gpu": 1}, limits: {cpu: 4, memory: "16Gi", "nvidia.com/gpu": 1}}' \
		"$RUN/run.json" >r/run.json
	cost --run-dir r --gpu NVIDIA-A10
	jq -e '[.gpu.count, .cpu.cores, .memory.gib] == [1, 2, 8]' r/cost.json
	printf 'extends: %s\ncalculation: {use_requests: false}\n' "$TOP/scenarios/cost.yaml" >cost.yaml
	cost --run-dir r
	jq -e '[.gpu.count, .cpu.cores, .memory.gib] == [1, 4, 16]' r/cost.json
	cost --run-dir r --cpu 500m --memory 1Gi --gpus 3
	jq -e '[.gpu.count, .cpu.cores, .memory.gib] == [3, 0.5, 1]' r/cost.json
}

@test "how many GPUs: a request that is only a limit, MIG slices, several kinds, an engine that is spread" {
	local change want
	while read -r want change; do
		rm -rf r
		cp -r "$RUN" r
		jq "$change" "$RUN/run.json" >r/run.json
		cost --run-dir r --gpu NVIDIA-A10
		is 0
		same "$want" "$(jq .gpu.count r/cost.json)"
	done <<-'END'
		4 .workload.resources = {requests: {cpu: 1}, limits: {"nvidia.com/gpu": "4"}}
		2 .workload.resources = {requests: {"nvidia.com/mig-1g.10gb": 2}}
		1 .workload.resources = {requests: {"nvidia.com/gpu": 2, "amd.com/gpu": 3}}
		1 .workload.resources = {requests: {"nvidia.com/gpu.shared": 7}}
		8 .workload.vllm_features = {tensor_parallel_size: 4, pipeline_parallel_size: 2}
		1 .workload.vllm_features = {tensor_parallel_size: 4} | .not_applied = ["tensor_parallel_size"]
		2 .workload.vllm_features = {tensor_parallel_size: 4} | .workload.resources = {requests: {"nvidia.com/gpu": 2}}
		1 .workload.resources = null | .workload.vllm_features = null
	END
	cost --run-dir r --gpu '' --gpus 0 --cpu 10
	is 0
}

@test "a live service without a cluster: null with the reason, exit 0" {
	KUBECONFIG=$PWD/none cost --namespace ml-prod --service demo-llm --duration 24 --cost-config cost.yaml --output o.json
	is 0 'ml-prod/demo-llm, by the prices of scenarios/cost.yaml' 'not measured: pods of ml-prod/demo-llm in the last 24 hours: '
	jq -e '.namespace == "ml-prod" and .service == "demo-llm" and .duration_h == 24 and .recorded_h == 0
		and ([.hour[], .run[], .text.hourly_cost] | all(. == null)) and (.not_measured.cost | contains("in the last 24 hours"))' o.json
	# What an hour costs can be said when the server is named; what the hours cost cannot.
	KUBECONFIG=$PWD/none KVMINI_NAMESPACE=team cost --service demo-llm --gpu NVIDIA-A10 --output o.json
	is 0 'team/demo-llm'
	jq -e '.hour.total_usd == 1.21 and .run.total_usd == null and (.not_measured.run | startswith("pods of team/demo-llm in the last 24 hours"))' o.json
	cost --service demo-llm --gpu H200
	is 2 'no price for the GPU H200'
}

@test "bench.sh: a run is priced by --gpu and the profile's resources; the summary says so" {
	start_sim --time-to-first-token 2ms --inter-token-latency 1ms
	run --separate-stderr "$TOP/bench.sh" --url "$url" --requests 10 "${fast[@]}" --gpu NVIDIA-A100-SXM4-80GB \
		--set resources.requests.cpu=2000m --set resources.requests.memory=8Gi --set 'resources.requests.nvidia\.com/gpu=2'
	is 0 ' an hour, $'
	grep -Eq '^  cost +\$10\.912 an hour, \$[0-9.]+ per 1K tokens$' <<<"$output"
	run --separate-stderr "$TOP/scripts/report.sh" --run-dir runs --format markdown
	is 0 '- cost: $10.912 an hour, $'
	jq -e '.cost.hourly_cost == "$10.912" and .cost.breakdown.gpu == "$10.780"' "$(latest)/results.json"
	[ "$(field '.not_measured | has("cost")')" = false ]
	[ "$(field .flags.gpu)" = NVIDIA-A100-SXM4-80GB ]
	jq -e '.gpu.row == "NVIDIA-A100-80GB"' "$(latest)/cost.json"
}

@test "bench.sh: without a product every cost is null, also for --local; the default is not taken" {
	run --separate-stderr "$TOP/bench.sh" --local --requests 5 "${fast[@]}" "${fast_engine[@]}"
	is 0
	jq -e '.cost == {cost_per_1k_tokens: null, cost_per_1k_output_tokens: null, hourly_cost: null, breakdown: {gpu: null, cpu: null, memory: null}}' "$(latest)/results.json"
	[ "$(field .not_measured.cost)" = "the GPU of this server is not known" ]
	[[ $output != *$'\n  cost '* ]]
}

@test "bench.sh: wrong prices, products and quantities end it before anything is sent" {
	run --separate-stderr "$TOP/bench.sh" --local --gpu NVIDIA-A100-80G
	is 2 'cost.yaml:12:3: no price for the GPU NVIDIA-A100-80G; the nearest name is NVIDIA-A100-80GB'
	run --separate-stderr "$TOP/bench.sh" --local --dry-run --gpu H200
	is 2 'no price for the GPU H200'
	run --separate-stderr "$TOP/bench.sh" --local --gpu NVIDIA-A10 --gpus two
	is 2 '--gpus: two: expected a whole number'
	run --separate-stderr "$TOP/bench.sh" --local --set resources.requests.memory=8gb
	is 2 'standard.yaml: resources: 8gb: no such unit'
	run --separate-stderr "$TOP/bench.sh" --local --cost-config nosuch.yaml
	is 2 'nosuch.yaml: no such file'
	printf 'gpu: [1]\n' >cost.yaml
	run --separate-stderr "$TOP/bench.sh" --local
	is 2 'cost.yaml:1:6: gpu: a list, not a map'
	[ ! -e runs ]
}

@test "wrong use" {
	cost
	is 2 'of what?  Give --run-dir DIR or --service NAME'
	cost --run-dir "$RUN" --service x
	is 2 'either --run-dir, or --service'
	cost --run-dir nowhere
	is 2 'nowhere: no such directory'
	cost --service x --duration 0
	is 2 '--duration: 0: expected hours'
	cost --service x --duration 24h
	is 2 '--duration: 24h: expected hours'
	cost --run-dir "$RUN" --memory 8GB
	is 2 '--memory: 8GB: no such unit'
	cost --run-dir "$RUN" --cost-confg x
	is 2 'did you mean --cost-config'
	cost --run-dir "$RUN" more
	is 2 'more: unexpected'
}
