#!/usr/bin/env bats
# The front command: it runs the script of that name, and is otherwise not to be noticed.
load lib/common
load lib/bench

# What the scripts are called as commands.
commands() {
	local file
	cd "$TOP" || return
	for file in ./*.sh scripts/*.sh setup/standup.sh setup/teardown.sh; do
		[ ! -e "$file" ] || basename "$file" .sh
	done | grep -vx tokpipe
}

@test "tokpipe --help lists every script with what it says about itself, and so does its page" {
	local name
	run --separate-stderr tokpipe --help
	is 0 'usage: tokpipe COMMAND [ARG...]'
	for name in $(commands); do
		grep -q "^  $name  *[A-Z].*\." <<<"$output"
		grep -qx ".It Ic $name" "$TOP/src/tokpipe.1"
	done
	[ "$(grep -c '^.It Ic' "$TOP/src/tokpipe.1")" -eq "$(commands | wc -l)" ]
}

@test "tokpipe COMMAND is called so in its help, its messages and its status" {
	local name
	for name in $(commands); do
		run --separate-stderr tokpipe "$name" --help
		is 0 "usage: tokpipe $name "
		run --separate-stderr tokpipe help "$name"
		is 0 "usage: tokpipe $name "
		run --separate-stderr tokpipe "$name" --nonsense
		is 2 "tokpipe $name: unknown option --nonsense" "usage: tokpipe $name "
	done
}

@test "tokpipe bench makes the run that bench.sh makes, and says how to call it again" {
	run --separate-stderr tokpipe bench --local "${fast[@]}" "${fast_engine[@]}" --requests 4
	is 0 'ok 4, failed 0'
	same 'tokpipe bench --local' "$(field '.command[:3] | join(" ")')"
	run --separate-stderr tokpipe results --run-dir runs --assert 'e2e_ms.p50<=0'
	is 5 'e2e_ms.p50<=0: missed'
	[[ $stderr != *'tokpipe bench'* && $stderr != *'tokpipe results: results'* ]]
}

@test "what a command calls has its own name" {
	run --separate-stderr env LOG_LEVEL=DEBUG tokpipe bench --local "${fast[@]}" "${fast_engine[@]}" --requests 2
	is 0 'tokpipe bench: debug:' 'results.sh: debug:' 'sim.sh: debug:'
}

@test "an unknown command names the nearest; none, and options that there are not" {
	run --separate-stderr tokpipe reslts
	is 2 'tokpipe: reslts: no such command; did you mean results?' 'there are: bench '
	run --separate-stderr tokpipe tokpipe
	is 2 'no such command'
	run --separate-stderr tokpipe lib/base
	is 2 'no such command'
	run --separate-stderr tokpipe
	is 2 'which command?'
	run --separate-stderr tokpipe help
	is 0 'Commands:'
	run --separate-stderr tokpipe --vresion
	is 2 'did you mean --version?'
}

@test "called by its path it names that path" {
	run --separate-stderr env PATH="$TOP/bin:/usr/bin:/bin" tokpipe bench
	is 2 'tokpipe bench: which server?'
	run --separate-stderr env PATH=/usr/bin:/bin "$TOP/bin/tokpipe" bench --local "${fast[@]}" "${fast_engine[@]}" --requests 2
	is 0
	same "$TOP/bin/tokpipe" "$(field '.command[0]')"
}
