# results.sh: what a run's records come to; docs/RESULTS.md says where each number is from.
load lib/common
load lib/run_dir

setup_file() {
	export RUN=$BATS_FILE_TMPDIR/run
	make_run "$RUN" --requests 80 --slots 5 --fail 11 --warmup 4 --telemetry
}

# every_key FILE DIR: each leaf of FILE is documented, and nothing that is not there.
every_key() {
	documented "$1" | cut -f 1 | sort >keys
	jq -r 'paths as $p | select($p | all(type == "string")) | $p | join(".")' "$2/$1" | sort >there
	comm -23 keys there >missing
	same "" "$(cat missing)"
	# A key is covered by its own row, by a row above it, or by rows below it.
	while read -r key; do
		awk -v k="$key" '$0 == k || index(k, $0 ".") == 1 || index($0, k ".") == 1 { hit = 1 } END { exit !hit }' keys || {
			echo "$key: not in docs/RESULTS.md"
			return 1
		}
	done <there
}

@test "results.json: every key is documented, every pipeline gives its value" {
	every_key results.json "$RUN"
	[ "$(documented results.json | wc -l)" -ge 33 ]
	recompute results.json "$RUN"
}

@test "analysis.json: every key is documented, every pipeline gives its value" {
	every_key analysis.json "$RUN"
	[ "$(documented analysis.json | wc -l)" -eq 35 ]
	recompute analysis.json "$RUN"
}

@test "the pipelines hold for other runs: not streamed, no usage, nothing ok, one request" {
	make_run unary --requests 20 --unary
	make_run events --requests 20 --no-usage --simulated
	make_run none --requests 8 --fail 1
	make_run one --requests 1 --slots 1
	make_run priced --requests 40
	"$TOP/scripts/cost.sh" --run-dir priced --gpu NVIDIA-A100-80GB --gpus 2 --cpu 4 --memory 64Gi
	make_run part --requests 40 --no-usage
	"$TOP/scripts/cost.sh" --run-dir part --gpu 'NVIDIA A10'
	jq -e '.cost.breakdown.gpu == "$10.78"' priced/results.json
	for run in unary events none one priced part; do
		recompute results.json "$run"
		recompute analysis.json "$run"
	done
	jq -e '.performance.avg_ttft_ms == null and .performance.p50_latency_ms > 0' unary/results.json
	jq -e '.labels | .simulated and .tokens_from == "events" and .estimated == ["output_tokens"]' events/results.json
	jq -e '.performance | .p50_latency_ms == null and .throughput_rps == 0 and .success_rate == 0 and .error_rate == 1' none/results.json
	jq -e '.latency.histogram == {bins: [], counts: []} and (.errors | length) == 8' none/analysis.json
}

@test "with telemetry: GPUs and the engine's counts, across a restart, a lost GPU and a torn line" {
	make_run sampled --requests 80 --slots 5 --warmup 4 --telemetry
	recompute results.json sampled
	recompute analysis.json sampled
	run --separate-stderr "$TOP/tests/lib/py" "$TOP/tests/oracle/telemetry.py" run sampled
	is 0 "compared"
	jq -e '.engine.counted.requests_total > 10 and .engine.ttft_mean_ms == 62.5 and .engine.prefix_hit_ratio > 0' sampled/analysis.json
	jq -e '.resources.avg_gpu_utilization | . > 0 and . < 1' sampled/results.json
	rm sampled/telemetry.jsonl # a run of before
	"$TOP/scripts/results.sh" --run-dir sampled
	jq -e '.gpus == [] and .engine == null' sampled/analysis.json
	jq -e '.resources.avg_gpu_utilization == null' sampled/results.json
}

@test "a 2xx reply in which nothing was generated is a failure, and has a reason" {
	make_run silent --requests 3
	jq -c 'if .id == 1 then .ev_kind |= gsub("[tcf]"; "r") | .usage = null else . end' silent/responses.jsonl >changed
	mv changed silent/responses.jsonl
	"$TOP/scripts/results.sh" --run-dir silent
	jq -e '.summary.failed_requests == 1 and [.errors[] | .error, .details] == ["protocol", "no output in the reply"]' \
		silent/analysis.json
}

