#!/usr/bin/env bash
# up.sh: a real Kubernetes: etcd, API server, controller manager and scheduler on this machine, and one node with
# containerd, kubelet and kube-proxy in namespaces of its own.  No packet of it leaves the machine.
#
# Ready when it returns: the node takes pods, and names of Services resolve in them.
set -euo pipefail

# shellcheck source=tests/cluster/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"

usage='[--api-only]'
about='Brings the test cluster of CLUSTER_SLOT (0) up, and prints what a shell needs to use it.'
options=($'api-only\tetcd and the API server only: enough to be another cluster, and to check objects')

# network: two ends of a cable, one of them in the node.  Where a real route is missing because the node is down, an
# unreachable one is what a packet meets, and not the world.
network() {
	local range
	ip netns add "$namespace"
	ip link add "$veth" type veth peer name eth0 netns "$namespace"
	ip addr add "$host_ip/24" dev "$veth"
	ip link set "$veth" up
	ip -n "$namespace" addr add "$node_ip/24" dev eth0
	ip -n "$namespace" link set eth0 up
	ip -n "$namespace" link set lo up
	ip -n "$namespace" route add "$service_cidr" via "$host_ip"
	ip -n "$namespace" route add unreachable default metric 4000
	for range in "$pod_cidr" "$service_cidr"; do
		ip route add unreachable "$range" metric 5000
		ip route add "$range" via "$node_ip"
	done
}

etcd() {
	local pki=$cluster_dir/pki peer=http://127.0.0.1:$peer_port client=https://127.0.0.1:$etcd_port
	begin etcd "$kubernetes/bin/etcd" --name lab --data-dir "$cluster_dir/etcd" --unsafe-no-fsync --log-level warn \
		--listen-client-urls "$client" --advertise-client-urls "$client" --listen-peer-urls "$peer" \
		--initial-advertise-peer-urls "$peer" --initial-cluster "lab=$peer" --client-cert-auth \
		--trusted-ca-file "$pki/ca.crt" --cert-file "$pki/etcd.crt" --key-file "$pki/etcd.key"
}

api_server() {
	local pki=$cluster_dir/pki command
	command=("$kubernetes/bin/kube-apiserver" "--bind-address=$api_ip" "--secure-port=$api_port"
		"--etcd-servers=https://127.0.0.1:$etcd_port" "--etcd-cafile=$pki/ca.crt" "--etcd-certfile=$pki/client.crt"
		"--etcd-keyfile=$pki/client.key" "--tls-cert-file=$pki/apiserver.crt" "--tls-private-key-file=$pki/apiserver.key"
		"--client-ca-file=$pki/ca.crt" "--kubelet-client-certificate=$pki/client.crt"
		"--kubelet-client-key=$pki/client.key" --kubelet-preferred-address-types=InternalIP
		"--token-auth-file=$pki/tokens.csv" "--authorization-mode=Node,RBAC" "--enable-admission-plugins=NodeRestriction"
		--service-account-issuer=https://kubernetes.default.svc.cluster.local
		"--service-account-key-file=$pki/sa.key" "--service-account-signing-key-file=$pki/sa.key"
		"--service-cluster-ip-range=$service_cidr" --allow-privileged=true --profiling=false)
	if [[ -n ${opt["api-only"]-} ]]; then
		command+=(--endpoint-reconciler-type=none --disable-admission-plugins=ServiceAccount)
	else
		command+=("--advertise-address=$host_ip")
	fi
	begin kube-apiserver "${command[@]}"
	patiently 120 "the API server to be ready" "$cluster_dir/log/kube-apiserver.log" quietly kube get --raw /readyz
}

