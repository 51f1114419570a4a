#!/usr/bin/env bats
# The documented interface of bench.sh and what comes after it: each command line as it is
# written there, each flag, variable, exit status and quoted message.  bench/promises.tsv is
# the list, item by item; bench_profile.bats and bench_output.bats have the rest.

load ../lib/common
load ../lib/bench
load ../lib/kubectl

# The command lines begin with ./bench.sh and ./scripts, as in a clone.
links() {
	ln -s "$TOP/bench.sh" "$TOP/scripts" .
}

# ready_demo: the documented service is there, and fast.
ready_demo() {
	links
	start_sim --time-to-first-token 1ms --inter-token-latency 200us --max-num-seqs 64
	ready_service
}

@test "basic benchmark: namespace, service, requests, concurrency" {
	ready_demo
	run --separate-stderr ./bench.sh --namespace ml-prod --service demo-llm --requests 500 --concurrency 20
	is 0 'requests                      500   ok 500, failed 0'
	jq -e '.metadata | [.namespace, .service, .profile, .total_requests, .concurrent_users] == ["ml-prod", "demo-llm", "standard", 500, 20]' \
		"$(latest)/results.json"
	[ "$(jq -s 'map(select(.phase != "warmup")) | length' "$(latest)/responses.jsonl")" -eq 500 ]
}

@test "--namespace and --service alone run the standard profile: 200 requests, 10 at a time" {
	ready_demo
	run --separate-stderr ./bench.sh --namespace ml-prod --service demo-llm --set prompts.file=null --max-tokens 2
	is 0 'requests                      200   ok 200'
	[ "$(field '[.profile, .workload.load_test.concurrency, .workload.request.max_tokens] | join(" ")')" = 'standard 10 2' ]
	run --separate-stderr ./bench.sh --dry-run --service demo-llm --set prompts.file=null
	is 0 'service default/demo-llm' '"max_tokens":100'
	KVMINI_NAMESPACE=team run --separate-stderr ./bench.sh --dry-run --service demo-llm --set prompts.file=null
	is 0 'service team/demo-llm'
	KVMINI_NAMESPACE=team run --separate-stderr ./bench.sh --dry-run --namespace flag --service demo-llm --set prompts.file=null
	is 0 'service flag/demo-llm'
}

@test "deploy a new model from S3: without a cluster's help it says what is missing" {
	links
	run --separate-stderr ./bench.sh --namespace ml-prod --service new-llm \
		--model-uri s3://models/llama-3.1-8b/ \
		--requests 200 --concurrency 10
	is 3 'Service not ready: --model-uri s3://models/llama-3.1-8b/' --skip-deploy
	differs 'InferenceServices'
}

@test "--skip-deploy: the service that is already there" {
	ready_demo
	run --separate-stderr ./bench.sh --namespace ml-prod --service demo-llm --model-uri s3://models/llama-3.1-8b/ --skip-deploy \
		--requests 4 --concurrency 2 --set prompts.file=null --max-tokens 2
	is 0 'ok 4, failed 0'
}

@test "burst testing with a custom profile" {
	ready_demo
	run --separate-stderr ./bench.sh --namespace ml-prod --service demo-llm \
		--profile runners/profiles/burst.yaml \
		--requests 1000 --concurrency 50
	is 0 'requests                     1000   ok 1000'
	[ "$(field '[.profile, .ended_by, .plan.points] | join(" ")')" = 'burst requests 0s:50,2s:50,2s:10,10s:10/10s' ]
}

@test "validate configuration without running" {
	links
	run --separate-stderr ./bench.sh --dry-run --namespace ml-prod --service demo-llm \
		--requests 100 --concurrency 5
	is 0 'ml-prod/demo-llm' 'requests    100'
	[ ! -e runs ]
	run --separate-stderr ./bench.sh --dry-run --namespace ml-prod --service demo-llm --requests 100 --concurrency 5 --set load_test.pattern=wavy
	is 2 wavy steady
	run --separate-stderr ./scripts/validate.sh --profile runners/profiles/standard.yaml
	is 0 'standard.yaml: valid'
	differs 'validate_config.py'
}

