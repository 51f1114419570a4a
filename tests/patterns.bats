#!/usr/bin/env bats
# How the load of a profile and of the flags becomes arrivals or slots, and how a run ends by it.
load lib/common
load lib/bench

plan=("$TOP/bench.sh" --dry-run --local --set prompts.file=null)

# planned TEXT… -- ARG…: the plan for these arguments says each text.
planned() {
	local texts=()
	while [ "$1" != -- ]; do
		texts+=("$1")
		shift
	done
	run --separate-stderr "${plan[@]}" "${@:2}"
	is 0 "${texts[@]}"
}

# refused TEXT ARG…: these arguments are refused, with that text.
refused() {
	run --separate-stderr "${plan[@]}" "${@:2}"
	is 2 "$1"
}

@test "with a rate a pattern is one of the rate, without one of the slots" {
	planned 'burst, burst arrivals, 3 a second' '"arrival":"burst"' -- --pattern burst --rate 3
	planned 'ramp, ramp arrivals, 3 a second' '"ramp_seconds":10' '--duration 20s' -- --pattern ramp --rate 3 --duration 20s
	planned 'ramp, ramp arrivals' -- --arrival ramp --rate 3 --duration 20s
	planned '-c 0s:1,10s:10 ' -- --pattern ramp --duration 20s
	planned '-c 0s:1,2.5s:10 ' -- --pattern ramp --set load_test.ramp_seconds=2.5
	planned 'steady, gamma arrivals' '"burstiness":0.5' -- --rate 3 --burstiness 0.5
	refused 'ramp needs load_test.duration_seconds (--duration)' --pattern ramp --rate 3
	refused 'load_test.rate: burst arrivals need a rate (--rate); of slots it is a pattern (--pattern burst)' --arrival burst
	refused 'load_test.pattern: ramp with arrival poisson: say one of them' --pattern ramp --arrival poisson --rate 3 --duration 9s
	refused 'load_test.burstiness: only with gamma arrivals, not poisson' --arrival poisson --rate 3 --burstiness 2
	refused 'load_test.arrival' --arrival gama --rate 3
	refused 'load_test.burstiness: 0' --rate 3 --burstiness 0
}

@test "a flag undoes what the profile says in its place" {
	printf 'load_test: {arrival: gamma, rate: 9, burstiness: 2, requests: 7}\n' >gamma.yaml
	planned 'gamma arrivals, 9 a second' -- --profile gamma.yaml
	planned 'poisson arrivals, 9 a second' -- --profile gamma.yaml --arrival poisson
	planned 'closed loop, 10 at a time' -- --profile gamma.yaml --arrival closed
	planned 'burst, burst arrivals, 9 a second' -- --profile gamma.yaml --pattern burst
	printf 'load_test: {pattern: burst, rate: 9}\n' >burst.yaml
	planned 'steady, gamma arrivals' -- --profile burst.yaml --burstiness 2
	seq 5 >times
	planned "arrivals of $PWD/times" 'as many as the schedule has' -- --profile gamma.yaml --schedule times
	planned 'requests    3' -- --profile gamma.yaml --schedule times --requests 3
	refused 'nowhere: no such file' --schedule nowhere
	refused 'a schedule has its own times' --schedule times --rate 3
	refused 'excludes arrival poisson' --schedule times --arrival poisson
	refused 'needs a file (--schedule)' --arrival schedule
}

@test "--requests ends the run, and a ramp keeps its shape" {
	printf 'load_test: {pattern: ramp, rate: 20, duration_seconds: 2}\n' >ramp.yaml
	planned 'ends by     duration' '--duration 2s' -- --profile ramp.yaml
	run --separate-stderr "${plan[@]}" --profile ramp.yaml --requests 100
	is 0 'ends by     requests' '"ramp_seconds":1'
	[[ $output != *--duration* && $output != *duration_seconds* ]]
	sed -n 's/^{/{/p' <<<"$output" >w.json
	same 100 "$(genload -f w.json | jq -s 'length')"
	planned '--duration 1s' 'ends by     requests' -- --profile ramp.yaml --requests 100 --duration 1s
}

@test "stages: rates become times, concurrencies slots, and their names tags" {
	cat >open.yaml <<-'END'
		load_test:
		  requests: 5
		  stages:
		    - {name: low, duration_seconds: 0.5, rate: 10}
		    - {name: high, duration_seconds: 0.5, rate: 40, arrival: poisson}
	END
	planned 'stage low: 0.5 s of constant arrivals, 10 a second' 'stage high: 0.5 s of poisson arrivals' '--duration 1s' \
		'ends by     duration' -- --profile open.yaml
	planned 'constant arrivals, 7 a second' -- --profile open.yaml --rate 7
	planned 'closed loop, 7 at a time' -- --profile open.yaml --concurrency 7
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	run --separate-stderr "$TOP/bench.sh" --url "$url" --profile open.yaml "${fast[@]}"
	is 0 'failed 0'
	[ "$(field .ended_by)" = duration ]
	jq -se 'map(select(.phase != "warmup")) | map(.tags.stage) | unique == ["high", "low"]' "$(latest)/responses.jsonl"
	[ "$(jq -r 'select(.tags.stage == "low").id' "$(latest)/responses.jsonl" | wc -l)" -eq 5 ]
	jq -e '.metadata.concurrent_users == null' "$(latest)/results.json"
}

