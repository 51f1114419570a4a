# shellcheck shell=bash
# reach: the URL at which a Service of a cluster is asked from here: by an address of its own, where there is a way to
# one, else through a port-forward, which is looked after until the script ends.  Which way it was stands in the run.

# shellcheck disable=SC2154 # kubectl is cluster.sh's

# shellcheck source=scripts/lib/target.sh
. "$(dirname "${BASH_SOURCE[0]}")/target.sh"

via=url        # or port-forward, or loopback
forward_dir='' # of the port-forward: what it says, and which run it is for
forwarder=''   # the process that looks after it

# reach_service NAMESPACE SERVICE: set url; answer is the Service.
reach_service() {
	local address port
	port=$(jq -r -f "$top/scripts/lib/service_port.jq" <<<"$answer")
	[[ -n $port ]] || die 3 "service $1/$2: it has no TCP port"
	address=$(jq -r -f "$top/scripts/lib/service_url.jq" --arg port "$port" <<<"$answer")
	if [[ -n $address ]]; then
		clean_url "$address"
	elif resolves "$2.$1.svc" "$(jq -r '.spec.clusterIP // ""' <<<"$answer")"; then
		clean_url "http://$2.$1.svc:$port"
	else
		forward "$1" "$2" "$port"
	fi
}

# resolves NAME ADDRESS: is that name this Service here, too?  In a pod it is.
resolves() {
	local addresses
	addresses=$(getent ahosts "$1") || return 1
	[[ $2 == None || $addresses == "$2 "* || $addresses == *$'\n'"$2 "* ]]
}

# forward NAMESPACE SERVICE PORT: set url to this end of a port-forward to the Service.
forward() {
	local at words='its latency is in every figure'
	via='port-forward'
	forward_dir=$(mktemp -d) || die 4 "${TMPDIR:-/tmp}: work files cannot be written there (TMPDIR)"
	: >"$forward_dir/said"
	keep_forwarding "$(started "$$")" "$@" &
	forwarder=$!
	wait_until 15 "the port-forward" forwarded ||
		no_connection "service $1/$2" "no port-forward to it: $(tail -n 1 "$forward_dir/said")"
	at=$(forwarded_port)
	[[ -n $at ]] || no_connection "service $1/$2" "no port-forward to it: $(tail -n 1 "$forward_dir/said")"
	[[ -z ${opt["in-cluster"]-} ]] || words='for questions to it only'
	info "service $1/$2: through a port-forward to one of its pods: $words"
	clean_url "http://127.0.0.1:$at"
}

# forwarded: it listens, or has said why it does not.
forwarded() {
	[[ -n $(forwarded_port) || -s $forward_dir/ended ]]
}

# forwarded_port: of this end, as kubectl said it.
forwarded_port() {
	sed -nE 's/^Forwarding from 127\.0\.0\.1:([0-9]+) -> .*/\1/p' "$forward_dir/said" | head -n 1
}

# keep_forwarding START NAMESPACE SERVICE PORT: until this script, which began at START, and the requests of its run have
# ended.  When it breaks it is made again, at the same port; what was under way then has failed.
keep_forwarding() {
	local begun=$1 at='' tunnel
	exec >/dev/null 2>&1 </dev/null 3>&-
	trap - EXIT
	trap '' INT HUP
	trap 'kill "$tunnel" || true; exit 0' TERM
	while forward_needed "$begun"; do
		# a session of its own: Ctrl-C is for the requests
		setsid "${kubectl[@]}" port-forward -n "$2" "service/$3" "$at:$4" >>"$forward_dir/said" 2>&1 &
		tunnel=$!
		printf '%s %s\n' "$tunnel" "$(started "$tunnel")" >"$forward_dir/tunnel"
		while kill -0 "$tunnel" && forward_needed "$begun"; do sleep 0.2; done
		kill "$tunnel" || true
		at=$(forwarded_port)
		printf '%s\n' "$(date +%s)" >>"$forward_dir/ended"
		rm -f "$forward_dir/tunnel"
		[[ -n $at ]] || return
		sleep 0.5
	done
}

# forward_needed START: as long as the script is there, or what sends the requests of its run.
forward_needed() {
	local run sender start
	! alive "$$" "$1" || return 0
	{ read -r run <"$forward_dir/run"; } 2>/dev/null || return 1
	{ read -r sender start <"$run/sendreq.pid"; } 2>/dev/null && alive "$sender" "$start"
}

# record_way: how the server was reached goes into run.json.
record_way() {
	[[ -z $forward_dir ]] || printf '%s\n' "$run_dir" >"$forward_dir/run"
	[[ -z $engine ]] || via=loopback
	record --arg via "$via" -f "$top/scripts/lib/way.jq"
}

# record_breaks: how often the port-forward broke while requests went through it.
record_breaks() {
	[[ -n $forward_dir ]] || return 0
	wait_until 5 "news of the port-forward" tunnel_known || debug "the port-forward is not looked after"
	[[ -s $forward_dir/ended ]] || return 0
	record --argjson breaks "$(wc -l <"$forward_dir/ended")" -f "$top/scripts/lib/way_broken.jq"
}

# tunnel_known: it is there, or that it broke is noted.
tunnel_known() {
	local pid start
	{ read -r pid start <"$forward_dir/tunnel"; } 2>/dev/null || return 0
	alive "$pid" "$start"
}

stop_forward() {
	[[ -n $forwarder ]] || return 0
	end_process "$forwarder" "$(started "$forwarder")" 5
	forwarder=''
	rm -rf "$forward_dir"
	forward_dir=''
}
