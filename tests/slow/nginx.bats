#!/usr/bin/env bats
# sendreq behind nginx, as clusters have it: what it changes on the way, and what it makes of errors.
load ../lib/common
load ../lib/llmsim
load ../lib/nginx

teardown() {
	stop_front
	[ -z "$SIM" ] || kill "$SIM"
	[ ! -s error.log ] || cat error.log
}

# ask N OPTION…: N requests, to requests.jsonl.
ask() {
	genload -n "$1" --model sim --input-tokens 8 "${@:2}" >requests.jsonl
}

# send OPTION…: through nginx; every record is valid and none is lost.
send() {
	rm -f responses.jsonl
	run --separate-stderr sendreq --url http://server --unix-socket front "$@" -o responses.jsonl requests.jsonl
	is 0
	valid
}

valid() {
	run --separate-stderr "$TOP/tests/lib/check_records.py" --requests requests.jsonl responses.jsonl
	is 0
}

# all FILTER: jq's verdict on every record.
all() {
	jq -es "length > 0 and all($1)" responses.jsonl
}

# late TRUTH: ours beside llmsim's truth, in ms, one object: medians over the requests.
late() {
	jq -cn --slurpfile truth "$1" --slurpfile ours responses.jsonl '
		def median: sort | .[length / 2 | floor];
		def gaps: [range(1; length) as $i | (.[$i] - .[$i - 1]) / 1000];
		def out($r): [range($r.ev_kind | length) as $i | select($r.ev_kind[$i:$i + 1] == "c") | $r.ev_us[$i]];
		($truth | INDEX(.request_id | sub(".*-"; ""))) as $t
		| [$ours[] | . as $r | $t["\($r.id)"] as $true | out($r) as $o | out($true) as $e
			| {ttft: (($o[0] - ($e[0] - $true.recv_us)) / 1000), stamps: ([range($o | length) as $i | $r.sent_us + $o[$i] - $e[$i]] | min / 1000),
			   last: (($r.sent_us + $o[-1] - $e[-1]) / 1000), small: ($o | gaps | map(select(. < 1)) | length / ($o | length - 1)),
			   true_gap: ($e | gaps | median)}]
		| {n: length, ttft: (map(.ttft) | median), earliest: (map(.stamps) | min), last: (map(.last) | median),
		   small_gaps: (map(.small) | median), true_gap: (map(.true_gap) | median)}'
}

@test "proxy_buffering off: the events are those of the server, when it sent them" {
	sim --time-to-first-token 30ms --inter-token-latency 20ms --truth truth.jsonl
	front "$URL" "proxy_buffering off;"
	ask 12 --max-tokens 60
	send -c 4
	all '.error == null and .ev_kind == "r" + 60 * "c" + "ud" and .usage.completion_tokens == 60'
	run late truth.jsonl
	echo "# note: nginx, unbuffered: $output" >&3
	# never before it was sent; a busy machine may make it late, but not by a buffer
	jq -e '.n == 12 and .earliest >= -1 and .ttft > 0 and .ttft < 150 and .last < 150 and .small_gaps < 0.5' <<<"$output"
}

@test "proxy_buffering on: what we report is what came: late, in bunches; nginx's own log has the true start" {
	sim --time-to-first-token 30ms --inter-token-latency 20ms --truth truth.jsonl
	# As nginx does it when nobody tells it otherwise.  (In HTTP/1.1 it passes chunks on even so.)
	version=1.0 front "$URL"
	ask 12 --max-tokens 60
	send -c 4
	all '.error == null and .ev_kind == "r" + 60 * "c" + "ud" and .usage.completion_tokens == 60'
	run late truth.jsonl
	echo "# note: nginx, buffered: $output" >&3
	# 4 KiB of events, at least, are held back: many times 20 ms
	jq -e '.n == 12 and .earliest >= -1 and .ttft > 200 and .small_gaps > 0.5 and .true_gap > 15 and .last < 300' <<<"$output"
	stop_front
	# From the same log: the upstream began early, and the client's first byte was not before that.
	jq -en --slurpfile log log.jsonl --slurpfile ours responses.jsonl '($log | INDEX(.id | sub(".*-"; ""))) as $l
		| $ours | length == 12 and all($l["\(.id)"] as $n | .first_byte_us / 1000 >= ($n.upstream_first_s | tonumber) * 1000 - 2
			and (.end_us - .sent_us) / 1000 >= $n.request_s * 1000 - 50)'
	tokstat responses.jsonl | pctl -p 50 ttft_ms itl_ms | jq -es '.[0].p50 > 230 and .[1].p50 < 1'
}

@test "chunks cut anywhere, and slowly: the same events and the same text" {
	sim --time-to-first-token 0 --inter-token-latency 0
	# Replies are words of a text without end, from one of its sentences on: part of a longer reply, each.
	curl -fsS "$URL/v1/completions" -d '{"prompt": "x", "max_tokens": 700}' | jq -r '.choices[0].text' >text
	ask 6 --max-tokens 300
	local how
	for how in "proxy_buffering off; proxy_buffer_size 512;" "proxy_buffering on; proxy_buffer_size 1k; proxy_buffers 3 1k;
		proxy_busy_buffers_size 2k; limit_rate 60k;" "proxy_buffering off; tcp_nodelay off; proxy_buffer_size 777;"; do
		front "$URL" "$how"
		send -c 3 --text
		all '.error == null and .ev_kind == "r" + 300 * "c" + "ud" and .usage.completion_tokens == 300 and .finish == "length"'
		jq -es --rawfile text text 'length == 6 and all(.text as $part | ($part | split(" ") | length) == 300 and
			($text | contains($part)))' responses.jsonl
	done
}

