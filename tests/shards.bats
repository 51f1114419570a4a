#!/usr/bin/env bats
# sendreq -j N and bench.sh -j N: several processes do what one would, and their records together
# give what one's give, to the last digit.
load lib/common
load lib/bench

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	llmsim --unix-socket "$BATS_FILE_TMPDIR/sim" --model m --max-num-seqs 200 --truth "$BATS_FILE_TMPDIR/truth" \
		--time-to-first-token 20ms --inter-token-latency 5ms >/dev/null 3>&- &
	echo $! >sim.pid
	wait_for 10 test -S sim
}

teardown_file() {
	kill "$(<"$BATS_FILE_TMPDIR/sim.pid")"
}

SIM=(--url http://sim --unix-socket "$BATS_FILE_TMPDIR/sim")
to_sim() {
	sendreq "${SIM[@]}" "$@"
}

load_of() {
	genload --model m --input-tokens 4 --max-tokens 4 "$@"
}

most_in_flight() {
	jq -s '[.[] | {t: .sent_us, d: 1}, {t: .end_us, d: -1}] | sort_by(.t, .d)
		| reduce .[] as $e ({n: 0, most: 0}; .n += $e.d | .most = ([.n, .most] | max)) | .most'
}

# whole N REQUESTS RECORDS: N good records, one for each request.
whole() {
	"$TOP/tests/lib/check_records.py" --requests "$2" "$3"
	same "$(jq .id "$2" | sort)" "$(jq .id "$3" | sort)"
	same "$1" "$(jq -c 'select(.final and .error == null)' "$3" | wc -l)"
}

# children PID: the processes that PID started.
children() {
	xargs <"/proc/$1/task/$1/children"
}

# truth_from; truth_of N: what llmsim logs between the two, N records, in the file truth.
truth_from() {
	seen=$(wc -l <"$BATS_FILE_TMPDIR/truth")
}

truth_of() {
	wait_for 10 eval '[ "$(wc -l <"$BATS_FILE_TMPDIR/truth")" -ge '$((seen + $1))' ]'
	tail -n "+$((seen + 1))" "$BATS_FILE_TMPDIR/truth" >truth
}

# busy PID N: it has N processes, and the file out has records.
busy() {
	[ -s out ] && [ "$(children "$1" | wc -w)" = "$2" ]
}

# gone PID...: none of them is there any more.
gone() {
	local pid
	for pid; do
		[ ! -d "/proc/$pid" ] || return 1
	done
}

@test "closed loop: each request once, never more than -c at a time, one start behind all warm-ups" {
	local n
	load_of -n 120 --warmup 9 >requests
	for n in 2 3 7; do
		rm -f out progress
		to_sim -j "$n" -c 7 -o out --progress-fd 3 requests 3>progress
		whole 129 requests out
		[ "$(most_in_flight <out)" -le 7 ]
		# The first seven were due at one moment, to the microsecond, when the last warm-up was back.
		jq -se --argjson n 7 '(map(select(.phase)) | map(.end_us) | max) as $warm | map(select(.phase | not)) | sort_by(.due_us)
			| (map(.due_us) | unique) as $due | (map(select(.due_us == $due[0])) | length == $n) and $due[0] >= $warm' out
		# Each of the others when one of the others ended.
		jq -se '[.[].end_us] as $ends | map(select(.phase | not)) | sort_by(.due_us)[7:] | all(.due_us as $d | $ends | index($d) != null)' out
		same "$(seq "$n")" "$(jq .shard progress | sort -n | uniq)"
		same 129 "$(jq -s 'group_by(.shard) | map(last.ok) | add' progress)"
	done
}

@test "the slots are shared at every moment: steps, lines, stages" {
	jq -nc 'range(1; 400) | {id: ., body: {model: "m", stream: true, max_tokens: 20, messages: [{role: "user", content: "hi"}]}}' >requests
	to_sim -j 4 -c 0s:1=low,400ms:1,400ms:6=high,800ms:6,800ms:2=end --duration 1500ms <requests >out
	[ "$(most_in_flight <out)" -le 6 ]
	jq -se '(map(.due_us) | min) as $t0 | map(select(.due_us == $t0 + 400000)) | length == 5' out
	jq -se '(map(.due_us) | min) as $t0 | all(.tags.stage == (if .due_us < $t0 + 400000 then "low" elif .due_us < $t0 + 800000 then "high" else "end" end))' out
	[ "$(jq -sc '(map(.due_us) | min) as $t0 | .[] | select(.sent_us < $t0 + 400000)' out | most_in_flight)" = 1 ]
	[ "$(jq -sc '(map(.due_us) | min) as $t0 | .[] | select(.sent_us > $t0 + 800000)' out | most_in_flight)" -le 2 ]
}

@test "open loop: every process keeps the one schedule, and sends its share of it" {
	load_of -n 90 -r 100 --arrival poisson --warmup 4 >requests
	truth_from
	to_sim -j 3 -c 3 <requests >out
	whole 94 requests out
	same 1 "$(jq -s --slurpfile q requests '(map({(.id | tostring): .due_us}) | add) as $due
		| [$q[] | select(.at_us) | $due[.id | tostring] - .at_us] | unique | length' out)"
	# Each process has a number of its own in the requests' ids.
	truth_of 94
	same '[30,30,30]' "$(jq -sc --slurpfile q requests '[$q[] | select(.at_us) | .id] as $open
		| map(.request_id | split("-")) | map(select(.[1] | tonumber | IN($open[]))) | group_by(.[0]) | map(length)' truth)"
	load_of -n 20 -r 1000 >requests
	to_sim -j 2 --max-in-flight 2 <requests >out
	same 2 "$(most_in_flight <out)"
}

@test "a conversation stays with one process, in both loops" {
	local rate
	for rate in '' '-r 40'; do
		# shellcheck disable=SC2086 # two words or none
		load_of -n 60 --turns 3 --think 20ms $rate >requests
		truth_from
		to_sim -j 3 -c 4 <requests >out
		whole 60 requests out
		jq -se 'group_by(.session) | length == 20 and all(.[]; sort_by(.turn) | map(.turn) == [1, 2, 3]
			and .[1].due_us == .[0].end_us + 20000 and .[2].due_us == .[1].end_us + 20000)' out
		truth_of 60
		# in the closed loop one that is not given a processor takes none
		jq -se --slurpfile q requests --arg rate "$rate" '($q | map({(.id | tostring): .session}) | add) as $session
			| map(.request_id | split("-") | {by: .[0], session: $session[.[1]]}) | unique
			| length == 20 and (map(.by) | unique | length >= if $rate == "" then 2 else 3 end)' truth
	done
}

