#!/usr/bin/env bats
# muster: one start for all, clocks against each other; the other side by another program, with another clock.
load lib/common

PID=

teardown() {
	[ -z "$PID" ] || kill "$PID" 2>/dev/null || true
}

# listening ARG…: a muster that listens; sets PID and AT.
listening() {
	muster --listen 127.0.0.1:0 "$@" >listen 2>listen.err 3>&- &
	PID=$!
	wait_for 10 test -s listen
	AT=127.0.0.1:$(jq -r 'select(.port).port' listen)
}

# other APART_US THERE_MS BACK_MS [MODE]: a Python one, by another clock.
other() {
	: >port
	python3 "$TOP/tests/oracle/muster.py" listen "$@" >port 3>&- &
	PID=$!
	wait_for 10 test -s port
	AT=127.0.0.1:$(<port)
}

ask() {
	timeout 20 python3 "$TOP/tests/oracle/muster.py" ask "${AT#*:}" "$@"
}

now_us() {
	date +%s%6N
}

@test "three start together, none before the last is there" {
	local i pids=() before
	listening -n 3 --lead 300ms
	for i in 1 3; do
		muster --shard "$i/3" "$AT" >"shard.$i" &
		pids+=($!)
	done
	run -124 timeout 1 tail --pid="${pids[0]}" -f /dev/null # they wait
	same '' "$(cat shard.1 shard.3)"
	before=$(now_us)
	muster --shard 2/3 "$AT" >shard.2
	wait "${pids[@]}"
	jq -sce --argjson before "$before" 'map(.shard) == [1, 2, 3] and all(.shards == 3 and .late_us == 0)
		and (map(.start_us) | unique | length == 1 and .[0] >= $before + 300000 and .[0] < $before + 10000000)' shard.[123]
	# one machine, one clock
	jq -sce 'all(.rtt_us >= 0 and (.error_us - .rtt_us / 2 | fabs) < 1 and (.offset_us | fabs) <= .error_us + 100)' shard.[123]
	jq -sce --slurpfile one shard.1 '.[0].shards == 3 and .[1] == {start_us: $one[0].start_us, shards: 3}' listen
}

@test "who comes later, or again, gets the same start and is told how late it is" {
	listening -n 1 --lead 0s
	muster --shard 1/1 "$AT" >first
	sleep 0.3
	muster --shard 1/1 "$AT" >again
	jq -sce '.[0].start_us == .[1].start_us and .[1].late_us >= 300000 and .[1].late_us < 20000000' first again
	same 2 "$(wc -l <listen)"
	kill "$PID"
	status=0
	wait "$PID" || status=$?
	is 0
	# One that listens again gives out what was given out before, and waits for nobody.
	listening -n 5 --start "$(jq .start_us first)"
	muster --shard 4/5 "$AT" | jq -e --slurpfile first first '.start_us == $first[0].start_us and .late_us > 0'
}

@test "another clock, and ways of unequal length: the offset is as wrong as it says, at most" {
	local apart
	for apart in 5000000 -5000000; do
		other "$apart" 20 2
		muster --shard 2/3 "$AT" >got
		kill "$PID"
		# The way there took 20 ms and more, the way back 2: wrong by 9 ms, within an error of 11.
		jq -e --argjson apart "$apart" '(.offset_us - $apart) as $wrong | $wrong > 7000 and $wrong <= .error_us
			and .error_us >= 11000 and .late_us == 0' got
		jq -e --argjson now "$(now_us)" --argjson apart "$apart" '.start_us - $apart - $now | . < 3000000 and . > -10000000' got
	done
}

@test "a connection that is lost, and one that is never answered: everything is asked again" {
	other 0 0 0 drop
	muster --shard 1/1 "$AT" | jq -e '.shard == 1 and .start_us > 0'
	kill "$PID"
	other 0 0 0 mute
	run --separate-stderr muster --shard 1/1 --timeout 1s "$AT"
	is 3 "muster: $AT: no start within 1s: no answer"
	kill "$PID"
	other 0 0 0 mute
	muster --shard 1/1 --timeout 30s "$AT" | jq -e '.start_us > 0'
}

@test "one that begins to listen later is found" {
	local port asker
	listening -n 2
	port=${AT#*:}
	kill "$PID"
	wait "$PID" || true
	muster --shard 1/2 "$AT" >first &
	asker=$!
	sleep 0.5
	muster --listen "127.0.0.1:$port" -n 2 --lead 100ms >listen 3>&- &
	PID=$!
	wait_for 10 test -s listen
	sleep 1
	same 1 "$(wc -l <listen)"
	muster --shard 2/2 "$AT" >second
	wait "$asker"
	jq -sce 'map(.start_us) | unique | length == 1' first second
}

@test "the lines are as the page has them, for other programs" {
	local t before
	listening -n 1 --lead 50ms
	before=$(now_us)
	ask 'muster 1 1 1' 'p 123' ready >got
	read -r -a t < <(head -n 1 got)
	same 123 "${t[0]}"
	((t[1] >= before - 1000 && t[2] >= t[1] && t[2] <= $(now_us) + 1000))
	same "start $(tail -n 1 listen | jq .start_us)" "$(tail -n 1 got)"
	same 'no another number of shards' "$(ask 'muster 1 1 2')"
	same 'no expected muster 1 I N' "$(ask 'GET / HTTP/1.1')"
	same '' "$(ask "$(printf 'x%.0s' {1..500})")"
	run --separate-stderr muster --shard 2/3 "$AT"
	is 2 "muster: $AT: another number of shards"
	[ "$(ask 'muster 1 1 1' ready)" = "start $(tail -n 1 listen | jq .start_us)" ] # and it goes on
}

@test "nobody there, not all there, no muster there, an address that is taken" {
	run --separate-stderr muster --shard 1/2 --timeout 400ms 127.0.0.1:1
	is 3 'muster: 127.0.0.1:1: no start within 0.4s: Connection refused'
	run --separate-stderr muster --shard 1/2 --timeout 300ms nowhere.invalid:1
	is 3 'muster: nowhere.invalid:1: no start within 0.3s: '
	listening -n 2
	run --separate-stderr muster --shard 1/2 --timeout 700ms "$AT"
	is 3 'no start within 0.7s: not all of the others are there'
	same '' "$output"
	run --separate-stderr muster --listen "$AT" -n 2
	is 3 "muster: $AT: Address already in use"
	kill "$PID"
	other 0 0 0 garbage
	run --separate-stderr muster --shard 1/2 --timeout 600ms "$AT"
	is 3 'no start within 0.6s: what answers there is no muster'
}

@test "wrong usage names what is wrong" {
	run --separate-stderr muster
	is 2 'one of --listen and --shard is needed' 'usage: muster'
	run --separate-stderr muster --listen 7077 -n 2 --shard 1/2
	is 2 'one of --listen and --shard is needed'
	run --separate-stderr muster --listen 7077
	is 2 '--listen: 7077: [HOST:]PORT, and -n how many'
	run --separate-stderr muster --listen 99999 -n 1
	is 2 '--listen: 99999: '
	run --separate-stderr muster --shard 1/2
	is 2 '--shard goes with HOST:PORT'
	run --separate-stderr muster --shard 1/2 host
	is 2 '--shard goes with HOST:PORT'
	run --separate-stderr muster --shard 3/2 a:1
	is 2 '--shard: 3/2: there is no such shard'
	run --separate-stderr muster --shard 1/65 a:1
	is 2 '--shard: 1/65: more shards than there can be'
	run --separate-stderr muster --shrad 1/2 a:1
	is 2 'did you mean --shard'
}
