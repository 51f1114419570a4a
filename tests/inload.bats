#!/usr/bin/env bats
# The shards of a load: what each pod of it runs (setup/image/load.sh), and how what they wrote becomes one run.  The pods
# are processes of busybox's shell here, their volume a folder.
load lib/common

# volume WORKLOAD: the folder of the load, as its pods find it.
volume() {
	mkdir -p run/in run/out
	printf '%s\n' "$1" | yaml2json >run/in/workload.json
	cp "$TOP/setup/image/load.sh" run/in/
}

start_sim() {
	llmsim --port 0 --model m --max-num-seqs 200 --time-to-first-token 20ms --inter-token-latency 5ms --truth truth "$@" >url 3>&- &
	echo $! >sim.pid
	wait_for 10 test -s url
	free_port
}

# free_port: for muster, set port.
free_port() {
	muster --listen 127.0.0.1:0 -n 1 >port.json 3>&- &
	local pid=$!
	wait_for 10 test -s port.json
	port=$(jq .port port.json)
	kill "$pid"
	wait "$pid" || true
}

teardown() {
	[ ! -s sim.pid ] || kill "$(<sim.pid)"
}

# pod INDEX OPTION…: a pod of the load in the background; its pid is in pod.INDEX.
pod() {
	local index=$1
	shift
	mkdir -p "tmp.$index"
	TMPDIR=$PWD/tmp.$index JOB_COMPLETION_INDEX=$index NODE_NAME=n1 setsid busybox sh run/in/load.sh \
		"$pods" "127.0.0.1:$port" m "${warmup-0}" "${metrics-}" -- --url "$(<url)" "$@" >"said.$index" 2>&1 3>&- &
	echo $! >"pod.$index"
}

# ended INDEX: wait for it; sets status to its own.
ended() {
	status=0 output=
	wait "$(<"pod.$1")" || status=$?
}

# merge: as bench.sh does it, into the new directory merged.
merge() {
	rm -rf merged
	mkdir merged
	jq -n --argjson pods "$pods" '{load: {pods: $pods}}' >merged/run.json
	bash -euo pipefail -c '. "$1/scripts/lib/inload_merge.sh"; run_dir=$2; inload_merge run/out "$2"' bash "$TOP" merged
}

records() {
	wc -l <"run/out/$1/responses.jsonl"
}

more_than() {
	[ "$(wc -l <"$2" 2>/dev/null || echo 0)" -gt "$1" ]
}

pods=3

@test "three pods send the workload, each id once; merged it is what one sender would have been given" {
	local i
	start_sim
	volume '{load_test: {requests: 60, concurrency: 7, warmup_requests: 5}, prompts: {input_tokens: 6}, request: {max_tokens: 4}, seed: 5}'
	warmup=1 metrics=$(<url)/metrics
	for i in 0 1 2; do pod "$i" -c 7; done
	for i in 0 1 2; do
		ended "$i"
		is 0
	done
	merge
	genload -f run/in/workload.json --model m >whole
	cmp whole merged/requests.jsonl
	same "$(seq 65)" "$(jq .id merged/responses.jsonl | sort -n)"
	same "$(seq 65)" "$(jq -r '.request_id | split("-")[1]' truth | sort -n)"
	jq -se 'all(.error == null)' merged/responses.jsonl
	# One start, after everybody's warm-ups; the clocks of one machine are the same.
	jq -se 'map(select(.phase == null) | .due_us) | min' merged/responses.jsonl >first
	same "$(jq .load.start_us merged/run.json)" "$(<first)"
	jq -se 'map(select(.phase) | .end_us) | max' merged/responses.jsonl | jq -e --slurpfile start first '. < $start[0]'
	jq -e '.warnings == null and (.load.shards | length == 3 and all(.attempts == 1 and .status == 0 and .made == 0
		and .requests == 20 and .records == 20 and .nodes == ["n1"] and (.offset_us | fabs) <= .error_us + 100))' merged/run.json
	# What the engine itself counts, from before the first request to after the last.
	jq -se 'length > 1 and all(.source == "engine")' merged/telemetry.jsonl
	same "$(jq -s 'sort_by(.t_us)' merged/progress.jsonl)" "$(jq -s . merged/progress.jsonl)"
	grep -q '"shard":3' said.2
	for i in 0 1 2; do same "$(<"run/out/$i/progress.jsonl")" "$(grep '^{' "said.$i")"; done # of the warm-ups nothing
	same 60 "$(for i in 0 1 2; do tail -n 1 "run/out/$i/progress.jsonl"; done | jq -s 'map(.done) | add')"
}