@test "the records of the processes give the same figures, in any order and split anyhow" {
	local i
	genload --model m --input-tokens 4 --output-tokens uniform:2-9 -n 300 >requests
	to_sim -j 3 -c 12 -o out --progress-fd 3 requests 3>progress
	figures() {
		tokstat >metrics
		pctl -p 50,90,99,99.9 ttft_ms tpot_ms itl_ms e2e_ms send_lag_ms <metrics
		runsum --slo ttft_ms=30 --progress progress metrics
	}
	figures <out >whole
	grep -q '"n":300' whole
	for i in 1 2 3; do
		shuf --random-source=<(yes "$i") out >other
		split -n "r/$((i + 1))" other part.
		same "$(sort out)" "$(cat part.* | sort)"
		cat part.* | figures >got
		cmp whole got
		rm part.*
	done
	sed -i '1s/"ev_us":\[/&0,/;1s/"ev_kind":"/&c/' out # another TTFT: the figures can differ
	figures <out >got
	run ! cmp -s whole got
}

@test "one process killed: the others finish what they have, and --resume sends the rest, with any -j" {
	local pid victim others n
	load_of -n 300 >requests
	for n in 1 2; do
		rm -f out
		sendreq "${SIM[@]}" -j 3 -c 6 -o out requests 2>err &
		pid=$!
		wait_for 10 busy "$pid" 3
		read -r victim others < <(children "$pid")
		kill -9 "$victim"
		status=0
		wait "$pid" || status=$?
		is 137
		grep -q 'sendreq: a process was killed (signal 9), and the others stopped' err
		# shellcheck disable=SC2086 # several
		gone $others
		[ "$(wc -l <out)" -lt 300 ]
		jq -se 'all(.final)' out
		to_sim -j "$n" -c 6 --resume out requests
		whole 300 requests out
		same '[null,2]' "$(jq -sc 'map(.part) | unique' out)"
	done
}

