# shellcheck shell=bash
# run: how the scripts call commands: as arrays, logged, never as strings; and how they wait.
# Needs log.

dry_run=false

# quoted COMMAND…: the command as one could type it.
quoted() {
	local word text=
	for word; do
		if [[ $word =~ ^[A-Za-z0-9_./:=,@%+^-]+$ ]]; then
			text+=" $word"
		else
			text+=" '${word//\'/\'\\\'\'}'"
		fi
	done
	printf '%s\n' "${text# }"
}

# out COMMAND…: what COMMAND prints goes to stdout when it is whole; a stdout that takes nothing ends the script.
out() {
	local text
	text=$("$@")
	printf '%s\n' "$text" 2>/dev/null || die 4 "standard output: cannot be written${run_dir:+; the run is in $run_dir}"
}

# run COMMAND…: log it and run it; under --dry-run print it instead.
run() {
	if $dry_run; then
		quoted "$@"
		return
	fi
	! debugging || debug "$(quoted "$@")"
	"$@"
}

# wait_until SECONDS WHAT COMMAND…: poll until COMMAND succeeds.  Status 1 when the time is
# over: the caller says why.
wait_until() {
	local deadline=$((SECONDS + $1)) what=$2
	shift 2
	debug "waiting for $what"
	until "$@"; do
		((SECONDS < deadline)) || return 1
		sleep 0.05
	done
}

# started PID: when the process began, in clock ticks since boot.  With the pid this names
# one process for ever.  Nothing when there is no such process.
started() {
	local stat
	{ read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
	# shellcheck disable=SC2086 # the fields after the command's name are numbers
	set -- ${stat##*) }
	printf '%s\n' "${20}"
}

# alive PID START: is that process, and no later one with its number, still there?
alive() {
	[[ -n $2 && $(started "$1") == "$2" ]]
}

# end_process PID START SECONDS: end it: politely, then, after that long, for certain.
end_process() {
	alive "$1" "$2" || return 0
	kill "$1" 2>/dev/null || true
	wait_until "$3" "process $1 to end" gone "$1" "$2" || kill -9 "$1" 2>/dev/null || true
}

# end_session PID START SECONDS: end it and then whatever it started and left, of which it is the
# leader.  A process that only has the number now is left alone.
end_session() {
	local now
	end_process "$@"
	now=$(started "$1")
	[[ -n $now && $now != "$2" ]] || kill -9 -- "-$1" 2>/dev/null || true
}

gone() {
	! alive "$1" "$2"
}
