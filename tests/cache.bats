#!/usr/bin/env bats
# Prompts that an engine has not seen, and what is said of a run when it had: genload's salt, the cache block of
# the results, against an engine that models a prefix cache.
load lib/common
load lib/bench

# words N FLAGS…: what the first N requests say, a line each.
words() {
	genload -n "$1" --model m "${@:2}" | jq -r '.body.messages[-1].content'
}

# shared FILE…: the most words that two lines of them, or of one, have in common at their beginnings.
shared() {
	python3 - "$@" <<-'EOF'
		import sys
		lines = sorted(line.split() for name in sys.argv[1:] for line in open(name))
		print(max(next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), len(a)) for a, b in zip(lines, lines[1:])))
	EOF
}

@test "made-up prompts share no beginning: within a run, across seeds, across salts" {
	words 300 --input-tokens 64 --seed 1 >one
	words 300 --input-tokens 64 --seed 2 >two
	words 300 --input-tokens 64 --seed 1 --salt a >a
	words 300 --input-tokens 64 --seed 1 --salt b >b
	[ "$(shared one)" -le 1 ]
	[ "$(shared one two a b)" -le 3 ]
	# as long as without it
	cmp <(wc -w one | cut -d' ' -f1) <(wc -w a | cut -d' ' -f1)
	cmp <(awk '{ print NF }' one) <(awk '{ print NF }' b)
	cmp b <(words 300 --input-tokens 64 --seed 1 --salt b)
	cmp one <(words 300 --input-tokens 64 --seed 1 --salt '')
	genload -n 50 --api openai-completions --token-ids --input-tokens 32 --model m | jq -r '.body.prompt | map(tostring) | join(" ")' >ids
	genload -n 50 --api openai-completions --token-ids --input-tokens 32 --model m --salt x | jq -r '.body.prompt | map(tostring) | join(" ")' >salted
	[ "$(shared ids salted)" -le 1 ]
}

@test "prompts of a file: a mark at the beginning of the first user's text, of each request its own" {
	printf '%s\n' '{"prompt": "Say \"hi\""}' '{"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Hello"}]}' \
		'{"turns": [{"prompt": "first"}, {"prompt": "second"}]}' '{"messages": [{"role": "assistant", "content": "A"}]}' >prompts
	genload -n 6 --prompts prompts --salt s --seed 3 >salted
	genload -n 6 --prompts prompts --seed 3 >plain
	# without the marks the records are the same
	cmp plain <(sed -E 's/\[[0-9]{8}\] //' salted)
	same '["[N] Say \"hi\"",["S","[N] Hello"],["[N] first"],["second"],["A"],"[N] Say \"hi\""]' \
		"$(jq -sc 'map(.body.messages | map(.content)) | .[0] |= .[0] | .[-1] |= .[0]' salted | sed -E 's/\[[0-9]{8}\]/[N]/g')"
	[ "$(grep -oE '\[[0-9]{8}\]' salted | sort -u | wc -l)" = 4 ]
	cmp salted <(genload -n 6 --prompts prompts --salt s --seed 3)
	run cmp salted <(genload -n 6 --prompts prompts --salt t --seed 3)
	is 1
	genload -n 2 --api openai-embeddings --prompts <(echo '{"prompt": "p"}') --salt s | jq -es 'all(.body.input == "p")'
}

# measured ARG…: a run against the test's engine; its cache block, and what was said in run and notes.
measured() {
	"$TOP/bench.sh" --url "$url" --requests 40 --warmup 2 --max-tokens 3 --set validation=null --no-telemetry "$@" >out 2>err
	run=$(latest)
	jq -c .cache "$run/results.json"
}

caching=(--enable-prefix-caching --time-to-first-token=2ms --inter-token-latency=1ms)

@test "the same seed twice against one server: the second run says that the cache was warm" {
	start_sim "${caching[@]}"
	measured --seed 5 --input-tokens 120
	jq -e '.cache | .expected_ratio < 0.05 and .usage_ratio == 0 and .verdict == "as-expected" and .warning == null' "$run/results.json"
	run grep 'prefix cache' out
	is 1
	measured --seed 5 --input-tokens 120
	jq -e '.cache | .expected_ratio < 0.05 and .usage_ratio > 0.8 and .verdict == "warmer"' "$run/results.json"
	jq -e --slurpfile r "$run/results.json" '.cache == $r[0].cache' "$run/analysis.json"
	grep -E "  ! 9[0-9] % of the prompt tokens came from the engine's prefix cache, [01] % were to be expected" out
	grep -q "prefix cache" "$run/report.html"
	"$TOP/scripts/report.sh" --run-dir "$run" --format markdown | grep 'CACHE: 9'
	# its usage, summed by another
	python3 - "$run" <<-'EOF'
		import json, sys
		rows = [json.loads(line) for line in open(sys.argv[1] + "/responses.jsonl")]
		usage = [r["usage"] for r in rows if r.get("phase") != "warmup"]
		ratio = sum(u["cached_tokens"] for u in usage) / sum(u["prompt_tokens"] for u in usage)
		assert abs(json.load(open(sys.argv[1] + "/results.json"))["cache"]["usage_ratio"] - ratio) < 1e-6
	EOF
}