@test "--output-dir results/experiment1, and analyze reads it" {
	ready_demo
	run --separate-stderr ./bench.sh --url "$url" --requests 4 --set prompts.file=null --max-tokens 2 --output-dir results/experiment1
	is 0 'run     results/experiment1/20'
	run --separate-stderr ./scripts/analyze.sh --run-dir results/experiment1 \
		--output experiment1-analysis.json
	is 0
	jq -e '.summary.total_requests == 4' experiment1-analysis.json
	differs '--output-dir results/experiment1'
}

@test "analyze the latest run; with namespace and service resources stand in it" {
	ready_demo
	./bench.sh --url "$url" --requests 4 --set prompts.file=null --max-tokens 2 >/dev/null 2>&1
	# shellcheck disable=SC2012 # the documented way
	run --separate-stderr ./scripts/analyze.sh --run-dir runs/"$(ls -1t runs | head -1)" \
		--namespace ml-prod --service demo-llm
	is 0
	jq -e 'has("resources") and .summary.successful_requests == 4' "$(latest)/analysis.json"
	run --separate-stderr ./scripts/analyze.sh --run-dir "$(latest)"
	is 0
}

@test "the report: --run-dir, --output, --template templates/detailed.html" {
	ready_demo
	./bench.sh --url "$url" --requests 4 --set prompts.file=null --max-tokens 2 >/dev/null 2>&1
	run --separate-stderr ./scripts/report.sh --run-dir "$(latest)" --output report.html --template templates/detailed.html
	is 0
	grep -q '<!DOCTYPE html>' report.html
	differs 'report_generator.py'
}

@test "cost: namespace, service, duration in hours and a cost configuration; without a cluster null, with the reason" {
	links
	printf 'gpu: {NVIDIA-H100-80GB: 2.0}\ncpu: {hourly_per_core: 0.04}\nmemory: {hourly_per_gib: 0.005}\noverhead: {fraction: 0}\n' >cost.yaml
	run --separate-stderr ./scripts/cost.sh --namespace ml-prod --service demo-llm --duration 24 --cost-config cost.yaml \
		--output cost.json
	is 0 'not measured: pods of ml-prod/demo-llm in the last 24 hours'
	jq -e '.hour.total_usd == null and .per_1k_tokens.total_usd == null and (.not_measured | length > 0)' cost.json
	differs 'cost_estimator.py'
}

@test "environment: KVMINI_NAMESPACE, KVMINI_OUTPUT_DIR, KVMINI_COST_CONFIG, KUBECONFIG" {
	ready_demo
	printf 'gpu: {NVIDIA-H100-80GB: 3.5}\n' >mine.yaml
	KVMINI_NAMESPACE=team KVMINI_OUTPUT_DIR=elsewhere KVMINI_COST_CONFIG=mine.yaml run --separate-stderr ./bench.sh \
		--service demo-llm --requests 4 --set prompts.file=null --max-tokens 2 --gpu NVIDIA-H100-80GB --gpus 2
	is 0 'run     elsewhere/20'
	jq -e '.metadata.namespace == "team" and .cost.breakdown.gpu == "$7.00"' "$(latest elsewhere)/results.json"
	# kubectl reads KUBECONFIG itself: it reaches kubectl as it is.
	# shellcheck disable=SC2016 # for the fake
	printf '#!/usr/bin/env bash\necho "$KUBECONFIG" >seen\nexit 1\n' >bin/kubectl
	KUBECONFIG=$PWD/other run --separate-stderr ./bench.sh --service demo-llm --requests 1
	[ "$(cat seen)" = "$PWD/other" ]
}

