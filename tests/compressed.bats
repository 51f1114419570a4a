#!/usr/bin/env bats
# sendreq and streams that come compressed, from a server that flushes after each event.
load lib/common

teardown() {
	kill "$(<server.pid)"
}

@test "compressed events are stamped as they come, not when the stream ends" {
	local kind asked option
	while read -r kind option asked; do
		[ "$option" != none ] || option=
		rm -f url
		"$TOP/tests/lib/gzipserver.py" "$kind" >url 3>&- &
		echo $! >server.pid
		wait_for 10 test -s url
		echo '{"id": 1, "body": {"model": "m", "stream": true, "messages": []}}' |
			sendreq --url "$(<url)" --text ${option:+"$option"} >out.jsonl
		jq -e '.error == null and .ev_kind == "ccccd"' out.jsonl
		# the gaps are the server's 60 ms; a busy machine makes them longer, hardly shorter
		jq -e '.ev_us | [.[1:], .[:-1]] | transpose | all(.[0] - .[1] > 20000)' out.jsonl
		jq -e --arg asked "$asked" '.text | startswith($asked)' out.jsonl
		# bytes_in counts what was said, not what it was squeezed to
		jq -e '.bytes_in > 250' out.jsonl
		[ "$kind" = deflate ] || kill "$(<server.pid)"
	done <<-'END'
		gzip --compressed deflate, gzip
		gzip none identity
		deflate --compressed deflate, gzip
	END
}
