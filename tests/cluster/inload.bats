#!/usr/bin/env bats
# bench.sh --in-cluster on a real cluster: its requests are served by the pods of the Service, sent by the pods of a Job, and
# the run is what one process would have made of the same records; a pod that dies changes nothing but what is said of it.
# shellcheck disable=SC2154 # NS is cluster's, bench_pid inload's

load inload

@test "three pods against two: the requests of one process, served by both; merged is what one process computes" {
	local pod dir
	engine
	bench --requests 60 --warmup 4
	is 0 'ok 60, failed 0' 'collecting the records'
	dir=$(latest)
	whole 60
	for pod in $(kubectl get pods -n "$NS" -l app=e -o name); do
		kubectl exec -n "$NS" "$pod" -- /bin/cat /tmp/truth >"truth.${pod##*/}"
		[ -s "truth.${pod##*/}" ]
	done
	same "$(wc -l <"$dir/responses.jsonl")" "$(cat truth.* | wc -l)" # and nothing was asked but these
	jq -e '.load | .where == "cluster" and .via == "in-cluster" and .pods == 3' "$dir/run.json"
	jq -e '.load.shards | map(.shard) == [1, 2, 3] and all(.attempts == 1 and .records == 20 and .error_us < 1e6 and (.offset_us | type) == "number")' "$dir/run.json"
	jq -e '.load.start_us as $s | [.load.shards[].start_us] | unique == [$s]' "$dir/run.json"
	# one process over the same records, whatever their order: the same to the last digit
	cp -r "$dir" again
	rm again/summary.jsonl again/runsum.json again/metrics.jsonl
	shuf --random-source=<(yes) "$dir/responses.jsonl" >again/responses.jsonl
	"$TOP/scripts/results.sh" --run-dir again
	same "$(jq -cS . "$dir/summary.jsonl" | sort)" "$(jq -cS . again/summary.jsonl | sort)"
	same "$(jq -S 'del(.client)' "$dir/runsum.json")" "$(jq -S 'del(.client)' again/runsum.json)"
	nothing_left
}

@test "a load pod is deleted, another one's sender is killed: the rest is sent by those after them, and the run says so" {
	local pod
	engine
	in_background --requests 240
	wait_for 90 sent 1 8
	pod=$(job_pod 1)
	kubectl get pod "$pod" -n "$NS" -o json | jq -e '.spec | .securityContext.runAsNonRoot
		and .automountServiceAccountToken == false
		and (.containers[0].securityContext | .readOnlyRootFilesystem and .capabilities.drop == ["ALL"] and .allowPrivilegeEscalation == false)'
	# shellcheck disable=SC2016 # of the pod's shell
	kubectl exec -n "$NS" "$(job_pod 2)" -- /bin/sh -c 'kill -9 $(pidof sendreq)'
	kubectl delete pod "$pod" -n "$NS" --wait=false >/dev/null
	ended_bench
	is 0 'ok 240, failed 0' 'load pod 2 of 3 died and was started again' 'load pod 3 of 3 died and was started again'
	whole 240
	jq -e '[.load.shards[].attempts] == [1, 2, 2]' "$(latest)/run.json"
	grep -q 'oad pod 2 of 3 died' "$(latest)/report.html"
	nothing_left
}

@test "Ctrl-C keeps what was sent, and --resume sends the rest; a bench.sh that is killed is missed by nobody" {
	engine
	in_background --requests 360 # the others are still at it when the one that died is replaced, after 10 s
	wait_for 90 sent 1 5
	kubectl delete pod "$(job_pod 1)" -n "$NS" --wait=false >/dev/null
	wait_for 60 eval 'grep -q "another one sends" err && sent 1 9'
	kill -TERM "$bench_pid"
	ended_bench
	is 130 "go on   $TOP/bench.sh --resume"
	same 1 "$(grep -c 'another one sends what is left' err)" # those that were told to end have not died
	nothing_left
	jq -e '.status == "interrupted"' "$(latest)/run.json"
	setsid "$TOP/bench.sh" --resume "$(latest)" >out 2>err 3>&- &
	bench_pid=$!
	wait_for 90 sent 1 12
	kill -9 "$bench_pid"
	wait "$bench_pid" || true
	run --separate-stderr "$TOP/bench.sh" --resume "$(latest)"
	is 0 'ok 360, failed 0'
	whole 360
	same '["pod-retried"]' "$(jq -c '[.warnings[].code]' "$(latest)/run.json")"
	jq -e '.window.parts == 2' "$(latest)/runsum.json" # the pause is no time of the run
	nothing_left
}

@test "of a duration: Ctrl-C, and --resume sends for what is left of it; progress counts on" {
	engine
	in_background --duration 12s
	wait_for 90 sent 1 8
	kill -TERM "$bench_pid"
	ended_bench
	is 130 'go on '
	run --separate-stderr "$TOP/bench.sh" --resume "$(latest)"
	is 0 'failed 0'
	jq -e '.window.parts == 2 and (.window.s - 12 | fabs) < 2.5' "$(latest)/runsum.json"
	jq -e '[.warnings[]?.code | select(IN("clock-kept", "pod-retried"))] == []' "$(latest)/run.json"
	same "tokview: $(jq -s 'map(select(.phase == null)) | length' "$(latest)/responses.jsonl") done" \
		"$(grep -o 'tokview: [0-9]* done' <<<"$stderr" | tail -n 1)"
	nothing_left
}

@test "nobody waits: it is started, and fetched later; what cannot become well is seen early" {
	engine
	bench --requests 30 --load-timeout 0
	is 0 "bench.sh --resume $(latest)"
	run --separate-stderr "$TOP/bench.sh" --resume "$(latest)"
	is 0 'ok 30, failed 0'
	whole 30
	nothing_left
	run --separate-stderr "$TOP/bench.sh" --resume "$(latest)" --collect
	is 0 'ok 30, failed 0'
	bench --requests 30 --load-image localhost/tokpipe/nothing:1
	is 3 'Service not ready: pod ' 'image localhost/tokpipe/nothing:1' 'cannot be pulled'
	nothing_left
}
