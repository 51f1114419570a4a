#!/usr/bin/env bash
# pack.sh: a folder as an image, without a container engine: one layer, in an OCI archive that containerd, podman,
# docker and skopeo read; an older docker by the manifest.json that is in it, too.
#
# The same folder gives the same bytes: names are sorted, times are 0, everything is root's.
set -euo pipefail

lib=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/lib
# shellcheck source=scripts/lib/base.sh
. "$lib/base.sh"

usage='[--user UID:GID] [--env NAME=VALUE]... [--] ROOTFS OUT.tar NAME:TAG ENTRYPOINT...'
about='Packs the folder ROOTFS as a one-layer image OUT.tar, in the OCI layout.'
options=(
	$'user UID:GID\twho runs in it (root)'
	$'env NAME=VALUE...\tvariable of its environment (PATH=/bin)'
)
media=application/vnd.oci.image

# packed FOLDER OUT: a tar that depends on nothing but names, modes and contents.
packed() {
	tar --create --file "$2" --directory "$1" --format=pax --pax-option=delete=atime,delete=ctime,exthdr.name=%d/PaxHeaders/%f \
		--sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner .
}

# blob FILE: move it to where its digest says; print the digest.
blob() {
	local sum
	sum=$(sha256sum "$1")
	sum=${sum%% *}
	mv "$1" "$tmp/oci/blobs/sha256/$sum"
	printf 'sha256:%s\n' "$sum"
}

# described TYPE DIGEST: how another document names a blob.
described() {
	jq -nc --arg type "$media.$1" --arg digest "$2" --argjson size "$(stat -c %s "$tmp/oci/blobs/sha256/${2#sha256:}")" \
		'{mediaType: $type, digest: $digest, size: $size}'
}

# architecture: by the name that images have for it.
architecture() {
	local machine
	machine=$(uname -m)
	case $machine in
	x86_64) echo amd64 ;;
	aarch64) echo arm64 ;;
	*) printf '%s\n' "$machine" ;;
	esac
}

# image NAME ENTRYPOINT…: the documents around the layer.
image() {
	local name=$1 layer config manifest arch
	shift
	arch=$(architecture)
	layer=$(blob "$tmp/layer.tar")
	jq -n '{architecture: $arch, os: "linux", created: "1970-01-01T00:00:00Z",
		config: ({Env: ($env | split("\n")), Entrypoint: $ARGS.positional, WorkingDir: "/"} +
			if $user == "" then {} else {User: $user} end),
		rootfs: {type: "layers", diff_ids: [$layer]}}' \
		--arg arch "$arch" --arg env "${opt[env]-PATH=/bin}" --arg user "${opt[user]-}" --arg layer "$layer" \
		--args -- "$@" >"$tmp/config"
	config=$(blob "$tmp/config")
	jq -n --arg type "$media.manifest.v1+json" --argjson config "$(described config.v1+json "$config")" \
		--argjson layer "$(described layer.v1.tar "$layer")" \
		'{schemaVersion: 2, mediaType: $type, config: $config, layers: [$layer]}' >"$tmp/manifest"
	manifest=$(blob "$tmp/manifest")
	jq -n --arg name "$name" --argjson manifest "$(described manifest.v1+json "$manifest")" \
		'{schemaVersion: 2, manifests: [$manifest + {annotations:
			{"io.containerd.image.name": $name, "org.opencontainers.image.ref.name": $name}}]}' >"$tmp/oci/index.json"
	printf '{"imageLayoutVersion":"1.0.0"}' >"$tmp/oci/oci-layout"
	jq -n --arg name "$name" --arg config "blobs/${config/://}" --arg layer "blobs/${layer/://}" \
		'[{Config: $config, RepoTags: [$name], Layers: [$layer]}]' >"$tmp/oci/manifest.json"
}

main() {
	parse_options "$@"
	log_start
	((${#operands[@]} >= 4)) || bad_usage "expected a folder, an archive, a name and what it runs"
	[[ -d ${operands[0]} ]] || die 2 "${operands[0]}: not a folder"
	[[ ${operands[2]} == *:* ]] || die 2 "${operands[2]}: expected NAME:TAG"
	tmp=$(mktemp -d) # not local: the trap outlives this function
	trap 'rm -rf "$tmp"' EXIT
	mkdir -p "$tmp/oci/blobs/sha256"
	packed "${operands[0]}" "$tmp/layer.tar"
	image "${operands[@]:2}"
	packed "$tmp/oci" "${operands[1]}"
}

main "$@"
