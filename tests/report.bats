# report.sh: one HTML file that says what results.json says, and nothing that a run smuggles in.
load lib/common
load lib/run_dir

setup_file() {
	export RUN=$BATS_FILE_TMPDIR/run
	make_run "$RUN" --requests 60 --slots 4 --fail 9 --warmup 3
	"$TOP/scripts/report.sh" --run-dir "$RUN"
}

# foreign FILE: every element and attribute that could load or run something.
foreign() {
	python3 - "$1" <<-'EOF'
		import html.parser, re, sys
		class Page(html.parser.HTMLParser):
		    def handle_starttag(self, tag, attrs):
		        if tag in ("script", "img", "iframe", "object", "embed", "base", "form", "b", "i") and attrs + [tag] != ["i"]:
		            print(tag)
		        for name, value in attrs:
		            if name.startswith("on") or name in ("src", "srcset", "action") or "href" in name and value != "data:,"\
		                    and not re.fullmatch("#[a-z]+", value):
		                print(tag, name, value)
		            if name == "style" and "url" in value:
		                print(tag, name, value)
		page = open(sys.argv[1], encoding="utf-8").read()
		Page().feed(page)
		print(*re.findall(r"@import.*|url\(.*", page[:page.index("</style>")]), sep="")
	EOF
}

# headlines FILE: each "KEY VALUE" that the page shows.
headlines() {
	grep -o 'data-key="[^"]*" data-value="[^"]*"' "$1" | sed 's/data-key="\([^"]*\)" data-value="\([^"]*\)"/\1 \2/'
}

@test "each headline is results.json's, to the digit" {
	headlines "$RUN/report.html" | grep performance >shown
	[ "$(wc -l <shown)" -eq 7 ]
	while read -r key value; do
		jq -e --arg key "$key" --argjson value "$value" 'getpath($key | split(".")) == $value' "$RUN/results.json" >/dev/null ||
			{
				echo "$key: $value"
				return 1
			}
	done <shown
}

@test "each line under a headline recomputes it" {
	python3 - "$RUN/report.html" >lines <<-'EOF'
		import html, re, sys
		page = open(sys.argv[1], encoding="utf-8").read()
		for card in page.split('<div class="card">')[1:]:
		    value = re.search(r'data-value="([^"]*)"', card).group(1)
		    print(value, html.unescape(re.search(r"<code>(.*?)</code>", card, re.S).group(1)), sep="\t")
	EOF
	[ "$(wc -l <lines)" -eq 8 ]
	while IFS=$'\t' read -r value line; do
		got=$(cd "$RUN" && bash -c "$line")
		[ "$got" = "$value" ] || {
			echo "$line: $got, not $value"
			return 1
		}
	done <lines
}

@test "tokens over time are those of the events, by their share of the usage" {
	pctl -p 0,50,95,99 -f "$RUN/metrics.jsonl" ttft_ms itl_ms e2e_ms >curve
	jq -rn -L "$TOP/scripts/lib" --slurpfile runsum "$RUN/runsum.json" --slurpfile curve curve --argjson rows 120 \
		-f "$TOP/scripts/lib/plots/data.jq" "$RUN/metrics.jsonl" >data.gp
	"$TOP/tests/lib/py" - "$RUN" <<-'EOF'
		import json, re, sys
		import numpy as np
		window = json.load(open(sys.argv[1] + "/runsum.json"))["window"]
		text = open("data.gp").read()
		got = np.array([[float(x) for x in l.split()] for l in re.search(r"\$time << EOD\n(.*?)EOD", text, re.S)[1].splitlines()])
		width = float(re.search(r"^slice = (.*)$", text, re.M)[1])
		sums = np.zeros(len(got) - 1)
		for r in (json.loads(l) for l in open(sys.argv[1] + "/responses.jsonl")):
		    if r["error"] is not None or r.get("phase") == "warmup":
		        continue
		    at = [(r["sent_us"] + t - window["from_us"]) / 1e6 for t, k in zip(r["ev_us"], r["ev_kind"]) if k in "tcf"]
		    for t in at:
		        sums[min(int(t / width), len(sums) - 1)] += r["usage"]["completion_tokens"] / len(at)
		assert len(got) > 3 and np.allclose(got[:-1, 3] * width, sums), (got[:, 3] * width, sums)
	EOF
}

