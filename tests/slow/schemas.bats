#!/usr/bin/env bats
# What tokstat says of replies to a schema, against the official test suite of JSON Schema.
load ../lib/common

@test "every case of the JSON Schema test suite is judged as it says, or not at all" {
	local suite code=0
	suite=$("$TOP/tests/lib/schema_suite" 2>fetch.log) || code=$?
	[ "$code" != 3 ] || skip "cannot be fetched: $(tail -n 1 fetch.log)"
	"$TOP/tests/oracle/schema_suite.py" make "$suite" .
	run --separate-stderr tokstat --requests requests.jsonl responses.jsonl
	is 0 # what cannot be judged is a warning
	printf '%s\n' "$output" >metrics.jsonl
	run "$TOP/tests/oracle/schema_suite.py" check "$suite" metrics.jsonl
	printf '# note: JSON Schema: %s\n' "${lines[0]}" >&3
	is 0
}
