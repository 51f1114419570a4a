#!/usr/bin/env bash
# check.sh: the tests of tests/cluster, as TAP, on a cluster that is brought up for them and taken down again; those whose
# names begin with z change the cluster itself, and run alone.  With CLUSTER_SLOT set to a cluster that is up, that one is
# used and left.
set -euo pipefail

asked=${CLUSTER_SLOT-}
# shellcheck source=tests/cluster/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"

mine=false # did we bring it up?

clean_up() {
	local status=$?
	trap - EXIT
	trap '' INT TERM HUP
	! $mine || "$here/down.sh" >&2 || status=4
	exit "$status"
}

# bring_up: in the slot that was named, or in the first one that is free.
bring_up() {
	local number
	[[ -z $asked || ! -e $cluster_dir ]] || return 0
	if [[ -z $asked ]]; then
		for number in {0..7}; do
			[[ -e /tmp/tokpipe-cluster-$number || -e /sys/class/net/tokpipe$number ]] || break
		done
		export CLUSTER_SLOT=$number
		slot=$number cluster_dir=/tmp/tokpipe-cluster-$number
	fi
	mine=true
	"$here/up.sh" >&2
}

main() {
	local since=$SECONDS up tests
	if ((EUID != 0)); then
		echo "ok 1 cluster # SKIP a cluster needs root"
		return
	fi
	log_start
	trap clean_up EXIT
	trap 'exit 130' INT TERM HUP
	bring_up
	"$here/import.sh"
	up=$((SECONDS - since))
	cd "$top"
	tests/lib/in_parallel 3 bats tests/cluster/[a-y]*.bats
	tests/lib/in_parallel 1 bats tests/cluster/z*.bats
	tests=$((SECONDS - since - up))
	echo "# note: cluster: up and its images imported in $up s, tests $tests s"
}

main "$@"