@test "the keys and value forms of the documented interface" {
	jq -r 'paths(scalars or . == null) | join(".")' "$RUN/results.json" | grep -vE '^(cache|client|quality|labels|cost.cost_per_1k_output_tokens)' >keys
	cat >want <<-'EOF'
		metadata.timestamp
		metadata.namespace
		metadata.service
		metadata.profile
		metadata.total_requests
		metadata.concurrent_users
		performance.p50_latency_ms
		performance.p95_latency_ms
		performance.p99_latency_ms
		performance.avg_ttft_ms
		performance.throughput_rps
		performance.success_rate
		performance.error_rate
		cost.cost_per_1k_tokens
		cost.hourly_cost
		cost.breakdown.gpu
		cost.breakdown.cpu
		cost.breakdown.memory
		energy.energy_per_1k_tokens_wh
		energy.total_energy_wh
		resources.avg_gpu_utilization
		resources.avg_memory_usage_gb
		resources.avg_cpu_usage
	EOF
	diff want keys
	jq -e '.metadata.timestamp | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$")' "$RUN/results.json"
	jq -e '(.performance.success_rate + .performance.error_rate - 1) | fabs < 1e-9' "$RUN/results.json"
	jq -e 'keys_unsorted == ["summary", "latency", "throughput", "goodput", "steady", "errors", "gpus", "engine", "cache", "client", "labels"]' "$RUN/analysis.json"
	jq -e 'all(.errors[]; (keys_unsorted == ["timestamp", "error", "details"]) and (.timestamp | test("^[0-9-]{10}T[0-9:]{8}Z$")))' "$RUN/analysis.json"
}

@test "the histogram: as many bins as counts, all ok requests in it, the last bin open" {
	jq -e '.latency.histogram as $h | ($h.bins | length) == ($h.counts | length) and ($h.counts | add) == .summary.successful_requests
		and $h.bins[0] == 0 and $h.bins[-1] >= .latency.percentiles.p99 and $h.bins[-2] < .latency.percentiles.p99' "$RUN/analysis.json"
}

@test "percentiles, mean and histogram against NumPy" {
	"$TOP/tests/lib/py" - "$RUN" <<-'EOF'
		import json, sys
		import numpy as np
		run = sys.argv[1]
		rows = [json.loads(l) for l in open(run + "/responses.jsonl")]
		ok = [r for r in rows if r["error"] is None and r.get("phase") != "warmup"]
		lag = lambda r: r["sent_us"] - r["due_us"]
		e2e = np.array([(lag(r) + r["ev_us"][r["ev_kind"].rindex("c")]) / 1e3 for r in ok])
		ttft = np.array([(lag(r) + r["ev_us"][r["ev_kind"].index("c")]) / 1e3 for r in ok])
		p = json.load(open(run + "/results.json"))["performance"]
		a = json.load(open(run + "/analysis.json"))
		for q in (50, 95, 99):
		    assert abs(p[f"p{q}_latency_ms"] - np.percentile(e2e, q)) < 1e-3, q
		assert abs(p["avg_ttft_ms"] - ttft.mean()) < 1e-3
		h = a["latency"]["histogram"]
		assert list(np.histogram(e2e, h["bins"] + [np.inf])[0]) == h["counts"]
	EOF
}

# shown N: the Nth block of commands under "Only the steady part" of docs/RESULTS.md.
shown() {
	awk -v n="$1" '/^## Only the steady/ { on = 1 } /^## requests.csv/ { on = 0 } on && /^```/ { k++; next } on && k == 2 * n - 1' \
		"$TOP/docs/RESULTS.md"
}

