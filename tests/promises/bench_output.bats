#!/usr/bin/env bats
# The documented outputs: results.json and analysis.json have every key of the documented
# samples, in their order, with values of the same form.

load ../lib/common
load ../lib/bench

setup_file() {
	load ../lib/common
	cd "$BATS_FILE_TMPDIR" || return
	printf 'gpu: {NVIDIA-A10: 1.8}\ncpu: {hourly_per_core: 0.04}\nmemory: {hourly_per_gib: 0.005}\noverhead: {fraction: 0}\n' >cost.yaml
	TOKPIPE_BIN=${TOKPIPE_BIN:-$TOP/bin} "$TOP/bench.sh" --local --requests 60 --concurrency 20 --set prompts.file=null --input-tokens 8 \
		--max-tokens 8 --set validation=null --engine-arg=--fault=http-500@0.1 --engine-arg=--seed=3 \
		--gpu NVIDIA-A10 --gpus 1 --cost-config cost.yaml \
		--set resources.requests.cpu=2 --set resources.requests.memory=4Gi >/dev/null 2>&1
	RUN=$(latest)
	export RUN=$PWD/$RUN
}

# forms FILE: each path of a JSON file with the form of its value; null where it was not measured.
forms() {
	jq -r 'def form: if type == "string" then
			if test("^\\$[0-9]+\\.[0-9]{2,}$") then "money"
			elif test("^[0-9-]{10}T[0-9:]{8}Z$") then "time" else "text" end
		else type end;
		def walk_to($p): if type == "object" then to_entries[] | .key as $k | .value | walk_to($p + [$k])
			elif type == "array" and (.[0] | type) == "object" then .[0] | walk_to($p + ["0"])
			else "\($p | join(".")): \(form)" end;
		walk_to([])' "$1"
}

@test "results.json: the documented keys in their order, values of the documented form" {
	forms "$TOP/tests/promises/bench/results.json" >want
	forms "$RUN/results.json" | grep -E '^(metadata|performance|cost|energy|resources)\.' | grep -v '^cost.cost_per_1k_output_tokens: ' >got
	# Nobody measured these: there is no cluster and no GPU.  metadata.service is a cluster's.
	sed -E 's/^(energy\..*|resources\..*|metadata\.(namespace|service)): .*/\1: null/' want >expected
	same "$(cat expected)" "$(cat got)"
}

@test "what was not measured has its reason in run.json" {
	jq -e '.not_measured | (.energy | length > 10) and (.resources | length > 10)' "$RUN/run.json"
	differs 'cost, energy, resources'
}

@test "analysis.json: the documented keys in their order, values of the documented form" {
	forms "$TOP/tests/promises/bench/analysis.json" >want
	forms "$RUN/analysis.json" | grep -E '^(summary|latency|throughput|errors)\.' |
		grep -vE '^throughput\.([a-z_]+_interval|peak_tokens_per_second): ' >got
	same "$(cat want)" "$(cat got)"
}

@test "the numbers belong together" {
	jq -e '.summary as $s | $s.total_requests == 60 and $s.successful_requests + $s.failed_requests == 60
		and ($s.success_rate - $s.successful_requests / 60 | fabs) < 1e-9
		and (.errors | length) == $s.failed_requests and $s.failed_requests > 0
		and (.latency.histogram.counts | add) == $s.successful_requests
		and (.latency.percentiles | .p50 <= .p90 and .p90 <= .p95 and .p95 <= .p99)' "$RUN/analysis.json"
	jq -se '.[0].performance.p95_latency_ms == .[1].latency.percentiles.p95
		and .[0].performance.throughput_rps == .[1].throughput.requests_per_second' "$RUN/results.json" "$RUN/analysis.json"
	# 1 GPU at 1.80, 2 cores at 0.04 and 4 GiB at 0.005 dollars an hour.
	jq -e '.cost | .breakdown + {all: .hourly_cost} | map_values(ltrimstr("$") | tonumber) == {gpu: 1.8, cpu: 0.08, memory: 0.02, all: 1.9}' "$RUN/results.json"
}

@test "an error's details are the documented sentence: Request timed out after 30s" {
	start_sim --time-to-first-token 60s
	"$TOP/bench.sh" --url "$url" --requests 1 --concurrency 1 "${fast[@]}" --warmup 0 --first-timeout 1s >/dev/null 2>&1 || true
	jq -e '.errors[0] | .error == "timeout" and .details == "Request timed out after 1s (first event)"' "$(latest)/analysis.json"
}

@test "a directory of runs holds nothing but runs; ls -1t finds the latest" {
	local dir
	for dir in "$BATS_FILE_TMPDIR"/runs/*; do
		[[ -f $dir/run.json && $dir =~ /[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{2}-[0-9]{2}-[0-9]{2}-standard$ ]]
	done
}
