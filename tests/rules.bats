#!/usr/bin/env bats
# What validate.sh, and so bench.sh, says about a profile as a whole: each rule on both sides.
load lib/common
load lib/bench

# A profile of the caller's lines, with made-up prompts and a bound on replies unless they say so.
profile() {
	{
		printf 'prompts: {input_tokens: 4}\n'
		cat
	} >p.yaml
}

# says STATUS TEXT… -- ARG…: validating p.yaml with these arguments ends so and says each text.
says() {
	local want=$1 texts=()
	shift
	while [ "$1" != -- ]; do
		texts+=("$1")
		shift
	done
	run --separate-stderr "$TOP/scripts/validate.sh" --profile p.yaml "${@:2}"
	is "$want" "${texts[@]}"
}

# silent ARG…: valid, and nothing is said but that.
silent() {
	run --separate-stderr "$TOP/scripts/validate.sh" --profile p.yaml "$@"
	is 0
	same 'validate.sh: p.yaml: valid' "$stderr"
}

@test "several steps at a time need a bound on replies" {
	local feature
	for feature in 'num_scheduler_steps: 2' 'enable_chunked_prefill: true' 'use_v2_block_manager: true'; do
		profile <<<"vllm_features: {$feature}"
		says 2 "p.yaml:2:" "vllm_features.${feature%%:*}: needs request.max_tokens" --
		silent --max-tokens 9
		says 0 -- --set request.body.max_completion_tokens=9
		says 2 'needs request.max_tokens' -- --max-tokens 9 --set request.body.max_tokens=null
	done
	profile <<<'vllm_features: {num_scheduler_steps: 1, enable_chunked_prefill: false}'
	silent
	silent --vllm-args '--num-scheduler-steps 1'
	says 2 'command line: vllm_features.num_scheduler_steps: needs' -- --vllm-args '--num-scheduler-steps 8'
	run --separate-stderr "$TOP/bench.sh" --dry-run --local --profile p.yaml --vllm-args '--enable-chunked-prefill'
	is 2 'needs request.max_tokens'
}

@test "a quantization has to be one of the model's formats" {
	profile <<-'END'
		vllm_features:
		  quantization: fp8
		model_requirements: {compatible_formats: [gptq, awq]}
	END
	says 2 'p.yaml:3:17: vllm_features.quantization: fp8: not compatible with the model, whose formats are gptq, awq' --
	says 0 -- --set vllm_features.quantization=awq
	says 0 -- --set model_requirements.compatible_formats=fp8
	says 2 'not compatible' -- --set model_requirements.compatible_formats=gptq
	silent --set vllm_features.quantization=null
}

@test "a model has to fit into the GPU, where its memory is known" {
	profile <<<'model_size_hint: 7b'
	silent
	silent --gpu-memory-gb 16
	says 2 'p.yaml:2:18: model_size_hint: insufficient GPU memory: a model of 7b needs 16 GB, there are 15' -- --gpu-memory-gb 15
	profile <<<'validation_hints: {model_size_hint: 7b}'
	says 0 -- --gpu-memory-gb 4 --vllm-args '--quantization gptq'
	says 2 'needs 4 GB as gptq, there are 3' -- --gpu-memory-gb 3 --vllm-args '--quantization gptq'
	says 0 -- --gpu-memory-gb 8 --vllm-args '--quantization fp8'
	says 2 'needs 8 GB as fp8' -- --gpu-memory-gb 7 --vllm-args '--quantization fp8'
	local gb
	for gb in 24 40; do
		says 2 'insufficient GPU memory: a model of 70b needs 168 GB' -- --gpu-memory-gb "$gb" --set validation_hints.model_size_hint=70b
	done
	says 0 -- --gpu-memory-gb 80 --set validation_hints.model_size_hint=70b --vllm-args '--tensor-parallel-size 4'
	says 2 'needs 78 GB, there are 77' -- --gpu-memory-gb 77 --set validation_hints.model_size_hint=34b
	says 0 -- --gpu-memory-gb 78 --set validation_hints.model_size_hint=34b
	says 2 'big: expected billions of parameters' -- --set validation_hints.model_size_hint=big
	profile <<<'validation_hints: {gpu_memory_gb_min: 12}'
	says 2 'p.yaml:2:39: validation_hints.gpu_memory_gb_min: insufficient GPU memory: 12 GB are needed, there are 11.5' -- --gpu-memory-gb 11.5
	silent --gpu-memory-gb 12
	says 2 '--gpu-memory-gb: much: expected a number of GB' -- --gpu-memory-gb much
}

