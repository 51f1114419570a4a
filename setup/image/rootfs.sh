#!/usr/bin/env bash
# rootfs.sh: the files of our images: the programs, the libraries that they need, and busybox for a shell.  Nothing of a
# distribution is in there but these, the certificates, and the names of two users.
set -euo pipefail

lib=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/lib
# shellcheck source=scripts/lib/base.sh
. "$lib/base.sh"

usage='[--sim] DIR'
about='Fills the new folder DIR with the files of the image that sends the load, or of the simulated engine.'
options=($'sim\talso the names that a stack starts its engine by: vllm and bash')

is_program() {
	local magic=''
	[[ -f $1 ]] || return 1
	LC_ALL=C IFS= read -r -n 4 magic <"$1" || true
	[[ ${magic:1} == ELF ]]
}

# copy_programs: without what only a debugger reads, where strip is there.
copy_programs() {
	local file programs=()
	for file in "${TOKPIPE_BIN:-$top/bin}"/*; do
		if is_program "$file"; then
			cp -L "$file" "$into/bin/"
			programs+=("$into/bin/${file##*/}")
		fi
	done
	((${#programs[@]})) || die 4 "${TOKPIPE_BIN:-$top/bin}: there are no programs: run make"
	chmod 755 "${programs[@]}"
	! command -v strip >/dev/null || strip "${programs[@]}"
}

# copy_libraries: each where the program that loads them looks for it, under the name that it asks for.
copy_libraries() {
	local file
	ldd "$into"/bin/* >"$into/libraries"
	! grep 'not found' "$into/libraries" >&2 || die 4 "a library is missing"
	while read -r file; do
		mkdir -p "$into${file%/*}"
		cp -L "$file" "$into$file"
	done < <(awk '$2 == "=>" && $3 ~ "^/" { print $3 } $1 ~ "^/.*[^:]$" && $2 ~ "^\\(" { print $1 }' "$into/libraries" | sort -u)
	rm "$into/libraries"
}

copy_busybox() {
	local applet busybox=/bin/busybox
	[[ -x $busybox ]] || die 4 "$busybox: not there: install busybox-static"
	! ldd "$busybox" >/dev/null 2>&1 || die 4 "$busybox: not a static one: install busybox-static"
	cp "$busybox" "$into/bin/busybox"
	while read -r applet; do
		[[ -e $into/bin/$applet ]] || ln -s busybox "$into/bin/$applet"
	done < <("$busybox" --list)
}

copy_rest() {
	mkdir -p "$into"/{etc/ssl/certs,tmp,requests,proc,sys,dev}
	chmod 1777 "$into/tmp"
	printf 'root:x:0:0:root:/:/bin/sh\ntokpipe:x:65532:65532:tokpipe:/tmp:/bin/sh\n' >"$into/etc/passwd"
	printf 'root:x:0:\ntokpipe:x:65532:\n' >"$into/etc/group"
	echo 'hosts: files dns' >"$into/etc/nsswitch.conf"
	cp -L /etc/ssl/certs/ca-certificates.crt "$into/etc/ssl/certs/"
}

main() {
	parse_options "$@"
	log_start
	((${#operands[@]} == 1)) || bad_usage "expected one folder"
	into=${operands[0]}
	[[ ! -e $into ]] || die 2 "$into: is there already"
	umask 022
	mkdir -p "$into/bin"
	copy_programs
	copy_libraries
	copy_busybox
	copy_rest
	[[ -z ${opt[sim]-} ]] || install -m 755 "$top/setup/image/bash" "$top/setup/image/vllm" "$into/bin/"
}

main "$@"
