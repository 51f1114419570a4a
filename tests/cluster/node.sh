#!/usr/bin/env bash
# node.sh: the first process of the node's namespaces, begun by up.sh: containerd, kubelet and kube-proxy.
#
# Every fixed path that these write to is a mount that is seen in here only.  Ends when one of them ends.
set -euo pipefail

read -r init _ </proc/self/stat # our pid where /proc is still the machine's
# shellcheck source=tests/cluster/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"

at=$cluster_dir/node
socket=/run/containerd/containerd.sock

# own DIR PATH: what is at PATH in here is the node's own.
own() {
	mkdir -p "$at/$1" "$2"
	mount --bind "$at/$1" "$2"
}

mounts() {
	mount -t proc proc /proc
	own kubelet /var/lib/kubelet
	mount --make-rshared /var/lib/kubelet
	own log/pods /var/log/pods
	own log/containers /var/log/containers
	own cni /var/lib/cni
	own containerd/run /run/containerd
	own netns /run/netns
	mount --bind "$cluster_dir/volumes" /tmp/hostpath_pv
	echo 1 >/proc/sys/net/ipv4/ip_forward
	[[ ! -e /proc/sys/net/bridge ]] || echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
}

# cgroups_of_2: one group, with the controllers that a kubelet wants; the first group of a machine may have them beside
# its processes, that of a container may not.
cgroups_of_2() {
	local controller at=/sys/fs/cgroup
	mkdir -p "$at/$cgroup"
	for controller in cpuset cpu io memory pids hugetlb; do
		echo "+$controller" 2>/dev/null >"$at/cgroup.subtree_control" || warn "cgroup controller $controller: not to be had"
	done
	for controller in cpuset cpu memory pids; do
		grep -qw "$controller" "$at/$cgroup/cgroup.controllers" ||
			die 4 "cgroup controller $controller: $at has processes and is no machine's first group: give the container" \
				"the machine's cgroups (--cgroupns=host)"
	done
}

# cgroups: below each controller of version 1 a group, which has no processors until it is told which.
cgroups() {
	local group file
	if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
		cgroups_of_2
		return
	fi
	for group in /sys/fs/cgroup/*/; do
		[[ ! -e $group/cgroup.procs ]] || mkdir -p "$group/$cgroup"
	done
	for file in cpuset.cpus cpuset.mems; do
		cat "/sys/fs/cgroup/cpuset/$file" >"/sys/fs/cgroup/cpuset/$cgroup/$file"
	done
}

# snapshotter: layers that are copied, where the disk takes no layers over it, as that of a container.
snapshotter() {
	local try=$at/overlay
	mkdir -p "$try"/{lower,upper,work,merged}
	if mount -t overlay overlay -o "lowerdir=$try/lower,upperdir=$try/upper,workdir=$try/work" "$try/merged" 2>/dev/null; then
		umount "$try/merged"
		echo overlayfs
	else
		info "the disk of $at takes no overlay: images are copied"
		echo native
	fi
}

# configure: the files of containerd, the pods' network, kubelet and kube-proxy.
configure() {
	mkdir -p "$at/conf/net.d"
	sed -e "s|@AT@|$at|g" -e "s|@SNAPSHOTTER@|$(snapshotter)|" "$here/conf/containerd.toml.in" >"$at/conf/containerd.toml"
	echo 'nameserver 127.0.0.53' >"$at/conf/resolv.conf"
	local name given=(--arg at "$at" --arg pki "$cluster_dir/pki" --arg node "$node" --arg node_ip "$node_ip"
		--arg pod_cidr "$pod_cidr" --arg dns_ip "$dns_ip" --arg cgroup "/$cgroup"
		--arg kubeconfig "$cluster_dir/conf/proxy.kubeconfig")
	jq -n "${given[@]}" -f "$here/conf/network.jq" >"$at/conf/net.d/10-bridge.conflist"
	for name in kubelet proxy; do
		jq -n "${given[@]}" -f "$here/conf/$name.jq" >"$at/conf/$name.json"
	done
}

main() {
	local log=$cluster_dir/log image
	mkdir -p "$at"
	mounts
	hostname "$node"
	cgroups
	configure
	containerd -c "$at/conf/containerd.toml" >"$log/containerd.log" 2>&1 &
	patiently 60 containerd "$log/containerd.log" quietly ctr -a "$socket" version
	printf '%s\n' "$init" >"$at/init.pid"
	for image in "$images"/*.tar; do
		ctr -a "$socket" -n k8s.io images import "$image"
	done
	"$kubernetes/bin/kubelet" --config "$at/conf/kubelet.json" --kubeconfig "$cluster_dir/conf/kubelet.kubeconfig" \
		--hostname-override "$node" --node-ip "$node_ip" >"$log/kubelet.log" 2>&1 &
	"$kubernetes/bin/kube-proxy" --config "$at/conf/proxy.json" >"$log/kube-proxy.log" 2>&1 &
	wait -n
	die 4 "one of the node's processes has ended: see $log"
}

main "$@"
