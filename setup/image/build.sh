#!/usr/bin/env bash
# build.sh: the two images of this project: tokpipe, which load pods run, and tokpipe-sim, an engine that computes
# nothing.  Neither a container engine nor a network is needed to make them; to put them into a cluster, one is.
set -euo pipefail

lib=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/lib
# shellcheck source=scripts/lib/setup.sh
. "$lib/setup.sh"

usage='[--archive DIR] [--context DIR] [--load WHERE] [--push REGISTRY/REPO]'
about='Makes the images of load pods and of the simulated engine, and puts them where a cluster finds them.'
options=(
	$'archive DIR\tleave tokpipe.tar and tokpipe-sim.tar there (OCI archives)'
	$'context DIR\tleave there what a container engine builds: its Containerfile and the files'
	$'load WHERE\tinto kind (its cluster: KIND_CLUSTER_NAME), containerd, podman or docker'
	$'push REGISTRY/REPO\tto a registry, with skopeo, under these names and our version'
	$'yes\tinstall missing packages without asking'
)
notes='Names: localhost/tokpipe/tokpipe:VERSION and localhost/tokpipe/tokpipe-sim:VERSION.'
image=$top/setup/image

# make_archives DIR
make_archives() {
	local version pack=("$image/pack.sh" --user 65532:65532 --)
	version=$(program_version)
	mkdir -p "$1"
	"$image/rootfs.sh" "$tmp/rootfs"
	"$image/rootfs.sh" --sim "$tmp/sim"
	"${pack[@]}" "$tmp/rootfs" "$1/tokpipe.tar" "localhost/tokpipe/tokpipe:$version" /bin/sh
	"${pack[@]}" "$tmp/sim" "$1/tokpipe-sim.tar" "localhost/tokpipe/tokpipe-sim:$version" /bin/sh
}

# make_context DIR: for  podman build --target sim DIR  and its like.
make_context() {
	[[ ! -e $1/rootfs ]] || die 2 "$1/rootfs: is there already"
	mkdir -p "$1/sim"
	"$image/rootfs.sh" "$1/rootfs"
	install -m 755 "$image/bash" "$image/vllm" "$1/sim/"
	cp "$image/Containerfile" "$1/"
}

# loader WHERE: set command to what loads an archive.
loader() {
	case $1 in
	kind) command=(kind load image-archive) ;;
	containerd) command=(ctr -n k8s.io images import) ;;
	podman | docker) command=("$1" load -i) ;;
	*) die 2 "--load: $1: expected kind, containerd, podman or docker" ;;
	esac
	command -v "${command[0]}" >/dev/null ||
		die 4 "--load $1: there is no ${command[0]} here: install it, or use --archive and load those files where it is"
}

# load WHERE ARCHIVE
load() {
	local command
	loader "$1"
	logged 3 "$(quoted "${command[@]}" "$2") failed" "${command[@]}" "$2"
	info "loaded: $(basename "$2" .tar) into $1"
}

# push REGISTRY/REPO ARCHIVE
push() {
	local name version
	version=$(program_version)
	name=$1/$(basename "$2" .tar):$version
	logged 3 "$name could not be pushed" skopeo copy "oci-archive:$2" "docker://$name"
	info "pushed: $name"
}

main() {
	local archive where name command
	parse_options "$@"
	log_start
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: unexpected"
	[[ -n ${opt[archive]-}${opt[context]-}${opt[load]-}${opt[push]-} ]] ||
		bad_usage "where to: --archive, --context, --load or --push"
	[[ -z ${opt[yes]-} ]] || assume_yes=true
	[[ -z ${opt[load]-} ]] || loader "${opt[load]}"
	set_up
	need_packages image ${opt[push]+push}
	tmp=$(mktemp -d) # not local: the trap outlives this function
	trap 'rm -rf "$tmp"' EXIT
	[[ -z ${opt[context]-} ]] || make_context "${opt[context]}"
	[[ -n ${opt[archive]-}${opt[load]-}${opt[push]-} ]] || return 0
	archive=${opt[archive]-$tmp/archives}
	make_archives "$archive"
	for name in tokpipe tokpipe-sim; do
		for where in ${opt[load]+load} ${opt[push]+push}; do
			"$where" "${opt[$where]}" "$archive/$name.tar"
		done
	done
}

main "$@"
