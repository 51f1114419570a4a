#!/usr/bin/env bats
# The matrix that every filter runs: what becomes of each fault of input, output and command
# line is a row of tests/data/faults.tsv.  FILTERS="pctl runsum" looks at those alone.
load lib/common

FAULTS=$DATA/faults.tsv
# gpusample and muster read no records: they have the rows that are about output and command line.
FILTERS=${FILTERS-tokview tokstat pctl runsum runcmp costcalc sendreq gpusample muster genload yaml2json}
# bytes of padding in a long line
MEGABYTE=1048576

setup_file() {
	[[ " $FILTERS " != *" sendreq "* && " $FILTERS " != *" gpusample "* ]] || start_llmsim
	[[ " $FILTERS " != *" muster "* ]] || start_muster
}

teardown_file() {
	[ -z "${LLMSIM_PID-}" ] || kill "$LLMSIM_PID"
	[ -z "${MUSTER_PID-}" ] || kill "$MUSTER_PID"
}

start_llmsim() {
	export URL LLMSIM_PID
	llmsim --port 0 --model m --time-to-first-token 1ms --inter-token-latency 1ms \
		>"$BATS_FILE_TMPDIR/url" 2>&1 3>&- &
	LLMSIM_PID=$!
	wait_for 10 grep -q . "$BATS_FILE_TMPDIR/url"
	URL=$(<"$BATS_FILE_TMPDIR/url")
}

start_muster() {
	export MUSTER MUSTER_PID
	muster --listen 127.0.0.1:0 -n 1 --lead 0s >"$BATS_FILE_TMPDIR/muster" 3>&- &
	MUSTER_PID=$!
	wait_for 10 grep -q . "$BATS_FILE_TMPDIR/muster"
	MUSTER=127.0.0.1:$(jq .port "$BATS_FILE_TMPDIR/muster")
}

# command_of FILTER [OPERAND]: sets command; without an operand it reads stdin.
command_of() {
	local operand=("${@:2}")
	case $1 in
	pctl) command=(pctl ttft_ms "${operand[@]/#/-f}") ;;
	sendreq) command=(sendreq --url "$URL" -c 2 "${operand[@]}") ;;
	gpusample) command=(gpusample -n 2 -i 100ms --source engine --url "$URL") ;;
	muster) command=(muster --shard 1/1 "$MUSTER") ;;
	runcmp) command=(runcmp -m ttft_ms "$DATA/matrix/runcmp.jsonl" "${operand[@]:--}") ;;
	costcalc) command=(costcalc --prices "$DATA/man/prices.yaml" --gpu NVIDIA-A10 "${operand[@]}") ;;
	genload) command=(genload -n 3 --model m --seed 1 --prompts "${operand[@]:--}") ;;
	*) command=("$1" "${operand[@]}") ;;
	esac
}

padding() {
	head -c "$MEGABYTE" /dev/zero | tr '\0' x
}

# line FAULT TEXT: the record TEXT with the fault in it.
line() {
	local head=${2%\}}
	case $1 in
	long-line | too-long) printf '%s,"pad":"%s"}\n' "$head" "$(padding)" ;;
	nul) printf '%s,"pad":"a\0b"}\n' "$head" ;;
	bad-utf8) printf '%s,"pad":"a\xff\xc0b"}\n' "${head/'"two"'/$'"t\xffwo"'}" ;;
	truncated-json) printf '%s\n' "${2:0:${#2}-3}" ;;
	not-an-object) printf '[1]\n' ;;
	duplicate-key) printf '%s,"id":2}\n' "${head/'"id":2'/'"id":9'}" ;;
	unknown-field) printf '%s,"pad":{"a":[1,null]}}\n' "$head" ;;
	*) printf '%s\n' "$2" ;;
	esac
}

# The same for yaml2json, whose input is one document.
yaml_line() {
	case $1 in
	long-line) printf '%s # %s\n' "$2" "$(padding)" ;;
	nul) printf 'two: "a\0b"\n' ;;
	bad-utf8) printf 'two: "a\xffb"\n' ;;
	truncated-json) printf 'two: {"a": 1\n' ;;
	not-an-object) printf -- '- 1\n' ;;
	duplicate-key) printf 'one: 2\n' ;;
	*) printf '%s\n' "$2" ;;
	esac
}

# input FAULT FILTER: the file "in", and "in2" with other ids or keys.
input() {
	local lines write=line
	[ "$2" != yaml2json ] || write=yaml_line
	[[ $2 != gpusample && $2 != muster ]] || {
		: >in
		return
	}
	mapfile -t lines < <(cat "$DATA/matrix/$2".*)
	{
		printf '%s\n' "${lines[0]}"
		"$write" "$1" "${lines[1]}"
		printf '%s\n' "${lines[2]}"
	} >in
	case $1 in
	empty) : >in ;;
	no-final-newline) truncate -s -1 in ;;
	crlf) sed -i 's/$/\r/' in ;;
	blank-lines) sed -i 's/$/\n\n/' in ;;
	two-files) sed -E 's/"id":/&1/; s/^(one|two|three):/\1\1:/' in >in2 ;;
	esac
}

