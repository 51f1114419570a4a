#!/usr/bin/env bats
# runsum: the run record, bounds on it, and the client's verdict.
load lib/common

# metric ID DUE SENT LAST END [CHANGE]: an ok request, times in ms; jq's CHANGE changes it.
metric() {
	jq -nc --argjson id "$1" --argjson due "$2" --argjson sent "$3" --argjson last "$4" --argjson over "$5" '
		{id: $id, ok: true, due_us: ($due * 1000), sent_us: ($sent * 1000), end_us: ($over * 1000),
		last_us: ($last * 1000), ttft_ms: ($last - $due), itl_ms: [10, 20], input_tokens: 10,
		input_from: "usage", output_tokens: 3, tokens_from: "usage", cached_tokens: null, error: null} | '"${6:-.}"
}

FAILED='.ok = false | .last_us = null | .error = {kind: "http"} | .ttft_ms = null | .itl_ms = null'

# sum FILTER [OPTION…]: jq's FILTER of the run record of m.jsonl.
sum() {
	run --separate-stderr runsum "${@:2}" m.jsonl
	output=$(jq -c "$1" <<<"$output")
}

two() {
	metric 1 0 1 100 101
	metric 2 50 50 200 202
}

progress() {
	jq -nc '{t_us: 1000000, in_flight: 3, loop_lag_ms: 1, stamp_lag_ms: 0.25, cpu_ratio: 0.5} | '"${1:-.}"
}

@test "the record of two requests, to the digit" {
	two >m.jsonl
	run --separate-stderr runsum --steady none m.jsonl
	is 0
	same '{"window":{"from_us":0,"to_us":200000,"s":0.2,"parts":1},"requests":{"total":2,"ok":2,"failed":0,"success_ratio":1.0,"error_ratio":0.0,"by_error":{}},"tokens":{"input":20,"output":6,"cached":null,"input_from":"usage","output_from":"usage"},"rate":{"ok_rps":10.0,"ok_rps_lo":null,"ok_rps_hi":null,"attempted_rps":10.0,"attempted_rps_lo":null,"attempted_rps_hi":null,"failed_rps":0.0,"failed_rps_lo":null,"failed_rps_hi":null,"input_tps":100.0,"input_tps_lo":null,"input_tps_hi":null,"output_tps":30.0,"output_tps_lo":null,"output_tps_hi":null,"total_tps":130.0,"total_tps_lo":null,"total_tps_hi":null},"in_flight":{"mean":1.25,"max":2},"quality":null,"goodput":null,"peak":{"output_tps":6.0,"at_us":0},"steady":null,"client":null,"warnings":[]}' "$output"
}

@test "no records: a record whose figures are null" {
	run --separate-stderr runsum </dev/null
	is 0
	same '{"window":{"from_us":null,"to_us":null,"s":null,"parts":0},"requests":{"total":0,"ok":0,"failed":0,"success_ratio":null,"error_ratio":null,"by_error":{}},"tokens":{"input":null,"output":null,"cached":null,"input_from":null,"output_from":null},"rate":{"ok_rps":null,"ok_rps_lo":null,"ok_rps_hi":null,"attempted_rps":null,"attempted_rps_lo":null,"attempted_rps_hi":null,"failed_rps":null,"failed_rps_lo":null,"failed_rps_hi":null,"input_tps":null,"input_tps_lo":null,"input_tps_hi":null,"output_tps":null,"output_tps_lo":null,"output_tps_hi":null,"total_tps":null,"total_tps_lo":null,"total_tps_hi":null},"in_flight":{"mean":null,"max":null},"quality":null,"goodput":null,"peak":null,"steady":null,"client":null,"warnings":[]}' "$output"
}

@test "failed requests count in every count but those of ok" {
	{
		two
		metric 3 60 60 300 400 "$FAILED"
		metric 4 60 60 300 90 "$FAILED | .error = null"
		metric 5 0 0 0 0 "$FAILED | .error.kind = \"skipped\" | .due_us = null | .sent_us = null | .end_us = null"
	} >m.jsonl
	sum '[.window.s, .requests, .rate.ok_rps, .rate.attempted_rps, .rate.failed_rps, .tokens.output]'
	same '[0.4,{"total":5,"ok":2,"failed":3,"success_ratio":0.4,"error_ratio":0.6,"by_error":{"http":1,"no-output":1,"skipped":1}},5,10,7.5,6]' "$output"
}