@test "the documented pipelines of the steady part and of tokens over time, against NumPy" {
	cp -r "$RUN" r
	cd r
	bash -euo pipefail -c "$(shown 1)" >table
	grep -q '^ttft_ms' table
	bash -euo pipefail -c "$(shown 2)"
	grep -q '</svg>' tokens.svg
	"$TOP/tests/lib/py" - <<-'EOF'
		import json
		import numpy as np
		w = json.load(open("runsum.json"))["steady"]["window"]
		rows = [json.loads(l) for l in open("metrics.jsonl")]
		n = sum(m["ok"] and w["from_us"] <= m["sent_us"] <= w["to_us"] for m in rows)
		assert open("table").read().split("\n")[1].split()[1] == str(n), n
		# From the response records: event times as they were stamped, usage as it was reported.
		times, weights = [], []
		for m in (json.loads(l) for l in open("responses.jsonl")):
		    if m["error"] is not None or m.get("phase") == "warmup":
		        continue
		    at = m["sent_us"] + np.array([t for t, k in zip(m["ev_us"], m["ev_kind"]) if k in "tcf"])
		    times.append(at)
		    weights.append(np.full(len(at), m["usage"]["completion_tokens"] / len(at)))
		times, weights = np.concatenate(times), np.concatenate(weights)
		second = times // 1000000
		tokens = np.bincount(second - second.min(), weights)
		got = np.loadtxt("tokens.dat")
		assert np.array_equal(got[:, 0], np.unique(second)) and np.allclose(got[:, 1], tokens[np.unique(second) - second.min()])
		peak = json.load(open("analysis.json"))["throughput"]["peak_tokens_per_second"]
		assert abs(peak - tokens.max()) < 1e-6, (peak, tokens.max())
	EOF
}

@test "requests.csv: RFC 4180, one row a request, read back by another reader" {
	python3 - "$RUN" <<-'EOF'
		import csv, json, sys
		run = sys.argv[1]
		text = open(run + "/requests.csv", newline="", encoding="utf-8").read()
		assert text.endswith("\r\n")
		rows = list(csv.DictReader(text.splitlines(keepends=True)))
		want = [json.loads(l) for l in open(run + "/metrics.jsonl")]
		assert len(rows) == len(want) == 80
		for row, m in zip(rows, want):
		    assert row["id"] == str(m["id"]) and row["ok"] == str(m["ok"]).lower() and row["due_us"] == str(m["due_us"])
		    assert row["e2e_ms"] == "" if m["e2e_ms"] is None else float(row["e2e_ms"]) == m["e2e_ms"]
		    assert row["details"] == ((m["error"] or {}).get("message") or "")
		assert any("\n" in r["details"] for r in rows) and any('"quoted", and' in r["details"] for r in rows)
	EOF
	for column in $(head -n 1 "$RUN/requests.csv" | tr -d '"\r' | tr , ' '); do
		grep -q "^| .*\`$column\`" "$TOP/docs/RESULTS.md" || {
			echo "$column: not documented"
			return 1
		}
	done
}

@test "bounds: a missed one is named, exit status 5, and all is written" {
	cp -r "$RUN" r
	rm r/results.json
	run "$TOP/scripts/results.sh" --run-dir r --assert 'e2e_ms.p95<=1' --assert 'requests.total>=1' --slo ttft_ms=500
	is 5 'e2e_ms.p95'
	jq -e '.performance' r/results.json
	jq -e '.goodput != null' r/runsum.json
	run "$TOP/scripts/results.sh" --run-dir r --assert 'e2e_ms.p95<=100000'
	is 0
}

@test "a torn last line: said, left out, exit status 1, and all is written" {
	cp -r "$RUN" r
	printf '{"id":99,"due_' >>r/responses.jsonl
	run "$TOP/scripts/results.sh" --run-dir r
	is 1 'responses.jsonl:85:'
	cmp r/results.json "$RUN/results.json"
}

@test "the directory keeps its time stamp and no work files" {
	cp -r "$RUN" r
	touch -d '2026-01-02 03:04:05' r
	before=$(stat -c %Y r)
	"$TOP/scripts/results.sh" --run-dir r
	[ "$(stat -c %Y r)" = "$before" ]
	[ -z "$(find r -name '.*')" ]
	for f in metrics.jsonl summary.jsonl runsum.json results.json analysis.json requests.csv; do cmp "r/$f" "$RUN/$f"; done
}

@test "wrong use; a directory that is no run" {
	run "$TOP/scripts/results.sh"
	is 2 '--run-dir'
	run "$TOP/scripts/results.sh" --run-dir nowhere
	is 2 'nowhere'
	mkdir empty
	run "$TOP/scripts/results.sh" --run-dir empty
	is 2 'run.json'
	cp "$RUN/run.json" empty/
	run "$TOP/scripts/results.sh" --run-dir empty
	is 2 'responses.jsonl'
	run "$TOP/scripts/results.sh" --run-dir "$RUN" more
	is 2 'more'
	run "$TOP/scripts/results.sh" --help
	is 0 'usage: results.sh --run-dir DIR'
}
