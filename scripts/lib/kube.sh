# shellcheck shell=bash
# kube: the one way in which the scripts talk to a cluster.  Each call is logged in the work directory,
# has a time limit, and is made again while nobody answers; what the cluster refuses ends the script in
# the words of trouble.  Needs kubectl=(…), which context.sh sets, and the settings and the work directory.

# shellcheck disable=SC2034,SC2154 # kubectl and stack_id are set, host_name and api_version read, by those that source this

# shellcheck source=scripts/lib/work.sh
. "${BASH_SOURCE[0]%/*}/work.sh"
# shellcheck source=scripts/lib/context.sh
. "${BASH_SOURCE[0]%/*}/context.sh"

answer=''      # what the last call printed
complaint=''   # and what it said on stderr
patience=30    # seconds for which an API server may be away
parent=()      # PID START of the script that started this one, and without which it ends
api_version='' # of what has_api was asked last
api_kinds=''   # of the cluster, read once: "NAME APIVERSION", one per line
read -r host_name </proc/sys/kernel/hostname

# pause SECONDS: signals are heard meanwhile.
pause() {
	local never
	exec {never}<> <(:)
	read -r -t "$1" -u "$never" || true
	exec {never}>&-
}

# away: is that what kubectl said a sign that nobody answers now, and that somebody may soon?
away() {
	case $complaint in
	*x509:* | *"no such host"* | *"is invalid"* | *NotFound* | *AlreadyExists* | *Forbidden*) return 1 ;;
	*"was refused"* | *"connection refused"* | *EOF* | *"TLS handshake timeout"* | *"i/o timeout"* | *etcdserver:* | \
		*"currently unable to handle"* | *"context deadline"* | *"connection reset"* | *"no route to host"* | \
		*"network is unreachable"* | *"http2: client connection"* | *"Client.Timeout"* | *"timed out"* | *"TooManyRequests"* | \
		*"InternalError"* | *"ServiceUnavailable"* | *"object has been modified"* | *"apiserver not ready"*) return 0 ;;
	esac
	return 1
}

# attempt COMMAND…: run it until it says something else than that nobody answers, at most $patience seconds long; sets
# answer and complaint.  The status is kubectl's.
attempt() {
	local status since=$SECONDS err
	err=$(mktemp "${work:-${TMPDIR:-/tmp}}/.kubectl.XXXXXX") || die 4 "${work:-${TMPDIR:-/tmp}}: work files cannot be written there"
	while :; do
		status=0
		((${#parent[@]} == 0)) || alive "${parent[@]}" || die 130 "the script that started this one is gone"
		answer=$("$@" 2>"$err") || status=$?
		complaint=$(<"$err")
		if ((status == 0)) || ! away || ((SECONDS - since >= patience)); then
			break
		fi
		debug "no answer: ${complaint##*$'\n'}"
		pause 1
	done
	rm -f "$err"
	return "$status"
}

# refused WHAT: what went wrong with it ends the script.
refused() {
	local last=${complaint##*$'\n'}
	case $complaint in
	*"is invalid"* | *"admission webhook"* | *"unable to recognize"* | *"strict decoding error"* | *"cannot unmarshal"*)
		die 2 "$1: ${complaint//$'\n'/ }"
		;;
	*'context "'*"does not exist"* | *"context was not found"*) die 2 "$1: $last: choose one with kubectl config use-context" ;;
	*"being terminated"*) die 3 "$1: $last: wait until it is gone, then try again" ;;
	*"exceeded quota"*) trouble 4 "Insufficient resources" "$1" "$last" "Ask for less, or raise the quota of the namespace" ;;
	*Forbidden* | *forbidden* | *Unauthorized* | *"must be logged in"* | *"provide credentials"*) denied "$1" "$last" ;;
	esac
	if away || [[ $complaint == *"Unable to connect"* || $complaint == *"no such host"* || $complaint == *x509:* ]]; then
		no_connection "$1" "the cluster did not answer: $last"
	fi
	die 3 "$1: ${last:-kubectl failed}"
}

# try ARGUMENT…: ask; sets answer.  Status 1: there is no such object or kind of object; 2: it may not be read.
try() {
	local status=0
	debug "$(quoted "${kubectl[@]}" "$@")"
	attempt "${kubectl[@]}" --request-timeout=10s "$@" </dev/null || status=$?
	((status != 0)) || return 0
	case $complaint in
	*"(NotFound)"* | *"doesn't have a resource type"* | *"could not find the requested resource"*) return 1 ;;
	*"(Forbidden)"* | *forbidden*) return 2 ;;
	esac
	refused "kubectl $1 ${2-} ${3-}"
}

# kube_read ARGUMENT…: the same where it has to be allowed.
kube_read() {
	local status=0
	try "$@" || status=$?
	((status != 2)) || refused "kubectl $1 ${2-} ${3-}"
	return "$status"
}

# kube ARGUMENT…: change something; what kubectl prints is printed.  Under --dry-run it is only noted.
kube() {
	local status=0
	note_command "${kubectl[@]-kubectl}" "$@"
	! $dry_run || return 0
	debug "$(quoted "${kubectl[@]}" "$@")"
	attempt "${kubectl[@]}" --request-timeout=30s "$@" </dev/null || status=$?
	keep_said
	((status == 0)) || refused "kubectl $1 ${2-} ${3-}"
	[[ -z $answer ]] || printf '%s\n' "$answer"
}

# keep_said: what kubectl said of the command that was noted last.
keep_said() {
	[[ -z $answer ]] || printf '%s\n' "$answer" >"${noted}stdout.log"
	[[ -z $complaint ]] || printf '%s\n' "$complaint" >"${noted}stderr.log"
}

# has_api GROUP[/KINDS]: does the cluster know it?  Sets api_version to that of the (last) kind.
has_api() {
	local line name=${1#*/} group=${1%%/*}
	! $dry_run || return 1
	if [[ -z $api_kinds ]]; then
		# an aggregated API that is down makes this fail; what was told counts
		attempt "${kubectl[@]}" --request-timeout=10s api-resources --no-headers </dev/null || [[ -n $answer ]] || refused "kubectl api-resources"
		api_kinds=$(awk '{ print $1, $(NF - 2) }' <<<"$answer")
	fi
	api_version=''
	while read -r line; do
		[[ $line == *" $group/"* && ($1 != */* || $line == "$name "*) ]] || continue
		api_version=${line#* }
	done <<<"$api_kinds"
	[[ -n $api_version ]]
}
