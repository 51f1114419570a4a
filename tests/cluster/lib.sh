# shellcheck shell=bash
# lib: what the scripts of the test cluster share: where it is, its addresses, its processes.
#
# CLUSTER_SLOT (0 to 7) says which of eight clusters that can be up beside each other on one machine.  All that a
# cluster writes is below $run_dir, but for a veth, a network namespace, routes and a cgroup, which bear its number.

# shellcheck source=scripts/lib/base.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/base.sh"
# shellcheck source=scripts/lib/fetch.sh
. "$top/scripts/lib/fetch.sh"
# shellcheck source=tests/cluster/ranges.sh
. "$top/tests/cluster/ranges.sh"

here=$top/tests/cluster
kubernetes_version=1.34.4
slot=${CLUSTER_SLOT:-0}
[[ $slot == [0-7] ]] || die 2 "CLUSTER_SLOT: $slot: expected a number from 0 to 7"
export CLUSTER_SLOT=$slot
cluster_dir=${CLUSTER_DIR:-/tmp/tokpipe-cluster-$slot}
# the daemons are where only root's PATH has them
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# sources_key FILE…: what is made of them depends on nothing else.
sources_key() {
	(cd "$here" && find "$@" -type f | LC_ALL=C sort | xargs -d '\n' cat) | sha256sum | cut -c 1-12
}

# Each of these is used by one of the scripts that source this.
# shellcheck disable=SC2034
{
	kubernetes=$cache/kubernetes-v$kubernetes_version-$(sources_key hyper coredns crds recipe.sh)
	images=$cache/kubernetes-images-$(sources_key images.sh coredns ../../setup/image/pack.sh)
	node=node$slot
	veth=tokpipe$slot namespace=tokpipe$slot cgroup=tokpipe$slot
	etcd_port=$((23790 + 100 * slot)) peer_port=$((23800 + 100 * slot))
	manager_port=$((10257 + 100 * slot)) scheduler_port=$((10259 + 100 * slot))
}

# Of the cluster that is up in this slot: its programs, and the addresses that up.sh chose; none is asked for through a
# proxy.
bin=$kubernetes/bin net=${nets[0]}
[[ ! -s $cluster_dir/bin ]] || bin=$(<"$cluster_dir/bin")
[[ ! -s $cluster_dir/net ]] || net=$(<"$cluster_dir/net")
use_ranges "$net" "$slot"
if [[ $no_proxy != '*' ]]; then
	for range in "${nets[@]}"; do
		no_proxy+=,$range.0.0/16
	done
	export no_proxy NO_PROXY=$no_proxy
fi

# begin NAME COMMAND…: in the background, in a session of its own; its pid and start are kept, and its command.  What it
# and its children have in their environment says whose they are, should nobody have written that down.
begin() {
	local name=$1 pid
	shift
	printf '%s\0' "$@" >"$cluster_dir/$name.cmd"
	TOKPIPE_CLUSTER=$cluster_dir setsid nohup "$@" >>"$cluster_dir/log/$name.log" 2>&1 </dev/null 3>&- 9>&- &
	pid=$!
	printf '%s %s\n' "$pid" "$(started "$pid")" >"$cluster_dir/$name.pid"
}

# begin_again NAME: as it was begun.
begin_again() {
	local command
	mapfile -d '' command <"$cluster_dir/$1.cmd"
	begin "$1" "${command[@]}"
}

# process NAME: set pid and start of what was begun by that name; status 1 when it was not, or has ended.
process() {
	pid='' start=''
	[[ -e $cluster_dir/$1.pid ]] || return 1
	read -r pid start <"$cluster_dir/$1.pid"
	alive "$pid" "$start"
}

# kube ARGUMENT…: kubectl, of this cluster.
kube() {
	"$bin/kubectl" --kubeconfig "$cluster_dir/kubeconfig" "$@"
}

# in_node COMMAND…: where the node's mounts, processes and network are.
in_node() {
	nsenter -t "$(<"$cluster_dir/node/init.pid")" -m -p -n "$@"
}

# patiently SECONDS WHAT LOG COMMAND…: wait for it; when it does not come, the end of that log says why.
patiently() {
	local limit=$1 what=$2 log=$3
	shift 3
	wait_until "$limit" "$what" "$@" && return
	tail -n 20 "$log" >&2
	die 3 "$what: not within $limit s; all of what was said is in $log"
}

quietly() {
	"$@" >/dev/null 2>&1
}
