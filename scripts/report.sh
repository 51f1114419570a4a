#!/usr/bin/env bash
# report.sh: the report of a run: one HTML file that opens offline, or what machines and other
# people's pages take.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib/base.sh
. "$here/lib/base.sh"
# shellcheck source=scripts/lib/rundir.sh
. "$here/lib/rundir.sh"

usage='--run-dir DIR [--format FORMAT] [--template FILE] [--output FILE]'
# shellcheck disable=SC2034 # read by the option parser
about='Write the report of a run: a page, a text to paste, JSON or CSV.'
options=(
	$'run-dir DIR\tthe run'
	$'format FORMAT\thtml (default), text, markdown, json or csv'
	$'template FILE\tthe page to fill: standard.html, detailed.html or one of yours'
	$'output FILE\twhere to write (html: report.html in the run directory; else stdout)'
)
# shellcheck disable=SC2034 # read by the option parser
notes='A template is HTML with {{cards}} and other parts (see templates), {{plot:NAME}}, and values of
results.json such as {{performance.p95_latency_ms}}; it is looked for here, then among the shipped ones.
json and csv are results.json and requests.csv; text and markdown leave out paths and the name of the host.'

rows=120 # most requests in the timeline
percentiles=0,1,5,10,20,30,40,50,60,70,75,80,84,87,90,92,94,95,96,97,98,98.5,99,99.3,99.5,99.7,99.9,99.93,99.95,99.97,99.99

# find_template NAME: set template, from here or from the shipped ones, with or without ".html".
find_template() {
	local file names
	for file in "$1" "$1.html" "$top/templates/${1#templates/}" "$top/templates/${1#templates/}.html"; do
		[[ -f $file && -r $file ]] || continue
		template=$file
		return
	done
	mapfile -t names < <(cd "$top/templates" && printf '%s\n' *.html)
	nearest "${1##*/}" "${names[@]}" "${names[@]%.html}"
	die 2 "--template $1: no such file${nearest:+; did you mean $nearest?} (shipped: ${names[*]})"
}

# uses NAME…: does the template have one of these parts?
uses() {
	local name
	for name; do
		! grep -qE "\{\{[[:blank:]]*${name}[[:blank:]]*\}\}" "$template" || return 0
	done
	return 1
}

# summaries: what only some templates show: by tag and turn, of the telemetry, of the slowest.
summaries() {
	local key fields=(ttft_ms tpot_ms e2e_ms output_tokens) telemetry=$run_dir/telemetry.jsonl
	: >"$work/groups.jsonl"
	: >"$work/telemetry.jsonl"
	: >"$work/slowest.jsonl"
	if uses tag_tables turn_table; then
		while IFS= read -r key; do
			pctl -q -p 50,95 -g "$key" -f "$run_dir/metrics.jsonl" "${fields[@]}" >>"$work/groups.jsonl"
		done < <(jq -rn -f "$here/lib/report/group_keys.jq" "$run_dir/metrics.jsonl")
	fi
	if uses slowest; then
		jq -cn '[inputs | select(.e2e_ms != null) | del(.itl_ms)] | sort_by(-.e2e_ms)[:10][]' "$run_dir/metrics.jsonl" >"$work/slowest.jsonl"
	fi
	if uses telemetry && [[ -s $telemetry ]]; then
		jq -cR --slurpfile runsum "$run_dir/runsum.json" '$runsum[0].window as $w | fromjson? | select(.t_us >= $w.from_us and .t_us <= $w.to_us)' \
			"$telemetry" >"$work/samples.jsonl"
		pctl -q -p 50,95 -g source,host,device,url,pod -f "$work/samples.jsonl" util_ratio power_w mem_used_bytes temp_c running \
			waiting kv_ratio cpu_cores mem_bytes >"$work/telemetry.jsonl"
	fi
}

