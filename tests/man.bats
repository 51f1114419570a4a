#!/usr/bin/env bats
# The man pages' examples do what they print, each in a scratch directory with tests/data/man.
load lib/common
export TOKPIPE_BIN=${TOKPIPE_BIN:-$TOP/bin} # built already: nothing is installed or made here

examples() {
	run --separate-stderr "$TOP/tests/lib/man_examples" "$TOP/src/$1.${2-1}" "$DATA/man"
	is 0
}

@test "yaml2json.1" { examples yaml2json; }
@test "genload.1" { examples genload; }
@test "sendreq.1" { examples sendreq; }
@test "tokview.1" { examples tokview; }
@test "tokstat.1" { examples tokstat; }
@test "pctl.1" { examples pctl; }
@test "runsum.1" { examples runsum; }
@test "runcmp.1" { examples runcmp; }
@test "costcalc.1" { examples costcalc; }
@test "gpusample.1" { examples gpusample; }
@test "muster.1" { examples muster; }
@test "llmsim.1" { examples llmsim; }
@test "tokpipe.1" { examples tokpipe; }
@test "tokpipe.7: every pipeline of the overview" { examples tokpipe 7; }

@test "no page is left out above" {
	local page
	for page in "$TOP"/src/*.1; do
		grep -q "\"$(basename "$page")\"" "$BATS_TEST_FILENAME"
	done
}

page() {
	printf '.Dd January 1, 2026\n.Sh EXAMPLES\nText:\n.Bd -literal -offset indent\n%s\n.Ed\n' "$1" >page.1
	run --separate-stderr "$TOP/tests/lib/man_examples" page.1 none
}

@test "the runner: output, continued commands, any lines, statuses, escapes" {
	page $'$ printf "a\\en\\en"\na\n\n$ seq 9\n1\n...\n9\n$ echo one |\n>   cat\none\n$ exit 3 # exits 3'
	is 0 "4 examples, 0 wrong"
}

@test "the runner: a wrong line, a wrong status and an empty section fail" {
	page $'$ echo b\na'
	is 1 "+b" "1 wrong"
	page $'$ false'
	is 1 "exit status 1, expected 0"
	page $'$ seq 3\n1\n...\n4'
	is 1
	page 'nothing'
	is 1 "no example"
}