@test "it needs nothing from elsewhere and no script" {
	run foreign "$RUN/report.html"
	same "" "$output"
}

@test "texts of the run are escaped" {
	jq '.model = "<script>alert(1)</script>" | .url = "http://x/\"><img src=x onerror=alert(1)>"
		| .profile = "{{cards}}" | .command += ["</code></pre><b>"] | .host.name = "<i>" ' "$RUN/run.json" >run.json
	cp -r "$RUN" evil
	cp run.json evil/run.json
	"$TOP/scripts/report.sh" --run-dir evil
	run foreign evil/report.html
	same "" "$output"
	grep -q 'overloaded: &lt;/script&gt;&lt;img src=x onerror=&quot;' evil/report.html
	grep -q '&lt;script&gt;alert(1)&lt;/script&gt;' evil/report.html
	grep -q 'profile {{cards}}' evil/report.html
}

@test "labels: simulated, estimated, interrupted, client-limited" {
	run -1 grep -E 'SIMULATED|INTERRUPTED|CLIENT-LIMITED' "$RUN/report.html"
	make_run r --requests 20 --simulated --no-usage --status interrupted
	jq -c '.client = {verdict: "client-limited", cpu_ratio: 0.99}' r/runsum.json >runsum
	mv runsum r/runsum.json
	jq '.labels.client_limited = true' r/results.json >results
	mv results r/results.json
	"$TOP/scripts/report.sh" --run-dir r
	for label in SIMULATED ESTIMATED INTERRUPTED CLIENT-LIMITED; do
		grep -q "<strong>$label</strong>" r/report.html
	done
}

@test "warnings and the steady part: in the page, the pasted text and the terminal's summary" {
	local said='too few for the interval of p90, p95, p99: it takes 368'
	make_run few --requests 30 --slots 3
	"$TOP/scripts/report.sh" --run-dir few
	grep -q "$said" few/report.html
	grep -q 'Steady for [0-9.]* s: without [0-9.]* s at the beginning, and [0-9.]* s at the end' few/report.html
	"$TOP/scripts/report.sh" --run-dir few --format text | grep "$said"
	jq -nr -L "$TOP/scripts/lib" --slurpfile cost few/cost.json --slurpfile run few/run.json --slurpfile runsum few/runsum.json \
		--slurpfile results few/results.json --slurpfile summary few/summary.jsonl -f "$TOP/scripts/lib/summary.jq" | grep -c "  ! 30 requests are $said" | grep -qx 1
	jq -c '.steady = null | .warnings = [{code: "not-steady", message: "it <b>grew", field: "ttft_ms"}]' few/runsum.json >changed
	cp changed few/runsum.json
	jq -c '.labels.warnings = ["it <b>grew"]' few/results.json >changed
	cp changed few/results.json
	"$TOP/scripts/report.sh" --run-dir few
	grep -q 'It &lt;b&gt;grew\.' few/report.html
	grep -q 'No part of the run is known to be steady' few/report.html
}

@test "a load of pods: how many, and how well their clocks are known, in the page and the terminal" {
	cp -r "$RUN" run
	jq '.load = {where: "cluster", via: "in-cluster", pods: 2, shards: [{shard: 1, error_us: 12}, {shard: 2, error_us: 41}]}' "$RUN/run.json" >run/run.json
	"$TOP/scripts/report.sh" --run-dir run
	grep -qF 'Sent from</dt><dd>2 pods of the cluster</dd>' run/report.html
	grep -qF 'Clocks of the senders</dt><dd>known to 0.041 ms</dd>' run/report.html
	jq -nr -L "$TOP/scripts/lib" --slurpfile cost run/cost.json --slurpfile results run/results.json --slurpfile run run/run.json \
		--slurpfile runsum run/runsum.json --slurpfile summary run/summary.jsonl -f "$TOP/scripts/lib/summary.jq" >said
	grep -q 'from 2 pods of the cluster$' said
	run grep -c 'Sent from' "$RUN/report.html"
	is 1 0
}