@test "LOG_LEVEL: DEBUG, INFO, WARN, ERROR; KVMINI_DEBUG: true, false" {
	links
	local level said=()
	for level in DEBUG INFO WARN ERROR; do
		LOG_LEVEL=$level run --separate-stderr ./bench.sh --local --requests 2 "${fast[@]}" "${fast_engine[@]}" \
			--set vllm_features.quantization=fp8
		is 0
		said+=("$(grep -c . <<<"$stderr" || true)")
	done
	printf '%s\n' "${said[*]}"
	((said[0] > said[1] && said[1] > said[2] && said[2] > said[3] && said[3] == 0))
	for level in true false; do
		KVMINI_DEBUG=$level run --separate-stderr ./bench.sh --dry-run --local --set prompts.file=null
		is 0
	done
}

@test "exit statuses: each of the documented codes, and what to do" {
	links
	run --separate-stderr ./bench.sh --help
	is 0 '1 general error, 2 configuration, 3 network' '4 resources, 5 a bound was missed'
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	printf '%s\n' '{"prompt":"a"}' 'oops' >prompts.jsonl
	run --separate-stderr ./bench.sh --url "$url" --prompts prompts.jsonl --requests 2 --max-tokens 2 --warmup 0
	is 1 'prompts.jsonl:2:'
	run --separate-stderr ./bench.sh --url "$url" --profile missing
	is 2 'no such profile'
	run --separate-stderr ./bench.sh --url http://127.0.0.1:1 --requests 2 --set prompts.file=null
	is 3 'Check network connectivity'
	ready_service
	echo '{"status":{"conditions":[{"type":"Ready","status":"False"}]}}' >answers/inferenceservice
	echo '{"items":[{"metadata":{"name":"p"},"status":{"containerStatuses":[{"lastState":{"terminated":{"reason":"OOMKilled"}},"state":{}}]}}]}' \
		>answers/pods
	run --separate-stderr ./bench.sh --namespace ml-prod --service demo-llm --requests 1
	is 4 'Increase resource limits'
	run --separate-stderr ./bench.sh --url "$url" --requests 2 "${fast[@]}" --assert 'e2e_ms.p95<=0.001'
	is 5 'e2e_ms.p95<=0.001: missed'
}

@test "troubleshooting: the four documented cases have their words and their resolutions" {
	grep -q 'Service not ready' "$TOP/scripts/lib/"*.sh
	links
	fake_kubectl
	echo '{"status":{"conditions":[{"type":"Ready","status":"False"}]}}' >answers/inferenceservice
	echo '{"items":[]}' >answers/pods
	run --separate-stderr ./bench.sh --namespace ml-prod --service demo-llm --requests 1
	is 3 'Service not ready' 'Wait for InferenceService to be ready' 'kubectl get isvc -n ml-prod'
	echo 'Error from server (Forbidden): forbidden' >answers/inferenceservice
	run --separate-stderr ./bench.sh --namespace ml-prod --service demo-llm --requests 1
	is 3 'Permission denied' 'Verify RBAC permissions' 'Check ServiceAccount configuration'
	run --separate-stderr ./bench.sh --url http://127.0.0.1:1 --requests 1 --set prompts.file=null
	is 3 'Connection timeout' 'Check network connectivity' 'Verify service endpoints'
	echo '{"status":{"conditions":[{"type":"Ready","status":"False"}]}}' >answers/inferenceservice
	echo '{"items":[{"metadata":{"name":"p"},"status":{"containerStatuses":[{"lastState":{"terminated":{"reason":"OOMKilled"}},"state":{}}]}}]}' \
		>answers/pods
	run --separate-stderr ./bench.sh --namespace ml-prod --service demo-llm --requests 1
	is 4 'Out of memory' 'Reduce gpu_memory_utilization' 'Increase resource limits'
}

@test "the four required flags are not all required, and each missing server is named" {
	links
	run --separate-stderr ./bench.sh
	is 2 --local --engine --url --service
	differs '`--namespace`, `--service`, `--requests`, `--concurrency` are required'
}

@test "without a terminal nothing asks: a bare cron environment, no input" {
	links
	run --separate-stderr env -i PATH=/usr/bin:/bin HOME="$PWD" "TOKPIPE_BIN=$TOKPIPE_BIN" setsid ./bench.sh --local --requests 2 \
		"${fast[@]}" "${fast_engine[@]}" </dev/null
	is 0 'ok 2, failed 0'
}
