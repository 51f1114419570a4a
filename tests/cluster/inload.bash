# What the tests of loads in the cluster share: an engine of two pods, bench.sh with three load pods, and a look at what
# they have done.
# shellcheck disable=SC2034,SC2154 # the tests read status and output; NS is cluster's

load cluster

IMAGE=localhost/tokpipe/tokpipe-sim:$(sed -n 's/^VERSION = //p' "$TOP/Makefile")

# engine: two pods of the simulated engine in a Service, ready, each with its truth.
engine() {
	export LLMDBENCH_HARNESS_CPU_NR=50m LLMDBENCH_HARNESS_CPU_MEM=64Mi LLMDBENCH_HARNESS_PVC_SIZE=1Gi
	export LLMDBENCH_VLLM_COMMON_PVC_ACCESSMODE=ReadWriteOnce
	kubectl create namespace "$NS" >/dev/null
	kubectl create deployment e -n "$NS" --image="$IMAGE" --replicas=2 --port=8000 -- \
		/bin/llmsim --host 0.0.0.0 --port 8000 --model m --time-to-first-token 20ms --inter-token-latency 5ms --truth /tmp/truth >/dev/null
	kubectl expose deployment e -n "$NS" --port=80 --target-port=8000 >/dev/null
	kubectl wait deployment e -n "$NS" --for=condition=Available --timeout=120s >/dev/null
}

# bench OPTION…: of three load pods.
bench() {
	run --separate-stderr "$TOP/bench.sh" --namespace "$NS" --service e --in-cluster --pods 3 --concurrency 6 \
		--set validation=null --set prompts.salt=s "$@"
}

# in_background OPTION…: the same, into the files out and err.
in_background() {
	setsid "$TOP/bench.sh" --namespace "$NS" --service e --in-cluster --pods 3 --concurrency 6 \
		--set validation=null --set prompts.salt=s "$@" >out 2>err 3>&- &
	bench_pid=$!
}

ended_bench() {
	status=0 output=
	wait "$bench_pid" || status=$?
	output=$(cat out err)
}

latest() {
	compgen -G 'runs/*/run.json' | tail -n 1 | xargs dirname
}

# job_pod INDEX: the name of the pod that runs.
job_pod() {
	kubectl get pods -n "$NS" -l "tokpipe/run,batch.kubernetes.io/job-completion-index=$1" --field-selector status.phase=Running \
		-o json | jq -r '.items[0].metadata.name // ""'
}

# sent INDEX NUMBER: has that pod so many records on the volume?
sent() {
	local pod
	pod=$(job_pod "$1")
	[ -n "$pod" ] || return 1
	# shellcheck disable=SC2016 # of the pod's shell
	[ "$(kubectl exec -n "$NS" "$pod" -- /bin/sh -c 'cat /requests/*/out/'"$1"'/responses.jsonl 2>/dev/null | wc -l')" -ge "$2" ]
}

# whole N: each of N requests has its record, once, and the requests are those that one process makes.
whole() {
	local dir
	dir=$(latest)
	genload -f "$dir/workload.json" --model m >whole.jsonl
	cmp whole.jsonl "$dir/requests.jsonl"
	same "$(jq .id whole.jsonl)" "$(jq .id "$dir/responses.jsonl" | sort -n)"
	same "$1" "$(jq 'select(.phase == null).id' "$dir/responses.jsonl" | wc -l)"
}

# nothing_left: of the load but its volume.
nothing_left() {
	same '' "$(objects "$NS")"
	same persistentvolumeclaim/workload-pvc "$(kubectl get pvc -n "$NS" -o name)"
}
