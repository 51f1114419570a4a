#!/usr/bin/env bats
# runcmp: figures against SciPy, NumPy and definitions; reasons, tolerances, what people see.
# How often its verdicts are wrong is in runcmp_rates.bats.
load lib/common

PY=${PY:-$TOP/tests/lib/py}

oracle() {
	run --separate-stderr "$PY" "$TOP/tests/oracle/runcmp.py" "$1"
	is 0 "figures, compared"
}

@test "U, its p, A12 and Cliff's delta are SciPy's, exact and normal, with ties" { oracle ranks; }
@test "several runs a side: Welch's t is SciPy's; one run against several is the pooled t" { oracle runs; }
@test "the bootstrap's ends and p agree with NumPy's" { oracle bootstrap; }
@test "shares have Newcombe's interval, and p is where it touches 0" { oracle shares; }
@test "Holm's correction, by its definition; verdicts follow it" { oracle holm; }

# requests N FIRST STEP [MEMBER…]: N records; the k-th has a TTFT of FIRST + k STEP.
requests() {
	jq -nc --argjson n "$1" --argjson first "$2" --argjson step "$3" "range(\$n) | {id: (. + 1), ok: true,
		due_us: (. * 1000000), sent_us: (. * 1000000), end_us: (. * 1000000 + 500000), ttft_ms: (\$first + . * \$step)
		${4:+, $4}}"
}

# run_of DIR [RUN_JSON_FILTER] [WORKLOAD_FILTER] [RUNSUM_FILTER]: a run directory with 40 requests.
run_of() {
	mkdir "$1"
	requests 40 50 0.5 >"$1/metrics.jsonl"
	jq -n '{status: "finished", model: "m", server: {simulated: false}}'" | ${2:-.}" >"$1/run.json"
	jq -n '{metadata: {name: "x"}, load_test: {requests: 40, concurrency: 10, seed: 1, arrival: "closed"},
		request: {max_tokens: 100}, prompts: {file: "/a/prompts.jsonl"}}'" | ${3:-.}" >"$1/workload.json"
	jq -n '{client: {verdict: "ok"}}'" | ${4:-.}" >"$1/runsum.json"
}

# cannot CODE TEXT ARG…: the pair cannot be compared for that reason alone; exit status 5.
cannot() {
	run --separate-stderr runcmp -m ttft_ms.p50 "${@:3}"
	is 5 '"verdict":"cannot compare"' "$2"
	same "$1" "$(jq -r '.reasons | map(.code) | join(" ")' <<<"$output")"
	same "cannot compare" "$(jq -r '.metrics[].verdict' <<<"$output")"
	run --separate-stderr runcmp -m ttft_ms.p50 "--force=$1" "${@:3}"
	is 0 '"forced":true' '"verdict":"no difference shown"'
	run --separate-stderr runcmp -m ttft_ms.p50 --force "${@:3}"
	is 0 '"forced":true'
}

@test "runs that may be compared, though they differ in length, seed, place and name" {
	run_of a
	run_of b '.host = {name: "other"}' '.metadata.name = "y" | .load_test.seed = 2 | .load_test.requests = 80 | .request.seed = 3
		| .prompts.file = "/b/prompts.jsonl" | .load_test.rate = null'
	run --separate-stderr runcmp -m ttft_ms.p50 a b
	is 0 '"reasons":[]' '"unchecked":["cache"]' '"forced":false' '"verdict":"no difference shown"'
}

@test "runs whose prompts are each their own may be compared; not with one whose prompts are always the same" {
	run_of a . '.prompts.salt = "fcaf9437"'
	run_of b . '.prompts.salt = "8d3fb37d"'
	run --separate-stderr runcmp -m ttft_ms.p50 a b
	is 0 '"reasons":[]' '"verdict":"no difference shown"'
	run_of fixed
	cannot workload 'prompts.salt: \"fcaf9437\" and none' a fixed
	run_of empty . '.prompts.salt = ""'
	cannot workload 'prompts.salt: \"fcaf9437\" and \"\"' a empty
	run --separate-stderr runcmp -m ttft_ms.p50 fixed empty
	is 0 '"reasons":[]'
}

