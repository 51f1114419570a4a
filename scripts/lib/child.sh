# shellcheck shell=bash
# child: a script that this one runs and waits for.  It has a process group of its own, so that a terminal's Ctrl-C
# reaches this script alone, which passes each signal on once and goes on waiting.  Sets child_status and interrupted.

# shellcheck source=scripts/lib/base.sh
. "${BASH_SOURCE[0]%/*}/base.sh"

child=''
child_status=0
interrupted=0 # signals so far

# run_child COMMAND…: without input: nothing that it runs may ask.
run_child() {
	local before=$interrupted
	debug "$(quoted "$@")"
	set -m
	"$@" </dev/null &
	child=$!
	set +m
	((interrupted == before)) || kill -TERM "$child" 2>/dev/null || true
	while :; do
		before=$interrupted
		child_status=0
		# shellcheck disable=SC2034 # for the caller
		wait "$child" || child_status=$?
		((interrupted != before)) || break # else it was a signal that ended the wait
	done
	child=''
}

# pass_on: what to do at a signal.
pass_on() {
	interrupted=$((interrupted + 1))
	[[ -z $child ]] || kill -TERM "$child" 2>/dev/null || true
}
