#!/usr/bin/env bash
# rights.sh: may a cluster be made on this machine?  Tries what up.sh and its node do, in namespaces that end with it, and
# says in one line what is refused.
set -euo pipefail

# shellcheck source=tests/cluster/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"

# may WHAT COMMAND…
may() {
	local what=$1 said
	shift
	said=$("$@" 2>&1) || die 4 "no right to $what (${said##*$'\n'}): a cluster needs root with CAP_SYS_ADMIN and" \
		"CAP_NET_ADMIN, as in a privileged container"
}

a_cgroup() {
	local group=/sys/fs/cgroup
	[[ -e $group/cgroup.controllers ]] || group=/sys/fs/cgroup/memory
	mkdir "$group/$cgroup-try"
	rmdir "$group/$cgroup-try"
}

main() {
	if [[ ${1-} != inside ]]; then
		log_start
		((EUID == 0)) || die 4 "a cluster of namespaces, cgroups and routes is made by root only"
		may "make namespaces" unshare --mount --net --pid --fork --uts --propagation private true
		exec unshare --mount --net --pid --fork --uts --propagation private "$0" inside
	fi
	may "mount" mount -t proc proc /proc
	may "make a pair of network devices" ip link add tokpipe-a type veth peer name tokpipe-b
	may "make a bridge" ip link add tokpipe-c type bridge
	may "make rules of nftables" nft add table ip tokpipe
	may "write below /sys/fs/cgroup" a_cgroup
}

main "$@"
