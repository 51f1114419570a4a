#!/usr/bin/env bats
# What a container engine (Debian's buildah) makes of setup/image/Containerfile is what setup/image/build.sh packs.
load ../lib/common

IMAGE=$TOP/setup/image

# files ARCHIVE: mode, size, target and name of each file of the image, and what it runs as whom, sorted.
files() {
	local manifest layer
	rm -rf oci root
	mkdir oci root
	tar -x -C oci -f "$1"
	manifest=oci/blobs/sha256/$(jq -r '.manifests[0].digest | sub("sha256:"; "")' oci/index.json)
	for layer in $(jq -r '.layers[].digest | sub("sha256:"; "")' "$manifest"); do
		tar -x -C root -f "oci/blobs/sha256/$layer"
	done
	(cd root && find . -mindepth 1 \( -type f -printf '%m %s %p\n' -o -type l -printf 'link %l %p\n' -o -printf '%m %p\n' \) | sort)
	jq -r '.config | "\(.User) \(.Env | tojson) \(.Entrypoint | tojson)"' \
		"oci/blobs/sha256/$(jq -r '.config.digest | sub("sha256:"; "")' "$manifest")"
}

@test "image: buildah makes of the Containerfile what build.sh packs" {
	store=(buildah --root "$PWD/store" --runroot "$PWD/run" --storage-driver vfs)
	"$IMAGE/build.sh" --context context --archive packed
	for target in load:tokpipe sim:tokpipe-sim; do
		name=${target#*:}
		"${store[@]}" bud --isolation chroot --target "${target%:*}" -t "localhost/$name:1" context
		"${store[@]}" push "localhost/$name:1" "oci-archive:$PWD/$name.tar"
		files "$name.tar" >built
		files "packed/$name.tar" >ours
		[ "$(wc -l <ours)" -gt 60 ]
		diff built ours
	done
}
