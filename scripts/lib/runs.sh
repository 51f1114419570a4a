# shellcheck shell=bash
# runs: the directories of runs, and run.json, which only jq writes; one bench.sh works in each.
# Sets run_dir.

# shellcheck source=scripts/lib/base.sh
. "${BASH_SOURCE[0]%/*}/base.sh"

run_dir=''
made=false # by this script; only then may it be removed
stamp=''   # of a directory that is older than this script

# new_run_dir PARENT PROFILE: PARENT/<UTC time>-<profile>; two in one second get different ones.
new_run_dir() {
	local parent=$1 base n=1
	[[ $parent != -* ]] || parent=./$parent
	mkdir -p -- "$parent" 2>/dev/null || die 4 "$1: cannot be made; --output-dir says where runs go"
	base=$parent/$(date -u +%Y-%m-%d_%H-%M-%S)-$(printf '%s' "$2" | tr -c 'A-Za-z0-9._-' -)
	run_dir=$base
	until mkdir -- "$run_dir" 2>/dev/null; do
		[[ -e $run_dir ]] || die 4 "$run_dir: cannot be made"
		n=$((n + 1))
		run_dir=$base-$n
	done
	made=true
}

# find_run DIR: set run_dir to DIR, or to the latest run in it, so that what was given as
# --output-dir can be given as --run-dir.
find_run() {
	local file latest=''
	run_dir=${1%/}
	[[ ! -f $run_dir/run.json ]] || return 0
	[[ -d $run_dir ]] || die 2 "$1: no such directory"
	[[ -r $run_dir && -x $run_dir ]] || die 2 "$1: cannot be read"
	for file in "$run_dir"/*/run.json; do
		[[ ! -f $file ]] || latest=$file # their names sort by time
	done
	[[ -n $latest ]] || die 2 "$run_dir/run.json: not there: is this a run directory?"
	run_dir=${latest%/run.json}
}

# record OPTION…: rewrite run.json by jq, which gets it as input (null at first).
record() {
	local old=(-n)
	[[ ! -f $run_dir/run.json ]] || old=("$run_dir/run.json")
	jq "$@" "${old[@]}" >"$run_dir/.run.json" || die 4 "$run_dir/run.json: cannot be written"
	mv "$run_dir/.run.json" "$run_dir/run.json"
}

# chosen FLAG…: those of these flags that were given, with their values, as JSON.
chosen() {
	local flag pairs=()
	for flag; do
		[[ -z ${opt[$flag]-} ]] || pairs+=("$flag" "${opt[$flag]}")
	done
	jq -cn '$ARGS.positional as $a | [range(0; $a | length; 2) | {($a[.]): $a[. + 1]}] | add // {}' \
		--args -- "${pairs[@]}"
}

# from_run FILTER: a value of run.json.
from_run() {
	jq -r "$1" "$run_dir/run.json"
}

# hold_run: only one bench.sh works in a run directory.  What a killed one left behind ends.
hold_run() {
	local pid start file
	[[ -w $run_dir ]] || die 4 "$run_dir: cannot be written"
	if [[ -f $run_dir/bench.pid ]]; then
		read -r pid start <"$run_dir/bench.pid"
		! alive "$pid" "$start" || die 2 "$run_dir: still running (process $pid)"
	fi
	for file in "$run_dir/sendreq.pid" "$run_dir/gpusample.pid"; do
		[[ -f $file ]] || continue
		read -r pid start <"$file"
		end_process "$pid" "$start" 15
		rm -f "$file"
	done
	printf '%s %s\n' "$$" "$(started "$$")" >"$run_dir/bench.pid"
}

# leave_run: at the end of the script.  A run that did not come to its end is marked; a
# directory in which none began goes, and only what the engine said stays.
leave_run() {
	local kept
	if ! $made && [[ ! -f $run_dir/bench.pid ]]; then
		return # nothing was done in it
	elif [[ -f $run_dir/run.json ]]; then
		rm -f "$run_dir/bench.pid" "$run_dir/sendreq.pid" "$run_dir"/.run.json "$run_dir"/.plan.json "$run_dir"/.statuses
		[[ $(from_run .status) != running ]] ||
			record --arg state failed --arg by '' -f "$top/scripts/lib/ended.jq"
		[[ -z $stamp ]] || touch -d "$stamp" "$run_dir"
		return
	fi
	if [[ -s $run_dir/engine.log ]]; then
		kept=$(mktemp "${TMPDIR:-/tmp}/tokpipe-engine-XXXXXX.log")
		mv "$run_dir/engine.log" "$kept"
		error "the engine's log is in $kept"
	fi
	! $made || [[ ${KVMINI_DEBUG-} == true ]] || rm -r "$run_dir"
}
