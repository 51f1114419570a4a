#!/usr/bin/env bats
# bench.sh and what requests may ask for: formats, tools, choices.
load lib/common
load lib/bench

# run_of: the only run's file.
run_of() {
	printf '%s\n' "$(latest)/$1"
}

@test "asking: files of a format and of tools go into the workload, and replies keep their text" {
	echo '{"type": "json_object"}' >format.json
	echo '[{"type": "function", "function": {"name": "look_up", "parameters": {"type": "object"}}}]' >tools.json
	run --separate-stderr "$TOP/bench.sh" --local "${fast[@]}" "${fast_engine[@]}" --requests 3 \
		--response-format format.json --tools tools.json --n 1
	is 0
	same '["json_object","look_up",1]' \
		"$(jq -c '.request | [.response_format.type, .tools[0].function.name, .n]' "$(run_of workload.json)")"
	jq -es 'all(.body.response_format == {type: "json_object"} and .body.tools[0].function.name == "look_up")' \
		"$(run_of requests.jsonl)"
	jq -es 'all(has("text"))' "$(run_of responses.jsonl)"
}

@test "asking: a profile may name the file, relative to itself; one that is missing or no JSON is status 2" {
	mkdir profiles
	echo '{"type": "json_object"}' >profiles/f.json
	printf 'request:\n  response_format: f.json\n' >profiles/p.yaml
	run --separate-stderr "$TOP/bench.sh" --local --dry-run --profile profiles/p.yaml
	is 0 --text
	echo '{' >profiles/f.json
	run --separate-stderr "$TOP/bench.sh" --local --dry-run --profile profiles/p.yaml
	is 2 'request.response_format:' 'not JSON'
	run --separate-stderr "$TOP/bench.sh" --local --dry-run --tools missing.json
	is 2 'missing.json'
}

@test "asking: nothing asked, no text kept" {
	run --separate-stderr "$TOP/bench.sh" --local --dry-run
	is 0
	[[ $output != *--text* ]]
}

@test "asking: the shares stand in results.json and in the summary" {
	local profile field
	while read -r profile field; do
		run --separate-stderr "$TOP/bench.sh" --local --profile "$profile" --requests 12 --warmup 1 \
			--engine-arg=--time-to-first-token=2ms --engine-arg=--inter-token-latency=500us \
			--engine-arg=--fault=bad-json:every=3 --output-dir "$profile"
		is 0 '% of 12 replies'
		same "$(jq -c .quality "$(latest "$profile")/runsum.json")" "$(jq -c .quality "$(latest "$profile")/results.json")"
		# every third request that the engine saw, the warm-up included: 3, 6, 9 and 12 of 13
		jq -e --arg f "$field" '.quality | .[$f + "_n"] == 12 and (.[$f + "_ok_rate"] * 12 | round) == 8' \
			"$(latest "$profile")/results.json"
	done <<-'END'
		structured-output structured
		tool-calling tool_call
	END
}
