#!/usr/bin/env bats
# llmsim's faults: what a client gets, what the truth says of it, and whom a fault befalls.
load lib/common
load lib/llmsim

# fault SPEC [CURL OPTION…]: a streamed chat request of four tokens that asks for it; its reply in
# the file reply, curl's status in $got.
fault() {
	got=0
	curl -sN "$URL/v1/chat/completions" "${@:2}" -o reply -w '%{http_code}' -m 3 -H "X-Request-Id: $1" -d '{
		"model": "sim!'"$1"'", "messages": [{"role": "user", "content": "x"}], "max_tokens": 4,
		"stream": true, "stream_options": {"include_usage": true}}' >status || got=$?
}

# is_truth REQUEST_ID LETTERS: its truth has these events, and knows which fault it was.
is_truth() {
	wait_for 5 grep -q "\"request_id\":\"$1\"" truth
	same "$2 ${1%%:*}" "$(jq -r --arg id "$1" 'select(.request_id == $id) | "\(.ev_kind) \(.fault)"' truth)"
}

fast() {
	sim --truth truth --time-to-first-token 2ms --inter-token-latency 1ms
}

@test "in place of an answer" {
	fast
	local spec want
	while read -r spec want; do
		fault "$spec"
		same "$spec $want" "$spec $got $(<status)"
		is_truth "$spec" ""
	done <<-'END'
		close 52 000
		drop 56 000
		redirect 0 302
		html 0 200
		empty 0 200
		http-429 0 429
		http-500 0 500
		http-503 0 503
	END
	fault hang -m 0.3
	same 28 "$got"
	is_truth hang ""
	fault http-429 -D head
	grep -qi '^retry-after: 1' head
	fault redirect -D head
	grep -qi '^location: ' head
}

@test "after some tokens, and in what is said" {
	fast
	local spec status kinds
	while read -r spec status kinds; do
		fault "$spec" -m 1
		same "$spec $status 200" "$spec $got $(<status)"
		is_truth "$spec" "$kinds"
	done <<-'END'
		error 0 rced
		error:after=0 0 ed
		error-event 0 rce
		stall 28 rc
		reset 56 rc
		reset:after=3 56 rccc
		truncate 0 rc
		short 18 rc
		malformed 0 rceccud
		no-done 0 rccccu
		no-finish 0 rccccud
		role-only 0 rrud
		plain 0 c
		finish-apart 0 rccccrud
		usage-with-choices 0 rccccd
		reasoning 0 rttccud
		reasoning:count=3 0 rtttcud
		tool-call 0 rffffud
		big 0 rccccud
		reset:after=4 0 rccccud
	END
	fault big
	(($(wc -c <reply) > 16 << 20))
}

@test "a big piece that is not sent takes no memory" {
	fast
	local i
	for i in 1 2 3 4 5; do
		fault big+tool-call
		same "0 200" "$got $(<status)"
	done
	(($(awk '/^VmHWM:/ { print $2 }' "/proc/$SIM/status") < 60000))
}

# same_reply SPEC: once its oddities are taken away by sed, the reply is the plain one.
same_reply() {
	fault "$1" -m 10
	is_truth "$1" rccccud
	same "$1 0 200" "$1 $got $(<status)"
	sed -E 's/chatcmpl-[0-9a-f]*|"created":[0-9]*//g; s/"content":" ?[^"]*"/"content":/' reply |
		tr -d '\r' | grep -vE '^(: ping|event: message|id: [0-9]+|retry: [0-9]+)$' |
		sed -E 's/^data:([^ ])/data: \1/' | sed -zE 's/,\ndata: "choices"/,"choices"/g' | grep . >"plain-${1%%:*}"
	same "$(<plain-finish)" "$(<"plain-${1%%:*}")"
}

@test "oddly written and oddly sent, but the same reply" {
	fast
	fault split:bytes=2000
	sed -E 's/chatcmpl-[0-9a-f]*|"created":[0-9]*//g; s/"content":" ?[^"]*"/"content":/' reply | grep . >plain-finish
	same 7 "$(grep -c '^data: ' plain-finish)"
	local spec
	for spec in crlf comments comments-inside event-lines no-space multi-line split split:bytes=1,pause=0 \
		trickle:bytes=9 merge merge:count=100 crlf+merge comments+split split+merge:count=3; do
		same_reply "$spec"
	done
	fault crlf
	grep -q $'^data: .*\r$' reply
	fault comments
	same 7 "$(grep -c '^: ping' reply)"
	fault no-space
	run grep '^data: ' reply
	is 1
	fault multi-line
	grep -q '^data: "choices"' reply
}

@test "merged events leave in one send, split ones in many" {
	fast
	fault merge:count=100
	same 1 "$(jq -r 'select(.fault == "merge") | [.ev_us[]] | unique | length' truth)"
	fault trickle:bytes=20
	jq -e 'select(.fault == "trickle") | .ev_us == (.ev_us | unique)' truth
}

@test "on a reply that is not streamed" {
	fast
	local spec want body='"max_tokens": 3}'
	while read -r spec want; do
		got=0
		curl -s "$URL/v1/completions" -o reply -m 0.5 -H "X-Sim-Fault: $spec" -d '{"prompt": "x", '"$body" || got=$?
		same "$spec $want" "$spec $got"
	done <<-'END'
		short 18
		reset 56
		stall 28
		close 52
		malformed 0
	END
	run jq . reply
	[ "$status" -ne 0 ]
}

# statuses N: how many of N requests got 429.
statuses() {
	local i
	for ((i = 0; i < $1; i++)); do
		curl -s "$URL/v1/completions" -o /dev/null -w '%{http_code}\n' -d '{"prompt": "x", "max_tokens": 1}'
	done
}

@test "a share of the requests, by the seed; each Nth; the first fault that fits" {
	sim --fault http-429@30% --seed 1 --time-to-first-token 0
	statuses 60 >one
	stop_sim
	sim --fault http-429@0.3 --seed 1 --time-to-first-token 0
	statuses 60 >again
	stop_sim
	sim --fault http-429@0.3 --seed 2 --time-to-first-token 0
	statuses 60 >two
	stop_sim
	cmp one again
	run cmp one two
	is 1
	(($(grep -c 429 one) > 5 && $(grep -c 429 one) < 35))
	sim --fault http-429:every=3 --fault http-503:every=2 --time-to-first-token 0
	same "200 503 429 503 200 429" "$(statuses 6 | xargs)"
}