@test "runs that cannot be compared, each with its reason" {
	run_of a
	run_of sim '.server.simulated = true'
	cannot simulated "sim is of a simulated engine, a is not" a sim
	run_of model '.model = "other"'
	cannot model "m and other" a model
	run_of part '.status = "interrupted"'
	cannot incomplete "part: its status is interrupted" a part
	run_of slow . . '.client.verdict = "client-limited"'
	cannot client "slow: client-limited" slow a
	run_of load . '.load_test.concurrency = 20'
	cannot workload "load_test.concurrency: 10 and 20" a load
	run_of long . 'del(.request.max_tokens)'
	cannot workload "request.max_tokens: 100 and none" a long
	cannot workload "request.max_tokens: none and 100" long a
	run_of prompts . '.prompts.file = "/a/others.jsonl"'
	cannot workload 'prompts.file: \"/a/prompts.jsonl\" and \"/a/others.jsonl\"' a prompts
	cannot same "a stands on both sides" a a/.
}

@test "what the records themselves say against it" {
	requests 40 50 0.5 'input_tokens: (100 + . % 7), cached_tokens: 0, tokens_from: "usage", output_tokens: 9' >a
	requests 40 50 0.5 'input_tokens: (120 + . % 7), cached_tokens: 0, tokens_from: "usage", output_tokens: 9' >more
	cannot workload "a request has 102.9 and 122.9 input tokens" a more
	requests 40 50 0.5 'input_tokens: (100 + . % 7), cached_tokens: 60, tokens_from: "usage", output_tokens: 9' >warm
	cannot cache "0 % and 58 % of the input tokens came out of a cache" a warm
	requests 40 50 0.5 'as: "vllm"' >vllm
	requests 40 50 0.5 >ours
	cannot definition 'ours and \"vllm\"' ours vllm
	requests 40 50 0.5 'output_tokens: 9, tokens_from: "events"' >events
	requests 40 50 0.5 'output_tokens: 9, tokens_from: "usage"' >usage
	cannot definition "output tokens from events and from usage" events usage
}

@test "a side's runs have to be of the same thing" {
	run_of a
	run_of a2 '.model = "other"'
	run_of b
	run --separate-stderr runcmp a,a2 b
	is 5 '"code":"model"'
	run --separate-stderr runcmp a,a/. b
	is 2 "a/.: given twice on one side"
}

@test "what is not known is said" {
	run_of a
	requests 40 50 0.5 >b
	run --separate-stderr runcmp -m ttft_ms.p50 a b
	is 0 '"unchecked":["incomplete","simulated","client","workload","model","cache"]'
	run --separate-stderr runcmp -t -m ttft_ms.p50 a b
	is 0 "not known whether they may be compared: incomplete, simulated, client, workload, model, cache"
}

@test "a workload is looked for in run.json, too" {
	run_of a '.workload = {load_test: {rate: 5}}'
	run_of b '.workload = {load_test: {rate: 6}}'
	rm a/workload.json b/workload.json
	cannot workload "load_test.rate: 5 and 6" a b
}

@test "longer replies are noted" {
	requests 40 50 0.5 'output_tokens: 9, tokens_from: "usage"' >a
	requests 40 50 0.5 'output_tokens: 12, tokens_from: "usage"' >b
	run --separate-stderr runcmp -m ttft_ms.p50 a b
	is 0 '"note":"a reply has 9.0 and 12.0 tokens on average: whole replies are not the same work"'
	local run
	for run in a b; do
		run_of "$run.run" '.server.simulated = true'
		cp "$run" "$run.run/metrics.jsonl"
	done
	run --separate-stderr runcmp -m ttft_ms.p50 a.run b.run
	is 0 '"note":"simulated engine: no real hardware was measured; a reply has 9.0 and 12.0 tokens'
}

@test "a regression is exit status 5, one within the tolerance is not" {
	requests 100 50 0.5 >a
	requests 100 60 0.5 >b
	local args
	for args in "" "--tolerance 5%" "--tolerance ttft_ms=5%" "--tolerance ttft_ms.mean=5" "--tolerance 50% --tolerance ttft_ms.mean=0"; do
		# shellcheck disable=SC2086 # options
		run --separate-stderr runcmp -m ttft_ms.mean $args a b
		is 5 '"verdict":"worse","regression":true,"reasons"'
	done
	for args in "--tolerance 25%" "--tolerance ttft_ms.mean=25%" "--tolerance 5% --tolerance ttft_ms=20"; do
		# shellcheck disable=SC2086 # options
		run --separate-stderr runcmp -m ttft_ms.mean $args a b
		is 0 '"verdict":"worse","regression":false,"reasons"'
	done
	run --separate-stderr runcmp -m ttft_ms.mean b a
	is 0 '"verdict":"better","regression":false'
}

