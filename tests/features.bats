#!/usr/bin/env bats
# vllm_features: each key at its place: an argument of the engine that is started, or compared
# with what the server reports, or said not to apply.  Never anything of a request.
load lib/common
load lib/bench

# judged KNOWN MODELS METRICS: what features.jq makes of the workload on stdin.
judged() {
	jq -c -f "$TOP/scripts/lib/features.jq" --argjson known "$1" --argjson models "$2" --arg metrics "$3"
}

# states: of the answer on stdin, "key state" a line.
states() {
	jq -r '.features[] | "\(.key) \(.state)"'
}

@test "the built-in engine gets what it can mean; the rest is said not to apply" {
	cat >p.yaml <<-'END'
		metadata: {name: mine, version: "2.0"}
		resources: {limits: {nvidia.com/gpu: 1}}
		vllm_features:
		  max_model_len: 4096
		  max_num_seqs: 3
		  enable_prefix_caching: true
		  block_size: 32
		  seed: 5
		  gpu_memory_utilization: 0.9
		  quantization: null
		  speculative_model: facebook/opt-125m
		  guided_decoding_backend: ""
		  enable_auto_tool_choice: false
		  port: 9
		  fault: "status=500"
	END
	run --separate-stderr "$TOP/bench.sh" --local --profile p.yaml --requests 3 "${fast[@]}" "${fast_engine[@]}"
	is 0 'ok 3' 'warning: vllm_features: not applied to this server: gpu_memory_utilization, speculative_model, port, fault'
	local run
	run=$(latest)
	same '["--max-model-len=4096","--max-num-seqs=3","--enable-prefix-caching","--block-size=32","--seed=5"]' \
		"$(jq -c '.server.args[:5]' "$run/run.json")"
	same '["gpu_memory_utilization","speculative_model","port","fault"]' "$(jq -c .not_applied "$run/run.json")"
	same 'max_model_len applied
max_num_seqs applied
enable_prefix_caching applied
block_size applied
seed applied
gpu_memory_utilization not applied
speculative_model not applied
port not applied
fault not applied' "$(states <"$run/run.json")"
	# The whole profile is in the run; nothing of this is in a request, or a command but the engine's.
	jq -e '.workload | .vllm_features.max_num_seqs == 3 and .resources.limits["nvidia.com/gpu"] == 1 and .metadata.version == "2.0"' "$run/run.json"
	run ! grep -E 'max_model_len|max_num_seqs|prefix_caching|speculative' "$run/requests.jsonl"
	[[ $(jq -r '.plan.genload + .plan.sendreq | join(" ")' "$run/run.json") != *max[-_]* ]]
}

@test "a server that was there is compared with what it reports" {
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms --max-model-len 5000 --enable-prefix-caching
	run --separate-stderr "$TOP/bench.sh" --url "$url" --requests 3 "${fast[@]}" --vllm-args \
		'--max-model-len 4096 --enable-prefix-caching --block-size 16 --quantization fp8 --no-enforce-eager'
	is 0 'not applied to this server: quantization' 'vllm_features.max_model_len: asked for 4096, the server has 5000'
	same 'max_model_len differs
enable_prefix_caching as asked
block_size as asked
quantization not applied' "$(states <"$(latest)/run.json")"
	same '["max_model_len","quantization"]' "$(field '.not_applied | tojson')"
}

@test "vLLM's own words: what its metrics tell" {
	local metrics
	metrics=$(grep '^vllm:cache_config_info{' "$DATA/metrics/vllm-0.32.0.prom")
	same 'gpu_memory_utilization as asked
block_size differs
kv_cache_dtype as asked
enable_prefix_caching differs
max_model_len as asked
max_num_seqs not applied' "$(jq -n '{vllm_features: {gpu_memory_utilization: 0.92, block_size: 16, kv_cache_dtype: "auto",
		enable_prefix_caching: false, max_model_len: 2048, max_num_seqs: 5, enforce_eager: false}}' |
		judged null '{"data": [{"id": "m", "max_model_len": 2048}]}' "$metrics" | states)"
	same '128' "$(jq -n '{vllm_features: {block_size: 16}}' | judged null null "$metrics" | jq '.features[0].reported')"
}

@test "how a value becomes an argument" {
	same '["--a=1","--b","--no-c","--d=x y","--e={\"f\":[1]}"]' "$(
		jq -n '{vllm_features: {a: 1, b: true, c: false, d: "x y", e: {f: [1]}, g: 7, h: false, i: null, j: "", model: "m"}}' |
			judged '["--a", "--b", "--no-c", "--d", "--e", "--h", "--model"]' null '' | jq -c .args
	)"
	same '{"args":[],"features":[]}' "$(jq -n '{}' | judged '[]' null '')"
}
