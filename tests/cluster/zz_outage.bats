#!/usr/bin/env bats
# The API server goes away in the middle of a standup.  It is the server of all tests: this file runs alone.

load stack

# api stop|start: start returns when it is ready.
api() {
	"$CLUSTER/api.sh" "$1" 3>&-
}

@test "the API server is away for some seconds: the standup goes on where it was" {
	local pid status
	scenario away CONTROL_UNSCHEDULABLE_GRACE=240 VLLM_COMMON_TIMEOUT=300
	"$TOP/setup/standup.sh" -c ./away.sh -p "$NS" 2>log 3>&- &
	pid=$!
	wait_for 60 grep -qs 'waiting for deployment' log
	api stop
	sleep 5
	api start
	wait "$pid" && status=0 || status=$?
	cat log
	[ "$status" -eq 0 ]
	same 'up []' "$(state)"
}

@test "it stays away: Connection timeout; the next standup finds what there is and goes on" {
	local pid begun status
	scenario gone CONTROL_UNSCHEDULABLE_GRACE=240 # volumes are made again a minute after the server is back
	"$TOP/setup/standup.sh" -c ./gone.sh -p "$NS" 2>log 3>&- &
	pid=$!
	wait_for 60 grep -qs 'step 04: ' log
	api stop
	begun=$SECONDS
	wait "$pid" && status=0 || status=$?
	standup gone
	api start
	is 3 'Connection timeout: '
	cat log
	[ "$status" -eq 3 ]
	grep -q 'Connection timeout: .*the cluster did not answer' log
	((SECONDS - begun < 90))
	standup gone
	is 0 'ended before it was done: going on from there' '1 pods and the Service'
}
