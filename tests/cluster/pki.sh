#!/usr/bin/env bash
# pki.sh: the keys of a test cluster: one authority, three certificates, a token for each who asks the API server, and
# their kubeconfigs.
set -euo pipefail

# shellcheck source=tests/cluster/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"

key() { # key FILE
	openssl ecparam -name prime256v1 -genkey -noout -out "$1" 2>/dev/null
}

# certificate NAME SUBJECT NAMES USAGE
certificate() {
	key "$1.key"
	printf 'subjectAltName=%s\nextendedKeyUsage=%s\nkeyUsage=digitalSignature\n' "$3" "$4" >"$1.ext"
	openssl req -new -key "$1.key" -subj "$2" 2>/dev/null |
		openssl x509 -req -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -extfile "$1.ext" -out "$1.crt" 2>/dev/null
}

# kubeconfig USER FILE
kubeconfig() {
	local ca
	ca=$(base64 -w 0 ca.crt)
	(
		umask 077
		jq -n --arg user "$1" --arg token "${token[$1]}" --arg ca "$ca" --arg server "https://$api_ip:$api_port" \
			--arg name "lab$slot" '{apiVersion: "v1", kind: "Config", "current-context": $name,
			clusters: [{name: $name, cluster: {server: $server, "certificate-authority-data": $ca}}],
			users: [{name: "\($name)-\($user)", user: {token: $token}}],
			contexts: [{name: $name, context: {cluster: $name, user: "\($name)-\($user)"}}]}' >"$2"
	)
}

main() {
	local user names api_ip=$1 api_port=$2
	local -A token=()
	mkdir -p "$cluster_dir/pki" "$cluster_dir/conf"
	chmod 700 "$cluster_dir/pki"
	cd "$cluster_dir/pki"
	key ca.key
	openssl req -x509 -new -key ca.key -subj /CN=test-ca -days 3650 -out ca.crt 2>/dev/null
	names=DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc
	names+=,DNS:kubernetes.default.svc.cluster.local,IP:127.0.0.1,IP:$host_ip,IP:$first_service_ip
	certificate apiserver /CN=kube-apiserver "$names" serverAuth
	certificate etcd /CN=etcd DNS:localhost,IP:127.0.0.1 serverAuth,clientAuth
	certificate client /O=system:masters/CN=kube-apiserver DNS:client clientAuth
	key sa.key
	for user in admin manager scheduler kubelet proxy; do
		token[$user]=$(openssl rand -hex 16)
		kubeconfig "$user" "$cluster_dir/conf/$user.kubeconfig"
	done
	mv "$cluster_dir/conf/admin.kubeconfig" "$cluster_dir/kubeconfig"
	printf '%s\n' "${token[admin]},admin,admin,system:masters" "${token[manager]},system:kube-controller-manager,manager" \
		"${token[scheduler]},system:kube-scheduler,scheduler" "${token[kubelet]},system:node:$node,kubelet,system:nodes" \
		"${token[proxy]},system:kube-proxy,proxy" >tokens.csv
}

main "$@"
