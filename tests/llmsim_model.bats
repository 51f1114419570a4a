#!/usr/bin/env bats
# llmsim's clockwork: queueing against theory, prefix hits against a count in Python, and that
# the same seed gives the same times.
load lib/common
load lib/llmsim

PY=${PY:-$TOP/tests/lib/py}
ORACLE=$TOP/tests/oracle

# queue PLACES RATE REQUESTS SEED: constant service of 2 + 2 * 1 ms, Poisson arrivals.  The bound
# is 2 ms; what is expected is 0.
queue() {
	sim --truth truth --max-num-seqs "$1" --time-to-first-token 2ms --inter-token-latency 1ms
	"$PY" "$ORACLE/lindley.py" drive "$URL" "$2" "$3" 3 "$4"
	stop_sim
	run --separate-stderr "$PY" "$ORACLE/lindley.py" check truth 2000 1000 3 "$1" 2000
	echo "# load $1 place(s), $2/s: $output" >&3
	is 0
}

@test "waiting times at load 0.5 are Lindley's" { queue 1 125 300 1; }
@test "waiting times at load 0.8 are Lindley's" { queue 1 200 400 2; }
@test "waiting times at load 0.9 are Lindley's" { queue 1 225 500 3; }
@test "waiting times of three places are Kiefer and Wolfowitz's" { queue 3 600 600 4; }

@test "prefix hits are those of a least-recently-used cache" {
	sim --enable-prefix-caching --block-size 4 --kv-cache-size 60 --time-to-first-token 0 --inter-token-latency 0
	run --separate-stderr "$PY" "$ORACLE/prefix.py" "$URL" 4 60 400 1
	is 0 "requests 400"
}

@test "a cached prefix shortens the prefill, and models do not share it" {
	sim --truth truth --enable-kvcache --prefill-overhead 1ms --prefill-time-per-token 100us --inter-token-latency 0 \
		--model a,b
	local words model
	words=$(printf 'w%d ' {1..100})
	for model in a a b; do
		curl -s "$URL/v1/completions" -d "{\"model\": \"$model\", \"max_tokens\": 1, \"prompt\": \"$words\"}" >/dev/null
	done
	stop_sim
	same '[11000,0]' "$(jq -c '[.plan_us[0] - .recv_us, .cached_tokens]' truth | head -n 1)"
	same '[1400,96]' "$(jq -c '[.plan_us[0] - .recv_us, .cached_tokens]' truth | sed -n 2p)"
	same '[11000,0]' "$(jq -c '[.plan_us[0] - .recv_us, .cached_tokens]' truth | sed -n 3p)"
}

@test "a request arrives when it comes, not when a server that was held up reads it" {
	sim --truth truth --time-to-first-token 10ms --inter-token-latency 0
	chat '"max_tokens": 1' >/dev/null
	kill -STOP "$SIM"
	chat '"max_tokens": 1' >reply &
	sleep 0.5
	kill -CONT "$SIM"
	wait_for 10 test -s reply
	stop_sim
	jq -c '[.arrived_us <= .recv_us, .recv_us - .arrived_us >= 300000, .plan_us[0] - .recv_us]' truth >got
	same '[true,true,10000]' "$(tail -n 1 got)"
	jq -e '.arrived_us <= .recv_us' truth
}

gaps() { # gaps OPTION…: the planned offsets of two requests under these options
	sim --truth truth --time-to-first-token 10ms --inter-token-latency 2ms "$@"
	chat '"max_tokens": 20, "stream": true' >/dev/null
	chat '"max_tokens": 20, "stream": true' >/dev/null
	stop_sim
	jq -c '.recv_us as $t | [.plan_us[] - $t]' truth
}

@test "the same seed gives the same jitter, another one another" {
	local jitter=(--time-to-first-token-std-dev 3ms --inter-token-latency-std-dev 500us)
	gaps "${jitter[@]}" --seed 1 >one
	gaps "${jitter[@]}" --seed 1 >again
	gaps "${jitter[@]}" --seed 2 >two
	gaps >none
	cmp one again
	run cmp one two
	is 1
	same 1 "$(sort -u none | wc -l)"
	same 2 "$(sort -u one | wc -l)"
	same 10000 "$(jq '.[0]' none | head -n 1)"
}

all_done() {
	[ "$(cat out* | grep -c DONE)" = 20 ]
}

@test "the truth has one line a request, with one plan and one time an event, none early" {
	sim --truth truth --inter-token-latency 1ms --time-to-first-token 1ms
	local i
	for i in {1..20}; do
		curl -sN "$URL/v1/completions" -H "X-Request-Id: r-$i" \
			-d '{"prompt": "x", "max_tokens": 30, "stream": true, "stream_options": {"include_usage": true}}' >"out$i" &
	done
	wait_for 10 all_done
	stop_sim
	same "true 20" "$(jq -s '[.[] | (.plan_us | length) == 32 and (.ev_us | length) == 32 and .ev_kind == "c" * 30 + "ud"
		and (.ev_us == (.ev_us | sort)) and ([.ev_us, .plan_us] | transpose | all(.[0] >= .[1]))] | all, length' truth | xargs)"
	same 20 "$(jq -r .request_id truth | sort -u | grep -c '^r-')"
}

@test "a client that goes away makes room at once" {
	sim --max-num-seqs 1 --inter-token-latency 10ms
	curl -sN "$URL/v1/completions" -d '{"prompt": "x", "max_tokens": 3000, "stream": true}' >first &
	local first=$!
	wait_for 5 grep -q text first
	curl -s "$URL/v1/completions" -d '{"prompt": "x", "max_tokens": 1}' >second &
	kill "$first"
	wait_for 5 grep -q completion_tokens second
}
