#!/usr/bin/env bats
# run.sh on a real cluster, with the load from this machine: what it finds, what it refuses, and what it leaves.
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
	printf 'run:\n  factors: [rate, duration_seconds]\n  treatments: {slow: "2,2", quick: "20,2"}\n' >e.yaml
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
