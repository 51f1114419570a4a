#!/usr/bin/env bash
# perf: how well sendreq's stamps agree with the truth that llmsim logs (the time of each
# event's own send(2)), and what an event costs.  Not a test: it prints, on a quiet machine.
# --keep writes what it printed to tests/perf/RESULTS.md.
set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=../../scripts/lib/log.sh
source "$TOP/scripts/lib/log.sh"
# shellcheck source=../../scripts/lib/run.sh
source "$TOP/scripts/lib/run.sh"
# shellcheck source=../../scripts/lib/options.sh
source "$TOP/scripts/lib/options.sh"
# shellcheck source=../../scripts/lib/deps.sh
source "$TOP/scripts/lib/deps.sh"

usage='[--keep] [--yes]'
about='Prints how far the stamps of sendreq are from the truth that llmsim logs, and what an event costs.'
options=(
	$'keep\twrite what is printed to tests/perf/RESULTS.md, too'
	$'yes\tinstall missing packages without asking'
)

STREAMS=${STREAMS:-50}
REQUESTS=${REQUESTS:-250}
TOKENS=${TOKENS:-100}

requests() {
	jq -nc --argjson n "$REQUESTS" --argjson tokens "$TOKENS" 'range(1; $n + 1) | {id: ., api: "openai-chat",
		path: "/v1/chat/completions", method: "POST", body: {model: "m", max_tokens: $tokens, stream: true,
		messages: [{role: "user", content: "Say something of the length I asked for."}],
		stream_options: {include_usage: true}}}'
}

# engine: start llmsim; set url and pid.
engine() {
	local deadline=$((SECONDS + 10))
	taskset -c 0 "$TOP/bin/llmsim" --port 0 --model m --max-num-seqs "$STREAMS" --time-to-first-token 50ms \
		--inter-token-latency 10ms --truth "$tmp/truth.jsonl" >"$tmp/url" &
	pid=$!
	until [ -s "$tmp/url" ]; do
		((SECONDS < deadline)) || return 1
		sleep 0.05
	done
	url=$(<"$tmp/url")
}

machine() {
	printf -- '- %s UTC, commit %s\n' "$(date -u '+%Y-%m-%d %H:%M')" "$(git -C "$TOP" describe --always --dirty)"
	printf -- '- %s processors (%s), load %s\n' "$(nproc)" \
		"$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(cut -d' ' -f1 /proc/loadavg)"
	printf -- '- %s requests of %s tokens, %s streams at once; llmsim, TTFT 50 ms, ITL 10 ms, on the first processor, sendreq on the last\n' \
		"$REQUESTS" "$TOKENS" "$STREAMS"
}

measure() {
	local TIMEFORMAT='%U %S %R' out=$tmp/responses.jsonl
	requests >"$tmp/requests.jsonl"
	{ time taskset -c "$(($(nproc) - 1))" "$TOP/bin/sendreq" --url "$url" -c "$STREAMS" -o "$out" "$tmp/requests.jsonl" 2>"$tmp/err"; } 2>"$tmp/times" ||
		{ cat "$tmp/err" >&2 && return 1; }
	"$TOP/tests/lib/check_records.py" --requests "$tmp/requests.jsonl" "$out" >"$tmp/checked"
	kill "$pid"
	wait "$pid" || true # so that all of the truth is written
}

results() {
	printf '# What the stamps are worth\n\nPrinted by "make perf"; "tests/perf/run.sh --keep" keeps it here.\n\n'
	machine
	"$TOP/tests/lib/py" "$TOP/tests/perf/truth.py" "$tmp/truth.jsonl" "$tmp/responses.jsonl" "$tmp/times"
}

main() {
	local url
	parse_options "$@"
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: unexpected"
	# shellcheck disable=SC2034 # read in deps.sh
	assume_yes=${opt[yes]-false}
	need_packages build run python
	tmp=$(mktemp -d) pid=
	trap 'kill $pid 2>/dev/null || true; rm -rf "$tmp"' EXIT
	engine
	measure
	results | tee "$tmp/results"
	[ -z "${opt[keep]-}" ] || cp "$tmp/results" "$TOP/tests/perf/RESULTS.md"
}

main "$@"
