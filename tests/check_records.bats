#!/usr/bin/env bats
# lib/check_records.py: it accepts good records, and reports each way in which one can be wrong.
load lib/common

check() { # check [FILE…] <RECORDS
	run --separate-stderr "$TOP/tests/lib/check_records.py" "$@"
}

# wrong EDIT MESSAGE: the first good record, edited by jq, is reported with MESSAGE.
wrong() {
	head -n 1 "$DATA/matrix/tokstat.jsonl" | jq -c "$1" >edited
	check edited
	is 1 "check_records: line 1: " "$2"
}

@test "good records" {
	check "$DATA/matrix/tokstat.jsonl"
	is 0 '{"records": 3, "ok": 3, "failed": 0, "by_error": {}}'
	[ -z "$stderr" ]
}

@test "fields" {
	wrong 'del(.usage)' "usage: missing"
	wrong '.id = "a"' "id: not a whole number"
	wrong '{id, status} + .' "documented order"
	wrong '.streamed = 1' "streamed: not true or false"
	wrong '.usage = {prompt_tokens: 1}' "usage: "
	wrong '.usage.prompt_tokens = -1' "usage: "
}

@test "times" {
	wrong '.sent_us = .due_us - 1' "sent before it was due"
	wrong '.end_us = .sent_us - 1' "ended before it was sent"
	wrong '.end_us = .sent_us + .ev_us[-1] - 1' "an event after the end"
	wrong '.first_byte_us = .ev_us[0] + 1' "an event before the first byte"
	wrong '.first_byte_us = null' "first_byte_us is None"
	wrong '.connect_us = 5' "a reused connection took time"
}

@test "events" {
	wrong '.ev_kind += "d"' "6 times but 7 letters"
	wrong '.ev_us[1] = 0' "ev_us decreases"
	wrong '.ev_kind = "rcccdu"' "an event after [DONE]"
	wrong '.ev_kind = "rcczud"' "unknown letter"
	wrong '.usage = null' "a usage event but no usage"
	wrong '.ev_kind = "rcecud"' "an error event but no error"
	wrong '.streamed = false' "several events"
}

@test "outcomes" {
	local error='{kind: "stream", status: null, message: "m", retry_after_s: null}'
	wrong '.status = 500' "no error, but status 500"
	wrong '.finish = null | .ev_kind = "rcccux"' "neither [DONE] nor a finish_reason"
	wrong '.final = false' "final is False with error None"
	wrong ".error = ($error | .kind = \"cancelled\")" "final is True with error cancelled"
	wrong ".error = ($error | .kind = \"http\")" "error http, but a 2xx status"
	wrong ".error = ($error | .kind = \"skipped\")" "error skipped, but there was an answer"
	wrong ".error = ($error | .kind = \"other\")" "error.kind: 'other'"
	wrong ".error = ($error | .message = \"\")" "error.message: empty"
	wrong ".error = ($error | del(.status))" "error: its fields are not"
}

@test "lines" {
	check <<<'{"id":1,"id":1}'
	is 1 "duplicate key"
	check <<<'{"id":NaN}'
	is 1 "NaN is not JSON"
	check <<<'{"id":'
	is 1 "line 1: "
	head -n 1 "$DATA/matrix/tokstat.jsonl" | tee twice >>again
	cat twice >>again
	check again
	is 1 "a second record with this id"
	printf %s "$(<twice)" >torn
	check torn
	is 1 "no newline at the end"
}

@test "against the requests: lost, unasked for, not passed through" {
	printf '{"id":%s,"tags":{"a":1},"body":{}}\n' 1 2 3 4 >asked
	check --requests asked "$DATA/matrix/tokstat.jsonl"
	is 1 "id 4: no record" "id 1: tags: {'a': 1} did not pass through"
	printf '{"id":%s,"body":{}}\n' 1 2 >asked
	check --requests asked "$DATA/matrix/tokstat.jsonl"
	is 1 "id 3: a record nobody asked for"
}