@test "warm-ups count in nothing" {
	{
		two
		metric 3 900 900 950 950 '.phase = "warmup"'
	} >m.jsonl
	sum '[.requests.total, .window.to_us]'
	same '[2,200000]' "$output"
}

@test "the windows of a resumed run are summed, the pause is in no figure" {
	{
		metric 1 0 0 100 100
		metric 2 5000 5000 5100 5100 '.part = 2'
		metric 3 5050 5050 5200 5200 '.part = 2'
	} >m.jsonl
	sum '[.window, .rate.ok_rps, .in_flight]'
	same '[{"from_us":0,"to_us":5200000,"s":0.3,"parts":2},10,{"mean":1.16666666667,"max":2}]' "$output"
}

@test "a slot handed over in the same microsecond is one request in flight" {
	{
		metric 1 0 0 100 100
		metric 2 100 100 200 200
	} >m.jsonl
	sum .in_flight
	same '{"mean":1,"max":1}' "$output"
}

@test "where token counts come from" {
	two >m.jsonl
	metric 3 60 60 90 90 '.tokens_from = "events"' >>m.jsonl
	sum '[.tokens.input_from, .tokens.output_from]'
	same '["usage","mixed"]' "$output"
	metric 3 60 60 90 90 '.tokens_from = "events"' >m.jsonl
	sum '.tokens.output_from'
	same '"events"' "$output"
}

@test "goodput: all bounds hold; a missing value is not good" {
	{
		two
		metric 3 60 60 90 90 '.itl_ms = []'
		metric 4 60 60 90 90 "$FAILED"
	} >m.jsonl
	sum .goodput --slo ttft_ms=120 --slo itl_ms=15
	same '{"slo":{"ttft_ms":120,"itl_ms":15},"good":1,"ratio":0.25,"ratio_lo":0.0455872608097,"ratio_hi":0.699358157418,"rps":5,"rps_lo":null,"rps_hi":null,"unmeasured":1}' "$output"
	sum .goodput.good --slo ttft_ms=30
	same 1 "$output"
	sum .goodput.good --slo tfft_ms=30
	same 0 "$output"
	same "runsum: --slo: tfft_ms: no ok request has a value of it" "$stderr"
}

@test "goodput: lower bounds, the largest gap, any number of the record" {
	{
		two
		metric 3 60 60 90 90 '.itl_ms = [1, 1, 90] | .output_tokens = 2'
		metric 4 60 60 90 90 '.itl_ms = [1, "x"] | .e2e_ms = 30'
	} >m.jsonl
	sum '.goodput | [.slo, .good, .unmeasured]' --slo 'itl_ms.max=20' --slo 'output_tokens>=3'
	same '[{"itl_ms.max":20,"output_tokens>=":3},2,1]' "$output"
	sum '.goodput | [.slo, .good, .unmeasured]' --slo 'itl_ms<=31'
	same '[{"itl_ms":31},3,1]' "$output"
	sum '.goodput | [.slo, .good, .unmeasured]' --slo 'e2e_ms>=30'
	same '[{"e2e_ms>=":30},1,3]' "$output"
}

@test "tokens over time: a chunk of several is as many tokens, and they count when it came" {
	# Eight tokens in four chunks, two of them in the next second; five in two chunks; three, not streamed.
	{
		metric 1 0 0 1100 1100 '.ttft_ms = 500 | .itl_ms = [100, 450, 50] | .output_tokens = 8'
		metric 2 0 0 1100 1100 '.ttft_ms = 600 | .itl_ms = [500] | .output_tokens = 5'
		metric 3 0 0 2000 2000 '.ttft_ms = null | .itl_ms = null | .output_tokens = 3'
	} >m.jsonl
	sum .peak
	same '{"output_tps":6.5,"at_us":0}' "$output"
	metric 4 0 0 2000 2000 '.ttft_ms = 1000 | .itl_ms = 500 | .output_tokens = 3' >>m.jsonl # one number a request
	sum .peak
	same '{"output_tps":8.5,"at_us":1000000}' "$output"
	metric 5 0 0 2000 2000 '.output_tokens = null' >m.jsonl
	sum .peak
	same null "$output"
}

