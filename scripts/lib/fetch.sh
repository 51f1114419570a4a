# shellcheck shell=bash
# fetch: what an engine needs and the machine lacks, into a cache that all runs share.  Needs log,
# run and deps.

cache=${HOME:-}
[[ -n $cache ]] || cache=~
cache=${XDG_CACHE_HOME:-$cache/.cache}/tokpipe

# fetch DIR FUNCTION MB WHAT: let FUNCTION fill a directory that appears only when it is complete.
# One at a time: who finds another at it waits, and has nothing to do then.
fetch() {
	local dir=$1 lock=$1.lock
	mkdir -p "$cache" 2>/dev/null || die 4 "$cache: cannot be made (XDG_CACHE_HOME)"
	exec 9>"$lock"
	if ! flock -n 9; then
		info "${dir##*/}: waiting for another one that fetches it"
		flock 9
	fi
	if [[ ! -d $dir ]]; then
		rm -rf "$dir.part"
		room "$3" "$4"
		info "fetching $4 (once, into $cache)"
		grows "$dir.part" >&2 9>&- &
		"$2" "$dir.part"
		kill "$!" 2>/dev/null || true
		rm -rf "$dir.part/tmp"
		mv "$dir.part" "$dir"
	fi
	exec 9>&-
}

# grows DIR: every half minute, how much of it is there, until this script is done.
grows() {
	local n=0 never
	exec {never}<> <(:)
	while kill -0 "$$" 2>/dev/null; do
		read -r -t 1 -u "$never" || true
		((++n % 30)) || info "${1##*/}: $(du -sm "$1" 2>/dev/null | cut -f 1) MB so far"
	done
}

# room MB WHAT: is there so much of it on the disk of the cache?
room() {
	local free
	free=$(df -Pm "$cache" | awk 'NR == 2 { print $4 }')
	((free >= $1)) || die 4 "$cache: $free MB free, and $1 MB are needed for ${2%%:*}:" \
		"make room, or name another place with XDG_CACHE_HOME"
}

# pip VENV ARGUMENT…: what it downloads passes through VENV/tmp, on the disk that was looked at.
# $for_whom, where it is set, is who needs it.
pip() {
	local name=${0##*/}
	name=${for_whom-"--engine ${name%.sh}"}
	mkdir -p "$1/tmp"
	TMPDIR=$1/tmp logged 3 "pip could not fetch what $name needs: check the network" \
		"$1/bin/python" -m pip --quiet --disable-pip-version-check --no-cache-dir "${@:2}"
}

# will_move DIR: the scripts of a virtual environment name its directory; name the one where it is going to be.
will_move() {
	find "$1/bin" -type f -exec sed -i "1s|$1/|${1%.part}/|" {} +
}
