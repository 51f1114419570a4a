#!/usr/bin/env bats
# run.sh on a real cluster, with the load from this machine or from pods: what it finds, what it refuses, and what it leaves.
# shellcheck disable=SC2154 # stderr is bats's
load stack

# A stack, once for the file, in a namespace of its own.
setup_file() {
	BATS_TEST_NUMBER=run BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR setup
	export STACK_NS=$NS
	scenario sim
	standup sim
	is 0
	HASH=$(kubectl get replicasets -n "$NS" -o jsonpath='{.items[0].metadata.name}')
	export HASH=${HASH##*-}
}

teardown_file() {
	KUBECONFIG=$CLUSTER_DIR/kubeconfig "$(<"$CLUSTER_DIR/bin")/kubectl" delete namespace "$STACK_NS" --wait=false
}

# measure OPTION…: in the namespace of that stack.
measure() {
	run --separate-stderr env LLMDBENCH_RUN_EXPERIMENT_ID=7 "$TOP/run.sh" -p "$STACK_NS" --local-load "$@"
}

@test "a pod by a part of its name: the model that it serves, all treatments, and none of them twice" {
	export LLMDBENCH_CONTROL_WORK_DIR=$PWD/w
	printf 'run:\n  factors: [rate, load_test.requests]\n  treatments: {slow: "2,4", quick: "20,40"}\n' >e.yaml
	measure -t "$HASH" -e e.yaml
	is 0 "_$HASH-facebook-opt-125m_slow: finished" "_quick: finished"
	same "w/results/tokpipe_7_$HASH-facebook-opt-125m_quick
w/results/tokpipe_7_$HASH-facebook-opt-125m_slow" "$(printf '%s\n' w/results/*)"
	same '4 40' "$(jq .summary.successful_requests w/results/*_slow/*/analysis.json w/results/*_quick/*/analysis.json | paste -sd ' ')"
	[ -s "w/analysis/tokpipe_7_$HASH-facebook-opt-125m_quick/report.html" ]
	[[ ${output##*$'\n'} == */report.html && -s ${output##*$'\n'} ]]
	measure -t "$HASH" -e e.yaml
	is 0 '_slow: done before' '_quick: done before'
	same 2 "$(find w/results -name run.json | wc -l)"
}

@test "what is not there, not served, not ready, or not ours to ask" {
	measure -t no-such-engine -m facebook/opt-125m
	is 3 'Service not ready' "has \"no-such-engine\" in its name" 'Services there: vllm-standalone-facebook'
	measure -t standalone -m other/model
	is 3 'Service not ready' 'it serves facebook/opt-125m, not other/model'
	kubectl create namespace "$NS"
	measure -t standalone -m facebook/opt-125m -p "$NS"
	is 3 'Service not ready' "has no Service of this stack" 'Services there: none'
	kubectl create service clusterip my-standalone-one -n "$NS" --tcp=80:80
	kubectl create service clusterip my-standalone-two -n "$NS" --tcp=80:80
	measure -t standalone -m facebook/opt-125m -p "$NS"
	is 2 'several in namespace' 'my-standalone-one, my-standalone-two'
	measure -t my-standalone-one -m facebook/opt-125m -p "$NS"
	is 3 'Service not ready' 'it has no pod that is ready'
}

# in_pods OPTION…: measure that stack from two pods.
in_pods() {
	run --separate-stderr env LLMDBENCH_RUN_EXPERIMENT_ID=7 LLMDBENCH_CONTROL_WORK_DIR="$PWD/w" LLMDBENCH_HARNESS_CPU_NR=60m \
		LLMDBENCH_HARNESS_CPU_MEM=70Mi LLMDBENCH_HARNESS_PVC_SIZE=1Gi LLMDBENCH_VLLM_COMMON_PVC_ACCESSMODE=ReadWriteOnce \
		LLMDBENCH_HARNESS_SERVICE_ACCOUNT=sentinel LLMDBENCH_RUN_EXPERIMENT_RESULTS_DIR_PREFIX=/sentinel \
		"$TOP/run.sh" -p "$STACK_NS" -t standalone -m facebook/opt-125m --parallelism 2 "$@"
}

jobs_left() {
	kubectl get jobs -n "$STACK_NS" -o name
}

@test "--wait 0 starts the load and leaves it, --skip fetches it; --debug: pods that wait, made of what the settings say" {
	local name=tokpipe_7_standalone-facebook-opt-125m
	in_pods --wait 0 -o rate=5,duration_seconds=3
	is 0 "$name: under way; fetch it with: $TOP/bench.sh --resume "
	wait_for 60 kubectl wait job -n "$STACK_NS" -l tokpipe/run --for=condition=Complete --timeout=1s
	in_pods --skip
	is 0 "$name: finished"
	jq -e '.status == "finished" and .load.pods == 2' w/results/"$name"/*/run.json
	same 15 "$(jq .requests.ok w/results/"$name"/*/runsum.json)"
	same '' "$(jobs_left)"
	rm -r w
	in_pods --skip
	is 0 "$name: nothing to collect"
	in_pods --debug
	is 0 'the pods wait to be looked at: kubectl get pods' 'what they would run: /bin/sh /sentinel/'
	kubectl get jobs -n "$STACK_NS" -o json | jq -e '.items | length == 1 and (.[0].spec | .completions == 2 and .parallelism == 2
		and (.template.spec | .serviceAccountName == "sentinel" and (.containers[0] | .resources.limits == {cpu: "60m", memory: "70Mi"}
			and (.volumeMounts | any(.mountPath == "/sentinel")))))'
	bash -c "$(sed -n 's/.*: they go with: //p' <<<"$stderr")"
	same '' "$(jobs_left)"
}
