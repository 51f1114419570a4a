#!/usr/bin/env bats
# The Debian package: it is built, lintian finds nothing, and on a Debian that has nothing but its
# base it brings what it needs, works for a user from an empty directory, and goes without a trace.
load ../lib/common

# A base system, made once for each release of Debian, kept as an archive.
base_system() {
	local cache=${XDG_CACHE_HOME:-$HOME/.cache}/tokpipe mirror release
	# shellcheck source=/dev/null
	release=$(. /etc/os-release && printf '%s\n' "$VERSION_CODENAME")
	BASE=$cache/debian-$release-minbase.tar
	[ ! -f "$BASE" ] || return 0
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: '"$release" | head -n 1)
	mkdir -p "$cache"
	/usr/sbin/debootstrap --variant=minbase "$release" "$BATS_FILE_TMPDIR/base" "$mirror"
	tar -C "$BATS_FILE_TMPDIR/base" -cf "$BASE.part" .
	mv "$BASE.part" "$BASE"
	rm -rf --one-file-system "$BATS_FILE_TMPDIR/base"
}

setup_file() {
	((EUID == 0)) || skip "needs root for a system of its own"
	export ROOT=$BATS_FILE_TMPDIR/root BASE VERSION
	VERSION=$(sed -n 's/^VERSION = //p' "$TOP/Makefile")
	# What make deb leaves in build/deb is not this test's to touch.
	mkdir "$BATS_FILE_TMPDIR/src"
	cp -a "$TOP"/{Makefile,LICENSE,README.md,bench.sh,run.sh,e2e.sh,completions,debian,docs,scenarios,scripts,setup,src,templates} \
		"$BATS_FILE_TMPDIR/src"
	make -s -C "$BATS_FILE_TMPDIR/src" deb >"$BATS_FILE_TMPDIR/deb.log" 2>&1 || {
		cat "$BATS_FILE_TMPDIR/deb.log"
		return 1
	}
	base_system >"$BATS_FILE_TMPDIR/base.log" 2>&1 || {
		cat "$BATS_FILE_TMPDIR/base.log"
		return 1
	}
	mkdir "$ROOT"
	tar -C "$ROOT" -xf "$BASE"
	cp /etc/resolv.conf "$ROOT/etc"
	cp "$BATS_FILE_TMPDIR/src/build/deb/tokpipe_$VERSION"_*.deb "$ROOT/root"
}

# inside COMMAND…: as root, in the new system, with processes of its own.
inside() {
	run --separate-stderr env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C \
		${http_proxy:+http_proxy="$http_proxy"} timeout 300 unshare --mount --pid --fork --root="$ROOT" --mount-proc -- "$@"
}

# user LINE: by nobody in particular, in a directory of his own that is empty at first.
user() {
	mkdir -p "$ROOT/tmp/empty"
	chown 65534:65534 "$ROOT/tmp/empty"
	inside setpriv --reuid 65534 --regid 65534 --clear-groups bash -c "cd /tmp/empty || exit; $1"
}

@test "lintian has nothing to say" {
	run lintian --allow-root --fail-on error,warning "$BATS_FILE_TMPDIR/src/build/deb/tokpipe_$VERSION"_*.changes
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "the package has the version and all programs" {
	local name
	dpkg-deb -f "$ROOT/root"/tokpipe_*.deb Version | grep -qx "$VERSION"
	dpkg-deb -c "$ROOT/root"/tokpipe_*.deb >list
	for name in "$TOP"/src/*.c; do
		grep -q " ./usr/bin/$(basename "$name" .c)\$" list
	done
}

@test "a changelog that says another version is refused" {
	cp -a "$BATS_FILE_TMPDIR/src" .
	sed -i '1s/(.*)/(9.9)/' src/debian/changelog
	run make -s -C src deb
	[ "$status" -ne 0 ]
	[[ $output == *'version 9.9, but the Makefile says'* ]]
}

@test "installed where there was nothing: a benchmark and a pipeline by a user, then purged" {
	inside apt-get -q update
	is 0
	inside sh -c 'apt-get -q -y install --no-install-recommends /root/tokpipe_*.deb'
	is 0 'Setting up tokpipe'
	user 'tokpipe bench --local --requests 5 --max-tokens 8 </dev/null'
	is 0 'ok 5, failed 0' 'report  runs/'
	user 'ls; jq .summary.successful_requests runs/*/analysis.json; jq -r .version runs/*/run.json'
	same "runs"$'\n'5$'\n'"$VERSION" "$output"
	user 'llmsim --port 0 --model m >url & until [ -s url ]; do sleep 0.1; done
		genload -n 6 --model m --input-tokens 9 --max-tokens 4 | sendreq --url "$(cat url)" -c 2 | tokstat |
		pctl output_tokens | jq -c "[.n, .mean]"; kill $!'
	is 0
	same '[6,4]' "$output"
	user 'tokpipe report --run-dir runs && tokpipe validate --profile burst >/dev/null && genload --version'
	is 0 "$VERSION"

	inside dpkg -L tokpipe
	printf '%s\n' "$output" >files
	inside apt-get -q -y purge tokpipe
	is 0
	while read -r file; do
		[[ -d $ROOT$file && $file != *tokpipe* ]] || [ ! -e "$ROOT$file" ]
	done <files
	same "" "$(find "$ROOT" -xdev -path "$ROOT/tmp" -prune -o -path "$ROOT/root" -prune -o -iname '*tokpipe*' -print)"
}
