#!/usr/bin/env bats
# What goes wrong most often: the words, the object, what helps.  The cluster is a kubectl of
# the test's own that answers from files; a real one is tested where clusters are.

load lib/common
load lib/bench
load lib/kubectl

service=(--namespace ml-prod --service demo-llm --requests 2 --set prompts.file=null)

@test "Service not ready: the InferenceService is not" {
	fake_kubectl
	echo '{"status":{"conditions":[{"type":"Ready","status":"False","message":"Revision is not ready"}]}}' \
		>answers/inferenceservice
	echo '{"items":[]}' >answers/pods
	run --separate-stderr "$TOP/bench.sh" "${service[@]}"
	is 3 'Service not ready: inferenceservice ml-prod/demo-llm: Revision is not ready' \
		'Wait for InferenceService to be ready' 'kubectl get isvc -n ml-prod'
	rm answers/*
	run --separate-stderr "$TOP/bench.sh" "${service[@]}"
	is 3 'Service not ready: inferenceservice ml-prod/demo-llm: there is no such'
}

@test "Service not ready: the server says so" {
	llmsim --port 0 --ready-after 60s >address &
	local sim=$!
	wait_for 5 test -s address
	url=$(head -n 1 address)
	run --separate-stderr "$TOP/bench.sh" --url "$url" --requests 2 --set prompts.file=null
	kill "$sim"
	is 3 'Service not ready' 'HTTP 503'
}

@test "Permission denied: the cluster forbids it" {
	fake_kubectl
	echo 'Error from server (Forbidden): inferenceservices is forbidden: User "ci" cannot get it' >answers/inferenceservice
	run --separate-stderr "$TOP/bench.sh" "${service[@]}"
	is 3 'Permission denied: inferenceservice ml-prod/demo-llm: ' 'User "ci"' \
		'Verify RBAC permissions' 'Check ServiceAccount configuration'
	[[ $stderr != *'not ready'* ]]
}

@test "Out of memory: a container was killed" {
	fake_kubectl
	echo '{"status":{"conditions":[{"type":"Ready","status":"False"}]}}' >answers/inferenceservice
	echo '{"items":[{"metadata":{"name":"demo-llm-7f"},"status":{"containerStatuses":[
		{"lastState":{"terminated":{"reason":"OOMKilled"}},"state":{"waiting":{}}}]}}]}' >answers/pods
	run --separate-stderr "$TOP/bench.sh" "${service[@]}"
	is 4 'Out of memory: pod ml-prod/demo-llm-7f' 'Reduce gpu_memory_utilization' 'Increase resource limits'
}

@test "Connection timeout: no server, no cluster" {
	run --separate-stderr "$TOP/bench.sh" --url http://127.0.0.1:1 --requests 2 --set prompts.file=null
	is 3 'Connection timeout: http://127.0.0.1:1: ' 'Check network connectivity' 'Verify service endpoints'
	fake_kubectl
	echo 'The connection to the server localhost:8080 was refused - did you specify the right host or port?' \
		>answers/inferenceservice
	run --separate-stderr "$TOP/bench.sh" "${service[@]}"
	is 3 'Connection timeout: inferenceservice ml-prod/demo-llm: ' 'localhost:8080 was refused'
}

@test "a service that is ready is measured at its URL" {
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	ready_service
	KVMINI_NAMESPACE=team run --separate-stderr "$TOP/bench.sh" --service demo-llm --requests 2 --max-tokens 2 \
		--skip-deploy --set prompts.file=null
	is 0 "sim at $url"
	[ "$(field '[.namespace, .service] | join("/")')" = team/demo-llm ]
}

@test "deploying a model is said not to happen here" {
	run --separate-stderr "$TOP/bench.sh" "${service[@]}" --model-uri s3://models/llama/
	is 3 'Service not ready: --model-uri s3://models/llama/' --skip-deploy
	run --separate-stderr "$TOP/bench.sh" "${service[@]}" --model-uri s3://models/llama/ --dry-run
	is 0 'deploys no model' 'genload -f'
}
