#!/usr/bin/env bats
# The API server goes away in the middle of a teardown.  It is the server of all tests: this file runs alone.

load stack

@test "the API server is away for a teardown: 3, what is left and what to do; the next one removes it" {
	local pid status id
	scenario sim
	standup sim
	is 0
	id=$(jq -r .id work-sim/environment/stack.json)
	# the pods take half a minute to go: there is a middle
	kubectl patch "$(kubectl get deployment -n "$NS" -l "tokpipe/stack=$id" -o name)" -n "$NS" --type=json \
		-p '[{"op": "add", "path": "/spec/template/spec/containers/0/lifecycle", "value": {"preStop": {"sleep": {"seconds": 25}}}}]'
	kubectl rollout status deployment -n "$NS" --timeout=120s
	setsid env LLMDBENCH_CONTROL_STACK=sim "$TOP/setup/teardown.sh" -p "$NS" --deep 2>log 3>&- &
	pid=$!
	wait_for 60 grep -q 'service in namespace .*: removed' log
	"$CLUSTER/api.sh" stop
	wait "$pid" && status=0 || status=$?
	LLMDBENCH_CONTROL_STACK=sim run --separate-stderr "$TOP/setup/teardown.sh" -p "$NS"
	"$CLUSTER/api.sh" start 3>&-
	is 3 'Connection timeout: '
	cat log
	[ "$status" -eq 3 ]
	grep -q 'Connection timeout: ' log
	grep -q "left: pod $NS/" log
	grep -q 'run it again: .*setup/teardown.sh -p .* --deep' log
	[[ "$(state)" == 'tearing-down ['* ]]
	LLMDBENCH_CONTROL_STACK=sim run --separate-stderr "$TOP/setup/teardown.sh" -p "$NS" --deep
	is 0 'its last teardown (process ' "stack sim ($id) in namespace $NS: gone" "namespace $NS: removed"
}
