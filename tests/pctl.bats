#!/usr/bin/env bats
# pctl: figures against NumPy and SciPy, groups, what is usable, what people see.
load lib/common

PY=${PY:-$TOP/tests/lib/py}

oracle() {
	run --separate-stderr "$PY" "$TOP/tests/oracle/pctl.py" "$1"
	is 0 "figures compared"
}

@test "percentiles are NumPy's to the bit, for every method" { oracle percentiles; }
@test "mean and deviation are exact" { oracle moments; }
@test "milliseconds have three decimals" { oracle milliseconds; }
@test "the intervals' ranks are SciPy's binomial quantiles" { oracle ranks; }
@test "95 % intervals hold the truth 95 times in 100" { oracle coverage; }
@test "so do the bootstrap's, though gaps depend on each other" { oracle bootstrap_coverage; }
@test "the bootstrap agrees with NumPy's" { oracle bootstrap; }
@test "no figure depends on the order of records or files" { oracle order; }
@test "how many values an interval takes" { oracle need; }
@test "--bad-as-inf: percentiles as if each bad record were infinite" { oracle bad_as_inf; }
@test "serial correlation of the ranks, and how many values they are worth" { oracle dependence; }
@test "independent values are called dependent once in a thousand, AR(1) is noticed" { oracle alarms; }
@test "the order of time is due_us, else id, whatever the order of the lines" { oracle order_of_time; }
@test "a sketch is as near as it says" { oracle sketch; }
@test "parts make the whole, to the bit: records, sketches, and both" { oracle shards; }

# summary JQ ARG…: what jq makes of the summary of stdin.
summary() {
	local program=$1
	shift
	pctl "$@" | jq -rc "$program"
}

@test "a record, to the letter" {
	printf '{"id":1,"t_ms":1.5}\n{"id":2,"t_ms":2}\n{"id":3,"t_ms":null}\n' >in
	same '{"group":{},"field":"t_ms","n":2,"bad":1,"mean":1.750,"stddev":0.354,"min":1.500,"max":2.000,"p50":1.750,"p50_lo":null,"p50_hi":null,"p50_need":6,"p99.9":2.000,"p99.9_lo":2.000,"p99.9_hi":null,"p99.9_need":3688,"method":"linear","ci":95}' \
		"$(pctl -q -p 50,99.9 t_ms <in)"
}

@test "nothing in: a summary of nothing, or no group at all" {
	same '{"group":{},"field":"x","n":0,"bad":0,"mean":null,"stddev":null,"min":null,"max":null,"p50":null,"p50_lo":null,"p50_hi":null,"method":"linear","ci":95}' \
		"$(pctl -p 50 x </dev/null)"
	same '' "$(pctl -g k x </dev/null)"
}

@test "one value has no deviation, and is every percentile" {
	same '[1,5,null,5,5]' "$(echo '{"x":5}' | summary '[.n,.mean,.stddev,.p50,.p99]' x)"
}

@test "what is not usable is bad: once per record" {
	printf '{"x":%s}\n' 1 null '"2"' true '{}' '[]' '[1,null]' '["3"]' '[[4]]' 1e999 '[5,1e999]' '[6,7]' >in
	echo '{}' >>in
	same '[3,11,1,7]' "$(summary '[.n,.bad,.min,.max]' x <in)"
}

@test "failures count as bad in their group" {
	printf '{"k":"%s","x":%s}\n' a 1 a null b null >in
	same $'["a",1,1]\n["b",0,1]' "$(summary '[.group.k,.n,.bad]' -g k x <in)"
}

@test "an order that some records have not is no order, and it is said" {
	for ((i = 0; i < 40; i++)); do echo "{\"x\":$i,\"at\":$i}"; done >in
	run --separate-stderr pctl --order at x <in
	is 0 "pctl: x: values depend on those before them" '"autocorr":'
	echo '{"x":1}' >>in
	run --separate-stderr pctl --order at x <in
	is 0 "pctl: --order: at: not a number in every record"
	[[ $output != *autocorr* ]]
	run --separate-stderr pctl -q --order at x <in
	is 0
	[ -z "$stderr" ]
}

@test "fields come in the order typed, groups in jq's order" {
	printf '{"k":%s,"x":1,"y":2}\n' '"b"' 10 '"a"' 9 null true false '"a!"' '[1]' '{}' -1.5 >in
	echo '{"x":1}' >>in
	same "$(printf '%s y\n%s x\n' null null false false true true -1.5 -1.5 9 9 10 10 a a a! a! b b '[1]' '[1]' '{}' '{}')" \
		"$(pctl -g k y x <in | jq -r '"\(.group.k) \(.field)"')"
}