@test "merged or not, in whatever order: the same summary and the same figures of the run, to the last digit" {
	local order
	start_sim
	volume '{load_test: {requests: 90, arrival: poisson, rate: 150}, prompts: {input_tokens: 6}, request: {max_tokens: 4}, seed: 5}'
	for i in 0 1 2; do pod "$i"; done
	for i in 0 1 2; do
		ended "$i"
		is 0
	done
	merge
	for order in '0 1 2' '2 0 1' '1 2 0'; do
		for i in $order; do cat "run/out/$i/responses.jsonl"; done >joined
		for i in joined merged/responses.jsonl; do
			tokstat "$i" >m
			pctl -f m ttft_ms itl_ms e2e_ms >"pctl.${i%%/*}"
			runsum m >"runsum.${i%%/*}"
		done
		cmp pctl.joined pctl.merged
		cmp runsum.joined runsum.merged
	done
	jq -e '.requests.ok == 90' runsum.merged
	# As one process: the lines of the records are in the order in which it would have written them.
	same "$(jq -c .end_us merged/responses.jsonl | sort -n)" "$(jq -c .end_us merged/responses.jsonl)"
}

@test "a pod is killed in the middle: another one sends what is left, and the run says so" {
	local i n
	start_sim
	volume '{load_test: {requests: 120, arrival: constant, rate: 60}, prompts: {input_tokens: 6}, request: {max_tokens: 4}, seed: 5}'
	for i in 0 1 2; do pod "$i"; done
	wait_for 20 more_than 5 run/out/1/responses.jsonl
	kill -KILL -- "-$(<pod.1)" # all of its processes, as a pod that is deleted at once
	ended 1
	[ ! -e run/out/1/status ]
	printf '{"id":5,"torn' >>run/out/1/responses.jsonl
	pod 1
	for i in 0 1 2; do
		ended "$i"
		is 0
	done
	merge
	genload -f run/in/workload.json --model m | cmp - merged/requests.jsonl
	same "$(seq 120)" "$(jq .id merged/responses.jsonl | sort -n)"
	n=$(jq 'select(.part == 2)' merged/responses.jsonl | jq -s length)
	((n > 5 && n < 40))
	jq -e --argjson n "$n" '.load.shards[1].attempts == 2 and .load.shards[0].attempts == 1
		and (.warnings | length == 1 and .[0].code == "pod-retried" and (.[0].message | contains("load pod 2 of 3") and contains("\($n) of its 40")))' merged/run.json
	# Its clock was measured anew, its start is the one that all had.
	same 2 "$(wc -l <run/out/1/start.jsonl)"
	same 1 "$(jq -s 'map(.start_us) | unique | length' run/out/*/start.jsonl)"
	tokstat merged/responses.jsonl | runsum | jq -e '.requests.ok == 120'
}

@test "the pod that all ask is killed: another one gives out the same start" {
	local i
	start_sim
	volume '{load_test: {requests: 90, arrival: constant, rate: 60}, prompts: {input_tokens: 6}, request: {max_tokens: 4}, seed: 5}'
	for i in 0 1 2; do pod "$i"; done
	wait_for 20 more_than 3 run/out/0/responses.jsonl
	kill -KILL -- "-$(<pod.0)"
	ended 0
	pod 0
	for i in 0 1 2; do
		ended "$i"
		is 0
	done
	merge
	same "$(seq 90)" "$(jq .id merged/responses.jsonl | sort -n)"
	same 1 "$(jq -s 'map(.start_us) | unique | length' run/out/*/start.jsonl)"
}

@test "who comes again when all the others have gone goes by the clock that it had" {
	local i
	start_sim
	volume '{load_test: {requests: 30, arrival: constant, rate: 60}, prompts: {input_tokens: 6}, request: {max_tokens: 4}, seed: 5}'
	for i in 0 1 2; do pod "$i"; done
	wait_for 20 more_than 2 run/out/2/responses.jsonl
	kill -KILL -- "-$(<pod.2)"
	for i in 0 1; do
		ended "$i"
		is 0
	done
	sed -i 's/patience=10s/patience=1s/' run/in/load.sh # of one who sees that pod 0 has ended
	pod 2
	ended 2
	is 0
	grep -q 'the clock is taken for what it was' run/out/2/log
	merge
	same "$(seq 30)" "$(jq .id merged/responses.jsonl | sort -n)"
	jq -e '.warnings | map(.code) == ["pod-retried", "clock-kept"]' merged/run.json
}