@test "not streamed: no TTFT, no ITL, and that is said" {
	make_run r --requests 20 --unary
	"$TOP/scripts/report.sh" --run-dir r
	grep -q 'data-key="performance.avg_ttft_ms" data-value="null">–<' r/report.html
	[ "$(grep -c '"none">No values: a reply' r/report.html)" -ge 2 ]
	run -1 grep -E 'NaN|>null<|undefined' r/report.html
}

@test "nothing was ok; a single request" {
	make_run r --requests 6 --fail 1
	"$TOP/scripts/report.sh" --run-dir r
	grep -q 'NO REQUEST WAS OK' r/report.html
	make_run one --requests 1 --slots 1
	"$TOP/scripts/report.sh" --run-dir one
	grep -q '1 of 1' one/report.html
}

@test "a run that was stopped while it warmed up has a report" {
	make_run r --requests 4
	for file in requests responses metrics; do : >"r/$file.jsonl"; done
	"$TOP/scripts/results.sh" --run-dir r
	"$TOP/scripts/report.sh" --run-dir r
	grep -q 'NO REQUEST WAS OK' r/report.html
	grep -q 'All 0 requests' r/report.html
	run -1 grep -E 'NaN|>null<|Client-limited' r/report.html
}

@test "10,000 requests: seconds, and less than 2 MB" {
	make_run big --requests 10000 --slots 50 --fail 97
	SECONDS=0
	"$TOP/scripts/report.sh" --run-dir big
	echo "took $SECONDS s"
	[ "$SECONDS" -lt 30 ]
	[ "$(stat -c %s big/report.html)" -lt 2000000 ]
	grep -q 'Every 84th of 10,000 requests' big/report.html
}

# rich: a run in $PWD/r with tags, turns, telemetry, a price and judged replies.
rich() {
	make_run r --requests 60 --slots 4 --fail 9 --warmup 3 --rich
	"$TOP/scripts/cost.sh" --run-dir r --gpu NVIDIA-H100-80GB --cpu 2 --memory 8Gi >/dev/null
	local quality='.quality = {structured_n: 40, structured_ok_rate: 0.975, tool_call_n: 18, tool_call_ok_rate: 0.5}'
	for file in results runsum; do
		jq -c "$quality" "r/$file.json" >patched
		cp patched "r/$file.json"
	done
}

@test "what not every run has is shown only where it was measured" {
	run -1 grep -E 'Cost, replies and hardware|\$|tool call' <(sed 's/<style>.*//; /^<style>/,/^<\/style>/d' "$RUN/report.html")
	rich
	"$TOP/scripts/report.sh" --run-dir r
	headlines r/report.html >shown
	grep -qx 'cost.hourly_cost &quot;$7.282&quot;' shown
	grep -qx 'quality.structured_ok_rate 0.975' shown
	grep -qx 'quality.tool_call_ok_rate 0.5' shown
	grep -q '97.5' r/report.html
}

