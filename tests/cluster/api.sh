#!/usr/bin/env bash
# api.sh start|stop|freeze|thaw: the API server of a test cluster that is up: killed, and started again as it was;
# or stopped without a word, so that who asks it waits.
set -euo pipefail

# shellcheck source=tests/cluster/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"

ready() {
	quietly kube get --raw /readyz
}

main() {
	local pid start command
	log_start
	case ${1-} in
	start)
		mapfile -d '' command <"$cluster_dir/kube-apiserver.cmd"
		begin kube-apiserver "${command[@]}"
		patiently 120 "the API server to be ready" "$cluster_dir/log/kube-apiserver.log" ready
		;;
	stop | freeze | thaw)
		process kube-apiserver || die 4 "the API server of slot $slot does not run"
		case $1 in
		stop) kill -KILL "$pid" ;;
		freeze) kill -STOP "$pid" ;;
		thaw) kill -CONT "$pid" ;;
		esac
		;;
	*) die 2 "expected start, stop, freeze or thaw" ;;
	esac
}

main "$@"
