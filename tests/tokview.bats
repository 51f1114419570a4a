# tokview: records through untouched, the run on stderr.
load lib/common

setup_file() {
	python3 "$BATS_TEST_DIRNAME/oracle/rundir.py" "$BATS_FILE_TMPDIR/run" --requests 40 --slots 4 --fail 10 --warmup 3
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	RUN=$BATS_FILE_TMPDIR/run
}

# screen COLUMNS LOCALE ARG…: what a terminal of that width was sent.
screen() {
	local columns=$1 locale=$2
	shift 2
	LC_ALL=$locale TERM=${TERM_IS-xterm} script -qec "stty cols $columns; tokview $* >/dev/null" /dev/null </dev/null
}

# fills FILE COLUMNS: the longest line takes most of the width, and none takes all.
fills() {
	local widest
	widest=$(sed 's/\x1b\[[0-9]*[A-Za-z]//g; s/\r/\n/g' "$1" | LC_ALL=C.UTF-8 wc -L)
	[ "$widest" -lt "$2" ] && [ "$widest" -ge $(($2 - 5)) ]
}

@test "records pass through byte by byte, bad lines too" {
	printf '\n{"id":1,\r\nnot a record\0\n\xff\n' >odd
	cat "$RUN/responses.jsonl" odd >in
	printf '{"no":"newline"}' >>in
	tokview <in >out 2>err || status=$?
	cmp in out
	[ "$status" -eq 1 ]
	run cat err
	is 0 '<stdin>:45:' '<stdin>:46:' '<stdin>:48:' 'not a response record' '40 done'
}

@test "the last line has the numbers of the records" {
	run --separate-stderr tokview -n 40 "$RUN/responses.jsonl"
	is 0
	cat >ok.jq <<-'EOF'
		[inputs | select(.phase != "warmup")] | map(select(.error == null)) as $ok
		| ([($ok[] | .sent_us + .ev_us[(.ev_kind | length) - 3]), (.[] | select(.error) | .end_us)] | max) as $last
		| (($last - (map(.due_us) | min)) / 1e6) as $s
		| "\($ok | length) \(($ok | map(.usage.completion_tokens) | add) as $t | $t / $s | round)"
	EOF
	read -r ok tps < <(jq -nrf ok.jq "$RUN/responses.jsonl")
	[ "$ok" -eq 36 ]
	[[ $stderr == "tokview: 40/40 (100%) in "*" s "*" $tps tok/s "*" 4 failed" ]] || {
		echo "$stderr, not $tps tok/s"
		false
	}
}

@test "a terminal of 80 and of 120 columns, in C and in UTF-8" {
	screen 80 C -n 80 "$RUN/responses.jsonl" >c80
	screen 120 C.UTF-8 -n 80 "$RUN/responses.jsonl" >u120
	grep -q '50%  40/80  .*####\+.*\.\.\.' c80
	grep -q '██.*░░' u120
	run -1 grep '█' c80
	grep -q 'TTFT .* ms  latency .* ms  .*4 failed' c80
	grep -q 'avg TTFT .* ms   avg latency .* ms   .*4 failed' u120
	fills c80 80
	fills u120 120
}

@test "colours only on a terminal and not with NO_COLOR; TERM=dumb is plain" {
	screen 80 C -n 40 "$RUN/responses.jsonl" >colour
	grep -q $'\033\[31m' colour
	NO_COLOR=1 screen 80 C -n 40 "$RUN/responses.jsonl" >none
	run -1 grep $'\033\[3' none
	grep -q '4 failed' none
	# shellcheck disable=SC2094 # nothing is read from what is written
	TERM_IS=dumb screen 80 C -n 40 "$RUN/responses.jsonl" >dumb
	run -1 grep $'\033' dumb
	tokview -n 40 "$RUN/responses.jsonl" 2>err >/dev/null
	run -1 grep $'\033' err
}

@test "--follow: the file grows, the end of the progress stream ends it" {
	mkfifo p
	tokview --plain -n 40 --progress p --follow grows.jsonl >out 2>err &
	pid=$!
	exec 5>p
	head -n 20 "$RUN/responses.jsonl" >grows.jsonl
	head -n 1 "$RUN/progress.jsonl" >&5
	wait_for 5 test -s out
	tail -n +21 "$RUN/responses.jsonl" >>grows.jsonl
	exec 5>&-
	wait "$pid"
	cmp out "$RUN/responses.jsonl"
	grep -q '^tokview: 40/40 (100%)' err
}

@test "--follow: a replaced file is read anew, a missing one is an error" {
	mkfifo p
	cp "$RUN/responses.jsonl" f
	tokview --plain --progress p --follow f >out 2>err &
	pid=$!
	exec 5>p
	wait_for 5 test -s out
	head -n 13 "$RUN/responses.jsonl" >g
	mv g f
	wait_for 5 test "$(wc -l <out)" -ge 43 || true
	exec 5>&-
	wait "$pid"
	grep -q '^tokview: 10 done' err
	run tokview --progress "$RUN/progress.jsonl" --follow nowhere
	is 2 'nowhere: No such file'
}

@test "progress alone moves the numbers while replies stream" {
	head -n 2 "$RUN/progress.jsonl" >two
	: >none.jsonl
	screen 80 C -n 40 --progress two --follow none.jsonl >s
	grep -q '4 in flight' s
	grep -q '[0-9.k]* tok/s' s
}

@test "SIGINT does not end it, SIGTERM does, with a last line" {
	mkfifo p
	# A shell's background job has SIGINT ignored: python starts it with the default.
	python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' tokview p >out 2>err &
	pid=$!
	exec 5>p
	head -n 5 "$RUN/responses.jsonl" >&5
	wait_for 5 test -s out
	kill -INT "$pid"
	tail -n +6 "$RUN/responses.jsonl" >&5
	wait_for 5 cmp -s out "$RUN/responses.jsonl"
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 130 ]
	exec 5>&-
	grep -q '40 done' err
}

@test "usage, missing files, a full disk, an early reader" {
	run tokview --follow f
	is 2 '--follow: needs --progress' 'usage: tokview'
	run tokview --progress -
	is 2 '--follow FILE'
	run tokview -n 0
	is 2 '-n' '0'
	run tokview nowhere "$RUN/responses.jsonl"
	is 2 'nowhere: No such file' '40 done'
	run bash -c 'tokview <"$1" >/dev/full' - "$RUN/responses.jsonl"
	is 4 'No space left'
	run bash -c 'set -o pipefail; tokview <"$1" | head -c 1' - "$RUN/responses.jsonl"
	[ "$status" -eq 0 ] || [ "$status" -eq 141 ]
	run tokview --max-line 100 "$RUN/responses.jsonl"
	is 1 'longer than --max-line' '0 done'
	run tokview </dev/null
	is 0 'tokview: 0 done'
}
