# shellcheck shell=bash
# inload_objects: what a load in the cluster is made of: manifests, which are kept in RUN/cluster, and files on its volume.
# Sets load_name and load_ns; needs run_dir, kubectl and RUN/cluster/load.json.

# shellcheck disable=SC2154 # top is base's, kubectl that of cluster.sh
# shellcheck disable=SC2034 # work and stack_id are read by watch.sh

# shellcheck source=scripts/lib/runs.sh
. "${BASH_SOURCE[0]%/*}/runs.sh"
# shellcheck source=scripts/lib/watch.sh
. "${BASH_SOURCE[0]%/*}/watch.sh"

load_name='' load_ns=''
load_kinds=jobs,pods,services,secrets
load_folder='' # where pods see the files of this run

# open_load: RUN/cluster as the work directory of those that talk to the cluster; the load that load.json describes.
open_load() {
	work=$run_dir/cluster
	mkdir -p "$work/setup/logs" "$work/setup/commands" "$work/manifests"
	load_name=$(from_load .name)
	load_ns=$(from_load .namespace)
	load_folder=$(from_load '"\(.mount)/\(.run)"')
	stack_id=$(from_load .stack)
	cfg[CONTROL_UNSCHEDULABLE_GRACE]=${LLMDBENCH_CONTROL_UNSCHEDULABLE_GRACE:-60}
}

from_load() {
	jq -r "$1" "$run_dir/cluster/load.json"
}

# load_manifest PROGRAM
load_manifest() {
	jq -n -L "$top/setup/manifests" --slurpfile load "$run_dir/cluster/load.json" -f "$top/setup/manifests/$1.jq"
}

# make_object PROGRAM: write it into the cluster.
make_object() {
	load_manifest "$1" >"$work/manifests/$1.json"
	kube apply --server-side --field-manager=tokpipe --force-conflicts -f "$work/manifests/$1.json" >/dev/null
}

# make_key: the API key, which no file holds.
make_key() {
	[[ $(from_load .key) == true ]] || return 0
	note_command "${kubectl[@]}" apply --server-side --field-manager=tokpipe -f -
	attempt send_key || refused "secret $load_ns/$load_name"
}

send_key() {
	TOKPIPE_API_KEY=$(api_key) load_manifest load_secret |
		"${kubectl[@]}" --request-timeout=30s apply --server-side --field-manager=tokpipe --force-conflicts -f -
}

# api_key: what auth_header sends, alone.
api_key() {
	local header
	header=$(auth_header)
	printf '%s\n' "${header#Authorization: Bearer }"
}

# make_volume: where there is none of that name.
make_volume() {
	local claim
	claim=$(from_load .pvc)
	if ! kube_read get pvc "$claim" -n "$load_ns" -o name; then
		make_object load_claim
	fi
	wait_ready pvc "$claim" "$load_ns" 300
}

# remove_named KIND NAME OPTION…: that of the load, by its labels: what somebody else called so stays.
remove_named() {
	local ours=app.kubernetes.io/managed-by=tokpipe,tokpipe/run=$load_name
	kube delete "$1" -n "$load_ns" -l "$ours,app.kubernetes.io/name=$2" --ignore-not-found "${@:3}" >/dev/null
}

# make_data_pod: it is there and runs.
make_data_pod() {
	if kube_read get pod "$load_name-data" -n "$load_ns" -o 'jsonpath={.status.phase}'; then
		[[ $answer != Running ]] || return 0
		remove_named pods "$load_name-data" --wait=true --timeout=25s
	fi
	make_object data_pod
	wait_ready pods "app.kubernetes.io/name=$load_name-data" "$load_ns" 300
}

# in_data_pod COMMAND…: run it there; its output is ours.
in_data_pod() {
	"${kubectl[@]}" exec -i -n "$load_ns" "$load_name-data" -- "$@"
}

# forget_round: pods of another round of the same load meet anew; what was sent stays sent.
forget_round() {
	# shellcheck disable=SC2016 # it is the pod's shell that expands this
	attempt in_data_pod /bin/sh -ec 'cd "$1/out"; rm -f */attempts */start.jsonl */status' sh "$load_folder" </dev/null ||
		refused "pod $load_ns/$load_name-data"
}

# upload DIR: its files become what is in the load's folder, whole.
upload() {
	note_command "${kubectl[@]}" exec -i -n "$load_ns" "$load_name-data" -- tar -x -C "$load_folder/in"
	# shellcheck disable=SC2094 # .sums itself is not among them
	(cd "$1" && find . -type f ! -name .sums -exec sha256sum {} + >.sums)
	attempt upload_once "$1" || refused "pod $load_ns/$load_name-data: the files of the load"
}

upload_once() {
	# shellcheck disable=SC2016 # it is the pod's shell that expands this
	tar -C "$1" -c . |
		in_data_pod /bin/sh -ec 'mkdir -p "$1/in" "$1/out"; tar -x -m -f - -C "$1/in"; cd "$1/in"; sha256sum -c .sums >/dev/null' sh "$load_folder"
}

# download DIR: what the pods wrote becomes DIR, whole: what came is what the volume holds.
download() {
	local tries=0
	while :; do
		rm -rf "$1"
		mkdir -p "$1"
		note_command "${kubectl[@]}" exec -n "$load_ns" "$load_name-data" -- tar -c -C "$load_folder/out" .
		attempt download_once "$1" || refused "pod $load_ns/$load_name-data: the records of the load"
		! (cd "$1" && sha256sum -c --quiet .sums) >>"$log_file" 2>&1 || return 0
		tries=$((tries + 1))
		((tries < 3)) || die 3 "the records did not come whole from pod $load_ns/$load_name-data"
	done
}

download_once() {
	# shellcheck disable=SC2016 # it is the pod's shell that expands this
	in_data_pod /bin/sh -ec 'cd "$1/out"; find . -type f ! -name .sums -exec sha256sum {} + >/tmp/sums; tar -c -f - .' sh "$load_folder" </dev/null |
		tar -x -m -f - -C "$1" || return
	in_data_pod /bin/cat /tmp/sums </dev/null >"$1/.sums"
}

# remove_load [SECONDS]: all that there is of it in the cluster, but for its volume.  That something stays is no fault of
# the run; a node that was cut off from its API server is slow to begin again.
remove_load() {
	local patience=${1-120}
	local command=("${kubectl[@]}" delete "$load_kinds" -l "app.kubernetes.io/managed-by=tokpipe,tokpipe/run=$load_name"
		-n "$load_ns" --ignore-not-found)
	note_command "${command[@]}"
	attempt "${command[@]}" --wait=true --timeout=60s </dev/null ||
		warn "something of the load is left in the cluster (${complaint##*$'\n'}): $(quoted "${command[@]}")"
}
