#!/usr/bin/env bats
# What sendreq makes of servers that misbehave: the rows of tests/data/server_faults.tsv, all in
# one run, so that no fault may touch another's record, and each alone for the exit status.
# (What a stream may hold, and how it may be cut: tests/protocol.bats.)
load lib/common

FAULTS=$DATA/server_faults.tsv
LIMITS=(--connect-timeout 5s --first-timeout 3s --timeout 5s)

setup_file() {
	export URL KEY=sk-secret-4711
	cd "$BATS_FILE_TMPDIR" || return
	start badserver "$TOP/tests/lib/badserver.py"
	URL=$(<badserver.out)
	requests "$FAULTS" >requests.jsonl
	status=0
	sendreq --url "$URL" -c 8 --api-key-env KEY "${LIMITS[@]}" requests.jsonl >responses.jsonl 2>err || status=$?
	echo "$status" >status
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

# requests TABLE: a request record for each row; the id is the row's number, the tag its name.
requests() {
	grep -v '^#' "$1" | cut -f2 | jq -Rc '{id: input_line_number, api: "openai-chat", path: "/v1/chat/completions",
		method: "POST", tags: {fault: .}, body: {model: ., messages: [{role: "user", content: "hi"}],
		max_tokens: 4, stream: true, stream_options: {include_usage: true}}}'
}

# as_row: the columns of the table from a response record.
as_row() {
	jq -r '[.tags.fault, .status // "-", .error.kind // "-", (.ev_kind | if . == "" then "-" else . end), .finish // "-"] | @tsv'
}

# group NAME: the records of these rows are as the table says; shows those that are not.
group() {
	local row fault status kind events finish message got said bad=0 seen=0
	while IFS=$'\t' read -r row fault _ status kind events finish message; do
		[ "$row" = "$1" ] || continue
		seen=$((seen + 1))
		got=$(jq -c --arg f "$fault" 'select(.tags.fault == $f)' "$BATS_FILE_TMPDIR/responses.jsonl")
		said=$(jq -r '.error.message // ""' <<<"$got")
		if [ "$(as_row <<<"$got")" = "$fault"$'\t'"$status"$'\t'"$kind"$'\t'"$events"$'\t'"$finish" ]; then
			[[ $message = - || $said == *"$message"* ]] && continue
		fi
		bad=$((bad + 1))
		printf '%s: expected %s %s %s %s, %s\n%s\n' "$fault" "$status" "$kind" "$events" "$finish" "$message" "${got:0:600}"
	done < <(grep -v '^#' "$FAULTS")
	[ "$bad" = 0 ] && [ "$seen" -gt 0 ]
}

@test "one record for each request, each of them valid, nothing lost, status 0" {
	cd "$BATS_FILE_TMPDIR"
	run --separate-stderr "$TOP/tests/lib/check_records.py" --requests requests.jsonl responses.jsonl
	is 0
	[ "$(<status)" = 0 ]
}

@test "a good reply in every way that HTTP may bring it" { group carried; }
@test "resets, short bodies, hangs" { group endings; }
@test "bytes that are not the promised format" { group promise; }
@test "refusals and redirects" { group refusals; }