@test "the direction is the metric's own" {
	requests 100 50 0.5 'speed: (50 + .)' >a
	requests 100 50 0.5 'speed: (90 + .)' >b
	run --separate-stderr runcmp -m speed.mean a b
	is 2 "speed: is less of it better, or more?  Say speed:lower or speed:higher"
	run --separate-stderr runcmp -m speed.mean:higher a b
	is 0 '"verdict":"better"'
	run --separate-stderr runcmp -m speed.mean:lower a b
	is 5 '"verdict":"worse"'
	run --separate-stderr runcmp -m speed.rank:lower a b
	is 5 '"verdict":"worse"'
}

@test "figures of the run: shares, goodput, tokens by the time in flight, rates of several runs" {
	requests 100 50 0.5 'output_tokens: 20, tokens_from: "usage"' >a
	requests 100 80 0.5 'output_tokens: 20, tokens_from: "usage"' | jq -c '.end_us += 500000' >b
	run --separate-stderr runcmp -m slot.output_tps,goodput.ratio,rate.output_tps --slo ttft_ms=80 a b
	is 5
	same '[["slot.output_tps",40,20,"worse"],["goodput.ratio",0.61,0.01,"worse"],["rate.output_tps",20.1005025,20,"cannot compare"]]' \
		"$(jq -c '.metrics | map([.metric, .a.value, .b.value, .verdict])' <<<"$output")"
	is 5 "one number a run: it takes two runs on a side"
	for i in 1 2 3; do
		requests 50 "5$i" 0.5 "output_tokens: (20 + $i), tokens_from: \"usage\"" >"a$i"
		requests 50 "5$i" 0.5 "output_tokens: (40 + $i), tokens_from: \"usage\"" >"b$i"
	done
	run --separate-stderr runcmp --force -m rate.output_tps a1,a2,a3 b1,b2,b3
	is 0 '"unit":"run"' '"method":"welch-t"' '"verdict":"better"'
	run --separate-stderr runcmp -m goodput.ratio --slo ttft_ms=80 --slo tftt_ms=80 a a
	is 5 "runcmp: --slo: tftt_ms: no ok request has a value of it"
	[[ $stderr != *"--slo: ttft_ms:"* ]]
	run --separate-stderr runcmp -m goodput.ratio a b
	is 2 "goodput.ratio: what is good?  Say --slo FIELD=X"
}

@test "the default metrics, and goodput where there is a bound" {
	requests 40 50 0.5 >a
	requests 40 50.1 0.5 >b
	run --separate-stderr runcmp --slo ttft_ms=60 a b
	same "ttft_ms.mean ttft_ms.p50 ttft_ms.p99 ttft_ms.rank itl_ms.mean itl_ms.p50 itl_ms.p99 itl_ms.rank e2e_ms.mean e2e_ms.p50 e2e_ms.p99 e2e_ms.rank slot.output_tps rate.output_tps requests.success_ratio goodput.ratio" \
		"$(jq -r '.metrics | map(.metric) | join(" ")' <<<"$output")"
	same '["the baseline has no value of it"]' "$(jq -c '[.metrics[] | select(.metric | startswith("itl")).why] | unique' <<<"$output")"
}

@test "a percentile takes as many requests as reach beyond it" {
	local n
	for n in 368 360; do
		requests "$n" 50 0.1 >a
		requests "$n" 50.05 0.1 >b
		run --separate-stderr runcmp -m ttft_ms.p99 a b
		[ "$n" = 360 ] || is 0 "no difference shown"
	done
	requests 200 50 0.1 >a
	run --separate-stderr runcmp -m ttft_ms.p99 a b
	is 5 "too few requests: it takes some 368 on each side"
	requests 19 50 0.1 >a
	run --separate-stderr runcmp -m ttft_ms.mean a b
	is 5 "too few requests: it takes 20 on each side"
}

@test "runs of different lengths have no percentiles that reach too far" {
	requests 40 50 0.1 >a1
	requests 40 50.3 0.1 >a2
	requests 100 50.1 0.1 >b1
	requests 100 50.2 0.1 >b2
	run --separate-stderr runcmp -m ttft_ms.p99,ttft_ms.p50 a1,a2 b1,b2
	same '[["ttft_ms.p99",null],["ttft_ms.p50","welch-t"]]' "$(jq -c '.metrics | map([.metric, .method])' <<<"$output")"
}