@test "detailed: groups, turns and slowest requests are those of the records" {
	rich
	"$TOP/scripts/report.sh" --run-dir r --template detailed --output d.html
	python3 - r d.html <<-'EOF'
		import html, json, re, statistics, sys
		run, page = sys.argv[1], open(sys.argv[2], encoding="utf-8").read()
		metrics = [json.loads(line) for line in open(run + "/metrics.jsonl")]
		strip = lambda t: html.unescape(re.sub("<[^>]*>", "", t))
		def table(head):
		    for t in re.findall("<table>.*?</table>", page, re.S):
		        rows = [[strip(c) for c in re.findall("<t[hd][^>]*>(.*?)</t[hd]>", r, re.S)] for r in re.findall("<tr>(.*?)</tr>", t, re.S)]
		        if rows[0][0] == head:
		            return rows[1:]
		    raise SystemExit("no table " + head)
		for head, key in (("adapter", lambda m: m["tags"]["adapter"]), ("a.dotted\\name", lambda m: json.dumps(m["tags"]["a.dotted\\name"])),
		                  ("turn", lambda m: str(m["turn"]))):
		    rows = table(head)
		    assert {r[0] for r in rows} == {key(m) for m in metrics}, (head, rows)
		    for r in rows:
		        group = [m for m in metrics if key(m) == r[0]]
		        ok = [m["e2e_ms"] for m in group if m["ok"]]
		        assert (int(r[1]), int(r[2])) == (len(group), len(group) - len(ok)), r
		        assert abs(float(r[6].replace(",", "")) - statistics.median(ok)) < 0.51, r
		slowest = sorted((m for m in metrics if m["ok"]), key=lambda m: -m["e2e_ms"])[:10]
		assert [r[0] for r in table("request")] == [str(m["id"]) for m in slowest]
		window = json.load(open(run + "/runsum.json"))["window"]
		samples = [t for t in map(json.loads, open(run + "/telemetry.jsonl")) if window["from_us"] <= t["t_us"] <= window["to_us"]]
		assert [r[0] for r in table("GPU")] == ["node<7> GPU 0", "node<7> GPU 1"]
		for r in table("GPU"):
		    gpu = [t for t in samples if t.get("device") == int(r[0][-1])]
		    assert int(r[1]) == len(gpu), r
		    assert abs(float(r[2].split("\xa0")[0]) - 100 * statistics.mean(t["util_ratio"] for t in gpu)) < 0.051, r
		engine = [t for t in samples if t["source"] == "engine"]
		assert abs(float(table("engine")[0][2]) - statistics.mean(t["running"] for t in engine)) < 0.0051, table("engine")
	EOF
	for plot in gpu_util gpu_power gpu_memory engine_requests engine_kv; do
		echo "<div>{{plot:${plot}_wide}}{{plot:${plot}_narrow}}</div>" >t.html
		"$TOP/scripts/report.sh" --run-dir r --template t.html --output o.html
		[ "$(grep -c '<svg' o.html)" -eq 2 ]
		[ "$(grep -o '<path' o.html | wc -l)" -ge 2 ]
	done
}

@test "detailed: every line recomputes its number; nothing foreign; every text escaped" {
	rich
	jq '.model = "</script><script>alert(1)</script>{{cards}}" | .not_measured.resources = "<b onclick=alert(1)>\"{{"
		| .host.name = "<i>"' r/run.json >patched
	cp patched r/run.json
	"$TOP/scripts/report.sh" --run-dir r --template detailed --output d.html
	run foreign d.html
	same "" "$output"
	grep -q '&lt;/script&gt;&lt;b&gt;&amp;&quot;&apos;{{cards}}' d.html
	jq '.quality = null' r/results.json >patched # the records of this run were judged by nobody
	cp patched r/results.json
	"$TOP/scripts/report.sh" --run-dir r --template detailed --output d.html
	python3 - d.html >lines <<-'EOF'
		import html, re, sys
		page = open(sys.argv[1], encoding="utf-8").read()
		for key, line in re.findall(r"<div><dt>([a-z0-9_.]+)</dt><dd><pre><code>(.*?)</code>", page):
		    print(key, html.unescape(line), sep="\t")
	EOF
	[ "$(wc -l <lines)" -eq 11 ]
	while IFS=$'\t' read -r key line; do
		got=$(cd r && bash -c "$line")
		case $key in
		throughput.*) want=$(jq .rate.output_tps r/runsum.json) ;;
		itl_ms.*) want=$(jq 'select(.field == "itl_ms").p50' r/summary.jsonl) ;;
		*) want=$(jq --arg key "$key" 'getpath($key | split("."))' r/results.json) ;;
		esac
		same "$key $want" "$key $got"
	done <lines
}

@test "detailed: telemetry with a lost GPU, an engine that was away and a torn last line" {
	make_run r --requests 20 --telemetry
	"$TOP/scripts/report.sh" --run-dir r --template detailed --output d.html
	grep -q 'bench-1 GPU 1' d.html
	run -1 grep -E 'NaN|>null<|undefined' d.html
}

@test "detailed: what was not measured says why" {
	"$TOP/scripts/report.sh" --run-dir "$RUN" --template detailed.html --output d.html
	grep -q 'Not measured: no telemetry source was given' d.html
	grep -q 'No request carries a tag' d.html
	grep -q 'belong to no sessions' d.html
	run -1 grep -E 'NaN|>null<|undefined' d.html
}