@test "TLS by an authority of our own; HTTP/2: one connection for all" {
	sim --time-to-first-token 20ms --inter-token-latency 5ms --truth truth.jsonl
	front "$URL" "proxy_buffering off;" "ssl http2"
	ask 20 --max-tokens 8
	tls() {
		rm -f responses.jsonl
		run --separate-stderr sendreq --url "https://$1" --unix-socket front -c 10 "${@:2}" -o responses.jsonl requests.jsonl
	}
	tls localhost
	is 3
	all '.error.kind == "tls" and .status == null'
	tls elsewhere --cacert ca.pem
	is 3
	all '.error.kind == "tls"'
	: >access.jsonl
	tls localhost --cacert ca.pem
	is 0
	valid
	all '.error == null and .http == null and .ev_kind == "rccccccccud"'
	tls localhost --cacert ca.pem --http2
	is 0
	valid
	all '.error == null and .http == "2" and .ev_kind == "rccccccccud"'
	stop_front
	same '["HTTP/1.1",20,true] ["HTTP/2.0",20,false]' "$(jq -sc 'group_by(.protocol)[]
		| [.[0].protocol, length, ([.[].connection] | unique | length > 1)]' log.jsonl | paste -sd' ')"
}

@test "gzip, when we ask for it: decoded, still event by event" {
	sim --time-to-first-token 20ms --inter-token-latency 20ms --truth truth.jsonl
	front "$URL" "proxy_buffering off; gzip on; gzip_types text/event-stream; gzip_min_length 1;"
	ask 4 --max-tokens 30
	send -c 2
	all '.error == null and .ev_kind == "r" + 30 * "c" + "ud"'
	jq -es 'all(.ratio == "" or .ratio == "-")' access.jsonl
	: >access.jsonl
	jq -c '.id += 100' requests.jsonl >later
	mv later requests.jsonl
	send -c 2 --compressed
	all '.error == null and .ev_kind == "r" + 30 * "c" + "ud"'
	all '.bytes_in > 4000' # the decoded ones
	stop_front
	jq -es 'length == 4 and all((.ratio | tonumber) > 1)' log.jsonl
	run late truth.jsonl
	jq -e '.n == 4 and .earliest >= -1 and .ttft < 300 and .small_gaps < 0.5' <<<"$output"
}

@test "connections that nginx closes after three requests: nothing is lost, and connects tell" {
	sim --time-to-first-token 1ms --inter-token-latency 1ms
	front "$URL" "proxy_buffering off; keepalive_requests 3;"
	ask 10 --max-tokens 4
	send -c 1
	all '.error == null'
	same '[1,0,0,1,0,0,1,0,0,1]' "$(jq -sc 'sort_by(.id) | map(.connects)' responses.jsonl)"
	stop_front
	same 4 "$(jq -s '[.[].connection] | unique | length' log.jsonl)"
}

@test "its errors: 504 and a stream cut by proxy_read_timeout, 413, 502" {
	sim --fault hang
	front "$URL" "proxy_buffering off; proxy_read_timeout 300ms;"
	ask 3 --max-tokens 4
	send -c 3
	all '.status == 504 and .error.kind == "http" and .ev_kind == "" and (.error.message | test("504 Gateway Time-out"))'
	stop_sim
	sim --time-to-first-token 1ms --inter-token-latency 5s
	front "$URL" "proxy_buffering off; proxy_read_timeout 300ms;"
	send -c 3
	all '.status == 200 and .error.kind == "stream" and .ev_kind == "rc" and .final'
	front "$URL" "client_max_body_size 1k;"
	jq -c '.body.messages[0].content = "x" * 300000' requests.jsonl >large
	mv large requests.jsonl
	send -c 2
	all '.status == 413 and .error.kind == "http" and (.error.message | test("413 Request Entity Too Large"))'
	stop_sim
	front "$URL" "proxy_connect_timeout 1s;"
	send -c 2
	all '.status == 502 and .error.kind == "http"'
}

@test "nothing is sent twice, though the upstream drops connections" {
	sim --time-to-first-token 1ms --inter-token-latency 1ms --fault "reset@30%" --truth truth.jsonl
	front "$URL" "proxy_buffering off; proxy_next_upstream off;"
	ask 40 --max-tokens 4
	send -c 4
	all '.error == null or (.error.kind | . == "http" or . == "stream")'
	jq -es 'any(.error != null) and any(.error == null)' responses.jsonl
	stop_front
	same 40 "$(jq -s 'length' log.jsonl)"
	same 40 "$(jq -r .id log.jsonl | sort -u | wc -l)"
}

# on_port: nginx with TLS on a free port of this machine; sets port.  Should somebody take it: another.
on_port() {
	local deadline=$((SECONDS + 30))
	while ((SECONDS < deadline)); do
		port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
		front "$1" "proxy_buffering off;" "ssl http2" "127.0.0.1:$port"
		! wait_for 3 curl -fs --cacert ca.pem "https://localhost:$port/health" >curl.out || return 0
	done
	return 1
}

@test "bench.sh through it: --cacert, --http2, and what it says without" {
	sim --time-to-first-token 2ms --inter-token-latency 1ms
	on_port "$URL"
	bench() {
		run --separate-stderr "$TOP/bench.sh" --url "https://localhost:$port" --requests 12 --concurrency 4 --warmup 0 \
			--max-tokens 4 --set prompts.file=null --input-tokens 4 "$@"
	}
	export TOKPIPE_BIN=${TOKPIPE_BIN:-$TOP/bin}
	bench
	is 3 'Connection timeout' 'certificate'
	bench --cacert ca.pem --http2
	is 0 'ok 12, failed 0' 'simulated'
	jq -es 'length == 12 and all(.http == "2")' runs/*/responses.jsonl
}
