#!/usr/bin/env bats
# scripts/lib/models.sh: what is known of a model by its name.
load lib/common
load lib/stack

# known LIST FILTER: of the models of the list.
known() {
	models "$1" | jq -c "$2"
}

@test "models: labels and the hash of names, as they have been for years" {
	same '["llama-3-1b","meta-lla-42119788-instruct"]' \
		"$(known meta-llama/Llama-3.2-1B-Instruct '.[0] | [.label, .modelid_label]')"
	same '["opt-1-125m","facebook-9292afac-opt-125m","opt"]' \
		"$(known facebook/opt-125m '.[0] | [.label, .modelid_label, .type]')"
	same '["qwen-3-0p6b",""]' "$(known Qwen/Qwen3-0.6B '.[0] | [.label, .type]')"
	same '["deepseek",""]' "$(known deepseek-ai/DeepSeek-R1-0528 '.[0] | [.kind, .parameters]')"
}

@test "models: the parts of a name" {
	local want
	want='{"model":"meta-llama/Llama-4-Scout-17B-16E-Instruct","served":"meta-llama/Llama-4-Scout-17B-16E-Instruct",'
	want+='"modelid":"meta-llama-llama-4-scout-17b-16e-instruct","label":"llama-4-17b",'
	want+='"kind":"llama","majorversion":"4","parameters":"17b","type":"instruct",'
	want+='"file":"meta-llama___Llama-4-Scout-17B-16E-Instruct","download":true}'
	same "$want" "$(known meta-llama/Llama-4-Scout-17B-16E-Instruct '.[0] | del(.name, .modelid_label)')"
	same '["mixtral-1-8x7b","8x7b","instruct"]' "$(known mistralai/Mixtral-8x7B-Instruct-v0.1 '.[0] | [.label, .parameters, .type]')"
	same '["qwen-2-7b","instruct"]' "$(known Qwen/Qwen2.5-7B-Instruct '.[0] | [.label, .type]')"
	same '["gpt2",""]' "$(known gpt2 '.[0] | [.kind, .parameters]')"
}

@test "models: two of one kind, version and size have names of their own" {
	local names
	names=$(known meta-llama/Llama-3.1-70B-Instruct,RedHatAI/Llama-3.3-70B-Instruct-FP8,meta-llama/Llama-3.1-70B_Instruct,a/b,a/b:x \
		'.[].name')
	[ "$(wc -l <<<"$names")" = 5 ] && [ "$(sort -u <<<"$names" | wc -l)" = 5 ]
}

@test "models: a name is one that Kubernetes takes, whatever the model is called" {
	local model name
	for model in A/B a/-x- Org_Name/Some_Model.v2 s3://bucket/a/b /data/Models/x.gguf x/ÄÖÜ--..--é a; do
		name=$(known "$model" '.[0].name' | jq -r .)
		[[ $name =~ ^[a-z]([-a-z0-9]*[a-z0-9])?$ && ${#name} -le 63 && $name != *--* ]] || {
			echo "$model: $name"
			return 1
		}
	done
}

@test "models: a file of a model has a name that a directory takes, one for each" {
	local long
	printf -v long '%0300d' 7
	same '[2,149,149]' "$(known "a/$long,b/$long" '[(map(.file) | unique | length), (.[].file | length)]')"
	same '"..___..___x"' "$(known ../../x '.[0].file')"
}

@test "models: NAME:ID is served as ID; a path and a URL are no names of Hugging Face" {
	same '["facebook/opt-125m","my-model"]' "$(known facebook/opt-125m:my-model '.[0] | [.model, .served]')"
	same '["s3://b/m",true,false]' "$(known s3://b/m '.[0] | [.model, .served == .model, .download]')"
	same '["s3://b/m","x"]' "$(known s3://b/m:x '.[0] | [.model, .served]')"
	same '["/data/m",false]' "$(known /data/m '.[0] | [.model, .download]')"
}

@test "models: blanks and empty places of a list are nothing; twice the same, or none, is 2" {
	same '["a/b","c/d"]' "$(known $' a/b ,,\n c/d,' 'map(.model)')"
	run --separate-stderr models a/b,c/d,a/b
	is 2 'LLMDBENCH_DEPLOY_MODEL_LIST: a/b: twice'
	run --separate-stderr models a/b,:c
	is 2 'LLMDBENCH_DEPLOY_MODEL_LIST: :c: expected MODEL or MODEL:ID'
	run --separate-stderr models ' , '
	is 2 'LLMDBENCH_DEPLOY_MODEL_LIST: no model'
}