@test "stages of a closed loop: slots open and close, and each reply names its stage" {
	cat >closed.yaml <<-'END'
		load_test:
		  stages:
		    - {name: low, duration_seconds: 0.5, concurrency: 1}
		    - {name: high, duration_seconds: 0.5, concurrency: 4}
	END
	planned '-c 0s:1=low,0.5s:1,0.5s:4=high,1s:4 ' 'stage high: 0.5 s of 4 at a time' 'ends by     duration' -- --profile closed.yaml
	start_sim --time-to-first-token 20ms --inter-token-latency 1ms
	run --separate-stderr "$TOP/bench.sh" --url "$url" --profile closed.yaml "${fast[@]}" --set tags.a=x
	is 0 'failed 0'
	local run
	run=$(latest)
	# By when each was due, counted from the first.
	jq -se 'map(select(.phase != "warmup")) | (map(.due_us) | min) as $start
		| all(.[]; .tags == {a: "x", stage: (if .due_us - $start < 500000 then "low" else "high" end)})
		and (map(.tags.stage) | unique == ["high", "low"])' "$run/responses.jsonl"
	jq -se 'map(select(.tags == {a: "x"})) | length == 2' "$run/responses.jsonl" # the warm-up has none
	jq -e '.metadata.concurrent_users == 4' "$run/results.json"
}

@test "a stage in the records' own tags stays" {
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	genload -n 2 --tag stage=mine --input-tokens 2 --max-tokens 2 | sendreq --url "$url" -c 0s:1=low,1s:1 >out
	[ "$(jq -c .tags out | uniq)" = '{"stage":"mine"}' ]
	genload -n 1 --input-tokens 2 --max-tokens 2 | sendreq --url "$url" -c 0s:1=low,1s:1 >out
	[ "$(jq -c .tags out)" = '{"stage":"low"}' ]
	run --separate-stderr sendreq --url "$url" -c '0s:1=a b' </dev/null
	is 2 "a stage's name is of up to 64 letters"
}

@test "stages that do not fit are refused" {
	printf 'load_test: {stages: [{name: a, duration_seconds: 1, rate: 1}, {name: b, duration_seconds: 1, concurrency: 1}]}\n' >p.yaml
	refused 'load_test.stages: all need a rate, or all a concurrency' --profile p.yaml
	printf 'load_test: {rate: 5, stages: [{name: a, duration_seconds: 1, rate: 1}]}\n' >p.yaml
	refused 'load_test.rate: each stage has its own' --profile p.yaml
	printf 'load_test: {pattern: burst, stages: [{name: a, duration_seconds: 1, rate: 1}]}\n' >p.yaml
	refused 'load_test.pattern: burst: stages are steps' --profile p.yaml
	printf 'load_test: {stages: []}\n' >p.yaml
	refused 'load_test.stages: there is none in it' --profile p.yaml
	printf 'load_test: {stages: [{name: a, rate: 1}]}\n' >p.yaml
	refused 'load_test.stages: each needs a name and duration_seconds' --profile p.yaml
	printf 'load_test: {stages: [{name: a, duration: 3, rate: 1}]}\n' >p.yaml
	refused 'p.yaml:1:32: load_test.stages[0].duration: unknown key' --profile p.yaml
	printf 'load_test: {stages: [{name: "a b", duration_seconds: 3, rate: 1}]}\n' >p.yaml
	refused "letters, digits" --profile p.yaml
}

@test "a schedule is kept, ends the run, and its bad lines are named" {
	printf '0\n0.05\nnever\n{"timestamp": 100}\n' >times
	start_sim --time-to-first-token 1ms --inter-token-latency 1ms
	run --separate-stderr "$TOP/bench.sh" --url "$url" --schedule times "${fast[@]}"
	is 1 'ok 3, failed 0' 'times:3'
	[ "$(field '[.status, .ended_by] | join(" ")')" = 'finished requests' ]
	[ "$(jq -c 'select(.at_us) | .at_us' "$(latest)/requests.jsonl" | paste -sd' ')" = '0 50000 100000' ]
}

# points USED: of the workload on stdin, what is left of its points in time after so many seconds.
points() {
	jq -r -f "$TOP/scripts/lib/plan.jq" --arg url u --arg model m --arg workload w --arg run r --arg retry '' \
		--argjson flags '{}' --argjson connection '[]' --argjson resume true --argjson processes 1 --argjson used_s "$1" |
		jq -r '"\(.points) \(.duration_s)"'
}

@test "a resumed ramp and resumed stages go on where they were" {
	local ramp='{"load_test": {"pattern": "ramp", "arrival": "closed", "concurrency": 41, "ramp_seconds": 10, "duration_seconds": 20}}'
	same '0s:1,10s:41 20' "$(points 0 <<<"$ramp")"
	same '0s:11,7.5s:41 17.5' "$(points 2.5 <<<"$ramp")"
	same '0s:41 8' "$(points 12 <<<"$ramp")"
	local stages='{"load_test": {"concurrency": 5, "duration_seconds": 3, "stages": [{"name": "a", "duration_seconds": 1, "concurrency": 2},
		{"name": "b", "duration_seconds": 2, "concurrency": 5}]}}'
	same '0s:2=a,1s:2,1s:5=b,3s:5 3' "$(points 0 <<<"$stages")"
	same '0s:2=a,0.75s:2,0.75s:5=b,2.75s:5 2.75' "$(points 0.25 <<<"$stages")"
	same '0s:5=b,1s:5 1' "$(points 2 <<<"$stages")"
}