@test "kill -9 of the first one ends them all; what was measured is there" {
	local pid all
	load_of -n 300 >requests
	sendreq "${SIM[@]}" -j 2 -c 6 -o out requests &
	pid=$!
	wait_for 10 busy "$pid" 2
	all=$(children "$pid")
	kill -9 "$pid"
	wait "$pid" || true
	# shellcheck disable=SC2086 # several
	wait_for 10 gone $all
	to_sim -j 3 -c 6 --resume out requests
	whole 300 requests out
}

@test "a resumed schedule goes on where it stopped, for all processes" {
	jq -nc 'range(1; 13) | {id: ., at_us: (. * 50000), body: {model: "m", stream: true, max_tokens: 4, messages: [{role: "user", content: "hi"}]}}' >requests
	head -n 7 requests | to_sim -j 2 -o out
	to_sim -j 3 --resume out requests
	whole 12 requests out
	jq -se 'map(select(.part == 2)) | length == 5 and (sort_by(.id) | .[0].due_us as $d | all(.due_us - $d == (.id - 8) * 50000))' out
}

@test "Ctrl-C reaches them all: once they finish, twice they cancel" {
	local pid
	jq -nc 'range(1; 9) | {id: ., body: {model: "m", stream: true, max_tokens: 2000, messages: [{role: "user", content: "hi"}]}}' >long
	env --default-signal=INT sendreq "${SIM[@]}" -j 2 -c 4 -o out --progress-fd 3 long 3>progress 2>err &
	pid=$!
	wait_for 10 eval '[ "$(jq -s "map(.in_flight) | add" progress)" -ge 4 ]'
	kill -INT "$pid"
	wait_for 10 grep -q 'sendreq: interrupted: waiting up to 5s for those in flight' err
	test ! -s out
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	is 130
	same 1 "$(grep -c interrupted err)"
	jq -se 'length == 4 and all(.error.kind == "cancelled" and (.final | not))' out
	load_of -n 300 >requests
	rm out
	env --default-signal=INT sendreq "${SIM[@]}" -j 2 -c 4 -o out requests 2>err &
	pid=$!
	wait_for 10 test -s out
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	is 130
	jq -se 'length > 0 and length < 300 and all(.final and .error == null)' out
}

@test "records of several processes do not mix, whatever takes them" {
	jq -nc 'range(1; 41) | {id: ., pass: ("x" * 20000), body: {model: "m", stream: true, max_tokens: 2, messages: [{role: "user", content: "hi"}]}}' >requests
	to_sim -j 4 -c 20 <requests | cat >out
	whole 40 requests out
	run --separate-stderr to_sim -j 2 -c 4 -o /dev/full requests
	is 4 'No space left'
	# A reader that leaves early ends it quietly.
	load_of -n 300 >requests
	run -0 bash -c 'set +o pipefail; sendreq "${@:2}" -j 2 -c 6 "$1" 2>err | head -n 3 >out; echo "${PIPESTATUS[0]}"' -- requests "${SIM[@]}"
	same 141 "$output"
	same '' "$(<err)"
}

@test "a bad line is reported once, by its number, also when two processes would have had a half of it" {
	{
		load_of -n 3
		echo '{"id":2,"body":{}}'
		echo '{'
		load_of -n 6 | tail -n 3
	} >requests
	run --separate-stderr to_sim -j 2 -c 2 requests
	is 1 'sendreq: requests:4: an id that was there before' 'sendreq: requests:5:'
	same 2 "$(wc -l <<<"$stderr")"
	same '1 2 3 4 5 6' "$(jq .id <<<"$output" | sort | xargs)"
}