# draw: the plots as SVG, then as a record {NAME: svg, …} in $work/plots.jsonl.
draw() {
	local svg name svgs=()
	mkdir "$work/svg"
	pctl -q -p "$percentiles" -f "$run_dir/metrics.jsonl" ttft_ms itl_ms e2e_ms >"$work/curve.jsonl"
	jq -rn -L "$here/lib" --slurpfile runsum "$run_dir/runsum.json" --slurpfile curve "$work/curve.jsonl" \
		--argjson rows "$rows" -f "$here/lib/plots/data.jq" "$run_dir/metrics.jsonl" >"$work/plots.gp"
	if grep -qE 'telemetry|plot:(gpu|pod|engine)_' "$template" && [[ -s $run_dir/telemetry.jsonl ]]; then
		jq -rnR --slurpfile runsum "$run_dir/runsum.json" -f "$here/lib/plots/telemetry.jq" "$run_dir/telemetry.jsonl" >>"$work/plots.gp"
	fi
	if ! LC_ALL=C gnuplot -c "$here/lib/plots/style.gp" "$work/plots.gp" "$work/svg" "$here/lib/plots" 2>"$work/gnuplot.log"; then
		cat "$work/gnuplot.log" >&2
		die 1 "gnuplot: the plots could not be drawn"
	fi
	for svg in "$work/svg"/*.svg; do
		[[ -e $svg ]] || continue
		name=${svg##*/}
		svgs+=(--rawfile "${name%.svg}" "$svg")
		sed -i -f "$here/lib/plots/svg.sed" "$svg"
	done
	jq -cn "${svgs[@]}" '$ARGS.named' >"$work/plots.jsonl"
}

# page: fill the template.
page() {
	local name jq=(jq -jn -L "$here/lib/report" -L "$here/lib" --arg file "$template" --rawfile template "$template"
		--argjson rows "$rows" --slurpfile plots "$work/plots.jsonl" --slurpfile summary "$run_dir/summary.jsonl")
	for name in run runsum results analysis; do
		jq+=(--slurpfile "$name" "$run_dir/$name.json")
	done
	for name in groups telemetry slowest; do
		jq+=(--slurpfile "$name" "$work/$name.jsonl")
	done
	jq+=(--slurpfile cost "$cost")
	write "${opt[output]-$run_dir/report.html}" "${jq[@]}" -f "$here/lib/report/report.jq"
}

# tell COMMAND…: what it prints goes to --output, else to stdout.
tell() {
	if [[ -n ${opt[output]-} ]]; then
		write "${opt[output]}" "$@"
	else
		out "$@"
	fi
}

# paste FORMAT: the run for people, as text that stands for itself.
paste_run() {
	tell jq -nr -L "$here/lib/report" -L "$here/lib" --arg form "$1" --slurpfile run "$run_dir/run.json" \
		--slurpfile runsum "$run_dir/runsum.json" --slurpfile summary "$run_dir/summary.jsonl" \
		--slurpfile cost "$cost" --slurpfile results "$run_dir/results.json" -f "$here/lib/report/paste.jq"
}

main() {
	local file template='' status cost format
	parse_options "$@"
	log_start
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: unexpected"
	format=${opt[format]-html}
	if [[ $format != @(html|text|markdown|json|csv) ]]; then
		nearest "$format" html text markdown json csv
		bad_usage "--format $format: expected html, text, markdown, json or csv${nearest:+; did you mean $nearest?}"
	fi
	[[ $format == html || -z ${opt[template]-} ]] || bad_usage "--template goes with --format html"
	open_run "${opt["run-dir"]-}"
	[[ $format != html ]] || find_template "${opt[template]-standard.html}"
	for file in metrics.jsonl summary.jsonl runsum.json results.json analysis.json requests.csv; do
		[[ -s $run_dir/$file ]] || "$here/results.sh" --run-dir "$run_dir"
	done
	cost=$run_dir/cost.json
	[[ -s $cost ]] || cost=/dev/null
	case $format in
	html)
		summaries
		draw
		page
		;;
	text | markdown) paste_run "$format" ;;
	json) tell cat "$run_dir/results.json" ;;
	csv) tell cat "$run_dir/requests.csv" ;;
	esac
}

main "$@"