@test "the memory of this machine's smallest GPU counts, of an engine that runs here" {
	mkdir bin
	printf '#!/bin/sh\nprintf "81559\\n24564\\n"\n' >bin/nvidia-smi
	chmod +x bin/nvidia-smi
	profile <<<'model_size_hint: 13b'
	PATH=$PWD/bin:$PATH says 2 'a model of 13b needs 31 GB, there are 23' --
	PATH=$PWD/bin:$PATH silent --gpu-memory-gb 40
	PATH=$PWD/bin:$PATH run --separate-stderr "$TOP/bench.sh" --dry-run --url http://127.0.0.1:1 --profile p.yaml
	is 0
	printf '#!/bin/sh\necho "No devices were found"\n' >bin/nvidia-smi
	PATH=$PWD/bin:$PATH silent
}

@test "words of warning, which end nothing" {
	profile </dev/null
	silent --vllm-args '--quantization bitsandbytes'
	says 0 'warning: command line: vllm_features.quantization: fp8 needs an H100' 'valid' -- --vllm-args '--quantization fp8'
	says 0 'awq needs a model whose weights are quantized already' -- --vllm-args '--quantization=awq'
	says 0 'gptq needs a model whose weights' -- --vllm-args '--quantization gptq'
	says 0 'vllm_features.device: on the CPU' -- --vllm-args '--device cpu'
	silent --vllm-args '--device cuda'
	says 0 'command line: load_test.concurrency: 9 at a time, but 8 requests' -- --concurrency 9 --requests 8
	silent --concurrency 8 --requests 8
	silent --requests 8 # nobody said ten at a time
	silent --concurrency 9 --duration 5s
	silent --concurrency 9 --requests 8 --rate 4
	says 0 'request.max_tokens: 2049: over 2048' -- --max-tokens 2049
	silent --max-tokens 2048
	says 0 'one request at a time' -- --concurrency 1
	silent --concurrency 2
	silent --rate 1 --concurrency 1
	# gptq with one at a time and long replies: warnings only.
	says 0 'gptq' 'one request' 'over 2048' -- --vllm-args '--quantization gptq' --concurrency 1 --max-tokens 4096
	run --separate-stderr "$TOP/bench.sh" --dry-run --local --profile p.yaml --concurrency 1
	is 0 'bench.sh: warning: command line: load_test.concurrency: one request at a time'
}

@test "--vllm-args are read by words, with their values, over the profile's" {
	profile <<<'vllm_features: {max_model_len: 100, seed: 3}'
	run --separate-stderr "$TOP/scripts/validate.sh" --profile p.yaml --vllm-args \
		"--max-model-len 4096 --dtype=bfloat16 --enforce-eager --no-enable-prefix-caching --gpu-memory-utilization 0.85 --speculative-config '{\"model\": \"a b\", \"num_speculative_tokens\": 5}' --served-model-name \"my model\""
	is 0
	same '{"max_model_len":4096,"seed":3,"dtype":"bfloat16","enforce_eager":true,"enable_prefix_caching":false,"gpu_memory_utilization":0.85,"speculative_config":{"model":"a b","num_speculative_tokens":5},"served_model_name":"my model"}' \
		"$(jq -c .vllm_features <<<"$output")"
	says 2 'vllm_features.max_model_len: many: a string, not an integer' -- --vllm-args '--max-model-len many'
	says 2 '--vllm-args: c: one value for --a' -- --vllm-args '--a b c'
	says 2 '--vllm-args: c: --a=b has its value already' -- --vllm-args '--a=b c'
	says 2 '--vllm-args: x: not an option' -- --vllm-args 'x'
	says 2 '--vllm-args: a value is missing' -- --vllm-args
}

@test "yaml2json --where: the place of each value in its own file, or of its setting" {
	printf 'a: {b: 1}\nl: [1, 2]\n' >base.yaml
	printf 'extends: base.yaml\na:\n  c: x\n' >top.yaml
	same '{"a":{"b":"base.yaml:1:8","c":"top.yaml:3:6"},"l":"base.yaml:2:4","n":"--set:1:3"}' \
		"$(yaml2json --where --set n=5 top.yaml)"
	run --separate-stderr yaml2json --where missing.yaml
	is 2
	[ -z "$output" ]
}
