# What the llmsim tests share: start one in the test's directory, talk to it, end it.

SIM=

# found_sim: llmsim writes its address to the file url; sets URL.
found_sim() {
	wait_for 10 test -s url
	URL=$(head -n 1 url)
}

# sim OPTION…: start one on a free port; sets URL and SIM, its process.
sim() {
	: >url
	llmsim --port 0 "$@" >url 2>errors 3>&- &
	SIM=$!
	found_sim
}

# stop_sim: end it; its status must be 0.
stop_sim() {
	kill "$SIM"
	wait "$SIM"
	SIM=
}

teardown() {
	[ -z "$SIM" ] || kill "$SIM" 2>/dev/null || true
	[ ! -s errors ] || cat errors
}

# chat FIELDS: the reply to a chat request of three words with these fields.
chat() {
	curl -sN "$URL/v1/chat/completions" -d '{"messages": [{"role": "user", "content": "one two three"}], '"$1"'}'
}
