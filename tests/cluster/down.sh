#!/usr/bin/env bash
# down.sh: end what up.sh began, and undo what lies outside its directory.  Half a cluster goes as well as a whole one,
# and none at all is no error.
set -euo pipefail

# shellcheck source=tests/cluster/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"

# dead PID START: gone, or only not yet buried by its parent.
dead() {
	local stat=''
	alive "$1" "$2" || return 0
	{ read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
	[[ ${stat##*) } == [ZX]* ]]
}

# ended NAME: at once: nothing of a test cluster is to be kept.  With the node's first process go all of its containers.
ended() {
	local pid start
	if process "$1"; then
		kill -KILL "$pid" 2>/dev/null || debug "$1: has ended"
		wait_until 20 "$1 to end" dead "$pid" "$start" || die 4 "process $pid, $1, does not end"
	fi
	rm -f "$cluster_dir/$1.pid"
}

# marked: the processes that a cluster's own have begun, and that are still there.
marked() {
	{ grep -lzsxF "TOKPIPE_CLUSTER=$cluster_dir" /proc/[0-9]*/environ || debug "no more processes"; } | tr -dc '0-9\n'
}

none_marked() {
	local left
	left=$(marked)
	[[ -n $left ]] || return 0
	# shellcheck disable=SC2086 # numbers
	kill -KILL $left 2>/dev/null || debug "they have ended"
	return 1
}

# no_cgroups: status 1 while one of them still holds a process that is about to go.
no_cgroups() {
	local group
	for group in /sys/fs/cgroup/"$cgroup" /sys/fs/cgroup/*/"$cgroup"; do
		[[ ! -d $group ]] || find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || return 1
	done
}

# no_network: in whatever net it was; who was killed has not always said which.
no_network() {
	local range routes
	! quietly ip link show "$veth" || ip link del "$veth"
	[[ ! -e /run/netns/$namespace ]] || ip netns del "$namespace"
	routes=$(ip route show type unreachable metric 5000)
	for net in "${nets[@]}"; do
		use_ranges "$net" "$slot"
		for range in "$pod_cidr" "$service_cidr"; do
			[[ $routes != *"unreachable $range "* ]] || ip route del unreachable "$range" metric 5000
		done
	done
}

main() {
	local name
	log_start
	for name in node volumes kube-scheduler kube-controller-manager kube-apiserver etcd; do
		ended "$name"
	done
	wait_until 20 "its processes to end" none_marked || die 4 "processes of $cluster_dir do not end: $(marked | xargs)"
	if ((EUID == 0)); then
		wait_until 10 "the cgroups to be empty" no_cgroups || warn "/sys/fs/cgroup/*/$cgroup: cannot be removed"
		no_network
		# the others' clusters have a mount on it
		compgen -G '/sys/class/net/tokpipe[0-7]' >/dev/null || rmdir --ignore-fail-on-non-empty /tmp/hostpath_pv 2>/dev/null ||
			debug "/tmp/hostpath_pv: not there"
	fi
	! findmnt -rno TARGET | grep -qF "$cluster_dir" || die 4 "$cluster_dir: something is still mounted there"
	rm -rf --one-file-system "$cluster_dir"
}

main "$@"