@test "a duration ends all of them together; what is left of it is for who comes again" {
	local i from
	start_sim
	volume '{load_test: {duration_seconds: 4, concurrency: 3}, prompts: {input_tokens: 6}, request: {max_tokens: 4}, seed: 5}'
	for i in 0 1 2; do pod "$i" -c 3 --duration 4s; done
	wait_for 20 more_than 25 run/out/1/responses.jsonl
	kill -KILL -- "-$(<pod.1)"
	ended 1
	pod 1 -c 3 --duration 4s
	for i in 0 1 2; do
		ended "$i"
		is 0
	done
	merge
	from=$(jq .load.start_us merged/run.json)
	jq -se --argjson from "$from" 'all(.sent_us < $from + 4800000) and any(.part == 2)' merged/responses.jsonl
	# The requests that are there are those of the whole stream, from its beginning; a torn one is none.
	jq -e .id merged/requests.jsonl >/dev/null
	lost_requests
	# Of one that dies before it has made them all again, and has no follower, those that were sent are still there.
	sed -i 's/patience=10s/patience=1s/' run/in/load.sh
	mkdir short
	printf '#!/bin/sh\n"%s" "$@" | head -c 90\n' "$(command -v genload)" >short/genload
	chmod +x short/genload
	PATH=$PWD/short:$PATH pod 1 -c 3 --duration 4s
	ended 1
	same 90 "$(wc -c <run/out/1/requests.jsonl)"
	merge
	lost_requests
	same "$(jq .id merged/requests.jsonl | wc -l)" "$(jq .id merged/requests.jsonl | sort -nu | wc -l)"
}

# lost_requests: every record is of a request that is there.
lost_requests() {
	same '' "$(comm -23 <(jq .id merged/responses.jsonl | sort) <(jq .id merged/requests.jsonl | sort))"
}

@test "who comes again in the middle of stages goes on where they stand" {
	start_sim
	pods=2
	volume '{load_test: {duration_seconds: 6, concurrency: 8}, prompts: {input_tokens: 6}, request: {max_tokens: 4}, seed: 5}'
	for i in 0 1; do pod "$i" -c 0s:2=few,2s:2,2s:8=many --duration 6s; done
	wait_for 20 grep -q '"stage":"many"' run/out/1/responses.jsonl
	kill -KILL -- "-$(<pod.1)"
	ended 1
	pod 1 -c 0s:2=few,2s:2,2s:8=many --duration 6s
	for i in 0 1; do
		ended "$i"
		is 0
	done
	jq -se 'map(select(.part == 2)) | length > 20 and all(.tags.stage == "many")
		and ([.[] | {t: .sent_us, d: 1}, {t: .end_us, d: -1}] | sort_by(.t, .d) | reduce .[] as $e ({n: 0, most: 0};
			.n += $e.d | .most = ([.n, .most] | max)) | .most == 4)' run/out/1/responses.jsonl
}

@test "two rounds, and a pod that was started again in the first: the pause between them is no time of the run" {
	local i words
	start_sim
	volume '{load_test: {requests: 90, concurrency: 3}, prompts: {input_tokens: 6}, request: {max_tokens: 40}, seed: 5}'
	for i in 0 1 2; do pod "$i" -c 3; done
	wait_for 20 more_than 2 run/out/1/responses.jsonl
	kill -KILL -- "-$(<pod.1)"
	ended 1
	pod 1 -c 3
	wait_for 20 grep -q '"part":2' run/out/1/responses.jsonl
	for i in 0 1 2; do kill -TERM "$(<"pod.$i")"; done
	for i in 0 1 2; do ended "$i"; done
	merge
	words=$(jq -r '.warnings[].message' merged/run.json)
	[[ $words == 'load pod 2 of 3 died and was started again: '* ]]
	rm -f run/out/*/{attempts,start.jsonl,status} run/out/2/responses.jsonl # the third is as one that had sent nothing
	wait_for 5 later 3000000
	for i in 0 1 2; do pod "$i" -c 3 --part 3 --retry connect; done
	for i in 0 1 2; do
		ended "$i"
		is 0
	done
	record='.load.part = 3' merge_again
	same "$(seq 90)" "$(jq .id merged/responses.jsonl | sort -n)"
	same "$words" "$(jq -r '.warnings[].message' merged/run.json)" # and no more of them
	tokstat merged/responses.jsonl | runsum >sum
	jq -se --slurpfile sum sum '(((map(.end_us) | max) - (map(.sent_us) | min)) / 1e6) as $all
		| $sum[0].window | .parts == 2 and .s < $all - 2.5' merged/responses.jsonl
}

# later US: is the end of what was sent so long ago?
later() {
	(($(date +%s%6N) > $(cat run/out/*/responses.jsonl | jq -s 'map(.end_us) | max') + $1))
}

# merge_again: into the same run.
merge_again() {
	jq "$record" merged/run.json >run.json
	mv run.json merged/
	bash -euo pipefail -c '. "$1/scripts/lib/inload_merge.sh"; run_dir=$2; inload_merge run/out "$2"' bash "$TOP" merged
}

