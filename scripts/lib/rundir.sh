# shellcheck shell=bash
# rundir: work inside a run directory: each file appears whole, under its name, or not at
# all, and the directory keeps its time stamp (runs are listed by it).

# shellcheck source=scripts/lib/setup.sh
. "${BASH_SOURCE[0]%/*}/setup.sh"
# shellcheck source=scripts/lib/runs.sh
. "${BASH_SOURCE[0]%/*}/runs.sh"

# open_run DIR: set run_dir to DIR or to the latest run in it; what is missing ends the script.
open_run() {
	[[ -n $1 ]] || bad_usage "--run-dir is missing"
	find_run "$1"
	[[ -w $run_dir ]] || die 4 "$run_dir: cannot be written"
	type -P jq pctl gnuplot >/dev/null || set_up
	jq -e 'type == "object"' "$run_dir/run.json" >/dev/null 2>&1 || die 2 "$run_dir/run.json: not a JSON object"
	work=$(mktemp -d) || die 4 "${TMPDIR:-/tmp}: no room for work files"
	touch -r "$run_dir" "$work/stamp"
	trap close_run EXIT
}

close_run() {
	local status=$?
	trap - EXIT
	rm -f "$run_dir"/.*.tmp."$$"
	touch -r "$work/stamp" "$run_dir" 2>/dev/null || true
	if debugging; then
		debug "work files kept in $work"
	else
		rm -rf "$work"
	fi
	exit "$status"
}

# write FILE COMMAND…: FILE becomes what COMMAND prints, by rename; a COMMAND that fails ends
# the script and leaves FILE as it was.  "-" is the standard output.
write() {
	if [[ $1 == - ]]; then
		out "${@:2}"
		return
	fi
	write_records "$@"
	((status == 0)) || exit "$status"
}

# write_records FILE FILTER…: the same for a filter, whose 1 (some records were bad) and 5 (a
# bound was missed) leave a whole FILE.  Its status is left in $status.
write_records() {
	local file=$1 part=.${1##*/}.tmp.$$ command=("${@:2}")
	[[ $file != */* ]] || part=${file%/*}/$part
	[[ ! -L $file && (-f $file || ! -e $file) ]] || part=$file # a device or a pipe stays what it is
	[[ $part == "$file" ]] || { : >"$part"; } 2>/dev/null || die 4 "$file: cannot be written"
	status=0
	debug "$(quoted "${command[@]}") >$file"
	"${command[@]}" >"$part" || status=$?
	if [[ ${command[0]} == jq && $status -ne 0 && $status -ne 2 ]]; then
		[[ $part == "$file" ]] || rm -f "$part"
		die 1 "$file: could not be written (jq: $status)"
	fi
	case $status in
	0 | 1 | 5) [[ $part == "$file" ]] || mv -f "$part" "$file" || die 4 "$file: cannot be written" ;;
	*)
		[[ $part == "$file" ]] || rm -f "$part"
		exit "$status"
		;;
	esac
}
