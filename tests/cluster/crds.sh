#!/usr/bin/env bash
# crds.sh on|off: whether the cluster has the API of OpenShift's routes, by a definition of our own writing: that project's
# is in no registry.  A cluster that has it is taken for OpenShift, so only tests that run alone turn it on.
set -euo pipefail

# shellcheck source=tests/cluster/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"

served() {
	quietly kube get routes.route.openshift.io -A
}

main() {
	log_start
	case ${1-} in
	on)
		kube apply --server-side -f "$here/crds/own" >/dev/null
		patiently 30 "routes to be served" "$cluster_dir/log/kube-apiserver.log" served
		;;
	off) kube delete --ignore-not-found -f "$here/crds/own" >/dev/null ;;
	*) die 2 "expected on or off" ;;
	esac
}

main "$@"
