#!/usr/bin/env bash
# import.sh [ARCHIVE…]: put images into the node of the cluster that is up; without names, those of this project as it is
# built now.
set -euo pipefail

# shellcheck source=tests/cluster/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"

main() {
	local archive
	log_start
	if (($# == 0)); then
		"$top/setup/image/build.sh" --archive "$cluster_dir/images"
		set -- "$cluster_dir"/images/*.tar
	fi
	for archive; do
		# what is where containerd runs is read through a pipe: the path may be another one there
		in_node ctr -a /run/containerd/containerd.sock -n k8s.io images import - <"$archive" >/dev/null
	done
}

main "$@"
