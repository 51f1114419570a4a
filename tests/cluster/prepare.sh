#!/usr/bin/env bash
# prepare.sh: all that up.sh needs, from package registries alone: Debian's packages, and the servers of Kubernetes,
# kubectl, etcd and CoreDNS built from Go modules.  Minutes the first time; what was built is kept by a hash of what it was
# built from, outside the tree, and appears there complete or not at all.
set -euo pipefail

# shellcheck source=tests/cluster/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"
# shellcheck source=tests/cluster/recipe.sh
. "$here/recipe.sh"

usage='[--yes]'
about='Fetches and builds what the test cluster consists of; a second time there is nothing to do.'
options=($'yes\tinstall missing packages without asking')

part='' # what is being made, by us

clean_up() {
	local status=$?
	trap - EXIT
	trap '' INT TERM HUP
	# what is built holds gigabytes, which nobody would miss
	[[ -z $part ]] || rm -rf "$part" || warn "$part: could not be removed"
	exit "$status"
}

# fill FUNCTION DIR: DIR goes if FUNCTION does not end.
fill() {
	part=$2
	"$1" "$2"
	part=''
}

fill_kubernetes() {
	fill build_kubernetes "$1"
}

build_images() {
	"$here/images.sh" "$1"
}

fill_images() {
	fill build_images "$1"
}

main() {
	local since=$SECONDS
	parse_options "$@"
	log_start
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: unexpected"
	[[ -z ${opt[yes]-} ]] || assume_yes=true
	need_packages build run cluster
	"$here/rights.sh"
	trap clean_up EXIT
	trap 'exit 130' INT TERM HUP
	fetch "$kubernetes" fill_kubernetes 6000 "the test cluster: Kubernetes $kubernetes_version and CoreDNS, built from source"
	fetch "$images" fill_images 100 "the test cluster: images made of Debian's busybox"
	info "ready ($((SECONDS - since)) s): $kubernetes"
}

main "$@"
