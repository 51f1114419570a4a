#!/usr/bin/env bash
# images.sh DIR: fill it with the two images that the cluster itself needs: busybox (Debian's) and pause, which every
# pod has and which does nothing until it is told to end.
set -euo pipefail

# shellcheck source=tests/cluster/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"

make_rootfs() { # make_rootfs DIR
	local applet
	mkdir -p "$1"/{bin,tmp,etc,proc,sys,dev}
	chmod 1777 "$1/tmp"
	cp /bin/busybox "$1/bin/busybox"
	while read -r applet; do
		[[ $applet == busybox ]] || ln -s busybox "$1/bin/$applet"
	done < <(/bin/busybox --list)
	printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65532:65532:nobody:/tmp:/bin/sh\n' >"$1/etc/passwd"
	printf 'root:x:0:\nnobody:x:65532:\n' >"$1/etc/group"
}

main() {
	local pack=$top/setup/image/pack.sh rootfs=$1/tmp/rootfs dns=$1/tmp/dns
	log_start
	make_rootfs "$rootfs"
	"$pack" -- "$rootfs" "$1/busybox.tar" localhost/busybox:1 /bin/sh
	# shellcheck disable=SC2016 # the shell in the image
	"$pack" -- "$rootfs" "$1/pause.tar" localhost/pause:1 /bin/sh -c \
		'trap "exit 0" TERM INT; while :; do sleep 86400 & wait $!; done'
	mkdir -p "$dns/bin"
	cp "$kubernetes/bin/coredns" "$dns/bin/"
	"$pack" --user 65532:65532 -- "$dns" "$1/coredns.tar" localhost/coredns:1 /bin/coredns
}

main "$@"
