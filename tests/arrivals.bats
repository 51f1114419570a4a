#!/usr/bin/env bats
# genload's arrivals: 10,000 of each process against its formula, stages and schedules.
load lib/common

PY=${PY:-$TOP/tests/lib/py}

# at_us ARG…: when its requests are due.
at_us() {
	genload --input-tokens 1 --max-tokens 1 "$@" | cut -d: -f3 | cut -d, -f1
}

oracle() {
	"$PY" "$TOP/tests/oracle/arrival.py" "$@"
}

@test "ramp arrivals equal the formula to the microsecond" {
	local rate d
	for d in 7 60 2500; do
		mkdir "$d"
		for rate in 1 3 7.3 64 999.999; do
			echo "{\"load_test\": {\"duration_seconds\": $d}}" >w.json
			jq -n "{load_test: {requests: 10000, ramp_seconds: ($d / 2)}}" >long.json
			at_us -f long.json -r "$rate" --arrival ramp >"$d/$rate"
			same 10000 "$(wc -l <"$d/$rate")"
			# A duration alone: half of it is the ramp, and it ends at its end.
			cmp <(at_us -f w.json -r "$rate" --arrival ramp | head -n 10000) \
				<(awk -v d="$d" '$1 < d * 1000000' "$d/$rate")
		done
	done
	oracle ramp 3.5 7/*
	oracle ramp 30 60/*
	oracle ramp 1250 2500/*
	run ! oracle ramp 31 60/*
}

@test "burst arrivals equal the formula to the microsecond" {
	local rate
	mkdir at off
	for rate in 0.1 1 3 7.3 10 64 999.999 123456.7; do
		at_us -n 10k -r "$rate" --arrival burst >"at/$rate"
		same 10000 "$(wc -l <"at/$rate")"
	done
	oracle burst at/*
	awk 'NR == 5000 { $0++ } { print }' at/3 >off/3
	run ! oracle burst off/3
	# 3.6 times the rate in each period, 2 times of it in the first fifth.
	same '36 20' "$(at_us --duration 10s -r 10 --arrival burst | awk '{ n++; early += $1 < 2000000 } END { print n, early }')"
}

@test "gamma arrivals are gamma distributed, over many seeds" {
	local seed
	for seed in $(seq 32); do
		at_us -n 10k -r 0.4 --burstiness 0.5 --seed "$seed" >"half.$seed"
		at_us -n 10k -r 3 --arrival gamma --burstiness 4 --seed "$seed" >"four.$seed"
		at_us -n 10k -r 40 --arrival gamma --seed "$seed" >"one.$seed"
	done
	same 960000 "$(cat half.* four.* one.* | wc -l)"
	oracle pvalues gamma 0.4 0.5 half.*
	oracle pvalues gamma 3 4 four.*
	oracle pvalues poisson 40 1 one.*
	run ! oracle gamma 0.4 0.6 half.1
	run ! oracle gamma 0.45 0.5 half.1
	at_us -n 10k -r 0.001 --arrival gamma --burstiness 0.25 >quarter # the shortest gaps are rounded away at a higher rate
	oracle gamma 0.001 0.25 quarter
}

@test "a burstiness alone means gamma arrivals, of 1 without one" {
	cmp <(at_us -n 100 -r 9 --burstiness 0.3) <(at_us -n 100 -r 9 --arrival gamma --burstiness 0.3)
	cmp <(at_us -n 100 -r 9 --arrival gamma) <(at_us -n 100 -r 9 --arrival gamma --burstiness 1)
	echo '{"load_test": {"arrival": "gamma", "rate": 9, "burstiness": 0.3, "requests": 100}}' >w.json
	cmp <(at_us -f w.json) <(at_us -n 100 -r 9 --burstiness 0.3)
	cmp <(at_us -f w.json --arrival poisson) <(at_us -n 100 -r 9 --arrival poisson)
}

@test "the same seed is the same pattern at every rate, and the same bytes again" {
	at_us -n 1000 -r 10 --burstiness 0.4 --seed 5 >slow
	at_us -n 1000 -r 1000 --burstiness 0.4 --seed 5 | awk '{ print $1 * 100 }' >fast
	paste slow fast | awk '{ d = $1 - $2; if (d > 51 || d < -51) { print; exit 1 } }'
	cmp slow <(at_us -n 1000 -r 10 --burstiness 0.4 --seed 5)
	run ! cmp slow <(at_us -n 1000 -r 10 --burstiness 0.4 --seed 6)
}

@test "a pattern with a rate is that process" {
	echo '{"load_test": {"pattern": "burst", "rate": 10, "requests": 100}}' >w.json
	cmp <(at_us -f w.json) <(at_us -n 100 -r 10 --arrival burst)
	cmp <(at_us -f w.json --arrival constant) <(at_us -n 100 -r 10)
	echo '{"load_test": {"pattern": "ramp", "rate": 10, "duration_seconds": 8}}' >w.json
	cmp <(at_us -f w.json) <(at_us --duration 8s -r 10 --arrival ramp)
	# 60 in the 8 s; asked for more, the ramp stays what it is.
	same 60 "$(at_us -f w.json | wc -l)"
	cmp <(at_us -f w.json) <(at_us -f w.json -n 80 | head -n 60)
	same 80 "$(at_us -f w.json -n 80 | wc -l)"
}

@test "stages follow each other, named in the tags" {
	cat >w.json <<-'EOF'
		{"load_test": {"stages": [
		  {"name": "low", "duration_seconds": 2, "rate": 5},
		  {"name": "peak.1", "duration_seconds": 4, "rate": 10, "arrival": "ramp"},
		  {"name": "bursty", "duration_seconds": 10, "rate": 100, "arrival": "gamma", "burstiness": 0.5}]}}
	EOF
	genload -f w.json --warmup 2 --input-tokens 1 --tag k=v >out
	same $'null 2\nlow 10\npeak.1 30' "$(jq -r .tags.stage out | uniq -c | awk 'NR < 4 { print $2, $1 }')"
	same '{"k":"v","stage":"low"}' "$(jq -c 'select(.id == 3).tags' out)"
	cmp <(jq 'select(.tags.stage == "low").at_us' out) <(at_us -r 5 --duration 2s)
	cmp <(jq 'select(.tags.stage == "peak.1").at_us - 2000000' out) <(at_us -r 10 --duration 4s --arrival ramp)
	same true "$(jq -s 'map(select(.tags.stage == "bursty").at_us) | min >= 6000000 and max < 16000000 and length > 800' out)"
	# A number or a duration ends it earlier; a rate of the command line ends the stages.
	same 12 "$(genload -f w.json -n 12 | wc -l)"
	same 13 "$(genload -f w.json --duration 3s | wc -l)"
	same '[null]' "$(genload -f w.json -n 2 -r 4 | jq -c '[.tags.stage]' | sort -u)"
}

@test "stages with slots have no times: sendreq opens and closes the slots" {
	echo '{"load_test": {"requests": 3, "stages": [{"name": "a", "duration_seconds": 2, "concurrency": 5},
		{"name": "b", "duration_seconds": 2, "concurrency": 9}]}}' >w.json
	same '[null,null]
[null,null]
[null,null]' "$(genload -f w.json | jq -c '[.at_us, .tags.stage]')"
}

@test "N shards together are the unsharded stream, whatever the arrivals" {
	seq 0 0.01 1.2 >times
	cat >stages.json <<-'EOF'
		{"load_test": {"stages": [{"name": "a", "duration_seconds": 3, "rate": 20, "arrival": "poisson"},
		  {"name": "b", "duration_seconds": 3, "rate": 20, "burstiness": 2}]}}
	EOF
	local n args
	for args in '--burstiness 0.2 -r 9' '--arrival ramp -r 9 --duration 9s' '--arrival burst -r 9' '--schedule times' '-f stages.json'; do
		# shellcheck disable=SC2086 # several words
		set -- --input-tokens 3 --warmup 5 -n 100 $args
		genload "$@" >whole
		[ "$(wc -l <whole)" -gt 60 ]
		for n in 2 7; do
			seq "$n" | while read -r i; do genload "$@" --shard "$i/$n"; done >shards
			cmp <(sort whole) <(sort shards)
		done
	done
}

@test "a schedule: seconds, or a trace's timestamps in milliseconds, for as many as it has" {
	printf '0\n0.5\n\n1.25\n1.25\n3600\n' >seconds
	same '0 500000 1250000 1250000 3600000000' "$(at_us --schedule seconds | paste -sd' ')"
	cmp <(at_us --schedule seconds) <(at_us --arrival schedule --schedule - <seconds)
	{
		echo '{"timestamp": 0, "input_length": 6758, "output_length": 500, "hash_ids": [0, 1]}'
		echo '{"timestamp": 3052, "input_length": 5, "output_length": 5, "hash_ids": []}'
		echo '{"timestamp": 3052.25}'
	} >trace.jsonl
	same '0 3052000 3052250' "$(at_us --schedule trace.jsonl | paste -sd' ')"
	same '0 3052000' "$(at_us --schedule trace.jsonl -n 2 | paste -sd' ')"
	same '0' "$(at_us --schedule trace.jsonl --duration 3s | paste -sd' ')"
	echo '{"load_test": {"requests": 1, "rate": 5, "pattern": "burst"}}' >w.json
	same 3 "$(at_us -f w.json --schedule trace.jsonl | wc -l)"
	# One file may hold both, what and when.
	echo '{"timestamp": 70, "prompt": "seventy"}' >both.jsonl
	same '[70000,"seventy"]' "$(genload --schedule both.jsonl --prompts both.jsonl | jq -c '[.at_us, .body.messages[0].content]')"
}

@test "10,000 lines of a schedule are those microseconds" {
	awk 'BEGIN { srand(3); for (i = 0; i < 10000; i++) { t += int(rand() * 3e6); printf "%.0f %.0f.%06d %.0f.%03d\n", t, int(t / 1e6), t % 1000000, int(t / 1e3), t % 1000 } }' >t
	cut -d' ' -f1 t >want
	cut -d' ' -f2 t >seconds
	sed 's/.* \(.*\)/{"timestamp":\1}/' t >ms
	cmp want <(at_us --schedule seconds)
	cmp want <(at_us --schedule ms)
}

@test "bad lines of a schedule are reported, the good ones used" {
	printf '0\n2\n1\n{"timestamp": "3"}\n{"when": 3}\nsoon\n-1\n1795330729\n2.5' >times
	run --separate-stderr genload --schedule times --input-tokens 1
	is 1
	same '[0,2000000,2500000]' "$(jq .at_us <<<"$output" | jq -sc .)"
	same 'genload: times:3: earlier than the line before
genload: times:4:15: timestamp is not a number
genload: times:5: no timestamp (in milliseconds from the run'\''s start)
genload: times:6:1: invalid value
genload: times:7: before the run'\''s start
genload: times:8: over a year after the run'\''s start, from which times count' "$stderr"
	run --separate-stderr genload --schedule missing
	is 2 'genload: missing: No such file'
	run --separate-stderr genload --schedule .
	is 2 'genload: .: Is a directory'
	run --separate-stderr genload --schedule - --prompts - </dev/null
	is 2 'only one of them can be standard input'
	run --separate-stderr genload --schedule /dev/null
	is 0
	[ -z "$output" ]
}

# refused JSON TEXT: that load_test is refused with that text.
refused() {
	run --separate-stderr genload -f - <<<"{\"load_test\": $1}"
	is 2 "genload: load_test$2"
	[ -z "$output" ]
}

@test "what does not go together is refused by name" {
	refused '{"arrival": "gamma"}' '.rate: arrival gamma needs a rate'
	refused '{"arrival": "ramp", "rate": 5}' '.duration_seconds: arrival ramp needs a duration'
	refused '{"pattern": "ramp", "rate": 5}' '.duration_seconds: arrival ramp needs a duration'
	refused '{"arrival": "poisson", "rate": 5, "burstiness": 2}' '.burstiness: only with arrival gamma, not poisson'
	refused '{"burstiness": 0, "rate": 5}' '.burstiness: 0: must be from 0.001'
	refused '{"arrival": "schedule"}' '.schedule: arrival schedule needs a file'
	refused '{"arrival": "constant", "rate": 5, "schedule": "x"}' '.schedule: excludes arrival constant'
	refused '{"rate": 5, "schedule": "x"}' '.rate: has no meaning with arrival schedule'
	refused '{"arrival": "gama", "rate": 5}' '.arrival: gama: known are closed, constant, poisson, gamma, ramp, burst, schedule'
	refused '{"stages": {}}' '.stages: must be a list of stages'
	refused '{"stages": []}' '.stages: must be a list of stages'
	refused '{"stages": [5]}' '.stages[1]: must be a map'
	refused '{"stages": [{"name": "a", "rate": 5}]}' '.stages[1].duration_seconds: each stage needs a duration'
	refused '{"stages": [{"duration_seconds": 5, "rate": 5}]}' '.stages[1].name: each stage needs a name'
	refused '{"stages": [{"name": "a b", "duration_seconds": 5, "rate": 5}]}' '.stages[1].name: a b: must be up to 64 letters'
	refused '{"stages": [{"name": "a", "duration_seconds": 5}]}' '.stages[1]: needs a rate or a concurrency'
	refused '{"stages": [{"name": "a", "duration_seconds": 5, "rate": 1, "concurrency": 1}]}' '.stages[1]: needs a rate or a concurrency'
	refused '{"stages": [{"name": "a", "duration_seconds": 5, "rte": 1}]}' '.stages[1].rte: unknown key (did you mean rate?)'
	refused '{"stages": [{"name": "a", "duration_seconds": 5, "concurrency": 1, "arrival": "poisson"}]}' '.stages[1].rate: arrival poisson needs a rate'
	refused '{"stages": [{"name": "a", "duration_seconds": 5, "rate": 1, "arrival": "schedule"}]}' '.stages[1].rate: has no meaning'
	refused '{"stages": [{"name": "a", "duration_seconds": 5, "rate": 1}, {"name": "b", "duration_seconds": 5, "concurrency": 1}]}' '.stages: all need a rate, or all a concurrency'
	refused '{"rate": 5, "stages": [{"name": "a", "duration_seconds": 5, "rate": 1}]}' '.rate: each stage has its own'
}
