#!/usr/bin/env bats
# A file of 1 GB goes through the filters that stream in at most 64 MiB of memory.
load ../lib/common

GIGABYTE=1000000000
LIMIT_KIB=65536

# fill FILE LINE: LINE again and again, "@" in it being the line's number, to a gigabyte.
fill() {
	awk -v line="$2" -v max="$GIGABYTE" 'BEGIN {
		at = index(line, "@"); head = substr(line, 1, at - 1); tail = substr(line, at + 1)
		for (i = 1; n < max; i++) { s = head i tail; n += length(s) + 1; print s }
	}' >"$1"
	[ "$(stat -c %s "$1")" -ge "$GIGABYTE" ]
}

# small: the command just run stayed within the limit.
small() {
	echo "peak: $(<rss) KiB"
	[ "$(<rss)" -le "$LIMIT_KIB" ]
}

teardown() {
	rm -f big out
}

@test "genload: a prompt file of 1 GB" {
	fill big "{\"prompt\": \"Question @: $(head -c 4000 /dev/zero | tr '\0' q)\"}"
	"$TOP/tests/lib/rss" rss genload -n 240000 --model m --prompts big | tail -n 1 >out
	small
	jq -e '.id and (.body.messages[0].content | startswith("Question 240000: "))' out
}

@test "tokview | tokstat: response records of 1 GB" {
	fill big "$(sed 's/"id":1,/"id":@,/; s/"tags":{}/"tags":{"pad":"'"$(head -c 4000 /dev/zero | tr '\0' t)"'"}/' \
		"$DATA/matrix/tokstat.jsonl" | head -n 1)"
	"$TOP/tests/lib/rss" rss tokview big 2>err >out
	small
	cmp big out
	"$TOP/tests/lib/rss" rss tokstat big >out
	small
	[ "$(wc -l <out)" = "$(wc -l <big)" ]
}

# 14 MB is what the Python around it counts for.
@test "pctl --sketch: ten million numbers in 32 MiB" {
	awk 'BEGIN { srand(1); for (i = 0; i < 10000000; i++) printf "%.3f\n", exp(4 + rand() + rand()) }' |
		"$TOP/tests/lib/rss" rss pctl --sketch . >out
	echo "peak: $(<rss) KiB"
	[ "$(<rss)" -le 32768 ]
	jq -e '.n == 10000000' out
	pctl -q -f out . | jq -e '.p50 > 140 and .p50 < 155 and .rel_error < 0.001'
}