@test "without a seed each run's prompts are new: no cache is warm, made up or from a file" {
	start_sim "${caching[@]}"
	local made_up
	for made_up in '' 100; do
		measured ${made_up:+--input-tokens "$made_up"}
		jq -c .body "$run/requests.jsonl" >first
		measured ${made_up:+--input-tokens "$made_up"}
		jq -e '.cache.verdict == "as-expected" and .cache.usage_ratio < 0.05' "$run/results.json"
		same 0 "$(jq -c .body "$run/requests.jsonl" | grep -cxFf first || true)"
		# of the same lengths and with the same seed, so that it is the same load
		same "$(jq -r '.messages[-1].content | length' first | awk '{ n += $1 } END { print int(n / NR / 50) }')" \
			"$(jq -r '.body.messages[-1].content | length' "$run/requests.jsonl" | awk '{ n += $1 } END { print int(n / NR / 50) }')"
		jq -e '.seed == 1 and (.workload.prompts.salt | test("^[0-9a-f]{8}$"))' "$run/run.json"
	done
	# a run's salt is its workload's: the same bytes again
	cmp "$run/requests.jsonl" <(genload -f "$run/workload.json" --model "$(jq -r .model "$run/run.json")")
}

@test "what a workload shares is expected: a system message, the turns of conversations, a short file" {
	start_sim "${caching[@]}"
	local system
	system=$(genload -n 1 --input-tokens 150 --seed 77 --model m | jq -r '.body.messages[0].content')
	measured --input-tokens 100 --set prompts.system="$system"
	# 39 of 40 find the system message
	jq -e '.cache | .expected_ratio > 0.5 and .expected_ratio < 0.65 and (.usage_ratio - .expected_ratio | fabs) < 0.1 and .verdict == "as-expected"' \
		"$run/results.json"
	measured --input-tokens 60 --turns 4
	jq -e '.cache | .expected_ratio > 0.4 and .usage_ratio > 0.4 and .verdict == "as-expected"' "$run/results.json"
	measured --input-tokens 40 --set prompts.prefix_tokens=120 --set prompts.prefix_groups=4
	jq -e '.cache | .expected_ratio > 0.6 and .expected_ratio < 0.75 and (.usage_ratio - .expected_ratio | fabs) < 0.1 and .verdict == "as-expected"' \
		"$run/results.json"
	genload -n 5 --input-tokens 80 --seed 78 --model m | jq -c '{prompt: .body.messages[0].content}' >five.jsonl
	measured --prompts five.jsonl --set 'prompts.salt=""'
	jq -e '.cache | .expected_ratio > 0.8 and .usage_ratio > 0.7 and .verdict == "as-expected"' "$run/results.json"
	# what of it a cache without an end could have had, character by character
	python3 - "$run" <<-'EOF'
		import json, sys
		said, seen, total, had = [], set(), 0, 0
		for line in open(sys.argv[1] + "/requests.jsonl"):
		    text = json.dumps("\n".join(f"{m['role']}: {m['content']}" for m in json.loads(line)["body"]["messages"]))
		    had += max((k for k in range(1, len(text) + 1) if text[:k] in seen), default=0)
		    total += len(text)
		    seen.update(text[:k] for k in range(1, len(text) + 1))
		ratio = json.load(open(sys.argv[1] + "/results.json"))["cache"]["expected_ratio"]
		assert abs(ratio - had / total) < 1e-6, (ratio, had / total)
	EOF
}

@test "a cache that does not keep what it should: colder; one that tells nothing: null, and why" {
	start_sim --time-to-first-token=2ms --inter-token-latency=1ms
	measured --input-tokens 20 --set prompts.system="$(genload -n 1 --input-tokens 300 --seed 77 --model m | jq -r '.body.messages[0].content')"
	jq -e '.cache | .expected_ratio > 0.7 and .verdict == "colder" and (.warning | contains("were to be expected"))' "$run/results.json"
	grep '  ! 0 % of the prompt tokens' out
	jq -c '.usage = null' "$run/responses.jsonl" >changed
	mv changed "$run/responses.jsonl"
	"$TOP/scripts/results.sh" --run-dir "$run"
	jq -e '.cache == {expected_ratio: null, usage_ratio: null, engine_ratio: null, verdict: null, warning: null}' "$run/results.json"
	jq -e '.not_measured | has("cache.expected_ratio") and has("cache.usage_ratio") and has("cache.engine_ratio") and has("cache.verdict")' "$run/run.json"
}

@test "the engine's counters, where its usage says nothing of the cache" {
	start_sim "${caching[@]}"
	measured --seed 6 --input-tokens 120
	"$TOP/bench.sh" --url "$url" --requests 40 --warmup 0 --max-tokens 30 --set validation=null --seed 6 --input-tokens 120 >out
	run=$(latest)
	jq -e '.cache.engine_ratio > 0.5' "$run/results.json"
	jq -c '.usage.cached_tokens = null' "$run/responses.jsonl" >changed
	mv changed "$run/responses.jsonl"
	"$TOP/scripts/results.sh" --run-dir "$run"
	jq -e '.cache | .usage_ratio == null and .engine_ratio > 0.5 and .verdict == "warmer"' "$run/results.json"
	jq -e '.not_measured | has("cache.usage_ratio") and (has("cache.engine_ratio") | not)' "$run/run.json"
}
