# shellcheck shell=bash
# cost: the prices that a run is priced by, and its cost: prices.json, cost.json, and what of
# it run.json says was not measured.

# shellcheck disable=SC2154 # work is rundir.sh's
# shellcheck source=scripts/lib/runs.sh
. "${BASH_SOURCE[0]%/*}/runs.sh"
# shellcheck source=scripts/lib/samples.sh
. "${BASH_SOURCE[0]%/*}/samples.sh"

prices_file=''

# What a user may say about a server's price.
# shellcheck disable=SC2034 # for the scripts that take them
cost_options=(
	$'gpu PRODUCT\tthe server\'s GPU, by the exact name of its product: prices the run'
	$'gpus N\thow many of them (profile, else 1); 0: it has none'
	$'cost-config FILE\tthe prices ($KVMINI_COST_CONFIG, else cost.yaml here or the shipped one)'
)

# find_prices: set prices_file: what is named is looked up here and then among the shipped ones.
find_prices() {
	local name=${opt["cost-config"]-${KVMINI_COST_CONFIG:-cost.yaml}} file
	for file in "$name" "$top/scenarios/$name"; do
		[[ -e $file && ! -d $file ]] || continue
		[[ -r $file ]] || die 2 "$name: cannot be read"
		prices_file=$file
		return
	done
	die 2 "$name: no such file; --cost-config or KVMINI_COST_CONFIG names the prices"
}

# server_options: set server to costcalc's options for what was typed of the server.
server_options() {
	local flag
	server=()
	for flag in gpu gpus cpu memory; do
		[[ -z ${opt[$flag]-} ]] || server+=("--$flag" "${opt[$flag]}")
	done
}

# check_prices: what is wrong with the prices, or with what was typed of the server, ends the
# script now.
check_prices() {
	local server
	if [[ -n ${opt[gpus]-} ]]; then
		whole gpus "${opt[gpus]}" 0
		opt[gpus]=$whole
	fi
	server_options
	costcalc --prices "$prices_file" "${server[@]}" </dev/null || exit "$?"
}

# make_prices SEEN: prices.json on stdout; SEEN is the GPU that telemetry saw, as JSON.
make_prices() {
	local prices now
	prices=$(yaml2json "$prices_file")
	now=$(chosen gpu gpus cpu memory)
	jq -n -f "$top/scripts/lib/prices.jq" --argjson prices "$prices" --argjson seen "$1" --argjson now "$now" \
		--slurpfile run "$run_dir/run.json"
}

# telemetry_of_server: the records of telemetry.jsonl that are of the server's GPUs, in
# $work/gpus.jsonl: of a server on this machine that is no simulator, the GPUs that worked.
telemetry_of_server() {
	: >"$work/gpus.jsonl"
	[[ -s $run_dir/telemetry.jsonl ]] || return 0
	if jq -e '.server.simulated != true
		and (.url // "" | test("^https?://(127[.][0-9.]+|localhost|\\[::1\\])(:|/|$)"))' "$run_dir/run.json" >/dev/null; then
		jq -nRc --slurpfile runsum "$run_dir/runsum.json" -f "$top/scripts/lib/busy_gpus.jq" \
			"$run_dir/telemetry.jsonl" >"$work/gpus.jsonl"
	fi
}

# ask_telemetry DIR: where nobody said which GPU it is, telemetry may: set seen, or reason when
# it names one that has no price.
ask_telemetry() {
	local status=0
	costcalc --prices "$1/prices.json" --telemetry "$work/gpus.jsonl" \
		<"$run_dir/runsum.json" >"$work/seen.json" 2>"$work/why" || status=$?
	if ((status < 2)); then
		seen=$(jq -c '{gpu: .gpu.product, gpus: .gpu.count}' "$work/seen.json")
	else
		reason=$(head -n 1 "$work/why")
		reason=${reason#costcalc: }
		error "$reason"
	fi
}

# price_run DIR: DIR's cost.json, by the prices.json in it; makes that when it is not there.
# Sets reason: why the GPU is not known, where there is more to say than that.
price_run() {
	local seen='' command=(costcalc --prices "$1/prices.json")
	reason=''
	if [[ ! -s $1/prices.json ]]; then
		find_prices
		check_prices
		write "$1/prices.json" make_prices '{}'
	fi
	telemetry_of_server
	[[ ! -s $work/gpus.jsonl ]] || ask_telemetry "$1"
	if [[ -n $seen ]]; then
		prices_file=$1/prices.json
		write "$1/prices.json" make_prices "$seen"
		command+=(--telemetry "$work/gpus.jsonl")
	fi
	write_records "$1/cost.json" "${command[@]}" "$run_dir/runsum.json" # a torn line of telemetry is told of
}

# tell_cost: what run.json and results.json say of cost.json.
tell_cost() {
	read_samples
	record --slurpfile cost "$run_dir/cost.json" --arg reason "$reason" -f "$top/scripts/lib/costed.jq"
	record --slurpfile cache "$work/cache.json" -f "$top/scripts/lib/cached.jq"
	write "$run_dir/results.json" jq -n -L "$top/scripts/lib" --slurpfile run "$run_dir/run.json" \
		--slurpfile runsum "$run_dir/runsum.json" --slurpfile summary "$run_dir/summary.jsonl" \
		--slurpfile cost "$run_dir/cost.json" "${samples[@]}" -f "$top/scripts/lib/results.jq"
}
