#!/usr/bin/env bash
# api.sh start|stop|freeze|thaw: the API server of a test cluster that is up: killed, and started again as it was;
# or stopped without a word, so that who asks it waits.
set -euo pipefail

# shellcheck source=tests/cluster/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"

# start: as it was; so are those that ask it all the time, as they would be when they lose their lease: one that was turned
# away for long waits long before it asks again.
start() {
	local name pid start
	begin_again kube-apiserver
	patiently 120 "the API server to be ready" "$cluster_dir/log/kube-apiserver.log" quietly kube get --raw /readyz
	for name in kube-controller-manager kube-scheduler; do
		if process "$name"; then
			kill -KILL "$pid"
			begin_again "$name"
		fi
	done
}

main() {
	local pid start
	log_start
	case ${1-} in
	start) start ;;
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
