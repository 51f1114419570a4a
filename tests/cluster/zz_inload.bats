#!/usr/bin/env bats
# The API server goes away in the middle of a load: its pods do not need it.  It is the server of all tests: this file
# runs alone.
# shellcheck disable=SC2154 # bench_pid is inload's

load inload

api() {
	"$CLUSTER/api.sh" "$1" 3>&-
}

now_us() {
	date +%s%6N
}

# load_of N: so many requests, 15 a second.
load_of() {
	in_background --requests "$1" --set load_test.arrival=constant --set load_test.rate=15
	wait_for 120 sent 1 5
}

@test "the API server is away for some seconds of a load: it goes on, and is fetched when the server is back" {
	local from to
	engine
	load_of 300
	api stop
	from=$(now_us)
	sleep 6
	to=$(now_us)
	api start
	ended_bench
	is 0 'ok 300, failed 0'
	whole 300
	jq -se --argjson from "$from" --argjson to "$to" \
		'map(select(.sent_us > $from and .sent_us < $to)) | length > 70' "$(latest)/responses.jsonl"
	jq -e '[.load.shards[].attempts] == [1, 1, 1]' "$(latest)/run.json"
	nothing_left
}

@test "it stays away: 3, and how to go on; then all of it is fetched" {
	local begun
	engine
	load_of 300
	api stop
	begun=$SECONDS
	ended_bench
	((SECONDS - begun < 150))
	api start
	is 3 'Connection timeout: ' 'the load goes on in the cluster' "--resume $(latest)"
	run --separate-stderr "$TOP/bench.sh" --resume "$(latest)"
	is 0 'ok 300, failed 0'
	whole 300
	jq -e '[.load.shards[].attempts] == [1, 1, 1]' "$(latest)/run.json"
	nothing_left
}