@test "a clock that is five seconds behind: what is left of a duration goes by everybody's" {
	local start
	start_sim
	pods=2
	volume '{load_test: {duration_seconds: 5, concurrency: 2}, prompts: {input_tokens: 6}, request: {max_tokens: 4}, seed: 5}'
	sed -i 's/patience=10s/patience=1s/' run/in/load.sh
	mkdir -p run/out/0 run/out/1
	echo 0 >run/out/0/status
	echo p n1 1 >run/out/1/attempts
	start=$(($(date +%s) * 1000000 + 3000000))
	jq -nc --argjson start "$start" '{offset_us: 5000000, error_us: 40, start_us: $start, late_us: 0}' >run/out/1/start.jsonl
	pod 1 -c 2 --duration 5s
	ended 1
	is 0
	jq -se --argjson start "$start" 'length > 2 and all(.sent_us > $start and .sent_us < $start + 6500000)' run/out/1/responses.jsonl
}

@test "a volume that is full ends the pod with 4, and whoever had room had everything kept" {
	local apart=(unshare --mount) size
	((EUID == 0)) || apart+=(--map-root-user)
	"${apart[@]}" true 2>/dev/null || skip "no file systems can be mounted here"
	pods=1
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	volume '{load_test: {requests: 200, concurrency: 4}, prompts: {input_tokens: 6}, request: {max_tokens: 50}, seed: 5}'
	mkdir tmp.0
	for size in 4 8 40 100; do
		# shellcheck disable=SC2016 # for the shell inside
		run --separate-stderr "${apart[@]}" bash -c 'mount -t tmpfs -o size=$1k tmpfs run/out; shift; "$@"' - "$size" \
			env TMPDIR="$PWD/tmp.0" JOB_COMPLETION_INDEX=0 busybox sh run/in/load.sh 1 "127.0.0.1:$port" m 0 '' -- --url "$(<url)" -c 4
		is 4
	done
	run --separate-stderr "${apart[@]}" bash -c 'mount -t tmpfs -o size=60k tmpfs run/out
		"$@"; echo "status $?"
		mount -o remount,size=8m run/out
		"$@"; echo "status $?"
		jq .id run/out/0/responses.jsonl | sort -n | uniq | wc -l' - \
		env TMPDIR="$PWD/tmp.0" JOB_COMPLETION_INDEX=0 busybox sh run/in/load.sh 1 "127.0.0.1:$port" m 0 '' -- --url "$(<url)" -c 4
	is 0 'status 4' 'status 0'
	same 200 "${lines[-1]}"
}

@test "a pod that is told to end finishes what is in flight and leaves the rest to the next one" {
	start_sim --time-to-first-token 300ms
	pods=1
	volume '{load_test: {requests: 200, concurrency: 4}, prompts: {input_tokens: 6}, request: {max_tokens: 4}, seed: 5}'
	pod 0 -c 4
	wait_for 20 more_than 1 run/out/0/responses.jsonl
	kill -TERM "$(<pod.0)"
	ended 0
	is 1
	same 130 "$(<run/out/0/status)"
	jq -se 'all(.error == null) and length < 100' run/out/0/responses.jsonl # each one that was in flight came to its end
	merge
	jq -e '.load.shards[0].status == 130' merged/run.json
}

@test "what no other pod could do better: wrong options, and a workload that genload refuses" {
	start_sim
	pods=1
	volume '{load_test: {requests: 3, concurrency: 1}, prompts: {input_tokens: 6}}'
	pod 0 --no-such-option
	ended 0
	is 2
	grep -q 'sendreq: .*no-such-option' said.0 # the pod's own log says it
	rm -r run
	volume '{load_test: {requests: 3, concurrency: 1}, prompts: {input_tokens: many}}'
	pod 0
	ended 0
	is 2
	grep -q 'genload: prompts.input_tokens: many' said.0
}

@test "a share that nobody sent, and clocks that are hardly known, are warned about" {
	mkdir -p run/out/0
	pods=2
	printf 'p n1 1\n' >run/out/0/attempts
	echo '{"shard":1,"shards":2,"offset_us":0,"error_us":9000,"rtt_us":18000,"start_us":1795392000000000,"late_us":0}' >run/out/0/start.jsonl
	printf '{"id":1}\n{"id":3}\n{"id"' >run/out/0/requests.jsonl
	printf '{"id":3,"end_us":9}\n{"id":1,"end_us":12}\n' >run/out/0/responses.jsonl
	merge
	same '{"id":1}
{"id":3}' "$(<merged/requests.jsonl)"
	same '{"id":3,"end_us":9}
{"id":1,"end_us":12}' "$(<merged/responses.jsonl)"
	jq -e '.warnings | map(.code) == ["clock-error", "pod-missing"]' merged/run.json
	jq -e '.load.shards[1] | .attempts == 0 and .status == null and .offset_us == null' merged/run.json
	# Fetched once more, it is not said twice.
	bash -euo pipefail -c '. "$1/scripts/lib/inload_merge.sh"; run_dir=$2; inload_merge run/out "$2"' bash "$TOP" merged
	jq -e '.warnings | length == 2' merged/run.json
}