@test "more processes than there are requests, or none at all" {
	load_of -n 2 >requests
	to_sim -j 5 -c 5 <requests >out
	whole 2 requests out
	run --separate-stderr to_sim -j 5 -c 5 </dev/null
	is 0
	same '' "$output$stderr"
}

@test "whoever started it ignores SIGCHLD: its processes are waited for all the same" {
	load_of -n 4 >in
	(trap '' CHLD && exec timeout 30 "$(type -P sendreq)" "${SIM[@]}" -j 2 -c 2 in) >out
	whole 4 in out
}

@test "what cannot be shared is refused; who is not there is said once" {
	run --separate-stderr to_sim -j 3 -c 2 </dev/null
	is 2 'sendreq: -j 3: more processes than -c has slots, 2'
	run --separate-stderr to_sim -j 3 --max-in-flight 2 </dev/null
	is 2 'sendreq: -j 3: more processes than --max-in-flight 2'
	run --separate-stderr to_sim -j 0 </dev/null
	is 2 '-j: 0: too small'
	load_of -n 6 >requests
	run --separate-stderr sendreq --url http://127.0.0.1:1 -j 2 -c 2 requests
	is 3 'sendreq: no request got an answer from http://127.0.0.1:1'
	same 1 "$(wc -l <<<"$stderr")"
	run --separate-stderr sendreq --url nonsense -j 2 -c 2 requests
	is 2 'nonsense: '
	same 1 "$(wc -l <<<"$stderr")"
}

bench() {
	"$TOP/bench.sh" --url "$url" "${fast[@]}" --set validation=null "$@"
}

@test "bench.sh -j N: planned, run, recorded, and resumed with another N" {
	start_sim --time-to-first-token 10ms --inter-token-latency 2ms
	run --separate-stderr bench -j 3 --concurrency 6 --dry-run
	is 0 'processes   3' '-c 6 -j 3 '
	run --separate-stderr bench -j 7 --concurrency 6
	is 2 'bench.sh: --processes 7: more than --concurrency 6'
	run --separate-stderr bench -j 3 --rate 9 --max-in-flight 2 --dry-run
	is 2 '--processes 3: more than --max-in-flight 2'
	run --separate-stderr bench --processes 3 --concurrency 6 --requests 60
	is 0 'ok 60, failed 0'
	same '3 finished' "$(field '"\(.plan.processes) \(.status)"')"
	whole 62 "$(latest)/requests.jsonl" "$(latest)/responses.jsonl"
	same '6 true' "$(jq -r '"\(.client.max_in_flight) \(.client.ttft_lag_ms.mean > 0)"' "$(latest)/runsum.json")"
	cmp "$(latest)/requests.jsonl" <(genload -f "$(latest)/workload.json" --model "$(field .model)")
}

@test "bench.sh -j N: a process killed, then --resume with as many, or with fewer" {
	start_sim --time-to-first-token 20ms --inter-token-latency 5ms
	local pid sender victim resume
	for resume in '' '-j 2'; do
		rm -rf runs
		bench -j 3 --concurrency 6 --requests 400 >out 2>err &
		pid=$!
		wait_for 20 eval '[ -d runs ] && [ -s "$(latest)/responses.jsonl" ]'
		read -r sender _ <"$(latest)/sendreq.pid"
		read -r victim _ < <(children "$sender")
		kill -9 "$victim"
		status=0
		wait "$pid" || status=$?
		is 1
		grep -q 'sendreq was killed (signal 9); complete the run with --resume' err
		# shellcheck disable=SC2086 # two words or none
		run --separate-stderr "$TOP/bench.sh" --resume runs $resume
		is 0 'ok 400, failed 0'
		whole 402 "$(latest)/requests.jsonl" "$(latest)/responses.jsonl"
		same "${resume:+2}${resume:-3}" "$(field .plan.processes)${resume:+$resume}"
	done
}
