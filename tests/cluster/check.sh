#!/usr/bin/env bash
# check.sh [together|changes|outages]: the tests of tests/cluster, as TAP, on clusters that are brought up for them and
# taken down again: most of them together on one; those that change the cluster itself (z_*.bats) or take its API server
# away (zz_*.bats) one by one, each kind on one of its own beside.
# With CLUSTER_SLOT set to a cluster that is up, that one is used and left.
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

# free_slot: set slot and cluster_dir to one that nobody has, and take it.  One whose check.sh was killed is taken down.
free_slot() {
	local number pid start
	exec 8>/run/tokpipe-cluster.lock
	flock 8
	for number in {0..7}; do
		cluster_dir=/tmp/tokpipe-cluster-$number
		if [[ -s $cluster_dir/for ]]; then
			read -r pid start <"$cluster_dir/for"
			alive "$pid" "$start" || CLUSTER_SLOT=$number CLUSTER_DIR=$cluster_dir "$here/down.sh" 8>&-
		fi
		[[ ! -e /sys/class/net/tokpipe$number ]] || continue
		mkdir "$cluster_dir" 2>/dev/null || continue
		printf '%s %s\n' "$$" "$(started "$$")" >"$cluster_dir/for"
		slot=$number
		exec 8>&-
		return
	done
	die 4 "all eight clusters that this machine may have are up: take one down: CLUSTER_SLOT=0 $here/down.sh"
}

# bring_up: in the slot that was named, or in the first one that is free.
bring_up() {
	[[ -z $asked || ! -e $cluster_dir ]] || return 0
	[[ -n $asked ]] || free_slot
	export CLUSTER_SLOT=$slot CLUSTER_DIR=$cluster_dir
	mine=true
	"$here/up.sh" >&2
}

note() {
	printf '# note: cluster: %s\n' "$1"
}

longest() {
	sed -n 's/^# \([0-9]* s: .*\)/\1/p' "$cluster_dir/tap" | sort -rn | head -n 1
}

# tests_of JOBS WORDS FILE…: their TAP, and how long they took.
tests_of() {
	local begun=$SECONDS jobs=$1 words=$2
	shift 2
	"$top/tests/lib/in_parallel" "$jobs" tests "$@" | tee "$cluster_dir/tap"
	note "tests, $words, $((SECONDS - begun)) s; the longest one $(longest)"
}

# run_kind together|changes|outages
run_kind() {
	local since=$SECONDS
	trap clean_up EXIT
	trap 'exit 130' INT TERM HUP
	bring_up
	"$here/import.sh"
	note "up, and its images imported, in $((SECONDS - since)) s"
	cd "$top"
	export RESULTS=${RESULTS:-$cluster_dir} # a folder, to lock
	case $1 in
	together) tests_of 4 'four at a time' tests/cluster/[a-y]*.bats ;;
	changes) tests_of 1 'that change it' tests/cluster/z_*.bats ;;
	outages) tests_of 1 'that take its API server away' tests/cluster/zz_*.bats ;;
	esac
}

# all_kinds: each on a cluster of its own, at the same time, or one after the other on the one that was named.
all_kinds() {
	local kinds=(together changes outages) kind pid pids=() status=0
	if [[ -n $asked ]]; then
		for kind in "${kinds[@]}"; do "$0" "$kind"; done
		return
	fi
	unset CLUSTER_SLOT # lib.sh has set it
	trap 'kill "${pids[@]}"; wait; exit 130' INT TERM HUP
	for kind in "${kinds[@]}"; do
		"$0" "$kind" &
		pids+=("$!")
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || status=$?
	done
	return "$status"
}

main() {
	if ((EUID != 0)); then
		echo "ok 1 cluster # SKIP a cluster needs root"
		return
	fi
	log_start
	case ${1-} in
	'') all_kinds ;;
	together | changes | outages) run_kind "$1" ;;
	*) die 2 "$1: expected together, changes, outages or nothing" ;;
	esac
}

main "$@"