# controllers: the host-path provisioner writes to one fixed place, which is the cluster's own in here.
controllers() {
	local pki=$cluster_dir/pki
	mkdir -p /tmp/hostpath_pv "$cluster_dir/volumes"
	# shellcheck disable=SC2016 # for the inner shell
	begin kube-controller-manager unshare --mount --propagation private bash -c \
		'mount --bind "$1" /tmp/hostpath_pv && shift && exec "$@"' - "$cluster_dir/volumes" \
		"$kubernetes/bin/kube-controller-manager" "--kubeconfig=$cluster_dir/conf/manager.kubeconfig" \
		--bind-address=127.0.0.1 "--secure-port=$manager_port" --leader-elect=false --use-service-account-credentials \
		"--root-ca-file=$pki/ca.crt" "--service-account-private-key-file=$pki/sa.key" \
		"--cluster-signing-cert-file=$pki/ca.crt" "--cluster-signing-key-file=$pki/ca.key" \
		"--service-cluster-ip-range=$service_cidr" --allocate-node-cidrs=false --enable-hostpath-provisioner=true \
		--authentication-skip-lookup --profiling=false
	begin volumes "$here/volumes.sh"
	begin kube-scheduler "$kubernetes/bin/kube-scheduler" "--kubeconfig=$cluster_dir/conf/scheduler.kubeconfig" \
		--bind-address=127.0.0.1 "--secure-port=$scheduler_port" --leader-elect=false --authentication-skip-lookup \
		--profiling=false
}

objects() {
	jq -n -f "$here/base.jq" --arg dns_ip "$dns_ip" | kube apply --server-side -f - >/dev/null
	kube apply --server-side -f "$kubernetes/crds" >/dev/null
}

# the_node: its first process is killed with the one that is begun here, and with it all that is in it.
the_node() {
	mkdir -p "$cluster_dir/node"
	begin node nsenter "--net=/run/netns/$namespace" unshare --mount --pid --fork --kill-child --uts \
		--propagation private "$here/node.sh"
	patiently 120 "node $node to be there" "$cluster_dir/log/node.log" quietly kube get node "$node"
	patiently 120 "node $node to be ready" "$cluster_dir/log/kubelet.log" quietly kube wait \
		--for=condition=Ready --timeout=1s "node/$node"
	patiently 60 "names to resolve" "$cluster_dir/log/kubelet.log" quietly kube wait -n kube-system \
		--for=condition=Available --timeout=1s deployment/coredns
}

# take_slot: only one of several that are at it in one moment makes the directory.  check.sh makes it for the one that it
# runs.
take_slot() {
	local for=''
	if ! mkdir "$cluster_dir" 2>/dev/null; then
		[[ ! -s $cluster_dir/for ]] || read -r for _ <"$cluster_dir/for"
		[[ $for == "$PPID" && ! -e $cluster_dir/log ]] ||
			die 4 "$cluster_dir: a cluster is up there, or was not taken down: run $here/down.sh"
	fi
	mkdir "$cluster_dir/log"
	[[ -n ${opt["api-only"]-} ]] || free_ranges "$slot" ||
		die 4 "no addresses for a cluster: this machine has routes to all that one could take (${nets[*]})"
	printf '%s\n' "$net" >"$cluster_dir/net"
}

main() {
	local api_ip api_port since=$EPOCHREALTIME
	parse_options "$@"
	log_start
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: unexpected"
	[[ -x $kubernetes/bin/hyper && -e $images/pause.tar ]] || die 4 "the cluster is not built yet: run $here/prepare.sh"
	[[ -n ${opt["api-only"]-} ]] || "$here/rights.sh"
	take_slot
	export TOKPIPE_CLUSTER=$cluster_dir # by this down.sh finds what nobody has written down yet
	api_ip=$host_ip api_port=6443
	# a cluster without a node is asked by this machine only
	[[ -z ${opt["api-only"]-} ]] || api_ip=127.0.0.1 api_port=$((6443 + 100 * slot))
	"$here/pki.sh" "$api_ip" "$api_port"
	[[ -n ${opt["api-only"]-} ]] || network
	etcd
	api_server
	if [[ -z ${opt["api-only"]-} ]]; then
		controllers
		objects
		the_node
	fi
	info "up in $(awk -v from="$since" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }') s: $cluster_dir"
	printf '%s\n' "$kubernetes/bin" >"$cluster_dir/bin"
	printf 'export %s\n' "KUBECONFIG=$cluster_dir/kubeconfig" "CLUSTER_SLOT=$slot" "PATH=$kubernetes/bin:\$PATH" \
		"no_proxy=$net.0.0/16\${no_proxy:+,\$no_proxy}"
}

main "$@"
