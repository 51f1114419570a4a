#!/usr/bin/env bats
# sendreq over HTTP/2, before nghttpx, which speaks it to clients and HTTP/1.1 to llmsim.
load lib/common

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 3 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost 2>/dev/null
	llmsim --unix-socket "$PWD/sim" --model m --time-to-first-token 20ms --inter-token-latency 5ms --truth truth.jsonl \
		>/dev/null 3>&- &
	echo $! >sim.pid
	wait_for 10 test -S sim
	# one process, so that its id is all there is to end
	nghttpx --conf=/dev/null --single-process --no-ocsp --errorlog-file="$PWD/front.log" \
		-f"unix:$PWD/plain;no-tls" -f"unix:$PWD/tls" -b"unix:$PWD/sim" key.pem cert.pem >/dev/null 2>&1 3>&- &
	echo $! >front.pid
	wait_for 10 test -S plain -a -S tls
}

teardown_file() {
	kill "$(<"$BATS_FILE_TMPDIR/front.pid")" "$(<"$BATS_FILE_TMPDIR/sim.pid")"
}

# requests N TOKENS: on stdout, with ids of this test's own.
requests() {
	genload -n "$1" --model m --input-tokens 3 --max-tokens "$2" --seed "$BATS_TEST_NUMBER"
}

plain() {
	sendreq --url http://server --unix-socket "$BATS_FILE_TMPDIR/plain" "$@"
}

tls() {
	sendreq --url https://localhost --unix-socket "$BATS_FILE_TMPDIR/tls" --cacert "$BATS_FILE_TMPDIR/cert.pem" "$@"
}

@test "HTTP/2 on http:// and on https://: many requests at once over one connection" {
	local way
	for way in plain tls; do
		requests 40 6 | "$way" --http2 -c 20 >"$way.jsonl"
		run --separate-stderr "$TOP/tests/lib/check_records.py" "$way.jsonl"
		is 0
		jq -es 'length == 40 and all(.error == null and .http == "2" and .ev_kind == "rccccccud" and .status == 200)' "$way.jsonl"
		# one of them opened it, and has what that took
		same '[1,39]' "$(jq -sc '[(map(.connects) | add), (map(select(.connect_us == 0)) | length)]' "$way.jsonl")"
		# they were in flight together
		jq -es '[.[] | {t: .sent_us, d: 1}, {t: .end_us, d: -1}] | sort_by(.t, .d)
			| reduce .[] as $e ({n: 0, most: 0}; .n += $e.d | .most = ([.n, .most] | max)) | .most > 10' "$way.jsonl"
	done
}

# told N: the truth of N requests with ids from 1001 is written.
told() {
	[ "$(grep -cE '"request_id":"[0-9a-f]+-10[0-9][0-9]"' "$BATS_FILE_TMPDIR/truth.jsonl")" -ge "$1" ]
}

@test "the stamps are the truth's, event by event, and never before it" {
	requests 60 10 | jq -c '.id += 1000' | tls --http2 -c 30 >out.jsonl # ids that no other test here has
	wait_for 10 told 60
	grep -E '"request_id":"[0-9a-f]+-10[0-9][0-9]"' "$BATS_FILE_TMPDIR/truth.jsonl" >truth.jsonl
	# By the id behind the run's random part; lateness in ms of each token, at its median: a busy
	# machine may be late now and then, a client that hands out one stream after the other always is.
	jq -n --slurpfile truth truth.jsonl '($truth | map({(.request_id | split("-")[1]): .}) | add) as $of
		| [inputs | .sent_us as $sent | $of["\(.id)"] as $t | select($t.ev_kind == .ev_kind)
			| [.ev_us, $t.ev_us] | transpose[] | ($sent + .[0] - .[1]) / 1000] | sort
		| {n: length, min: .[0], median: .[length / 2 | floor]}' out.jsonl >late
	cat late
	jq -e '.n == 60 * 13 and .min >= 0 and .median < 20' late
}

@test "more requests than one connection takes: a second one, no failures" {
	requests 300 4 | plain --http2 -c 150 >out.jsonl
	jq -es 'all(.error == null and .http == "2") and (map(.connects) | add) <= 4' out.jsonl
}

@test "a stream that ends leaves the others alone: a reply without end is cut, the rest is whole" {
	requests 20 6 | jq -c 'if .id == 7 then .body.model = "m!stall:after=2" else . end' |
		plain --http2 -c 20 --timeout 2s >out.jsonl
	same '[[7],"timeout"]' "$(jq -sc 'map(select(.error)) | [map(.id), .[0].error.kind]' out.jsonl)"
}

@test "without --http2, or from a server that has none, it is HTTP/1.1, and that is said" {
	requests 3 4 | tls -c 3 >out.jsonl
	jq -es 'all(.error == null and .http == null)' out.jsonl
	requests 3 4 >requests.jsonl
	run --separate-stderr sendreq --url http://sim --unix-socket "$BATS_FILE_TMPDIR/sim" --http2 requests.jsonl
	# which of the two depends on who opened a connection; never a reply that passes for HTTP/2
	jq -es 'all(.http == null and (.error == null or .error.kind == "stream"))' <<<"$output"
	[ "$(jq -s 'map(select(.status)) | length' <<<"$output")" -eq 0 ] || is "$status" '--http2:' 'over HTTP/1.1'
}
