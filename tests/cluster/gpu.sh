#!/usr/bin/env bash
# gpu.sh NUMBER [PRODUCT]: the node says that it has so many GPUs, as a device plugin would have it say; 0 takes them away.
# The kubelet keeps what it does not know until it starts anew.
set -euo pipefail

# shellcheck source=tests/cluster/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"

main() {
	local patch
	log_start
	whole "the number of GPUs" "${1-}" 0
	patch=$(jq -nc '{status: ({"nvidia.com/gpu": $n} | {capacity: ., allocatable: .})}' \
		--arg n "$1")
	[[ $1 != 0 ]] || patch=$(jq -c '.status[]["nvidia.com/gpu"] = null' <<<"$patch")
	kube patch node "$node" --subresource=status --type=merge -p "$patch" >/dev/null
	if [[ $1 == 0 ]]; then
		kube label node "$node" nvidia.com/gpu.product- nvidia.com/gpu.present- >/dev/null
	else
		kube label --overwrite node "$node" "nvidia.com/gpu.product=${2:-NVIDIA-H100-80GB-HBM3}" nvidia.com/gpu.present=true >/dev/null
	fi
}

main "$@"
