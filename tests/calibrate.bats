#!/usr/bin/env bats
# calibrate.sh: words that are one token each, counted by the server; else it says so.

load lib/common
load lib/bench

# tokenizer: a server whose tokens are pieces of at most five letters: long words are several.
tokenizer() {
	cat >server.py <<-'END'
		import http.server, json, re

		class Server(http.server.BaseHTTPRequestHandler):
		    def answer(self, status, value):
		        body = json.dumps(value).encode()
		        self.send_response(status)
		        self.send_header("Content-Length", str(len(body)))
		        self.end_headers()
		        self.wfile.write(body)
		    def do_GET(self):
		        self.answer(200, {"data": [{"id": "m"}]})
		    def do_POST(self):
		        doc = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
		        pieces = sum(-(-len(w) // 5) for w in doc["prompt"].split())
		        self.answer(200, {"count": pieces, "tokens": [1] * pieces})
		    def log_message(self, *args):
		        pass

		server = http.server.HTTPServer(("127.0.0.1", 0), Server)
		print(f"http://127.0.0.1:{server.server_port}", flush=True)
		server.serve_forever()
	END
	python3 server.py >address 3>&- &
	echo $! >server.pid
	wait_for 10 test -s address
	url=$(<address)
}

teardown() {
	[ ! -f server.pid ] || kill "$(<server.pid)"
	"$TOP/setup/engines/sim.sh" down --state "$BATS_TEST_TMPDIR/own.state"
}

@test "the words that are one token, and no others" {
	tokenizer
	printf 'cat\nhouse\nelephant\ntree\nwonderful\nhorse\n' >candidates
	run --separate-stderr "$TOP/scripts/calibrate.sh" --url "$url" --words candidates --output mine
	is 0 'mine: 4 of 6 words are one token for m; a prompt of 512 words was counted as 512 tokens'
	same "$(printf '#one-token\ncat\nhorse\nhouse\ntree')" "$(<mine)"
	genload -n 1 --model m --input-tokens 9 --words mine | jq -e '.expect.input_tokens == 9'
}

@test "too few words: nothing is written" {
	tokenizer
	printf 'elephant\nwonderful\n' >candidates
	run --separate-stderr "$TOP/scripts/calibrate.sh" --url "$url" --words candidates --output mine
	is 3 'too few words are one token' 'estimates'
	[ ! -e mine ]
}

@test "the built-in engine counts words" {
	start_sim
	run --separate-stderr "$TOP/scripts/calibrate.sh" --url "$url"
	is 0 'words.txt: ' 'counted as 512 tokens'
	[ "$(head -n 1 words.txt)" = '#one-token' ]
}

@test "--lengths: the factor and the template, from the usage of 20 requests" {
	start_sim
	run --separate-stderr "$TOP/scripts/calibrate.sh" --url "$url" --lengths
	is 0
	same '{"token_ratio":1,"template_tokens":0,"requests":20,"ratio_stderr":0}' "$(jq -c . <<<"$output")"
	tokenizer # it has no usage
	run --separate-stderr "$TOP/scripts/calibrate.sh" --url "$url" --lengths
	is 3 'calibration: '
}

@test "a factor makes lengths of prompts the server's" {
	genload -n 50 --input-tokens 100 --token-ratio 2.5 --template-tokens 10 >out
	same 36 "$(jq -r '.body.messages[0].content | split(" ") | length' out | sort -u)"
	same '{"input_tokens":100,"input_from":"calibrated"}' "$(jq -c .expect out | sort -u)"
	# what cannot be reached is not claimed
	same 13 "$(genload -n 1 --input-tokens 4 --token-ratio 2.5 --template-tokens 10 | jq .expect.input_tokens)"
	echo '{"prompt": "one two three four!"}' >prompts.jsonl
	same '{"input_tokens":23,"input_from":"calibrated"}' \
		"$(genload -n 1 --prompts prompts.jsonl --token-ratio 2.5 --template-tokens 10 | jq -c .expect)"
	run --separate-stderr genload --template-tokens 3
	is 2 'prompts.template_tokens: only with token_ratio'
}

@test "a calibrated run says what its lengths were worth" {
	run --separate-stderr "$TOP/bench.sh" --local --requests 10 --warmup 0 --max-tokens 2 --input-tokens uniform:10-30 --calibrate \
		--output-dir runs
	is 0 'calibrating: 20 requests' 'input, calibrated' '(+0.00 %)'
	jq -e '.calibration | .token_ratio == 1 and .requests == 20 and .run.n == 10 and .run.error_ratio == 0' runs/*/run.json
	same calibrated "$(jq -r .expect.input_from runs/*/metrics.jsonl | sort -u)"
	# the run's own prompts were not sent before it: they begin with other words
	run --separate-stderr "$TOP/bench.sh" --local --requests 4 --max-tokens 2 --output-dir none --calibrate \
		--set request.body.messages='[{"role": "user", "content": "x"}]'
	is 2 'calibration: the prompts hold no text'
}

@test "a server without /tokenize: lengths are estimates" {
	tokenizer
	sed -i 's/self.answer(200, {"count".*/self.answer(404, {})/' server.py
	kill "$(<server.pid)"
	: >address
	python3 server.py >address 3>&- &
	echo $! >server.pid
	wait_for 10 test -s address
	run --separate-stderr "$TOP/scripts/calibrate.sh" --url "$(<address)"
	is 3 '/tokenize: not there' 'estimates'
	run --separate-stderr "$TOP/scripts/calibrate.sh"
	is 2 '--url is missing'
}