@test "in flight: a sweep over many ties is what NumPy counts" {
	"$TOP/tests/lib/py" "$TOP/tests/oracle/responses.py" 300 7 | tokstat |
		jq -c '(.due_us, .sent_us, .end_us, .last_us) |= (if . then . / 50000 | floor * 50000 else . end)' >metrics.jsonl
	runsum --steady in-flight:0.9 metrics.jsonl | jq -c '{all: .in_flight, steady: .steady.in_flight, window: .steady.window}' >ours
	"$TOP/tests/lib/py" "$TOP/tests/oracle/runsum.py" metrics.jsonl - in-flight:0.9 |
		jq -c '{all: .in_flight, steady: .steady.in_flight, window: .steady.window}' >theirs
	run --separate-stderr "$TOP/tests/lib/py" "$TOP/tests/oracle/runsum.py" compare ours theirs
	is 0 "the same"
}

@test "intervals of rates and goodput hold the truth as often as they say" {
	run --separate-stderr "$TOP/tests/lib/py" "$TOP/tests/oracle/rates.py" coverage 500
	is 0
	echo "$output"
	[ "${#lines[@]}" -eq 4 ]
	awk '$2 < 0.925 || $2 > 0.98 { bad = 1 } END { exit bad }' <<<"$output"
}

@test "the interval of a rate is that of a Poisson bootstrap over the requests" {
	"$TOP/tests/lib/py" "$TOP/tests/oracle/responses.py" 400 9 | tokstat >metrics.jsonl
	run --separate-stderr "$TOP/tests/lib/py" "$TOP/tests/oracle/rates.py" bootstrap metrics.jsonl
	is 0
	awk '{ exit !($1 < 0.02) }' <<<"$output"
}

@test "steady: by what is in flight, by time, or not at all" {
	{
		metric 1 0 0 1000 1000
		metric 2 100 100 900 900
		metric 3 200 200 800 800
	} >m.jsonl
	sum '.steady | [.rule, .window.from_us, .window.to_us, .requests.ok, .in_flight.max]'
	same '["auto",200000,800000,1,3]' "$output"
	sum '.steady | [.warmup, .drain]'
	same '[{"s":0.2,"by":"in-flight","shape":null,"excess_ratio":null},{"s":0.2}]' "$output"
	sum '.steady | [.window.s, .requests.ok]' --steady in-flight:0.5
	same '[0.8,2]' "$output"
	sum '.steady | [.window.s, .requests.ok]' --steady trim:150ms
	same '[0.7,1]' "$output"
	sum .steady --steady trim:500ms
	same null "$output"
	run --separate-stderr runsum --steady sometimes m.jsonl
	is 2 "runsum: --steady: sometimes: no such rule: auto, in-flight:RATIO, trim:DURATION or none"
}

# warm_up SHAPE SECONDS [LEAST [LENGTH]]: of a hundred seeded runs, how many have that edge to within a second.
warm_up() {
	run --separate-stderr "$TOP/tests/lib/py" "$TOP/tests/oracle/warmup.py" "$1" "$2" 100 2 "${4:-60}"
	is 0
	echo "$1 $2: $output"
	[[ $output =~ ^warm-up\ ([0-9]+)\ of\ 100,\ worst\ ([0-9.]+)\ s\;\ drain\ ([0-9]+)\ of\ 100 ]]
	[ "${BASH_REMATCH[1]}" -ge "${3:-95}" ]
	[ "${BASH_REMATCH[3]}" -ge 95 ]
}

@test "warm-up: none is seen where there is none" {
	warm_up none 0
	warm_up none 0 95 4 # some forty requests
}

@test "warm-up: a step of 5 s, of 20 s" {
	warm_up step 5
	warm_up step 20
}

@test "warm-up: a ramp of 5 s, of 20 s" {
	warm_up ramp 5
	warm_up ramp 20
}

@test "warm-up: an exponential, to within a tenth of 20 s or so" {
	warm_up exponential 20 60
	awk -v worst="${BASH_REMATCH[2]}" 'BEGIN { exit !(worst < 4) }'
}

