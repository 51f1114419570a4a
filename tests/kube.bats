#!/usr/bin/env bats
# What the scripts make of what kubectl says: who is asked again, who is not, and in which words it ends.

load lib/common

# said TEXT: what refused makes of it; and whether it is worth another try (status of away).
said() {
	run --separate-stderr bash -c 'set -euo pipefail
		. "$0/scripts/lib/kube.sh"
		complaint=$1
		if away; then echo again; fi
		refused "deployment shop/web"' "$TOP" "$1"
}

@test "nobody answers now: asked again, and in the end a Connection timeout" {
	local text
	for text in 'The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?' \
		'Unable to connect to the server: net/http: TLS handshake timeout' 'error: unexpected EOF' \
		'Error from server: etcdserver: request timed out' \
		'Error from server (ServiceUnavailable): the server is currently unable to handle the request' \
		'Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout' \
		'Get "https://10.0.0.1:6443/api": context deadline exceeded (Client.Timeout exceeded while awaiting headers)' \
		'Error from server (TooManyRequests): the server has received too many requests' \
		'Error from server (Conflict): Operation cannot be fulfilled: the object has been modified; please apply your changes'; do
		said "$text"
		is 3 again 'Connection timeout: deployment shop/web: ' 'Check network connectivity'
	done
}

@test "a wrong address or certificate is no matter of time" {
	said 'Unable to connect to the server: dial tcp: lookup nowhere.invalid: no such host'
	is 3 'Connection timeout: deployment shop/web: '
	[ -z "$output" ]
	said 'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority'
	is 3 'x509'
	[ -z "$output" ]
}

@test "what may not be done" {
	local text
	for text in 'Error from server (Forbidden): deployments.apps "web" is forbidden: User "ci" cannot patch resource "deployments"' \
		'error: You must be logged in to the server (Unauthorized)'; do
		said "$text"
		is 3 'Permission denied: deployment shop/web: ' 'Verify RBAC permissions' 'Check ServiceAccount configuration'
		[ -z "$output" ]
	done
}

@test "what is wrong with an object, a namespace that goes, a quota" {
	said 'The PersistentVolumeClaim "x" is invalid: spec: Forbidden: spec is immutable after creation'
	is 2 'is invalid'
	said 'Error from server (Forbidden): unable to create new content in namespace shop because it is being terminated'
	is 3 'wait until it is gone'
	said 'Error from server (Forbidden): pods "x" is forbidden: exceeded quota: q, requested: cpu=4'
	is 4 'Insufficient resources' 'quota'
	said 'error: context "nowhere" does not exist'
	is 2 'kubectl config use-context'
}

@test "a script whose caller is gone does nothing more" {
	run --separate-stderr bash -c 'set -euo pipefail
		. "$0/scripts/lib/kube.sh"
		parent=(999999999 1)
		attempt touch made' "$TOP"
	is 130 'is gone'
	[ ! -e made ]
}

@test "who answers after a while was worth the wait" {
	run --separate-stderr bash -c 'set -euo pipefail
		. "$0/scripts/lib/kube.sh"
		try_again() { echo x >>tries; (($(wc -l <tries) > 2)) || { echo "connection refused" >&2; return 1; }; echo here; }
		attempt try_again
		echo "$answer after $(wc -l <tries)"' "$TOP"
	is 0 'here after 3'
}