@test "equal values are one group, however they are written" {
	printf '{"k":%s,"l":%s,"x":1}\n' '"a\u00e9"' 1 '"\u0061é"' 1.0 '"aé"' 1e0 >in
	same '{"k":"aé","l":1}:3' "$(pctl -g k,l x <in | jq -rc '"\(.group):\(.n)"')"
	printf '{"k":%s,"x":1}\n' 12345678901234567890 12345678901234567891 -0 0 >in
	same '[2,1,1]' "$(pctl -g k x <in | jq -sc 'map(.n)')"
	grep -q '"k":12345678901234567891}' <(pctl -g k x <in)
}

@test "paths: members of members, escaped dots and commas, the last of a double key" {
	printf '{"a":{"b":1,"c":{"d":2}},"a.b":3,"e,f":"g","x":4,"x":5}\n' >in
	same '[1,2,3,null,5]' "$(pctl a.b a.c.d 'a\.b' a.b.c x <in | jq -sc 'map(.mean)')"
	same '{"e\\\\,f":"g"}' "$(pctl -g 'e\,f' x <in | jq -c .group | sed 's/\\\\/\\\\\\\\/')"
	printf '{"a":{"b":1},"a":{}}\n{"a":7}\n' >in
	same '[0,2,1,1]' "$(pctl a.b a <in | jq -sc 'map(.n,.bad)')"
}

@test "wrong fields and options are refused with a reason" {
	local -a bad=("a..b" "" "a." "a\\" "-p 101 x" "-p 50,50.0 x" "-p , x" "-p p50 x" "-p 1e1 x" "--method median x" "--ci 100 x"
		"--hist=sqrt x" "--resamples 0 x" "-g a, x" "--seed -1 x")
	local args
	for args in "${bad[@]}"; do
		# shellcheck disable=SC2086 # options and operand
		run --separate-stderr pctl ${args:-''} </dev/null
		is 2 "pctl: " "usage: pctl"
		[ -z "$output" ]
	done
	run --separate-stderr pctl
	is 2 "no FIELD given"
	run --separate-stderr pctl --method inverted-cdf x
	is 2 "did you mean inverted_cdf?"
}

@test "a file among the fields is noticed" {
	echo '{"x":1,"in.json":2,"in":{"json":3}}' >in.json
	run --separate-stderr pctl x in.json </dev/null
	is 2 "in.json: is a file, not a FIELD: read it with -f"
	same 3 "$(pctl -f - 'in.json' <in.json | jq .mean)"
	same 1 "$(pctl -f in.json x | jq .mean)"
}

@test "bad lines are named with their column, and the rest is counted" {
	printf '{"x":1}\n{"x":2,}\n[3]\n{"x":4}\n' >in
	run --separate-stderr pctl x -f in
	is 1 "pctl: in:2:8: expected a key" "pctl: in:3:1: not an object" '"n":2,"bad":0'
}

@test "a table for people" {
	printf '{"k":"%s","t_ms":%s,"out_tokens":7}\n' a 10.25 a 20.5 $'\xc3\xa9\\u001b' 3 >in
	run --separate-stderr env LC_ALL=C pctl -t -p 50 -g k t_ms out_tokens <in
	is 0
	same $'"k":"a"\nms          n  bad   mean  stddev    min    max    p50' "$(head -2 <<<"$output")"
	[[ $output == *$'\ntokens'* && $output == *$'\n"k":"?\\u001b"\n'* ]]
	LC_ALL=C run ! grep '[^ -~]' <<<"$output"
	run --separate-stderr env LC_ALL=C.UTF-8 pctl -t -g k t_ms <in
	is 0 '"k":"é\u001b"'
	run ! grep ' $' <<<"$output"
}

@test "a histogram: as wide as the terminal, '#' in the C locale" {
	seq 1 1000 | sed 's/.*/{"x":&}/' >in
	run --separate-stderr env LC_ALL=C COLUMNS=40 pctl --hist x <in
	is 0 "x: 1000 values" " 500 ..  550 50 ####"
	same 39 "$(wc -L <<<"$output")"
	same 1000 "$(awk 'NR > 1 { n += $4 } END { print n }' <<<"$output")"
	run --separate-stderr env LC_ALL=C.UTF-8 COLUMNS=40 pctl --hist x <in
	is 0 "█"
	same 39 "$(LC_ALL=C.UTF-8 wc -L <<<"$output")"
	run --separate-stderr pctl --hist=log x <in
	is 0 $'\n 500 .. 1000 500 ' $'\n   1 ..    2   1 '
	run --separate-stderr pctl --hist x </dev/null
	is 0 "x: 0 values"
}

@test "a first interrupt lets the input end, a second one ends it, and what is known is said" {
	mkfifo in
	pctl x <in >out 2>err 3>&- &
	local pid=$!
	exec 4>in
	echo '{"x":1}' >&4
	sleep 0.3
	kill -INT "$pid"
	sleep 0.1
	echo '{"x":2}' >&4
	sleep 0.3
	kill -INT "$pid"
	local status=0
	wait "$pid" || status=$?
	exec 4>&-
	same 130 "$status"
	same 2 "$(jq .n out)"
}

