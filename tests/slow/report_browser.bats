#!/usr/bin/env bats
# The reports in a browser: desktop and phone, light and dark, and on paper.
load ../lib/common
load ../lib/run_dir

setup_file() {
	export RUN=$BATS_FILE_TMPDIR/run
	make_run "$RUN" --requests 150 --slots 6 --fail 13 --simulated
	"$TOP/scripts/report.sh" --run-dir "$RUN"
	export RICH=$BATS_FILE_TMPDIR/rich
	make_run "$RICH" --requests 150 --slots 6 --fail 13 --warmup 3 --rich
	"$TOP/scripts/cost.sh" --run-dir "$RICH" --gpu NVIDIA-H100-80GB --cpu 2 --memory 8Gi >/dev/null
	"$TOP/scripts/report.sh" --run-dir "$RICH"
	"$TOP/scripts/report.sh" --run-dir "$RICH" --template detailed --output "$RICH/detailed.html"
}

# looks WIDTH SCHEME [PAGE RUN]: open the report; nothing is fetched, said, too wide, too small or wrong.
looks() {
	local run=${4-$RUN}
	python3 "$TOP/tests/lib/browser.py" "$run/${3-report.html}" "$1" "$2" >page.json
	jq . page.json
	jq -e '.requests == [] and .console == []' page.json
	jq -e '.scroll_width <= .client_width and .too_wide == []' page.json
	jq -e '.plots >= 10 and .unlabelled == 0 and .letters_px >= 12' page.json
	python3 - page.json "$run/results.json" <<-'EOF'
		import json, re, sys
		page, results = (json.load(open(f, encoding="utf-8")) for f in sys.argv[1:])
		headlines = [h for h in page["headlines"] if h[0].startswith("performance.")]
		assert len(headlines) == 7, headlines
		for key, value, text in headlines:
		    want = results
		    for name in key.split("."):
		        want = want[name]
		    assert json.loads(value) == want, (key, value, want)
		    digits, unit = re.fullmatch(r"([0-9,.]+)\s*(.*?)\s*", text).groups()
		    digits = digits.replace(",", "")
		    scale = {"%": 0.01, "s": 1000}.get(unit, 1)
		    last = 10 ** -len(digits.partition(".")[2]) * scale
		    assert abs(float(digits) * scale - want) <= last * 0.5000001, (key, text, want)
		for key, value, text in page["headlines"]:
		    if key.startswith("cost."):
		        assert json.loads(value) == results["cost"][key[5:]] == text.strip(), (key, value, text)
	EOF
}

@test "1280 pixels, light" {
	looks 1280 light
	jq -e '.background == "rgb(245, 246, 248)"' page.json
}

@test "390 pixels, light" { looks 390 light; }

@test "390 pixels, dark" {
	looks 390 dark
	jq -e '.background == "rgb(16, 19, 24)"' page.json
}

@test "1280 pixels, dark" { looks 1280 dark; }

@test "with cost and hardware: 1280 light, 390 dark" {
	looks 1280 light report.html "$RICH"
	jq -e '[.headlines[][0]] | index("cost.hourly_cost") != null' page.json
	looks 390 dark report.html "$RICH"
}

@test "detailed: 1280 pixels, light and dark" {
	looks 1280 light detailed.html "$RICH"
	jq -e '.plots >= 15' page.json
	looks 1280 dark detailed.html "$RICH"
	jq -e '.background == "rgb(16, 19, 24)"' page.json
}

@test "detailed: 390 pixels, light and dark" {
	looks 390 light detailed.html "$RICH"
	looks 390 dark detailed.html "$RICH"
}

# pages PDF: the text of each, one line a page.
pages() {
	pdftotext -layout "$1" - | tr '\n\f' ' \n'
}

@test "on paper: no column is cut off, no heading is the last of its page" {
	local page
	for page in report detailed; do
		chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$PWD/profile" \
			--no-pdf-header-footer --print-to-pdf="$page.pdf" "file://$RICH/$page.html" >/dev/null 2>&1
		pages "$page.pdf" >"$page.txt"
		grep -qE 'p99 +max ' "$page.txt"
		run -1 grep -E '(Latency|Over time|Errors|The client|Configuration|What the numbers mean) *$' "$page.txt"
	done
	grep -q 'output tokens, mean' detailed.txt
}

@test "the test sees what it forbids" {
	cat >bad.html <<-'EOF'
		<!DOCTYPE html><body style="width:2000px"><p style="width:1900px">wide</p>
		<img src="http://127.0.0.1:9/x.png"><script>console.error("said")</script>
	EOF
	python3 "$TOP/tests/lib/browser.py" bad.html 390 light >page.json
	jq -e '(.requests | length) > 0 and (.console | length) > 0 and (.too_wide | length) > 0 and .scroll_width > 390' page.json
}
