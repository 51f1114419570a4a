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
		            if name.startswith("on") or name in ("src", "srcset", "action") or "href" in name and value != "data:,":
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
