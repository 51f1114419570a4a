#!/bin/sh
# load.sh: what each pod of a load runs: it sends its shard of the workload, at the moment at which all begin.
#
#	load.sh SHARDS HOST:PORT MODEL WARMUP METRICS -- SENDREQ-OPTION...
#
# HOST is the pod of index 0, WARMUP 1 where there are warm-ups, and METRICS the URLs, by comma, that this pod samples.  This
# file lies on a volume, in FOLDER/in beside workload.json; what becomes of the shard goes to FOLDER/out/INDEX:
#
#	attempts         a line for each pod that tried: its name, its node, the second at which it began
#	start.jsonl      what muster told each of them: the start of all, and how far the clocks are apart
#	warmup.jsonl, requests.jsonl, responses.jsonl, progress.jsonl, telemetry.jsonl, log: as of any run
#	before.jsonl     the longest requests.jsonl of a pod that died: of a duration the next one may not come so far
#	made, status     genload's and sendreq's status; the last one is there when everything else is
#
# A pod that follows one that died sends what has no final record.  Who begins another round of the same run removes
# attempts, start.jsonl and status.  Exit status: 0 all has been sent, 1 another pod can go on, 2 and 4 none can.
set -eu

shards=$1 host=$2 model=$3 warmup=$4 metrics=$5
shift 6
index=$JOB_COMPLETION_INDEX
shard=$((index + 1))/$shards
in=$(cd "$(dirname "$0")" && pwd)
out=$(dirname "$in")/out/$index
pipes=${TMPDIR:-/tmp}/load.$index
child='' status=0 stopped=false helpers='' resume=false offset=0 start='' passed=0 patience=5m teller=''

# stop: who is sending ends in order.
stop() {
	stopped=true
	[ -z "$child" ] || kill -TERM "$child" 2>/dev/null || :
}

# attend: wait for $child to its end, whatever signals come; sets status.
attend() {
	while :; do
		status=0
		wait "$child" || status=$?
		kill -0 "$child" 2>/dev/null || break
	done
	child=''
}

# leave STATUS: as the Job is to know it.
leave() {
	trap '' TERM INT
	for pid in $helpers; do
		kill -TERM "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	done
	exec 2>&- # the log ends
	[ -z "$teller" ] || wait "$teller" || :
	rm -rf "$pipes"
	exit "$1"
}

# say WORD...: to the log, which is also the pod's.
say() {
	printf 'load.sh: %s\n' "$*" >&2
}

# full: what the volume does not take, it does not take from another pod either.
full() {
	say "$out: cannot be written: is the volume full?"
	leave 4
}

# open_out OPTION...: the files, and the log.
open_out() {
	mkdir -p "$out" || full
	rm -rf "$out/status" "$out/made" "$pipes"
	mkdir "$pipes"
	mkfifo "$pipes/log" "$pipes/requests" "$pipes/progress"
	tee -a "$out/log" <"$pipes/log" >&2 &
	teller=$!
	exec 2>"$pipes/log"
	printf '%s %s %s\n' "${POD_NAME:-$(hostname)}" "${NODE_NAME:--}" "$(date +%s)" >>"$out/attempts" || full
	touch "$out/responses.jsonl" "$out/requests.jsonl" "$out/before.jsonl" || full
	if [ -s "$out/responses.jsonl" ] || [ "$(wc -l <"$out/attempts")" -gt 1 ]; then
		resume=true
	fi
	case " $* " in
	*" --part "*) resume=true ;; # of a round that is not the first
	esac
}

# told KEY LINE: a number of what muster told.
told() {
	sed -n "$2s/.*\"$1\":\\(-\\{0,1\\}[0-9]*\\).*/\\1/p" "$out/start.jsonl"
}

# meet: sets start, offset, and passed: the microseconds since the start.  One who comes again is not waited for.
meet() {
	if [ -s "$out/start.jsonl" ]; then
		start=$(told start_us 1)
		offset=$(told offset_us '$')
	fi
	if [ "$index" = 0 ]; then
		muster --listen "${host##*:}" -n "$shards" ${start:+--start "$start"} >/dev/null &
		helpers="$helpers $!"
	fi
	[ ! -s "${out%/*}/0/status" ] || patience=10s # who is asked has ended
	muster --shard "$shard" --timeout "$patience" "$host" >"$pipes/start" &
	child=$!
	attend
	if [ "$status" = 0 ]; then
		cat "$pipes/start" >>"$out/start.jsonl" || full
		sync
		start=$(told start_us 1)
		offset=$(told offset_us '$')
		passed=$(told late_us '$')
	elif $stopped || [ -z "$start" ]; then
		leave 1
	else
		say "the others are not there any more: the clock is taken for what it was"
		passed=$(($(date +%s) * 1000000 + offset - start))
	fi
}

# send PHASE FILE OPTION...: make the requests of the phase, keep them in FILE, send them; sets status.
send() {
	phase=$1 file=$2
	shift 2
	{
		made=0
		genload -f "$in/workload.json" --model "$model" --phase "$phase" --shard "$shard" || made=$?
		printf '%s\n' "$made" >"$out/made"
	} | tee "$out/$file" >"$pipes/requests" &
	maker=$!
	if [ "$phase" = measured ]; then
		tee -a "$out/progress.jsonl"
	else
		cat >/dev/null # who looks counts what is measured
	fi <"$pipes/progress" &
	viewer=$!
	! $resume || set -- "$@" --resume "$out/responses.jsonl"
	sendreq "$@" --shard "$shard" --clock-offset "$offset" -o "$out/responses.jsonl" --progress-fd 3 \
		<"$pipes/requests" 3>"$pipes/progress" >&2 &
	child=$!
	! $stopped || stop
	attend
	wait "$maker" || [ $? -gt 128 ] || status=4
	wait "$viewer" || [ $? -gt 128 ] || status=4
}

# judge: from the last phase, what the pod is to end with; leaves unless it can go on.
judge() {
	made=$(cat "$out/made" 2>/dev/null || :)
	[ "${made:-141}" != 141 ] || made=0 # nobody wanted more of them
	for code in "$made" "$status"; do
		case $code in
		0 | 1 | 3) ;;
		2 | 4) leave "$code" ;;
		*) leave 1 ;;
		esac
	done
}

# measure OPTION...: the shard itself.  A later pod goes on where the load stands by then: of its duration, of its stages.
measure() {
	[ "$(wc -c <"$out/requests.jsonl")" -le "$(wc -c <"$out/before.jsonl")" ] || mv "$out/requests.jsonl" "$out/before.jsonl"
	[ "$passed" -le 0 ] || set -- "$@" --into "${passed}us"
	send measured requests.jsonl "$@" --start-at "$start"
	printf '%s\n' "$status" >"$out/.status" || full
	sync
	mv "$out/.status" "$out/status"
}

# sample: the engines' own counts, by this pod's clock, which is everybody's where its index is 0.
sample() {
	set -f -- # a URL may have brackets
	IFS=,
	for url in $metrics; do
		set -- "$@" --url "$url"
	done
	unset IFS
	gpusample --source engine "$@" >>"$out/telemetry.jsonl" &
	helpers="$helpers $!"
}

trap stop TERM INT
open_out "$@"
[ "$index" != 0 ] || [ -z "$metrics" ] || sample
if [ "$warmup" = 1 ] && [ ! -s "$out/start.jsonl" ]; then
	send warmup warmup.jsonl "$@"
	judge
fi
meet
measure "$@"
judge
leave 0