@test "latencies that only grow: no part is steady, and it is said" {
	for ((i = 0; i < 200; i++)); do
		echo "{\"id\":$i,\"ok\":true,\"due_us\":$((i * 100000)),\"sent_us\":$((i * 100000)),\"last_us\":$((i * 150000 + 50000)),\"end_us\":$((i * 150000 + 50000)),\"ttft_ms\":$((i * 50 + 30))}"
	done >m.jsonl
	sum '[.steady, (.warnings | map(.code, .field))]'
	same '[null,["not-steady","ttft_ms"]]' "$output"
	sum '[.steady != null, .warnings]' --steady in-flight:0.5
	same '[true,[]]' "$output"
}

@test "latencies that depend on those before them: the first is named, the others counted" {
	two >m.jsonl
	{
		echo '{"group":{},"field":"send_lag_ms","n":500,"autocorr":0.9,"n_eff":9,"ci":95}'
		echo '{"group":{},"field":"input_tokens","n":500,"autocorr":0.9,"n_eff":9,"ci":95}'
		echo '{"group":{},"field":"ttft_ms","n":500,"autocorr":0.41,"n_eff":120,"ci":95}'
		echo '{"group":{},"field":"tpot_ms","n":500,"autocorr":0.01,"ci":95}'
	} >summary.jsonl
	sum .warnings --summary summary.jsonl
	same '[{"code":"dependent","message":"ttft_ms depends on the requests before (rank autocorrelation 0.41): its percentiles are as sure as those of 120 independent requests, and their intervals too narrow","field":"ttft_ms","n_eff":120}]' "$output"
	echo '{"group":{},"field":"e2e_ms","n":500,"autocorr":0.3,"n_eff":200,"ci":95}' >>summary.jsonl
	sum '.warnings[].message | .[-30:]' --summary summary.jsonl
	same '"too narrow; the same of 1 more"' "$output"
}

@test "too few requests for a percentile: said once, with how many it takes" {
	two >m.jsonl
	{
		echo '{"group":{},"field":"ttft_ms","n":2,"p50":1,"p50_lo":null,"p99":2,"p99_lo":null,"ci":95}'
		echo '{"group":{},"field":"e2e_ms","n":2,"p50":1,"p99":2,"p99.9":2,"ci":95}'
	} >summary.jsonl
	sum '.warnings | map([.code, .percentile, .n, .needed])' --summary summary.jsonl
	same '[["few-requests","p50",2,6],["few-requests","p99",2,368],["few-requests","p99.9",2,3688]]' "$output"
	sum '.warnings[1].message' --summary summary.jsonl
	same '"p99 of 2 requests: its 95 % interval is open; it takes 368"' "$output"
	for ((i = 0; i < 368; i++)); do metric "$i" 0 0 1 1; done >m.jsonl
	sum '.warnings | map(.percentile)' --summary summary.jsonl
	same '["p99.9"]' "$output"
}

@test "bounds on the run and on summaries" {
	two >m.jsonl
	echo '{"group":{},"field":"ttft_ms","n":2,"mean":125,"p95":147.5,"p99.9":149.95}' >summary.jsonl
	echo '{"group":{"a":"b"},"field":"e2e_ms","n":2,"p95":1}' >>summary.jsonl
	run --separate-stderr runsum --summary summary.jsonl --assert 'ttft_ms.p95<=147.5' --assert 'requests.ok == 2' \
		--assert 'ttft_ms.p99.9<150' --assert 'requests.success_ratio>=1' --assert 'rate.ok_rps>9' m.jsonl
	is 0
	run --separate-stderr runsum --summary summary.jsonl --assert 'ttft_ms.mean<125' --assert 'e2e_ms.p95<5' \
		--assert 'client.cpu_ratio<1' --assert 'requests.ok>1' m.jsonl
	is 5
	same "runsum: ttft_ms.mean<125: missed: 125
runsum: e2e_ms.p95<5: missed: not measured
runsum: client.cpu_ratio<1: missed: not measured" "$stderr"
	[[ $output == '{"window":'* ]]
}

@test "malformed bounds" {
	local bound
	for bound in 'ttft_ms' '<=5' 'a<=' 'a<=b' 'a=5' 'a<=1 2' ''; do
		run --separate-stderr runsum --assert "$bound" /dev/null
		is 2 "runsum: --assert: $bound: " "usage: runsum"
	done
	run --separate-stderr runsum --slo ttft_ms /dev/null
	is 2 "runsum: --slo: ttft_ms: not FIELD=X"
	run --separate-stderr runsum --slo ttft_ms=soon /dev/null
	is 2 "runsum: --slo: soon: "
}

