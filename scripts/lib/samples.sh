# shellcheck shell=bash
# samples: what telemetry.jsonl says, and what of the prompts was cached, for the results and the analysis.

# shellcheck source=scripts/lib/rundir.sh
. "${BASH_SOURCE[0]%/*}/rundir.sh"

# read_samples: set samples to the options that give jq the telemetry: $sampled, the summaries over
# the run's window (by GPU; the engine is none), $used, those of the pods, $counted, what the engine counted, and $cache.
read_samples() {
	local file=$run_dir/telemetry.jsonl
	[[ -r $file ]] || file=/dev/null
	# shellcheck disable=SC2154 # rundir.sh's work
	write "$work/sampled.jsonl" window_summaries "$file"
	write "$work/counted.json" jq -nR --slurpfile run "$run_dir/run.json" -f "$top/scripts/lib/counted.jq" "$file"
	write "$work/repeated.json" repeated_beginnings
	write "$work/cache.json" jq -n --slurpfile repeated "$work/repeated.json" --slurpfile counted "$work/counted.json" \
		-f "$top/scripts/lib/cache.jq" "$run_dir/metrics.jsonl"
	write "$work/used.jsonl" pods_used "$file"
	# shellcheck disable=SC2034 # for the callers
	samples=(--slurpfile used "$work/used.jsonl" --slurpfile sampled "$work/sampled.jsonl" --slurpfile counted "$work/counted.json"
		--slurpfile cache "$work/cache.json")
}

repeated_beginnings() {
	local file=$run_dir/requests.jsonl
	[[ -r $file ]] || file=/dev/null
	jq -rnR -f "$top/scripts/lib/said.jq" "$file" | LC_ALL=C sort | jq -nR -f "$top/scripts/lib/repeated.jq"
}

window_summaries() {
	# shellcheck disable=SC2016 # jq's variable
	jq -cR --slurpfile r "$run_dir/runsum.json" 'fromjson? | objects
		| select(.t_us >= $r[0].window.from_us and .t_us <= $r[0].window.to_us)' "$1" |
		pctl -q -p 50 -g device,uuid,name util_ratio mem_used_bytes power_w running waiting kv_ratio
}

pods_used() {
	# shellcheck disable=SC2016 # jq's variable
	jq -cR --slurpfile r "$run_dir/runsum.json" 'fromjson? | objects
		| select(.source == "pod" and .t_us >= $r[0].window.from_us and .t_us <= $r[0].window.to_us)' "$1" |
		pctl -q -p 50 -g namespace,pod cpu_cores mem_bytes
}