@test "an unknown short option is named wherever it stands" {
	run --separate-stderr pctl --table -tQ x
	is 2 "-Q: unknown option"
}

@test "numbers, one a line: the field is '.'" {
	same '[1000,0,500.5]' "$(seq 1000 | summary '[.n,.bad,.p50]' .)"
	printf '1\n[2,3]\n"4"\n{"x":5}\nnull\n-6e0 \n' >in
	same '[4,3,-6,3]' "$(summary '[.n,.bad,.min,.max]' -q . <in)"
	same '[[4,3],[1,5]]' "$(pctl -q . x <in | jq -sc 'map([.n,.bad])')"
	same '[null,-6,1]' "$(pctl -q -g . . <in | jq -sc 'map(.group["."]) | [first(.[] | nulls), (.[] | numbers)]')"
	run --separate-stderr pctl . < <(printf '1\n1 2\n0x1\n07\n.5\n+1\n-\n3\n')
	is 1 "<stdin>:2:3: something follows" "<stdin>:3:" "<stdin>:4:" "<stdin>:5:" "<stdin>:6:" "<stdin>:7:" '"n":2,"bad":0'
	run --separate-stderr pctl x <<<5
	is 1 "<stdin>:1:1: not an object"
}

@test "too few values: in the record, and in one line for who reads a table, but not with -q" {
	seq 1 50 | sed 's/.*/{"a_ms":&,"b_ms":&}/' >in
	run --separate-stderr pctl -t -p 50,99 a_ms b_ms <in
	is 0
	same "pctl: a_ms: 50 values are too few for the interval of p99 (it takes 368); the same of 1 more" "$stderr"
	run --separate-stderr pctl -p 50,99 a_ms b_ms <in
	is 0
	same "" "$stderr"
	same '[null,368]' "$(jq -sc '[.[0].p50_need,.[1].p99_need]' <<<"$output")"
	run --separate-stderr pctl -qt -p 50,99 a_ms b_ms <in
	is 0
	same "" "$stderr"
	run --separate-stderr pctl -t -p 50 a_ms nothing <in
	same "" "$stderr"
}

@test "dependent values are said in one line" {
	seq 1 400 | sed 's/.*/{"k":"x","id":&,"a_ms":&,"l":[&]}/' >in
	run --separate-stderr pctl -p 50,99 -g k a_ms l <in
	is 0
	[[ $stderr == 'pctl: a_ms of {"k":"x"}: values depend on those before them (rank autocorrelation 0.99): 400 are worth '*'; the same of 1 more' ]]
	same 1 "$(wc -l <<<"$stderr")"
}

@test "--bad-as-inf in the table" {
	printf '{"x":%s}\n' 1 2 null null >in
	run --separate-stderr pctl -qt --bad-as-inf -p 0,50,90 x <in
	is 0 "1.000  inf    inf"
	same '[null,null,null,"inf",1,"inf"]' "$(summary '[.mean,.stddev,.max,.p90,.min,.bad_as]' -q --bad-as-inf -p 90 x <in)"
	run --separate-stderr pctl -q --bad-as-inf --hist x <in
	is 0 "x: 2 values"
}

@test "a sketch, to the letter" {
	printf '{"k":"a","x":%s}\n' 1 1.25 -3 0 null '[2,4]' '[2,null]' >in
	same '{"sketch":2,"group":{"k":"a"},"field":"x","n":6,"bad":2,"arrays":true,"min":-3,"max":4,"sum":[5.25],"squares":[31.5625],"bins":[[-3.015625,1],[0,1],[1.0078125,1],[1.2578125,1],[2.015625,1],[4.03125,1]]}' \
		"$(pctl --sketch=2 -g k x <in)"
	same '[6,2,null,0.0078125]' "$(pctl --sketch=2 -g k x <in | pctl -q -g k x | jq -c '[.n,.bad,.p50_lo,.rel_error]')"
	same '["inf",null,8]' "$(pctl --sketch x <in | summary '[.p99,.mean,.n + .bad]' -q --bad-as-inf x)"
	pctl --sketch x y <in >sketched
	run --separate-stderr pctl -q --hist -f sketched x y
	is 0 "x: 6 values" "y: 0 values"
	pctl --sketch=2 x <in >sketched
	pctl --sketch=3 x <in >>sketched
	run --separate-stderr pctl -q x <sketched
	is 1 "<stdin>:2: a sketch of other digits" '"n":6,'
	run --separate-stderr pctl -q x <<<'{"sketch":3,"group":{}}'
	is 1 "<stdin>:1:" "not a sketch: group, field, sum, squares or bins is missing" '"n":0'
	for args in "--sketch -t x" "--sketch --hist x" "--sketch=0 x" "--sketch=5 x" "--sketch=x x"; do
		# shellcheck disable=SC2086 # options and operand
		run --separate-stderr pctl $args </dev/null
		is 2 "--sketch"
	done
}
