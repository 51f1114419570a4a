# shellcheck shell=bash
# log: what the scripts tell people, all of it on stderr, filtered by LOG_LEVEL
# (DEBUG, INFO, WARN, ERROR).  KVMINI_DEBUG=true means DEBUG and keeps work files.
# Messages are "tool: object: reason"; $tool is the name of the script.

# The name of a script, and the words that call it; of a command of tokpipe those that were typed.
tool=${0##*/}
called=("$0")
if [[ ${TOKPIPE_AS-} == *' '* ]]; then
	called=("${TOKPIPE_AS% *}" "${TOKPIPE_AS##* }")
	tool="${called[0]##*/} ${called[1]}"
fi
unset TOKPIPE_AS # what this script calls has a name of its own

log_level=1 # 0 DEBUG, 1 INFO, 2 WARN, 3 ERROR
log_file=

# log_start: read the two variables; another value of either ends the script.
log_start() {
	case ${LOG_LEVEL-INFO} in
	DEBUG) log_level=0 ;;
	INFO | '') log_level=1 ;;
	WARN) log_level=2 ;;
	ERROR) log_level=3 ;;
	*) die 2 "LOG_LEVEL: $LOG_LEVEL: expected DEBUG, INFO, WARN or ERROR" ;;
	esac
	case ${KVMINI_DEBUG-false} in
	true) log_level=0 ;;
	false | '') ;;
	*) die 2 "KVMINI_DEBUG: $KVMINI_DEBUG: expected true or false" ;;
	esac
}

debugging() {
	((log_level == 0)) || [[ -n $log_file ]]
}

# log_at LEVEL TEXT: on stderr when the level is shown, and always into $log_file when that is
# set.  What cannot be written (a full disk) is no reason to give up a run.
log_at() {
	((log_level > $1)) || printf '%s: %s\n' "$tool" "$2" >&2 2>/dev/null || true
	[[ -z $log_file ]] || TZ=UTC printf '%(%FT%TZ)T %s: %s\n' -1 "$tool" "$2" 2>/dev/null >>"$log_file" || true
}

debug() {
	log_at 0 "debug: $*"
}

info() {
	log_at 1 "$*"
}

warn() {
	log_at 2 "warning: $*"
}

error() {
	log_at 3 "$*"
}

# die STATUS MESSAGE…: the message is shown whatever the level.
die() {
	local status=$1
	shift
	error "$@"
	exit "$status"
}
