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

@test "where no record comes, done and failed are what the senders say, all of them together" {
	: >none.jsonl
	printf '{"t_us":%d,"shard":%d,"done":%d,"ok":%d,"failed":%d,"in_flight":0,"out_tokens":70}\n' 10000000 1 4 4 0 10000000 2 3 3 0 \
		11000000 1 9 8 1 11000000 2 6 6 0 >said
	run --separate-stderr tokview --plain -n 15 --progress said --follow none.jsonl
	is 0 '15/15 (100%) in 2.0 s' '7.00 req/s' '70.0 tok/s' '1 failed'
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

# telemetry: two GPUs and an engine, once.
telemetry() {
	jq -nc '{t_us: 1795330729500000, source: "nvml", host: "h"} as $g
		| ($g + {device: 0, util_ratio: 0.97, mem_used_bytes: 71303168000, mem_total_bytes: 85520809984, power_w: 612.3, throttle: []}),
		  ($g + {device: 1, util_ratio: 0.77, mem_used_bytes: 71303168000, mem_total_bytes: 85520809984}),
		  {t_us: 1795330729500100, source: "engine", host: "h", url: "http://127.0.0.1:8000/metrics", engine: "vllm", running: 12, waiting: 3, kv_ratio: 0.41}'
}

# lines_of FILE: every line that a terminal was sent, without its escapes.
lines_of() {
	sed 's/\x1b\[[0-9]*[A-Za-z]//g; s/\r/\n/g' "$1" | grep -v '^$'
}

# frame FILE: the first screen in what a terminal was sent, without its escapes.
frame() {
	lines_of "$1" | head -n 3
}

@test "-g: GPUs, memory and the engine's queue, at 80 and at 120 columns" {
	jq -nc '{t_us: 1795330729000000, in_flight: 4, out_tokens: 60}, {t_us: 1795330730000000, in_flight: 4, out_tokens: 254}' >two
	: >none.jsonl
	telemetry >telemetry.jsonl
	screen 80 C -n 40 -g telemetry.jsonl --progress two --follow none.jsonl >c80
	same '  0%  0/40  +++++.............................................  0:02  ETA --:--
0 req/s  127 tok/s  TTFT -  latency -  0 failed  4 in flight
2 GPU 87%  133/159 GiB  engine 12 running  3 queued  KV 41%' "$(frame c80)"
	screen 120 C.UTF-8 -n 40 -g telemetry.jsonl --progress two --follow none.jsonl >u120
	same '  0%  0/40  ▒▒▒▒▒▒▒▒▒'"$(printf '░%.0s' {1..81})"'  0:02  ETA --:--
0 req/s   127 tok/s   avg TTFT -   avg latency -   0 failed   4 in flight
2 GPU 87%   133/159 GiB   engine 12 running   3 queued   KV 41%' "$(frame u120)"
	# Nothing of it when the run is over, nor where there is none: two lines.
	run -1 grep 'GPU' <(lines_of c80 | tail -n 2)
	screen 80 C -n 40 -g nowhere.jsonl --progress two --follow none.jsonl >c80
	same '0' "$(grep -ac 'GPU\|engine\|KV' c80 || true)"
	same 2 "$(frame c80 | head -n 2 | grep -c 'ETA\|tok/s')"
	# What was not measured is not there: an engine alone, a GPU without its use.
	telemetry | jq -c 'select(.engine) | del(.kv_ratio)' >telemetry.jsonl
	screen 80 C -n 40 -g telemetry.jsonl --progress two --follow none.jsonl >c80
	same 'engine 12 running  3 queued' "$(frame c80 | tail -n 1)"
	telemetry | jq -c 'select(.device == 0) | del(.util_ratio)' >telemetry.jsonl
	screen 80 C -n 40 -g telemetry.jsonl --progress two --follow none.jsonl >c80
	same 'GPU 66.4/79.6 GiB' "$(frame c80 | tail -n 1)"
}

@test "-g: a file that comes later, grows, has half a line or a bad one" {
	mkfifo p
	: >none.jsonl
	screen 80 C -n 40 -g telemetry.jsonl --progress p --follow none.jsonl >s 2>&1 &
	pid=$!
	exec 5>p
	head -n 1 "$RUN/progress.jsonl" >&5
	wait_for 20 grep -aq '4 in flight' s
	run -1 grep -a GPU s
	telemetry | head -c 100 >telemetry.jsonl
	sleep 0.3
	telemetry | tail -c +101 >>telemetry.jsonl
	wait_for 20 grep -aq '2 GPU 87%' s
	telemetry | jq -c '.util_ratio = 0.5' >>telemetry.jsonl
	wait_for 20 grep -aq '2 GPU 50%' s
	echo 'not JSON' >>telemetry.jsonl
	wait_for 20 grep -aq 'telemetry.jsonl:7:' s
	printf '{"t_us":1,"sour' >>telemetry.jsonl
	exec 5>&-
	wait "$pid" || status=$?
	[ "$status" -eq 1 ]
	run -1 grep -a 'telemetry.jsonl:8' s
	mkdir directory
	run tokview -g directory --progress "$RUN/progress.jsonl" --follow "$RUN/responses.jsonl"
	is 2 'directory: Is a directory' '40 done'
}

@test "replies that are all long: in flight and tokens move before any of them is there" {
	llmsim --unix-socket sim --model m --time-to-first-token 50ms --inter-token-latency 25ms >/dev/null 3>&- &
	sim=$!
	wait_for 10 test -S sim
	genload -n 4 --model m --input-tokens 4 --max-tokens 140 --ignore-eos >requests.jsonl
	: >r.jsonl
	cat >run <<-'EOF'
		stty cols 80
		sendreq --url http://sim --unix-socket sim -c 4 --progress-fd 3 -o r.jsonl requests.jsonl 3>&1 >&2 |
			tokview -n 4 --progress - --follow r.jsonl >/dev/null
	EOF
	LC_ALL=C TERM=xterm script -qec "bash run" /dev/null </dev/null >s
	kill $sim
	lines_of s >plain
	grep -q '^  0%  0/4  ++*  0:0[12]' plain
	# Tokens and time go on while no reply has ended.
	grep -A 1 '^  0%  0/4 ' plain | grep -o '[0-9.]* tok/s  TTFT -.*4 in flight' >rates
	[ "$(wc -l <rates)" -ge 2 ]
	run -1 grep '^0 tok/s' rates
	[ "$(grep '^  0%  0/4 ' plain | grep -o '0:0[0-9]' | sort -u | wc -l)" -ge 2 ]
	grep -q '100%  4/4' plain
}
