# shellcheck shell=bash
# deps: the packages of setup/packages that this machine lacks, and how they get here.
# Needs log and run; $assume_yes=true answers the question.  Costs nothing when all is there.

assume_yes=false
packages_file=${BASH_SOURCE[0]%/*}/../../setup/packages

# probe WHAT: is it there?  No process is started for the usual ones.
probe() {
	local what=${1#*:} file
	case $1 in
	cmd:*) command -v "$what" >/dev/null ;;
	file:*) compgen -G "$what" >/dev/null ;;
	mod:*) command -v python3 >/dev/null && python3 -c "import $what" 2>/dev/null ;;
	inc:*)
		for file in /usr/include/"$what" /usr/include/*/"$what" /usr/local/include/"$what"; do
			[[ -e $file ]] && return
		done
		return 1
		;;
	*) die 1 "setup/packages: $1: no such probe" ;;
	esac
}

# missing_packages PURPOSE…: the names of the packages that are not there, one per line.
missing_packages() {
	local purpose package what seen=' '
	while read -r purpose package what; do
		[[ " $* " == *" $purpose "* && $seen != *" $package "* ]] || continue
		seen+="$package "
		probe "$what" || printf '%s\n' "$package"
	done <"$packages_file"
}

# need_packages PURPOSE…: install what is missing.  Says what; asks unless root or --yes.
need_packages() {
	local missing
	[[ -r $packages_file ]] || die 1 "$packages_file: cannot be read"
	mapfile -t missing < <(missing_packages "$@")
	((${#missing[@]})) || return 0
	if ! command -v apt-get >/dev/null; then
		die 4 "no apt-get here: install these (Debian's names) and try again: ${missing[*]}"
	fi
	if ((EUID != 0)); then
		command -v sudo >/dev/null ||
			die 4 "not root and no sudo: ask for: apt-get install --no-install-recommends ${missing[*]}"
		confirm "missing packages: ${missing[*]}.  Install them with sudo apt-get?" --yes
	fi
	install_packages "${missing[@]}"
}

# confirm QUESTION FLAG: go on after a yes; without a terminal name the flag that answers.
confirm() {
	local answer
	$assume_yes && return
	[[ -t 0 && -t 2 ]] || die 2 "$1  There is no terminal to ask on: answer with $2"
	# shellcheck disable=SC2154 # log's
	read -r -p "$tool: $1 [y/N] " answer || answer=
	[[ $answer == [yY]* ]] || die 2 "not confirmed"
}

install_packages() {
	local apt=(env "PATH=/usr/local/sbin:/usr/sbin:/sbin:$PATH" LC_ALL=C DEBIAN_FRONTEND=noninteractive)
	apt+=(apt-get -q -y -o DPkg::Lock::Timeout=300)
	if ((EUID != 0)); then
		ask_password "$@"
		apt=(sudo "${apt[@]}")
	fi
	info "installing missing packages (a minute or a few): $*"
	logged 3 "the package lists could not be read: check the network" "${apt[@]}" update
	logged 4 "the packages could not be installed" "${apt[@]}" install --no-install-recommends "$@"
}

# ask_password PACKAGE…: what sudo wants to know it asks now, where it can be seen.
ask_password() {
	sudo -n true 2>/dev/null && return
	[[ -t 0 && -t 2 ]] || die 4 "sudo wants a password, and there is no terminal to type it on; ask for:" \
		"apt-get install --no-install-recommends $*"
	sudo -v || die 4 "sudo refuses; ask for: apt-get install --no-install-recommends $*"
}

# logged STATUS MESSAGE COMMAND…: run a talkative command; show the end of what it said only
# when it failed, and end the script with STATUS.
logged() {
	local status=$1 message=$2 log
	shift 2
	log=$(mktemp)
	debug "$(quoted "$@")"
	if "$@" >"$log" 2>&1 </dev/null; then
		rm -f "$log"
		return
	fi
	tail -n 20 "$log" >&2
	die "$status" "$message (all of it: $log)"
}
