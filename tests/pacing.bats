#!/usr/bin/env bats
# The open loop keeps its schedule: what genload says, when requests were due, and when the server, by its
# own log, had them.  (The distributions themselves, 10,000 times each over many seeds: tests/arrivals.bats
# and tests/genload.bats.)
load lib/common
load lib/llmsim

PY=${PY:-$TOP/tests/lib/py}

fast_sim() {
	sim --truth truth --model m --max-num-seqs 400 --time-to-first-token 10ms --inter-token-latency 2ms
}

# paced NAME GAPS -- ARG…: genload's requests for these arguments go out as planned.
paced() {
	local name=$1 gaps=()
	shift
	while [ "$1" != -- ]; do
		gaps+=("$1")
		shift
	done
	genload --model m --input-tokens 4 --max-tokens 4 "${@:2}" >"$name.requests"
	# shellcheck disable=SC2086 # several options
	sendreq --url "$URL" $with "$name.requests" >"$name.responses"
	wait_for 10 logged "$name"
	"$PY" "$TOP/tests/oracle/pacing.py" "$name.requests" "$name.responses" truth "${gaps[@]}"
}

# logged NAME: the server has logged as many as were sent.
logged() {
	local id
	id=$(jq -s 'max_by(.end_us).id' "$1.responses")
	[ "$(wc -l <truth)" -ge "$(wc -l <"$1.responses")" ] && tail -n 50 truth | grep -q -- "-$id\""
}

with=

@test "Poisson and gamma arrivals come to the server as they were drawn, and do not drift" {
	fast_sim
	paced poisson poisson:60 -- -r 60 --arrival poisson --duration 5s --seed 3
	paced half gamma:60:0.5 -- -r 60 --burstiness 0.5 --duration 5s --seed 4
	paced two gamma:60:2 -- -r 60 --burstiness 2 --duration 5s --seed 5
	# The test can fail: another distribution, another schedule.
	run ! "$PY" "$TOP/tests/oracle/pacing.py" poisson.requests poisson.responses truth gamma:60:0.3
	run ! "$PY" "$TOP/tests/oracle/pacing.py" poisson.requests poisson.responses truth poisson:120
	jq -c '.at_us |= (. * 1.02 | floor)' two.requests >stretched
	run ! "$PY" "$TOP/tests/oracle/pacing.py" stretched two.responses truth
}

@test "hundreds a second, of one process and of three" {
	fast_sim
	paced one -- -r 300 --duration 3s --warmup 5
	with='-j 3 -c 3'
	paced three poisson:300 -- -r 300 --arrival poisson --duration 3s --warmup 5
}

@test "a trace keeps its own times, pauses and bursts and all" {
	fast_sim
	"$PY" /dev/stdin >trace.jsonl <<-'END'
		import json
		import numpy as np
		rng = np.random.default_rng(7)
		at = np.sort(np.concatenate([rng.uniform(0, 4000, 150), np.full(40, 1500.0), 2500 + rng.exponential(30, 60)]))
		for t in at:
		    print(json.dumps({"timestamp": int(t), "input_length": 9}))
	END
	paced trace -- --schedule trace.jsonl
	same "$(jq '.timestamp * 1000' trace.jsonl)" "$(jq -s 'sort_by(.due_us, .id) | .[].due_us' trace.responses |
		awk -v first="$(head -n 1 trace.jsonl | jq '.timestamp * 1000')" 'NR == 1 { start = $1 - first } { print $1 - start }')"
}

@test "stages follow each other on time" {
	fast_sim
	echo '{"load_test": {"stages": [{"name": "low", "duration_seconds": 1.5, "rate": 20, "arrival": "poisson"},
		{"name": "peak", "duration_seconds": 2, "rate": 200, "burstiness": 0.5},
		{"name": "after", "duration_seconds": 1.5, "rate": 30}]}}' >stages.json
	paced stages -- -f stages.json
	# Each at its own rate, at the server too.
	jq -se --slurpfile r stages.responses '($r | map(.due_us) | min) as $t0 | map(.arrived_us - $t0 - 1500000) | map(select(. >= 0 and . < 2000000))
		| length > 250 and length < 550' truth
	same 'after low peak' "$(jq -r .tags.stage stages.responses | sort -u | xargs)"
}

@test "sessions: first turns by their schedule, later ones after the thinking, to the end" {
	fast_sim
	paced sessions -- -r 25 --arrival poisson -n 240 --turns 4 --think uniform:20-200
	with='-j 2 -c 2'
	paced apart -- -r 25 -n 160 --turns 4 --think 50ms
}