# apply FAULT FILTER: run it; sets got, fills out and err.
apply() {
	local fault=$1 filter=$2 command
	got=0
	case $fault in
	dash) command_of "$filter" - ;;
	file) command_of "$filter" in ;;
	two-files) command_of "$filter" in in2 ;;
	missing-file | directory)
		local bad=nosuch
		[ "$fault" = missing-file ] || bad=.
		case $filter in
		genload | sendreq) command_of "$filter" "$bad" ;; # one input
		*) command_of "$filter" "$bad" in ;;
		esac
		;;
	help) command=("$filter" --help) ;;
	version) command=("$filter" -V) ;;
	unknown-option) command=("$filter" --versoin) ;;
	unknown-letter) command=("$filter" -Y) ;;
	*) command_of "$filter" ;;
	esac
	[ "$fault" != too-long ] || command+=(--max-line 10000)
	case $fault in
	full-disk) "${command[@]}" <in >/dev/full 2>err || got=$? ;;
	closed-stdin) "${command[@]}" <&- >out 2>err || got=$? ;;
	closed-stdout) "${command[@]}" <in >&- 2>err || got=$? ;;
	reader-leaves)
		local gone
		exec {gone}> >(:)
		wait $!
		# shellcheck disable=SC2261 # what is a number is no second redirection of stderr
		"${command[@]}" <in >&"$gone" 2>err || got=$?
		exec {gone}>&-
		;;
	*) "${command[@]}" <in >out 2>err || got=$? ;;
	esac
}

# counts FILTER: sets counted and written.
counts() {
	written=$(grep -acv '^[[:space:]]*$' out || true)
	case $1 in
	pctl) counted=$(jq -s 'map(.n) | add // 0' out) ;;
	runcmp) counted=$(jq -s 'map(.metrics[0].b.n) | add // 0' out) ;;
	runsum) counted=$(jq -s 'map(.requests.total) | add // 0' out) ;;
	genload) counted=$(jq -s 'map(.body.messages[0].content) | unique | length' out) ;;
	yaml2json) counted=$(jq -s 'map(length) | add // 0' out) ;;
	tokview) counted=$written ;;
	*) counted=$(jq -s 'map(.id) | unique | length' out) ;;
	esac
}

# complaint FILTER: what it said on stderr that begins with its name, but for tokview's progress.
complaint() {
	grep -a "^$1: " err | grep -v ' done in ' || true
}

# verdict FIELDS…: why a row is not as the table says, or nothing.
verdict() {
	local fault=$1 filter=$2 status=$3 want_counted=$5 want_out=$6 message=$7 got counted written
	rm -f in in2 out err
	input "$fault" "$filter"
	apply "$fault" "$filter"
	[ "$got" = "$status" ] || echo "status $got, expected $status"
	case $message in
	-) [ -z "$(complaint "$filter")" ] || echo "it complained" ;;
	*) [[ $'\n'$(complaint "$filter") == *$'\n'"$message"* ]] || echo "no message: $message" ;;
	esac
	if [ "$want_out" != - ]; then
		counts "$filter"
		[ "$counted" = "$want_counted" ] || echo "counted $counted, expected $want_counted"
		[ "$written" = "$want_out" ] || echo "wrote $written records, expected $want_out"
	fi
	case $fault in
	help) grep -q "^usage: $filter " out || echo "no usage line on stdout" ;;
	version) grep -Eq "^$filter \(tokpipe\) [0-9]" out || echo "no version on stdout" ;;
	unknown-option | unknown-letter) grep -q "^usage: $filter " err || echo "no usage line on stderr" ;;
	esac
}

# rows FAULT: every row of it holds; shows those that do not.
rows() {
	local fields why bad=0 seen=0
	while IFS=$'\t' read -r -a fields; do
		[[ ${fields[0]} == "$1" && " $FILTERS " == *" ${fields[1]} "* ]] || continue
		seen=$((seen + 1))
		why=$(verdict "${fields[@]}")
		[ -n "$why" ] || continue
		bad=$((bad + 1))
		printf '%s, %s: %s\n' "${fields[1]}" "$1" "${why//$'\n'/; }"
		head -c 300 err
	done <"$FAULTS"
	[ "$bad" = 0 ] && [ "$seen" -gt 0 ]
}

@test "empty input" { rows empty; }
@test "no newline at the end" { rows no-final-newline; }
@test "CRLF" { rows crlf; }
@test "blank lines" { rows blank-lines; }
@test "a line of 1 MB" { rows long-line; }
@test "a line longer than --max-line" { rows too-long; }
@test "NUL" { rows nul; }
@test "bad UTF-8" { rows bad-utf8; }
@test "truncated JSON" { rows truncated-json; }
@test "a line that is no object" { rows not-an-object; }
@test "a duplicate key" { rows duplicate-key; }
@test "an unknown field" { rows unknown-field; }
@test "a full disk" { rows full-disk; }
@test "closed stdin" { rows closed-stdin; }
@test "closed stdout" { rows closed-stdout; }
@test "a reader that leaves early" { rows reader-leaves; }
@test "- is stdin" { rows dash; }
@test "a file" { rows file; }
@test "two files" { rows two-files; }
@test "a missing file" { rows missing-file; }
@test "a directory" { rows directory; }
@test "--help" { rows help; }
@test "-V" { rows version; }
@test "an unknown option names the nearest" { rows unknown-option; }
@test "an unknown letter" { rows unknown-letter; }

@test "tokview passes every byte on, whatever the fault" {
	local fault
	[[ " $FILTERS " == *" tokview "* ]] || skip "not in CI: tokview is not asked for"
	for fault in crlf no-final-newline long-line nul bad-utf8 truncated-json not-an-object blank-lines; do
		input "$fault" tokview
		apply "$fault" tokview
		cmp in out
	done
}

@test "the table has a row for every filter and fault above" {
	local fault filter
	sed -nE 's/^@test .* rows ([a-z0-9-]+).*/\1/p' "$BATS_TEST_FILENAME" >faults
	[ "$(wc -l <faults)" -gt 20 ]
	while read -r fault; do
		for filter in tokview tokstat pctl runsum runcmp costcalc sendreq genload yaml2json; do
			[ "$fault:$filter" != too-long:yaml2json ] || continue # it has no lines
			grep -q "^$fault	$filter	" "$FAULTS"
		done
	done <faults
}
