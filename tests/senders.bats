#!/usr/bin/env bats
# sendreq --shard, --start-at and --clock-offset: several senders, on machines whose clocks differ, are one run.
load lib/common

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	llmsim --unix-socket "$BATS_FILE_TMPDIR/sim" --model m --max-num-seqs 200 \
		--time-to-first-token 20ms --inter-token-latency 5ms >/dev/null 3>&- &
	echo $! >sim.pid
	wait_for 10 test -S sim
}

teardown_file() {
	kill "$(<"$BATS_FILE_TMPDIR/sim.pid")"
}

to_sim() {
	sendreq --url http://sim --unix-socket "$BATS_FILE_TMPDIR/sim" "$@"
}

load_of() {
	genload --model m --input-tokens 4 --max-tokens 4 "$@"
}

now_us() {
	date +%s%6N
}

most_in_flight() {
	jq -s '[.[] | {t: .sent_us, d: 1}, {t: .end_us, d: -1}] | sort_by(.t, .d)
		| reduce .[] as $e ({n: 0, most: 0}; .n += $e.d | .most = ([.n, .most] | max)) | .most'
}

# senders N START OPTION… -- GENLOAD-OPTION…: N of them, each with its shard; START "" is none.  Sender I's clock
# is told to be apart[I] (0) ahead; its records are in out.I, its progress in progress.I.
senders() {
	local n=$1 start=$2 i options=() pids=()
	shift 2
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	for ((i = 1; i <= n; i++)); do
		load_of "${@:2}" --shard "$i/$n" | to_sim --shard "$i/$n" ${start:+--start-at "$((start + ${apart[i]-0}))"} \
			--clock-offset "${apart[i]-0}" --progress-fd 4 "${options[@]}" >"out.$i" 4>"progress.$i" &
		pids+=($!)
	done
	for i in "${pids[@]}"; do wait "$i"; done
}

apart=()

@test "the slots of all senders are those of -c, at every moment; each request once" {
	senders 3 "$(($(now_us) + 700000))" -c 7 -- -n 90
	cat out.* >out
	same "$(seq 90)" "$(jq .id out | sort -n)"
	[ "$(most_in_flight <out)" -le 7 ]
	# Three, two and two slots opened at one moment.
	jq -se '(map(.due_us) | min) as $t | map(select(.due_us == $t)) | length == 7' out
	same '[3,2,2]' "$(for i in 1 2 3; do most_in_flight <"out.$i"; done | jq -sc .)"
	same '1 2 3' "$(cat progress.* | jq .shard | sort -n | uniq | xargs)"
}

@test "senders of several processes: their shares, and numbers of their own" {
	senders 2 "$(($(now_us) + 700000))" -c 5 -j 2 -- -n 60 --warmup 4
	cat out.* >out
	same "$(seq 64)" "$(jq .id out | sort -n)"
	[ "$(jq -c 'select(.phase | not)' out | most_in_flight)" -le 5 ]
	jq -se 'map(select(.phase | not) | .due_us) | min as $t | map(select(. == $t)) | length == 5' out
	same '1 2' "$(jq .shard progress.1 | sort -n | uniq | xargs)"
	same '3 4' "$(jq .shard progress.2 | sort -n | uniq | xargs)"
}

@test "--start-at: nothing is sent before, and everything counts from it" {
	local start
	start=$(($(now_us) + 900000))
	senders 3 "$start" -- -n 45 -r 100 --warmup 3
	jq -se --argjson start "$start" 'all(if .phase then .end_us < $start else .sent_us >= $start end)' out.*
	jq -se --argjson start "$start" --slurpfile q <(load_of -n 45 -r 100 --warmup 3) '($q | map({(.id | tostring): .at_us}) | add) as $at
		| map(select(.phase | not)) | length == 45 and all(.due_us == $start + $at[.id | tostring])' out.*
	# Too late for it: the clock starts when the warm-ups are back, as without it.
	load_of -n 5 --warmup 2 | to_sim --start-at "$((start - 5000000))" |
		jq -se '(map(select(.phase)) | map(.end_us) | max) as $warm | map(select(.phase | not) | .due_us) | min >= $warm'
	# A duration counts from it.
	start=$(($(now_us) + 600000))
	load_of -n 1000 | to_sim --start-at "$start" --duration 300ms -c 2 |
		jq -se --argjson start "$start" 'length > 2 and all(.sent_us >= $start and .sent_us <= $start + 310000)'
}

@test "--into: a sender begins in the middle of the slots' times and of the duration" {
	local from
	from=$(now_us)
	load_of -n 3000 | to_sim -c '0s:1=a,2s:1,2s:9=b' --duration 3s --into 1500ms |
		jq -se --argjson from "$from" '(map(.due_us) | min) as $t
			| map(select(.tags.stage == "a")) as $a | map(select(.tags.stage == "b")) as $b
			| ($a | length > 2 and all(.due_us - $t < 510000)) and ($b | length > 20 and all(.due_us - $t >= 490000))
			and all(.sent_us - $t < 1520000)'
	# When all of the duration has passed, nothing follows the first.
	[ "$(load_of -n 100 | to_sim -c 2 --duration 3s --into 4s | wc -l)" -le 2 ]
}

@test "--part: senders that go on together are of one part, whatever each of them did before" {
	echo '{"id":1,"part":3,"final":true}' >had
	load_of -n 3 >r
	to_sim -c 1 --part 2 -o first r
	to_sim -c 1 --part 2 --resume had r
	same '2 2 2' "$(jq .part first | xargs)"
	same '3 4 4' "$(jq .part had | xargs)"
}