@test "three operands: each against the first, worst status" {
	requests 100 50 0.5 >a
	requests 100 50.1 0.5 >b
	requests 100 70 0.5 >c
	run --separate-stderr runcmp -m ttft_ms.mean a b c
	is 5
	same $'a b no difference shown\na c worse' "$(jq -r '"\(.a.runs[0]) \(.b.runs[0]) \(.verdict)"' <<<"$output")"
}

@test "the same seed gives the same bytes, whatever else is compared; another seed others" {
	requests 100 50 0.5 >a
	requests 100 51 0.5 >b
	runcmp a b >one || true
	runcmp a b >two || true
	cmp one two
	runcmp --seed 1 a b >three || true
	run ! cmp -s one three
	jq -c '.metrics[0]' one >first
	runcmp -m ttft_ms.mean a b | jq -c '.metrics[0]' >alone || true
	same "$(jq -c '[.diff_lo, .p]' first)" "$(jq -c '[.diff_lo, .p]' alone)"
}

@test "identical values on both sides are no difference, and warm-ups are left out" {
	requests 50 50 0 >a
	requests 50 50 0 >b
	requests 30 900 0 'phase: "warmup"' >>b
	run --separate-stderr runcmp -m ttft_ms,requests.success_ratio --stats mean,p50,rank a b
	is 0
	same '[[50,1],[50,1],[50,1],[50,1]]' "$(jq -c '.metrics | map([.b.n, .p])' <<<"$output")"
}

@test "a name with a comma, a directory with a slash, standard input" {
	requests 40 50 0.5 >a,b
	run_of run
	run --separate-stderr runcmp -m ttft_ms.p50 a,b run/
	is 0 '"runs":["a,b"]' '"runs":["run/"]'
	run --separate-stderr bash -c 'runcmp -m ttft_ms.p50 run - <a,b'
	is 0 '"runs":["-"]'
}

@test "a table for people: aligned, no colour in a pipe, colour on a terminal beside the words" {
	requests 100 50 0.5 >a
	requests 100 60 0.5 >$'b\e[31m'
	run --separate-stderr runcmp -t -m ttft_ms.mean,ttft_ms.rank,requests.success_ratio a $'b\e[31m'
	is 5 "B is: worse" "A12" "no difference shown, 0.037 would be" "p corrected by Holm over 3 tests" "B  b?[31m  100 requests"
	run ! grep $'\e' <<<"$output"
	run ! grep ' $' <<<"$output"
	script -qec "runcmp -t -m ttft_ms.mean a b*" /dev/null >screen || true
	grep -q $'\e\\[31mworse' screen
	NO_COLOR=1 script -qec "runcmp -t -m ttft_ms.mean a b*" /dev/null >screen || true
	run ! grep $'\e' screen
}

@test "wrong usage says what to do" {
	requests 40 50 0.5 >a
	requests 40 50 0.5 >b
	local -a bad=("a|two runs at least" "|two runs at least" "-m ttft_ms.p101 a b|ttft_ms.p101: is less of it better"
		"-m rate.outputtps a b|did you mean rate.output_tps?" "-m ttft_ms.mean,ttft_ms.mean a b|named twice"
		"--stats median a b|median: not a statistic" "--tolerance 5 a b|of which figure?" "--tolerance x% a b|not a tolerance"
		"--tolerance nosuch=5% a b|no such figure is compared" "--tolerance tfft_ms=5% a b|did you mean ttft_ms?" "- -|stdin is one run" "--force=modle a b|did you mean model?" "--slo x a b|--slo: x: not FIELD=X"
		"-m ttft_ms:more a b|expected lower or higher" "--ci 100 a b|--ci: 100: too large" "a nosuch|nosuch: no such run")
	local line
	for line in "${bad[@]}"; do
		# shellcheck disable=SC2086 # options and operands
		run --separate-stderr runcmp ${line%|*} <a
		is 2 "runcmp: " "${line#*|}"
		[ -z "$output" ]
	done
	mkdir dir
	run --separate-stderr runcmp a dir
	is 2 "dir/metrics.jsonl: not there: is dir a run directory?"
	run_of broken
	echo '{' >broken/run.json
	run --separate-stderr runcmp a broken
	is 2 "broken/run.json:"
}

@test "bad lines are named, the others counted" {
	requests 40 50 0.5 >a
	requests 40 50 0.5 >b
	printf '{"id":99}\n[1]\n' >>b
	run --separate-stderr runcmp -m ttft_ms.p50 a b
	is 1 "runcmp: b:41" "ok is missing" "runcmp: b:42" '"n":40,"bad":0'
}