@test "alone, each fault gives its exit status and one record" {
	local fault want bad=0
	while IFS=$'\t' read -r _ fault want _; do
		jq -c --arg f "$fault" 'select(.tags.fault == $f)' "$BATS_FILE_TMPDIR/requests.jsonl" >one
		run --separate-stderr sendreq --url "$URL" "${LIMITS[@]}" one
		[[ $status == "$want" && ${#lines[@]} == 1 ]] && continue
		echo "$fault: status $status, expected $want; ${#lines[@]} records; $stderr"
		bad=1
	done < <(grep -v '^#' "$FAULTS" | grep -E $'^(endings|promise|refusals)\t')
	[ "$bad" = 0 ]
}

record() { # record FAULT FILTER: of the run's record
	jq -es --arg f "$1" "map(select(.tags.fault == \$f))[0] | $2" "$BATS_FILE_TMPDIR/responses.jsonl"
}

@test "Retry-After and an end at [DONE] are in the record, a long message is cut" {
	record status-429 '.error.retry_after_s == 7 and .error.status == 429'
	record open-after-done '.end_us - .sent_us < 500000 and .final'
	record long-refusal '.error.message | utf8bytelength <= 4096'
}

@test "the API key is in no output, even when the server repeats it" {
	run grep -r "$KEY" "$BATS_FILE_TMPDIR"/{responses.jsonl,err}
	is 1
}

@test "every fault that the server knows is in the table" {
	local fault
	while read -r fault; do
		grep -q "	$fault	" "$FAULTS"
	done < <("$TOP/tests/lib/badserver.py" --list)
}

# one MODEL: a file with one request.
one() {
	printf '#\n\t%s\t\n' "$1" >table
	requests table >one
}

@test "a refused connection and a name that is none: connect, status 3" {
	one good
	run --separate-stderr sendreq --url http://127.0.0.1:1 one
	is 3 '"kind":"connect"'
	"$TOP/tests/lib/check_records.py" --requests one <<<"$output"
	run --separate-stderr sendreq --url http://no-such-host.invalid one
	is 3 '"kind":"connect"'
}

@test "a server that nobody vouches for: tls, status 3; --insecure and --cacert accept it" {
	one good
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
		-keyout key.pem -out cert.pem 2>/dev/null
	start tls "$TOP/tests/lib/badserver.py" --tls cert.pem key.pem
	local url
	url=$(<tls.out)
	run --separate-stderr sendreq --url "$url" one
	is 3 '"kind":"tls"'
	run --separate-stderr sendreq --url "$url" --insecure one
	is 0 '"error":null'
	run --separate-stderr sendreq --url "$url" --cacert cert.pem one
	is 0 '"error":null'
	kill "$(<tls.pid)"
}

@test "kept connections that are always dead: each request gets its answer on a new one" {
	one close-on-next
	for i in {1..30}; do sed "s/\"id\":[0-9]*/\"id\":$i/" one; done >many
	run --separate-stderr sendreq --url "$URL" -c 1 many
	is 0
	jq -es 'length == 30 and all(.error == null and .ev_kind == "rccrud" and .connects >= 1)' <<<"$output"
}

@test "too few file descriptors: status 4, and a message" {
	one good
	for i in {1..60}; do sed "s/\"id\":[0-9]*/\"id\":$i/" one; done >many
	few() {
		(ulimit -n 20 && exec sendreq --url "$URL" -c 60 many)
	}
	run --separate-stderr few
	is 4 "sendreq: "
	[[ $stderr == *"descriptors"* || $stderr == *"open files"* ]]
}

@test "more connections at once than there are descriptors: their records say so, status 4, over each way" {
	local way
	one hang
	for i in {1..200}; do sed "s/{\"id\":[0-9]*/{\"id\":$i,\"at_us\":0/" one; done >many
	crowd() {
		(ulimit -n 60 && exec sendreq --url "$URL" --timeout 3s "$@" many)
	}
	for way in "" --compressed; do
		run --separate-stderr crowd $way
		is 4 ""
		[[ $stderr == *"too many open files"*"ulimit -n"* ]]
		jq -es 'length == 200 and any(.error.message == "Too many open files" and .error.kind == "connect")
			and all(.error.message | . == "Too many open files" or startswith("Request timed out"))' <<<"$output"
	done
}

@test "a HEAD is answered without content, whatever its head says" {
	jq -nc '{id: 1, method: "HEAD", body: {model: "hang-after-head"}}' >head
	run --separate-stderr sendreq --url "$URL" --timeout 20s head
	is 0 '"status":200'
	[[ $output != *timeout* ]]
}

@test "-o on a full disk: status 4, and a message that names it" {
	one good
	run --separate-stderr sendreq --url "$URL" -o /dev/full one
	is 4 "sendreq: /dev/full: No space left on device"
}

@test "an unset key variable, an empty or missing key file: status 2 before anything is sent" {
	one good
	run --separate-stderr sendreq --url "$URL" --api-key-env NOT_SET_ANYWHERE one
	is 2 NOT_SET_ANYWHERE
	[ -z "$output" ]
	run --separate-stderr sendreq --url "$URL" --api-key-file nosuch one
	is 2 nosuch
}
