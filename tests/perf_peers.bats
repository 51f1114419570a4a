#!/usr/bin/env bats
# tests/perf/peers: what each peer's own file (tests/data/peers/NAME.*, as the tool wrote it) becomes in result.json.
# The peers themselves are not run here: they are large, and slow to start.

load lib/common

# result NAME FILE…: result.json of a peer that wrote the sample into each FILE.
result() {
	local name=$1 file
	mkdir -p out
	for file in "${@:2}"; do
		mkdir -p "out/$(dirname "$file")"
		cp "$DATA/peers/$name.${file##*.}" "out/$file"
	done
	jq -n --arg peer "$name" '{peer: $peer, version: "1", command: "c", streams: 10, requests: 60,
		warmup_requests: 10, tokens: 100}' >out/job.json
	"$TOP/tests/perf/peers/$name.sh" result out
}

# numbers: the numbers of result.json on one line.
numbers() {
	jq -r '[.ttft_mean_ms, .ttft_p99_ms, .itl_mean_ms, .itl_p99_ms | if . then . * 1000 | round else "-" end] +
		[.itl_of, .requests_ok, .requests_failed, .measured_requests, .concurrency] | map(. // "-") | join(" ")' out/result.json
}

@test "peers: vllm bench serve and its twin in Rust" {
	result vllm peer.json
	same '65009 78373 9883 18457 chunks 50 0 50 -' "$(numbers)"
	result vllm-rs peer.json
	same '50532 50744 9905 14232 chunks 50 0 50 -' "$(numbers)"
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
