# shellcheck shell=bash
# work: the work directory, into which everything is written: what was asked for, what was made of it, each
# command that changed something, and what was seen.  Needs base and settings.

# shellcheck disable=SC2154 # cfg, script and scenario_file are settings'
# shellcheck disable=SC2034 # noted is for the caller

work= # absolute
work_counter=0
ROOM=256K # of what a standup writes

# open_work SCRIPT: set work to the directory that the settings name, or to a new one, and make its tree.
# What an earlier standup of the whole stack wrote below setup/ is kept under another name.
open_work() {
	local script=$1
	work=${cfg[CONTROL_WORK_DIR]-}
	if [[ -z $work ]]; then
		work=$(mktemp -d "${TMPDIR:-/tmp}/${cfg[CONTROL_CLUSTER_NAME]//[^A-Za-z0-9._-]/-}-${script}XXXXXX") ||
			die 4 "${TMPDIR:-/tmp}: no directory can be made there"
	fi
	(umask 077 && mkdir -p -- "$work") 2>/dev/null || die 4 "$work: cannot be made: set LLMDBENCH_CONTROL_WORK_DIR to another directory"
	work=$(cd -P -- "$work" && pwd)
	[[ -w $work ]] || die 4 "$work: cannot be written: set LLMDBENCH_CONTROL_WORK_DIR to another directory"
	cfg[CONTROL_WORK_DIR]=$work
	if [[ $script == standup ]]; then
		same_stack
		[[ -n ${cfg[STEP_LIST]} || -z $(ls -A "$work/setup/commands" 2>/dev/null) ]] || set_aside
	fi
	make_tree || die 4 "$work: there is no room: make some, or set LLMDBENCH_CONTROL_WORK_DIR to another directory"
}

# make_tree: status 1 when there is no room; better now than in the middle.
make_tree() (
	cd -- "$work" && mkdir -p environment setup/{scenario/tmp,yamls,commands,logs,experiments} workload results analysis || return 1
	head -c "$ROOM" /dev/zero >environment/.room && rm environment/.room && return 0
	rm -f environment/.room
	return 1
) 2>/dev/null

# same_stack: the work directory of another stack is not ours to write into.
same_stack() {
	local there here="${cfg[VLLM_COMMON_NAMESPACE]} ${cfg[CONTROL_STACK]}"
	[[ -s $work/environment/stack.json ]] || return 0
	there=$(jq -r '"\(.namespace) \(.name)"' "$work/environment/stack.json") ||
		die 2 "$work/environment/stack.json: cannot be read: set LLMDBENCH_CONTROL_WORK_DIR to another directory"
	[[ $there == "$here" ]] ||
		die 2 "$work: it is of stack ${there#* } in namespace ${there%% *}, this is stack ${here#* } in" \
			"namespace ${here%% *}: set LLMDBENCH_CONTROL_WORK_DIR to another directory"
}

set_aside() {
	local stamp
	printf -v stamp '%(%Y-%m-%d_%H.%M.%S)T' -1
	while [[ -e $work/setup.$stamp ]]; do stamp+=_; done
	mv -- "$work/setup" "$work/setup.$stamp"
	info "$work: what was in setup is now in setup.$stamp"
}

# note_command ARG…: write the command to setup/commands/<time>_command.log, and set noted to that name without
# its "command.log": what it prints goes to ${noted}stdout.log and ${noted}stderr.log.
note_command() {
	local text
	text=$(quoted "$@")
	while true; do
		work_counter=$(((work_counter + 1) % 1000))
		printf -v noted '%s/setup/commands/%s%03d_' "$work" "${EPOCHREALTIME//[!0-9]/}" "$work_counter"
		(set -C && : >"${noted}command.log") 2>/dev/null && break # of a trap, too
		[[ -e ${noted}command.log ]] || die 4 "${noted}command.log: cannot be written"
	done
	(printf '%s\n' "$text" >"${noted}command.log") 2>/dev/null || die 4 "${noted}command.log: cannot be written: is the disk full?"
}

# keep_scenario: a copy of the scenario, without the lines that hold a token and without the token itself.
keep_scenario() {
	local line name text='' kept
	[[ -n $scenario_file ]] || return 0
	kept=$work/setup/scenario/${scenario_file##*/}
	[[ $scenario_file != "$kept" ]] || return 0
	while IFS= read -r line || [[ -n $line ]]; do
		for name in "${secret_names[@]}"; do
			[[ $line != *"LLMDBENCH_$name="* ]] || line="# LLMDBENCH_$name: left out"
			[[ -z ${secrets[$name]-} ]] || line=${line//"${secrets[$name]}"/(left out)}
		done
		text+=$line$'\n'
	done <"$scenario_file"
	printf '%s' "$text" >"$kept"
}
