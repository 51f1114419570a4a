#!/usr/bin/env bats
# sendreq and bench.sh through a proxy: tinyproxy, which wants a user and a password.
load lib/common
load lib/bench

SECRET=open-sesame

# Nothing of this machine's own settings.
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	# beside 127.0.0.1, which the scripts never ask for through a proxy
	llmsim --port 0 --host 127.0.0.2 --model m --time-to-first-token 5ms --inter-token-latency 1ms >url 3>&- &
	echo $! >sim.pid
	wait_for 10 test -s url
	start_proxy
}

# start_proxy: on a port that is free, which only the attempt can tell.
start_proxy() {
	local port pid
	for port in $(shuf -i 20000-60000 -n 20); do
		printf 'Port %s\nListen 127.0.0.1\nTimeout 60\nBasicAuth ann %s\nAllow 127.0.0.1\nConnectPort %s\n' \
			"$port" "$SECRET" "$(sed 's/.*://' url)" >proxy.conf
		tinyproxy -d -c proxy.conf >proxy.log 2>&1 3>&- &
		pid=$!
		if wait_for 5 grep -q 'listen addresses\|Could not\|Unable' proxy.log && sleep 0.2 && kill -0 "$pid" 2>/dev/null; then
			echo "$pid" >proxy.pid
			echo "127.0.0.1:$port" >proxy
			return
		fi
	done
	return 1
}

teardown_file() {
	kill "$(<"$BATS_FILE_TMPDIR/sim.pid")" "$(<"$BATS_FILE_TMPDIR/proxy.pid")"
}

# send [NAME=VALUE…] [OPTION…]: three requests.
send() {
	local set=()
	while [[ ${1-} == [a-zA-Z_]*=* ]]; do
		set+=("$1")
		shift
	done
	genload -n 3 --model m --input-tokens 3 --max-tokens 3 >requests.jsonl
	run --separate-stderr env "${set[@]}" \
		sendreq --url "${url-$(<"$BATS_FILE_TMPDIR/url")}" "$@" requests.jsonl
	[[ $output$stderr != *"$SECRET"* ]] || return 1
}

proxy() {
	cat "$BATS_FILE_TMPDIR/proxy"
}

# errors: the distinct [status, kind] of the records.
errors() {
	jq -sc 'map([.status, .error.kind]) | unique' <<<"$output"
}

@test "through a proxy, by option or by environment; it saw the requests" {
	local before
	send --proxy "http://ann:$SECRET@$(proxy)"
	same '[[200,null]]' "$(errors)"
	before=$(grep -c 'POST http://' "$BATS_FILE_TMPDIR/proxy.log")
	[ "$before" -ge 1 ]
	send "http_proxy=http://ann:$SECRET@$(proxy)"
	same '[[200,null]]' "$(errors)"
	[ "$(grep -c 'POST http://' "$BATS_FILE_TMPDIR/proxy.log")" -gt "$before" ]
}

@test "no_proxy and an empty --proxy go around it" {
	local nowhere=http://127.0.0.1:9
	send "http_proxy=$nowhere"
	is 3
	same '[[null,"connect"]]' "$(errors)"
	send "http_proxy=$nowhere" no_proxy=127.0.0.2
	same '[[200,null]]' "$(errors)"
	send no_proxy=127.0.0.2 --proxy "$nowhere"
	same '[[200,null]]' "$(errors)"
	send "http_proxy=$nowhere" --proxy ''
	same '[[200,null]]' "$(errors)"
}

@test "a proxy that fails is the error, by name and without its password" {
	send --proxy "http://ann:$SECRET@127.0.0.1:9"
	is 3 'no request got an answer'
	same '[[null,"connect"]]' "$(errors)"
	is 3 'proxy http://127.0.0.1:9: Failed to connect'
	send --proxy "http://ann:$SECRET@proxy.invalid:3128"
	is 3 'proxy http://proxy.invalid:3128: Could not resolve proxy'
	same '[[null,"connect"]]' "$(errors)"
	send --proxy "http://$(proxy)"
	is 3 "proxy http://$(proxy): 407: it wants a user and a password"
	same '[[null,"connect"]]' "$(errors)"
	# a tunnel that the proxy will not dig
	url=https://127.0.0.1:1 send --proxy "http://ann:$SECRET@$(proxy)"
	is 3 "proxy http://$(proxy): CONNECT tunnel failed"
	same '[[null,"connect"]]' "$(errors)"
}

@test "a server that is asked around the proxy fails by itself" {
	url=http://127.0.0.1:1 send no_proxy=127.0.0.1 http_proxy=http://127.0.0.1:18931
	is 3 'no request got an answer'
	jq -se 'length == 3 and all(.error.message | startswith("Failed to connect to 127.0.0.1 port 1 "))' <<<"$output"
}

@test "the server's own failures through a proxy stay the server's" {
	genload -n 1 --model 'm!http-503' --input-tokens 3 >requests.jsonl
	run --separate-stderr sendreq --url "$(<"$BATS_FILE_TMPDIR/url")" --proxy "http://ann:$SECRET@$(proxy)" requests.jsonl
	same '[[503,"http"]]' "$(errors)"
}

@test "what is no proxy is refused, and not repeated" {
	local text
	for text in "ftp://ann:$SECRET@127.0.0.1:9" "http://ann:$SECRET@[" "http://ann:$SECRET@127.0.0.1:99999"; do
		send --proxy "$text"
		is 2 'sendreq: --proxy: '
	done
}

@test "bench.sh: --proxy for the models and the requests; a password in it is refused; an engine here needs none" {
	run --separate-stderr env http_proxy=http://127.0.0.1:9 "$TOP/bench.sh" --local "${fast[@]}" "${fast_engine[@]}" --requests 3
	is 0
	run --separate-stderr "$TOP/bench.sh" --url "$(<"$BATS_FILE_TMPDIR/url")" --proxy "http://ann:$SECRET@$(proxy)" --requests 3
	is 2 '--proxy: no user name or password in it'
	[[ $output$stderr != *"$SECRET"* ]]
	run --separate-stderr "$TOP/bench.sh" --url "$(<"$BATS_FILE_TMPDIR/url")" --proxy http://127.0.0.1:9 --requests 3
	is 3 127.0.0.1
	run --separate-stderr env "http_proxy=http://ann:$SECRET@$(proxy)" "$TOP/bench.sh" --url "$(<"$BATS_FILE_TMPDIR/url")" \
		"${fast[@]}" --requests 3 --compressed
	is 0
	run ! grep -r "$SECRET" runs
	jq -e '.plan.sendreq | index("--compressed")' "$(latest)/run.json"
}
