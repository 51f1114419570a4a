# shellcheck shell=bash
# reach: the URL at which a Service of a cluster is asked from here: by an address of its own, where there is a way to
# one, else through a port-forward, which is looked after until the script ends.  Which way it was stands in the run.

# shellcheck disable=SC2154 # kubectl is cluster.sh's

# shellcheck source=scripts/lib/target.sh
. "${BASH_SOURCE[0]%/*}/target.sh"

via=url # or one of the ways, or loopback
ways=(ingress route httproute load-balancer cluster-ip port-forward)
forward_dir='' # of the port-forward: what it says, and which run it is for
forwarder=''   # the process that looks after it

# reach_service NAMESPACE SERVICE: set url and via; answer is the Service.  --via: no other way than that.
reach_service() {
	local service=$answer port way address status
	port=$(jq -r -f "$top/scripts/lib/service_port.jq" <<<"$answer")
	[[ -n $port ]] || die 3 "service $1/$2: it has no TCP port"
	while IFS=$'\t' read -r way address; do
		[[ ${opt[via]:-$way} == "$way" ]] || continue
		if answers "$way" "$address"; then
			via=$way
			info "service $1/$2: by its $way: $address"
			clean_url "$address"
			return
		fi
		info "service $1/$2: not by its $way: $address answers nothing of it ($status)"
	done < <(ways_to "$1" "$2" "$port" "$service")
	[[ ${opt[via]:-port-forward} == port-forward ]] ||
		no_connection "service $1/$2" "no ${opt[via]} of it answers: leave --via out, or give another: ${ways[*]}"
	forward "$1" "$2" "$port"
}

# answers WAY URL: is that Service there?  Set status.  What may lead elsewhere has to know the models.
answers() {
	local command=(curl -s -o /dev/null -w '%{http_code}' --max-time 3)
	[[ $1 != cluster-ip ]] || command+=(--max-time 1)
	[[ -z ${opt[insecure]-} ]] || command+=(--insecure)
	[[ -z ${opt[cacert]-} ]] || command+=(--cacert "${opt[cacert]}")
	[[ -z ${opt[proxy]-} ]] || command+=(--proxy "${opt[proxy]}")
	status=$("${command[@]}" "$2/v1/models") || status=${status:-000}
	case $1/$status in
	*/000 | */407 | */50[234] | cluster-ip/403) return 1 ;;
	*/404) [[ $1 == load-balancer || $1 == cluster-ip || $1 == url ]] ;;
	esac
}

# ways_to NAMESPACE SERVICE PORT SERVICE-JSON: WAY and URL by tab, a line each, in the order in which they are tried.
ways_to() {
	local address ip
	[[ ${opt[via]-} != port-forward ]] || return 0
	case ${opt[via]-} in
	'' | ingress | route | httproute) roads "$1" "$3" "$4" ;;
	esac
	address=$(jq -r -f "$top/scripts/lib/service_url.jq" --arg port "$3" <<<"$4")
	ip=$(jq -r '.spec.clusterIP // ""' <<<"$4")
	[[ -z $address ]] || printf '%s\t%s\n' "$(jq -r 'if .spec.type == "ExternalName" then "url" else "load-balancer" end' <<<"$4")" "$address"
	if resolves "$2.$1.svc" "$ip"; then
		printf 'cluster-ip\thttp://%s:%s\n' "$2.$1.svc" "$3"
	elif [[ -n $ip && $ip != None ]]; then
		[[ $ip != *:* ]] || ip="[$ip]"
		printf 'cluster-ip\thttp://%s:%s\n' "$ip" "$3"
	fi
}

# roads NAMESPACE PORT SERVICE-JSON: what leads into the cluster and ends at the Service, as ways_to tells it.
roads() {
	local gateways='' line
	while read -r line; do
		gateways+=$(objects_of -n "${line% *}" gateways.gateway.networking.k8s.io "${line#* }")
	done < <(objects_of -n "$1" httproutes.gateway.networking.k8s.io |
		jq -r --arg here "$1" '[.items[]?.spec.parentRefs[]? | "\(.namespace // $here) \(.name)"] | unique[]')
	jq -r -f "$top/scripts/lib/ways.jq" --arg port "$2" --slurpfile gateway <(printf '%s' "$gateways") \
		--slurpfile ingress <(objects_of -n "$1" ingresses.networking.k8s.io) \
		--slurpfile route <(objects_of -n "$1" routes.route.openshift.io) \
		--slurpfile httproute <(objects_of -n "$1" httproutes.gateway.networking.k8s.io) <<<"$3"
}

# objects_of ARGUMENT…: what kubectl get says; nothing when it has none, knows no such kind or may not tell.
objects_of() {
	"${kubectl[@]}" --request-timeout=5s get "$@" -o json 2>/dev/null || debug "no ${*:3} that may be read"
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