@test "the client: what it did, and when it was the limit" {
	two >m.jsonl
	progress >p.jsonl
	sum .client --progress p.jsonl
	same '{"cpu_ratio":0.5,"send_lag_ms":{"p50":0.5,"p99":0.99,"late_p99":0.99},"loop_lag_ms":{"p99":1},"stamp_lag_ms":{"mean":0.25},"ttft_lag_ms":{"mean":null},"max_in_flight":3,"verdict":"ok"}' "$output"
	progress '.cpu_ratio = 0.91' >p.jsonl
	sum .client.verdict --progress p.jsonl
	same '"client-limited"' "$output"
	progress '.stamp_lag_ms = 1.1' >p.jsonl
	sum .client.verdict --progress p.jsonl
	same '"client-limited"' "$output"
	progress 'del(.stamp_lag_ms)' >p.jsonl
	sum '.client | [.stamp_lag_ms.mean, .verdict]' --progress p.jsonl
	same '[null,null]' "$output"
	progress >p.jsonl
	metric 3 60 160 190 190 >>m.jsonl
	sum .client.verdict --progress p.jsonl
	same '"client-limited"' "$output"
	# A hundred that are due at one moment go out one after the other, 0.2 ms each; three times that is late.
	for i in $(seq 0 99); do metric "$i" 60 "$((60 + i / 5))" 290 290; done >m.jsonl
	sum '.client | [.send_lag_ms.late_p99, .verdict]' --progress p.jsonl
	same '[0,"ok"]' "$output"
	for i in $(seq 0 99); do metric "$i" 60 "$((60 + i * 3 / 5))" 290 290; done >m.jsonl
	sum '.client | [.send_lag_ms.late_p99 > 38, .verdict]' --progress p.jsonl
	same '[true,"client-limited"]' "$output"
	: >p.jsonl
	sum .client --progress p.jsonl
	same null "$output"
}

@test "a missing file is worse than the bounds it makes us miss" {
	two >m.jsonl
	run --separate-stderr runsum --summary nosuch --assert 'ttft_ms.p95<=1' m.jsonl
	is 2 "runsum: nosuch: No such file or directory" "ttft_ms.p95<=1: missed: not measured" '{"window":'
}

@test "bad records are named and skipped" {
	local reason change
	while IFS='|' read -r reason change; do
		metric 1 0 0 100 100 "$change" >m.jsonl
		two >>m.jsonl
		run --separate-stderr runsum m.jsonl
		is 1 "runsum: m.jsonl:1" "$reason" '"total":2,'
	done <<-'END'
		not a metric record: ok is missing (of response records tokstat makes them)|del(.ok)
		an ok request without sent_us or an end|.sent_us = null
		it ends before it was sent|.last_us = 0 | .sent_us = 5
		not an object|[.]
	END
	echo '{"x":1}' >p.jsonl
	two >m.jsonl
	run --separate-stderr runsum --progress p.jsonl --summary p.jsonl m.jsonl
	is 1 "runsum: p.jsonl:1: not a progress record: t_us is missing" "runsum: p.jsonl:1: not a summary record"
}

@test "every figure is what NumPy makes of random runs" {
	local py=${PY:-$TOP/tests/lib/py} rule
	"$py" "$TOP/tests/oracle/progress.py" 20 5 >progress.jsonl
	"$py" "$TOP/tests/oracle/responses.py" 500 5 | tokstat --with-warmup |
		jq -c '.structured_ok = (if .id % 3 == 0 then null else .id % 7 > 2 end) | .tool_call_ok = ([true, null, false][.id % 3])' >metrics.jsonl
	for rule in in-flight:0.95 in-flight:0.5 trim:1s none; do
		runsum --progress progress.jsonl --steady "$rule" --slo ttft_ms=60 --slo itl_ms=11 --slo 'output_tokens>=3' --slo itl_ms.max=40 metrics.jsonl >ours
		"$py" "$TOP/tests/oracle/runsum.py" metrics.jsonl progress.jsonl "$rule" ttft_ms=60 itl_ms=11 'output_tokens>=3' itl_ms.max=40 >theirs
		run --separate-stderr "$py" "$TOP/tests/oracle/runsum.py" compare ours theirs
		is 0 "the same"
	done
}
