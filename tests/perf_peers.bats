#!/usr/bin/env bats
# tests/perf/peers: what each peer's own file (tests/data/peers/NAME.*, as the tool wrote it) becomes in result.json.
# The peers themselves are not run here: they are large, and slow to start.

load lib/common

# result NAME FILE: result.json of a peer that wrote its sample into FILE; of six requests in two streams.
result() {
	local sample=$DATA/peers/$1.json
	mkdir -p "out/$(dirname "$2")"
	gzip -dcf "$sample"* >"out/$2"
	jq -n --arg peer "$1" '{peer: $peer, version: "1", command: "c", streams: 2, requests: 6, warmup_requests: 2,
		tokens: 5}' >out/job.json
	"$TOP/tests/perf/peers/$1.sh" result out
}

# numbers: the numbers of result.json on one line.
numbers() {
	jq -r '[.ttft_mean_ms, .ttft_p99_ms, .itl_mean_ms, .itl_p99_ms | if . then . * 1000 | round else "-" end] +
		[.itl_of, .requests_ok, .requests_failed, .measured_requests, .concurrency] | map(. // "-") | join(" ")' out/result.json
}

@test "peers: vllm bench serve and its twin in Rust" {
	result vllm peer.json
	same '55035 67327 9904 14767 chunks 50 0 50 -' "$(numbers)"
	result vllm-rs peer.json
	same '50583 51559 9903 14829 chunks 50 0 50 -' "$(numbers)"
}

@test "peers: GuideLLM, whose warnings of itself are kept" {
	result guidellm peer.json
	same '51141 51142 9971 9996 request-means 6 0 2 2' "$(numbers)"
	jq -e '.notes | any(startswith("warning: mean generation delay was 2%"))' out/result.json
}

@test "peers: AIPerf" {
	result aiperf profile_export_aiperf.json
	same '51108 51525 10243 10845 request-means 4 0 4 2' "$(numbers)"
}

@test "peers: inference-perf counts in seconds" {
	result inference-perf reports/stage_1_lifecycle_metrics.json
	same '52676 54556 13771 42610 content 4 0 4 -' "$(numbers)"
}

@test "peers: SGLang's bench_serving and its twin in Rust" {
	result sglang peer.jsonl
	same '51512 51947 10306 12968 content 4 0 4 1.9811280406112661' "$(numbers)"
	result sglang-rs peer.jsonl
	same '70617 76884 11952 30992 content 4 0 4 1.997328102500359' "$(numbers)"
}

@test "peers: genai-bench, which sent 20 requests for the 6 that it was asked for" {
	result genai-bench experiment/D8_5_text-to-text_num_concurrency_2_time_1s.json
	same '53135 55471 29223 142753 request-means 20 0 14 -' "$(numbers)"
	same 6 "$(jq .warmup_requests out/result.json)"
}

@test "peers: oha, which knows no tokens" {
	result oha peer.json
	same '60276 81377 - - - 6 0 6 -' "$(numbers)"
}

@test "peers: a file that is not what the peer writes makes no result" {
	mkdir out
	echo '{"peer":"vllm","streams":1}' >out/job.json
	run --separate-stderr "$TOP/tests/perf/peers/vllm.sh" result out
	is 1 'results.py: out: not what vllm writes: FileNotFoundError'
	echo '{"completed": 1}' >out/peer.json
	run --separate-stderr "$TOP/tests/perf/peers/vllm.sh" result out
	is 1 "results.py: out: not what vllm writes: KeyError: 'mean_ttft_ms'"
	[ ! -e out/result.json ]
}

@test "peers: what is not installed says how, and what was not asked for rightly shows the usage" {
	export XDG_CACHE_HOME=$PWD/cache
	for script in "$TOP"/tests/perf/peers/*.sh; do
		[ "${script##*/}" != lib.sh ] || continue
		run --separate-stderr "$script" warm http://127.0.0.1:9 m out
		is 4 'not here yet: ' "${script##*/} install"
		run --separate-stderr "$script" run http://127.0.0.1:9 m
		is 2 'expected install, start, run, warm or result' 'usage: '
		run --separate-stderr "$script" --help
		is 0 'usage: ' 'One peer of the accuracy table'
	done
}

# Two requests, their tokens 10 and 30 ms, and 10 and 10 ms apart: means of 20 and 10; a role with the first token.
@test "peers: an ITL is held against the truth of its own definition" {
	cat >truth.jsonl <<-'END'
		{"arrived_us":0,"ev_us":[50000,50000,60000,90000,90000],"ev_kind":"rcccd"}
		{"arrived_us":0,"ev_us":[50000,50000,60000,70000,70000],"ev_kind":"rcccd"}
	END
	cat >check.py <<-'END'
		import sys
		sys.path.insert(0, sys.argv[1])
		import truth
		for itl_of in ("content", "chunks", "request-means", None):
		    found = truth.of_truth(truth.load("truth.jsonl"), itl_of)
		    print(itl_of, round(found["itl_mean_ms"], 2), round(found["itl_p99_ms"], 2))
	END
	run --separate-stderr "$TOP/tests/lib/py" check.py "$TOP/tests/perf"
	is 0
	same "content 15.0 29.4
chunks 10.0 29.0
request-means 15.0 19.9
None 15.0 29.4" "$output"
}
