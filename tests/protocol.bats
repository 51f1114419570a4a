#!/usr/bin/env bats
# The whole protocol: every way in which a reply is written (tests/data/protocol.txt, by hand) and in which
# it comes over a socket, through the real program.  The same table, cut at every byte: tests/unit/protocol.c;
# the parsers alone: tests/unit/{sse,event,reply,scan}.c, tests/fuzz.  Servers that misbehave: faults.bats.
load lib/common

LIMITS=(--connect-timeout 20s --first-timeout 60s --timeout 120s)

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1,DNS:localhost \
		-keyout key.pem -out cert.pem 2>/dev/null
	start plain "$TOP/tests/lib/badserver.py"
	start tls "$TOP/tests/lib/badserver.py" --tls cert.pem key.pem
	# one process, so that its id is all there is to end
	nghttpx --conf=/dev/null --single-process --no-ocsp --errorlog-file="$PWD/front.log" -f"unix:$PWD/h2" \
		-b"127.0.0.1,$(sed 's/.*://' plain.out)" key.pem cert.pem >/dev/null 2>&1 3>&- &
	echo $! >front.pid
	wait_for 10 test -S h2
}

teardown_file() {
	local pid
	for pid in "$BATS_FILE_TMPDIR"/*.pid; do
		kill "$(<"$pid")" || true
	done
}

# start NAME COMMAND…: in the background until the file's end; waits for its first line.
start() {
	"${@:2}" >"$1.out" 2>"$1.err" 3>&- &
	echo $! >"$1.pid"
	wait_for 10 grep -q . "$1.out"
}

# to WAY: the options that reach the server so.
to() {
	case $1 in
	h2) way=(--url https://localhost --unix-socket "$BATS_FILE_TMPDIR/h2" --cacert "$BATS_FILE_TMPDIR/cert.pem" --http2) ;;
	tls) way=(--url "$(<"$BATS_FILE_TMPDIR/tls.out")" --cacert "$BATS_FILE_TMPDIR/cert.pem") ;;
	plain) way=(--url "$(<"$BATS_FILE_TMPDIR/plain.out")") ;;
	esac
}

# replies WAY HOW…: each reply of the table, delivered in each of these ways, has the record that the table says.
replies() {
	"$TOP/tests/lib/protocol.py" requests "${@:2}" >requests.jsonl
	have_their_records "$1"
}

# cuts WAY HOW NAME STEP: the same of one reply, for each STEPth byte of it.
cuts() {
	"$TOP/tests/lib/protocol.py" cuts "${@:2}" >requests.jsonl
	have_their_records "$1"
}

have_their_records() {
	local way
	to "$1"
	run --separate-stderr sendreq "${way[@]}" -c 16 --text "${LIMITS[@]}" -o responses.jsonl requests.jsonl
	is 0
	run "$TOP/tests/lib/check_records.py" --requests requests.jsonl responses.jsonl
	is 0
	run "$TOP/tests/lib/protocol.py" check responses.jsonl
	echo "$output"
	is 0
	same "$([ "$1" = h2 ] && echo 2 || echo 1)" "$(jq -r 'select(.status) | .http // "1"' responses.jsonl | sort -u)"
	rm responses.jsonl
}

@test "all of it in one send" { replies plain whole length; }
@test "byte by byte: of the body, of the whole answer, until the connection's end" { replies plain bytes close; }
@test "line by line: a comment, a blank line are reads of their own" { replies plain lines; }
@test "in chunks with extensions, and with trailers" { replies plain extensions; }
@test "compressed, and flushed at every byte" { replies plain gzip; }
@test "over TLS: whole, byte by byte" { replies tls whole bytes close; }
@test "over HTTP/2: whole, byte by byte, line by line" { replies h2 whole bytes lines; }

@test "in two reads, cut at each byte: the reply that has everything in it" {
	cuts plain cut everything 1
	cuts tls cut everything 9
	cuts h2 cut everything 9
}

@test "broken off at each byte: the events that were whole, error stream; none behind [DONE]" {
	cuts plain early lf 1
	cuts tls early lf 7
	cuts h2 early lf 7
}

# one MODEL WAY OPTION…: the record of one request.
one() {
	local way
	to "$2"
	jq -nc --arg model "$1" '{id: 1, body: {model: $model, messages: [], stream: true}}' |
		sendreq "${way[@]}" "${LIMITS[@]}" "${@:3}" >one.jsonl
	"$TOP/tests/lib/check_records.py" one.jsonl
}

@test "an event has the time of the read that completed it" {
	local way over
	# events end at the bytes 75, 134, 194; half a second is between the two reads
	jq -nc '74, 75, 133, 134, 160, 193, 194 | {id: ., body: {model: "pause:\(.)/lf", messages: [], stream: true}}' >requests.jsonl
	for over in plain tls h2; do
		to "$over"
		sendreq "${way[@]}" "${LIMITS[@]}" -c 7 requests.jsonl >out.jsonl
		jq -es 'length == 7 and all(. as $r | ([75, 134, 194] | map(select(. <= $r.id)) | length) as $first
			| (.ev_us | length == 6) and all(range(6) as $i | .ev_us[$i] - .first_byte_us; . >= 0)
			and all(.ev_us[$first:][]; . - $r.first_byte_us > 250000)
			and all(.ev_us[:$first][]; . - $r.first_byte_us < 250000))' out.jsonl
	done
}

@test "a comment is the first byte, and no event" {
	one lines/ping-alone plain
	jq -e '.first_byte_us > 0 and .ev_us[0] - .first_byte_us >= 8000' one.jsonl # four lines come before it, 2 ms apart
}

@test "over TLS and HTTP/2, too: left open behind [DONE], reset there, cut off, 64 MB in one event" {
	local way
	for way in plain tls h2; do
		one open-after-done "$way"
		jq -e '.error == null and .ev_kind == "rccrud" and .end_us - .sent_us < 20000000' one.jsonl
		one reset-after-done "$way"
		jq -e '.error == null and .ev_kind == "rccrud"' one.jsonl
		one reset "$way"
		jq -e '.error.kind == "stream" and .ev_kind == "rc"' one.jsonl
		one cut-chunk "$way"
		jq -e '.error.kind == "stream" and .ev_kind == "rc"' one.jsonl
		one big-event "$way"
		jq -e '.error == null and .ev_kind == "rcrd" and .bytes_in > 67108864' one.jsonl
	done
}
