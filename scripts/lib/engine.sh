# shellcheck shell=bash
# engine: what setup/engines/NAME.sh {check|up|down|options|note} share.  The state file says "PID
# START URL" of the process that up started; down ends that process and those that it started, no other.

# shellcheck source=scripts/lib/base.sh
. "${BASH_SOURCE[0]%/*}/base.sh"

options+=(
	$'state FILE\twhere to remember the process (default: a file in the temporary directory)'
	$'log FILE\twhere the engine\'s own output goes (default: beside the state)'
	$'yes\tinstall what is missing without asking'
)

# engine_start COMMAND…: run engine_check, engine_up, engine_down, engine_options (which prints the
# names of the options that the engine takes) or engine_note (what has to be said about its numbers) of the script.
engine_start() {
	parse_options "$@"
	log_start
	local name=${0##*/}
	name=${name%.sh}
	state=${opt[state]-${TMPDIR:-/tmp}/tokpipe-$name-$EUID.state}
	log=${opt[log]-${state%.state}.log}
	[[ -z ${opt[yes]-} ]] || assume_yes=true
	case ${operands[0]-} in
	check | up | down | options | note) "engine_${operands[0]}" "${operands[@]:1}" ;;
	*) bad_usage "expected check, up, down, options or note" ;;
	esac
}

# running: is an engine of the state file there?  Prints its URL.
running() {
	local pid start url
	[[ -f $state ]] && read -r pid start url <"$state" && alive "$pid" "$start" && printf '%s\n' "$url"
}

# launch SECONDS COMMAND…: start the engine away from the terminal, wait until it answers
# and print its URL.
launch() {
	local limit=$1 deadline pid url='' pause=0.05
	shift
	debug "$(quoted "$@")"
	(
		pid=$BASHPID
		printf '%s %s\n' "$pid" "$(started "$pid")" >"$state"
		exec setsid "$@" </dev/null >"$log" 2>&1
	) &
	pid=$!
	deadline=$((SECONDS + limit))
	until [[ -n $url ]] && curl -fs --max-time 5 "$url/health" >/dev/null; do
		kill -0 "$pid" 2>/dev/null || launch_failed "it ended"
		((SECONDS < deadline)) || launch_failed "no answer after ${limit}s"
		sleep "$pause"
		((SECONDS < deadline - limit + 5)) || pause=0.5
		[[ -n $url ]] || url=$(grep -a -o -m 1 'http://127\.0\.0\.1:[0-9][0-9]*' "$log" || true)
	done
	printf '%s %s %s\n' "$pid" "$(started "$pid")" "$url" >"$state"
	printf '%s\n' "$url"
}

launch_failed() {
	engine_said >&2
	engine_down
	if grep -aqiE 'out of memory|cannot allocate memory|bad_alloc' "$log"; then
		no_memory "engine ${0##*/}" "$1"
	fi
	die 4 "the engine did not start: $1 (its log: $log)"
}

# engine_said: what its log says about a failure.  A script may know better.
engine_said() {
	tail -n 10 "$log"
}

# engine_note: nothing has to be said, unless a script knows better.
engine_note() {
	:
}

# engine_down: end the process that up started.  Nothing there is fine.
engine_down() {
	local pid start
	[[ -f $state ]] || return 0
	read -r pid start _ <"$state"
	end_session "$pid" "$start" 10
	rm -f "$state"
}
