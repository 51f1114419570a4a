# shellcheck shell=bash
# inload_merge: what the pods of a load wrote, each its shard, becomes one run: the same lines, byte for byte, in the order of
# one sender.  Needs runs.sh; run.json says how many pods there are (load.pods).

# shellcheck disable=SC2154 # top is base's

# shellcheck source=scripts/lib/runs.sh
. "${BASH_SOURCE[0]%/*}/runs.sh"

# inload_merge OUT RUN: OUT/INDEX/… (setup/image/load.sh says what) into RUN/{requests,responses,progress,telemetry}.jsonl and
# RUN/log; into run.json load.shards, load.start_us and the warnings about them.  A shard that is not there has sent nothing:
# its requests are among those that --resume sends.
inload_merge() {
	local out=$1 dir=$2 pods part
	pods=$(from_run .load.pods)
	part=$(from_run '.load.part // 1')
	lines_of "$out" warmup before requests | by_key .id -u >"$dir/requests.jsonl"
	lines_of "$out" responses | by_key .end_us >"$dir/responses.jsonl"
	lines_of "$out" progress | by_key .t_us >"$dir/progress.jsonl"
	lines_of "$out" telemetry | by_key .t_us >"$dir/telemetry.jsonl"
	keep_pod_logs "$out" "$dir"
	shard_records "$out" "$pods" "$part" >"$dir/.shards.json"
	record --slurpfile shards "$dir/.shards.json" -f "$top/scripts/lib/inload_shards.jq"
	rm "$dir/.shards.json"
}

# lines_of OUT NAME…: those files of each shard, by their numbers.  A torn line at an end stays a line, which by_key leaves out.
lines_of() {
	local out=$1 index name files=()
	shift
	while IFS= read -r index; do
		for name; do
			[[ ! -s $out/$index/$name.jsonl ]] || files+=("$out/$index/$name.jsonl")
		done
	done < <(indexes "$out")
	((${#files[@]} == 0)) || LC_ALL=C grep -ah '' "${files[@]}"
}

indexes() {
	find "$1" -mindepth 1 -maxdepth 1 -type d -name '[0-9]*' -printf '%f\n' | sort -n
}

# by_key KEY [-u]: lines in the order of a number in them; those that have the same one stay as they are, or are one.
by_key() {
	# shellcheck disable=SC2016 # jq's own variable
	jq -rR '. as $line | try (fromjson | '"$1"' | numbers) catch empty | "\(.)\t\($line)"' |
		LC_ALL=C sort -s -n "${@:2}" -t $'\t' -k 1,1 | cut -f 2-
}

# keep_pod_logs OUT RUN: into RUN/pods.
keep_pod_logs() {
	local index
	mkdir -p "$2/pods"
	while IFS= read -r index; do
		[[ ! -s $1/$index/log ]] || cp -- "$1/$index/log" "$2/pods/load-$((index + 1)).log"
	done < <(indexes "$1")
}

# shard_records OUT PODS PART: one for each shard, whether it is there or not; PART is the first of this round.
shard_records() {
	local index dir
	for ((index = 0; index < $2; index++)); do
		dir=$1/$index
		jq -n --argjson shard "$((index + 1))" --argjson part "$3" --rawfile attempts <(kept "$dir/attempts") --slurpfile told <(kept "$dir/start.jsonl") \
			--rawfile status <(kept "$dir/status") --rawfile made <(kept "$dir/made") --argjson requests "$(kept_requests "$dir" | wc -l)" \
			-R -f "$top/scripts/lib/inload_shard.jq" < <(kept "$dir/responses.jsonl")
	done | jq -s .
}

# kept_requests DIR: those of a shard, each once.
kept_requests() {
	{
		kept "$1/before.jsonl"
		kept "$1/requests.jsonl"
	} | by_key .id -u
}

# kept FILE: nothing where it is not there.
kept() {
	[[ ! -e $1 ]] || cat -- "$1"
}