@test "a template of one's own: values of results.json, nulls with their reason, no second filling" {
	mkdir templates
	echo '{{performance.p95_latency_ms}}|{{ performance.success_rate }}|{{cost.hourly_cost}}|{{labels.simulated}}|{{metadata.service}}|{{energy}}' >templates/mine.html
	"$TOP/scripts/report.sh" --run-dir "$RUN" --template templates/mine --output o
	same "$(jq -r '"\(.performance.p95_latency_ms)|\(.performance.success_rate)|not measured: the GPU of this server is not known|false|none|{&quot;energy_per_1k_tokens_wh&quot;:null,&quot;total_energy_wh&quot;:null}"' "$RUN/results.json")" "$(<o)"
	cp -r "$RUN" evil
	jq '.metadata.namespace = "{{cards}}</script>\"" ' "$RUN/results.json" >evil/results.json
	echo '<p title="{{metadata.namespace}}">' >t.html
	"$TOP/scripts/report.sh" --run-dir evil --template t.html --output o
	same '<p title="{{cards}}&lt;/script&gt;&quot;">' "$(<o)"
}

@test "a placeholder that is nothing: file, line and the nearest name; nothing is written" {
	local line
	while IFS='|' read -r text near; do
		printf 'one\n\n%s\n' "$text" >t.html
		run --separate-stderr "$TOP/scripts/report.sh" --run-dir "$RUN" --template t.html --output o.html
		is 2 "t.html:3: $near"
		[ ! -e o.html ]
	done <<-'END'
		{{performance.p95_latncy_ms}}|{{performance.p95_latncy_ms}}: there is no such part, plot or value of results.json; did you mean {{performance.p95_latency_ms}}?
		{{plot:ttft_hst}}|{{plot:ttft_hst}}: there is no such part, plot or value of results.json; did you mean {{plot:ttft_hist}}?
		{{crads}}|{{crads}}: there is no such part, plot or value of results.json; did you mean {{cards}}?
		{{no.thing.like.it}}|{{no.thing.like.it}}: there is no such part
		{{}}|{{}}: there is no such part
		a {{ b|{{ without }}
	END
	run --separate-stderr "$TOP/scripts/report.sh" --run-dir "$RUN" --template detaild
	is 2 '--template detaild: no such file; did you mean detailed?' 'shipped: detailed.html standard.html'
}

@test "docs/REPORTS.md lists the parts and plots that there are" {
	sed -n '/^Parts:/,$p' "$TOP/docs/REPORTS.md" | grep -o '`[a-z_0-9]*`' | tr -d '`' >parts
	sed -n '/^Plots:/,/^$/p' "$TOP/docs/REPORTS.md" | grep -o '`[a-z_0-9]*`' | tr -d '`' | grep -v 'requests_[wn]' >plots
	{
		sed 's/.*/<i>{{&}}<\/i>/' parts
		grep '_[hc]' plots | sed 's/.*/{{plot:&}}/'
		grep -v '_[hc]' plots | sed 's/.*/{{plot:&_wide}} {{plot:&_narrow}}/'
	} >t.html
	"$TOP/scripts/report.sh" --run-dir "$RUN" --template t.html --output o.html
	[ "$(grep -c . plots)" -eq 15 ]
	cat "$TOP"/templates/*.html | grep -oE '\{\{[a-z_0-9]+\}\}' | tr -d '{}' | sort -u >used
	same "" "$(comm -23 used <(sort parts))"
}

@test "text and markdown: what an issue needs, and nothing that is nobody's business" {
	cp -r "$RUN" r
	jq '.command = ["/home/ann/tokpipe/bench.sh", "--url", "https://llm.example.com/v1", "--prompts", "/home/ann/secret/p.jsonl",
		"--engine-arg=--api-key=sk-12345", "--output-dir=~/runs/x", "--api-key-env", "MY_KEY"]
		| .server.simulated = true | .model = "a|b*c\u0007"' "$RUN/run.json" >r/run.json
	for form in text markdown; do
		run --separate-stderr "$TOP/scripts/report.sh" --run-dir r --format "$form"
		is 0 "tokpipe 0.1.0" SIMULATED "bench.sh --url https://llm.example.com/v1 --prompts p.jsonl" "--output-dir=x" \
			"60, 53 ok, 7 failed (" "send lag p99" "AMD EPYC 7763" "time to first token"
		[[ $output != *ann* && $output != *sk-12345* && $output != *bench-1* ]]
		printf '%s\n' "$output" >"$form"
		run -1 grep -nP '[^\x20-\x7e]' "$form"
	done
	# Markdown: nothing of the run is markup, and the table has as many columns in each row.
	grep -qF -- 'a\|b\*c' markdown
	[ "$(grep '^|' markdown | sed 's/\\|//g; s/[^|]//g' | sort -u)" = '|||||||' ]
	# p50 and its interval, from the records.
	want=$(jq -r 'select(.field == "e2e_ms") | "\(.p50) \(.p50_lo) \(.p50_hi)"' "$RUN/summary.jsonl")
	grep '^whole reply' text | grep -oE '[0-9.]+ \[[0-9.]+, [0-9.]+\]' | head -n 1 | tr -d '[],' >got
	python3 - "$want" "$(<got)" <<-'EOF'
		import sys
		for want, got in zip(*(a.split() for a in sys.argv[1:]), strict=True):
		    assert abs(float(want) - float(got)) <= 0.0501, (want, got)
	EOF
}

@test "json and csv are the run's files; --output; formats that there are not" {
	run --separate-stderr "$TOP/scripts/report.sh" --run-dir "$RUN" --format json
	is 0
	same "$(<"$RUN/results.json")" "$output"
	"$TOP/scripts/report.sh" --run-dir "$RUN" --format csv --output o.csv
	cmp o.csv "$RUN/requests.csv"
	"$TOP/scripts/report.sh" --run-dir "$RUN" --format csv >o2.csv
	cmp o2.csv "$RUN/requests.csv"
	"$TOP/scripts/report.sh" --run-dir "$RUN" --output - >page.html
	"$TOP/scripts/report.sh" --run-dir "$RUN" --output page2.html
	cmp page.html page2.html
	[ ! -e - ]
	"$TOP/scripts/report.sh" --run-dir "$RUN" --format text --output o.txt
	grep -q '^tokpipe' o.txt
	run --separate-stderr "$TOP/scripts/report.sh" --run-dir "$RUN" --format markdwon
	is 2 'did you mean markdown?'
	run --separate-stderr "$TOP/scripts/report.sh" --run-dir "$RUN" --format text --template standard
	is 2 '--template goes with --format html'
	run --separate-stderr bash -c '"$1" --run-dir "$2" --format text >/dev/full' - "$TOP/scripts/report.sh" "$RUN"
	is 4 'standard output: cannot be written'
}

@test "--output, --template, the directory's time stamp" {
	cp -r "$RUN" r
	touch -d '2026-01-02 03:04:05' r
	before=$(stat -c %Y r)
	"$TOP/scripts/report.sh" --run-dir r --output o.html --template standard.html
	cmp o.html r/report.html
	"$TOP/scripts/report.sh" --run-dir r
	[ "$(stat -c %Y r)" = "$before" ]
	[ -z "$(find r -name '.*')" ]
}

@test "wrong use" {
	run "$TOP/scripts/report.sh"
	is 2 '--run-dir'
	run "$TOP/scripts/report.sh" --run-dir nowhere
	is 2 'nowhere'
	mkdir empty
	run "$TOP/scripts/report.sh" --run-dir empty
	is 2 'run.json'
	run "$TOP/scripts/report.sh" --run-dir "$RUN" --template nothing.html
	is 2 'nothing.html'
	run "$TOP/scripts/report.sh" --run-dir "$RUN" --tmplate x
	is 2 'did you mean --template'
	echo '{{cards}} {{nonsense}}' >t.html
	run "$TOP/scripts/report.sh" --run-dir "$RUN" --template t.html --output o.html
	is 2 't.html:1: {{nonsense}}'
	[ ! -e o.html ]
}