@test "--clock-offset: clocks five seconds apart give the window and the figures that one clock gives" {
	local plain
	plain=$(($(now_us) + 700000))
	apart=([1]=0 [2]=0 [3]=0)
	senders 3 "$plain" -- -n 90 -r 150
	cat out.* >same
	# By the same true moment: two say a clock that is 5 s ahead, or behind, of the first one's.
	apart=([1]=0 [2]=5000000 [3]=-5000000)
	plain=$(($(now_us) + 700000))
	senders 3 "$plain" -- -n 90 -r 150
	for i in 1 2 3; do # what each says is of the clock it was told, to the microsecond when it was due
		jq -se --argjson start "$((plain + apart[i]))" '(map(.due_us) | min) - $start | . >= 0 and . < 30000' "out.$i"
		jq -se 'all(.sent_us >= .due_us and .sent_us < .due_us + 1000000 and .end_us > .sent_us and (.ev_us | last) < 10000000)' "out.$i"
	done
	# Corrected by what they are apart, as a measured offset does, all is one run of the same length.
	for i in 1 2 3; do
		jq -c --argjson d "$((apart[i]))" '.due_us -= $d | .sent_us -= $d | .end_us -= $d' "out.$i"
	done >together
	length() {
		tokstat "$1" | runsum --steady none | jq '.window.s, .requests.ok' | xargs
	}
	read -r one ok < <(length same)
	read -r other ok2 < <(length together)
	same '90 90' "$ok $ok2"
	jq -ne --argjson a "$one" --argjson b "$other" '$a > 0.5 and $a < 2 and ($a - $b | fabs) < 0.2'
	cat out.* >apart
	read -r other _ < <(length apart)
	jq -ne --argjson b "$other" '$b > 10' # the test can fail
}

@test "the kernel's stamps of a TCP connection follow the offset" {
	local url i
	llmsim --port 0 --model m --time-to-first-token 50ms --inter-token-latency 1ms >url 3>&- &
	i=$!
	wait_for 10 test -s url
	url=$(<url)
	for offset in 0 3600000000 -3600000000; do
		load_of -n 3 | sendreq --url "$url" --clock-offset "$offset" |
			jq -se --argjson now "$(now_us)" --argjson offset "$offset" 'length == 3 and all((.sent_us - $offset - $now | fabs) < 5000000
				and .end_us - .sent_us >= 50000 and .end_us - .sent_us < 1000000)'
	done
	kill "$i"
}

@test "with muster: a real start, and the offsets that it found" {
	local i pids=()
	muster --listen 127.0.0.1:0 -n 3 --lead 2s >listen 3>&- &
	pids+=($!)
	wait_for 10 test -s listen
	for i in 1 2 3; do
		{
			muster --shard "$i/3" "127.0.0.1:$(jq -r 'select(.port).port' listen)" >"start.$i"
			load_of -n 30 --shard "$i/3" | to_sim --shard "$i/3" -c 3 --start-at "$(jq .start_us "start.$i")" \
				--clock-offset "$(jq .offset_us "start.$i")" >"out.$i"
		} &
		pids+=($!)
	done
	wait "${pids[@]:1}"
	kill "${pids[0]}"
	cat out.* >out
	same "$(seq 30)" "$(jq .id out | sort -n)"
	jq -se --slurpfile start <(cat start.*) 'map(.due_us) | sort | .[:3] | unique == [$start[0].start_us]' out
}

@test "records of one sender's retry overlap the others': the window is theirs together, once" {
	local start
	start=$(($(now_us) + 600000))
	senders 2 "$start" -- -n 40 -r 40 --warmup 2
	jq -c 'if .id > 30 then .part = 2 else . end' out.2 >again # what its second start sent, while sender 1 went on
	cat out.1 again | tokstat >parts
	cat out.1 out.2 | tokstat >whole
	same "$(runsum whole | jq -S .)" "$(runsum parts | jq -S .)"
	same 2 "$(jq -c 'if .id > 30 then .part = 2 else . end' out.1 out.2 | jq -c 'if .part then .due_us += 9e6 | .sent_us += 9e6 | .end_us += 9e6 else . end' | tokstat | runsum | jq .window.parts)"
}

@test "what cannot be shared is refused; a time in seconds is no time" {
	run --separate-stderr to_sim --shard 1/3 -c 2 </dev/null
	is 2 'sendreq: --shard 1/3: more processes than -c has slots, 2'
	run --separate-stderr to_sim --shard 2/3 -j 2 -c 5 </dev/null
	is 2 'sendreq: --shard 2/3, -j 2: more processes than -c has slots, 5'
	run --separate-stderr to_sim --shard 1/2 --max-in-flight 1 </dev/null
	is 2 'more processes than --max-in-flight 1'
	run --separate-stderr to_sim --shard 1/3 -c 0s:5,9s:2 </dev/null
	is 2 'more processes than -c has slots at its end, 2'
	run --separate-stderr to_sim --shard 1/33 -j 2 -c 99 </dev/null
	is 2 'more processes than there can be, 64'
	run --separate-stderr to_sim --shard 4/3 </dev/null
	is 2 '--shard: 4/3: there is no such shard'
	run --separate-stderr to_sim --start-at "$(date +%s)" </dev/null
	is 2 'not within a year of now: microseconds since 1970 are expected'
	run --separate-stderr to_sim --clock-offset 1s </dev/null
	is 2 '--clock-offset: 1s: '
	# One slot each without -c.
	load_of -n 4 --shard 2/2 | to_sim --shard 2/2 | jq -se 'map(.id) | sort == [2, 4]'
}
