# shellcheck shell=bash
# setup: from a fresh checkout to built programs.  Nothing to do costs a make that finds so.

# shellcheck source=scripts/lib/base.sh
. "${BASH_SOURCE[0]%/*}/base.sh"

# set_up: packages, then make; two at one time take turns.  TOKPIPE_BIN names programs that
# are built already, and those of an installed tree are.
set_up() {
	local missing purposes=(build run)
	[[ -e $top/Makefile ]] || purposes=(run)
	[[ -w ${TMPDIR:-/tmp} ]] || die 4 "${TMPDIR:-/tmp}: work files cannot be written there (TMPDIR)"
	[[ -z ${TOKPIPE_BIN-} ]] || return 0
	if $dry_run; then
		mapfile -t missing < <(missing_packages "${purposes[@]}")
		((${#missing[@]} == 0)) ||
			die 2 "--dry-run installs nothing, and the profile cannot be checked without: ${missing[*]}"
	else
		need_packages "${purposes[@]}"
	fi
	[[ -e $top/Makefile ]] || return 0
	if [[ ! -w $top ]]; then # shared by many
		[[ -x $top/bin/sendreq ]] || die 4 "$top: not built yet, and cannot be written: let its owner run make there"
		return
	fi
	mkdir -p "$top/build"
	exec 8>"$top/build/lock"
	flock 8
	make -q -C "$top" all >/dev/null 2>&1 || build
	exec 8>&-
}

build() {
	info "building (a minute at most)"
	logged 4 "make failed" make -s -C "$top" "-j$(nproc)" all
}

# host: the machine that sends the load, as JSON.
host() {
	local cpu memory
	cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
	memory=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)
	jq -cn -f "$top/scripts/lib/host.jq" --arg name "$(</proc/sys/kernel/hostname)" \
		--arg kernel "$(</proc/sys/kernel/osrelease)" --arg cpu "$cpu" --arg cpus "$(nproc)" \
		--arg os "$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)" --arg memory_kb "$memory"
}
