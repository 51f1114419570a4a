#!/usr/bin/env bash
# report.sh: the report of a run: one HTML file that opens offline.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib/base.sh
. "$here/lib/base.sh"
# shellcheck source=scripts/lib/rundir.sh
. "$here/lib/rundir.sh"

usage='--run-dir DIR [--output FILE] [--template FILE]'
# shellcheck disable=SC2034 # read by the option parser
about='Write the HTML report of a run.'
options=(
	$'run-dir DIR\tthe run'
	$'output FILE\twhere to write (report.html in the run directory)'
	$'template FILE\tthe page to fill (templates/standard.html)'
)

rows=120 # most requests in the timeline
percentiles=0,1,5,10,20,30,40,50,60,70,75,80,84,87,90,92,94,95,96,97,98,98.5,99,99.3,99.5,99.7,99.9,99.93,99.95,99.97,99.99

find_template() {
	local name=${opt[template]-templates/standard.html}
	template=$name
	[[ -n ${opt[template]-} && -r $template ]] || template=$top/templates/${name#templates/}
	[[ -r $template ]] || die 2 "--template $name: no such file"
}

# draw: the plots as SVG, then as records {NAME: svg} in $work/plots.jsonl.
draw() {
	local svg
	mkdir "$work/svg"
	pctl -p "$percentiles" -f "$run_dir/metrics.jsonl" ttft_ms itl_ms e2e_ms >"$work/curve.jsonl"
	jq -rn -L "$here/lib" --slurpfile runsum "$run_dir/runsum.json" --slurpfile curve "$work/curve.jsonl" \
		--argjson rows "$rows" -f "$here/lib/plots/data.jq" "$run_dir/metrics.jsonl" >"$work/plots.gp"
	if ! LC_ALL=C gnuplot -c "$here/lib/plots/style.gp" "$work/plots.gp" "$work/svg" "$here/lib/plots" 2>"$work/gnuplot.log"; then
		cat "$work/gnuplot.log" >&2
		die 1 "gnuplot: the plots could not be drawn"
	fi
	: >"$work/plots.jsonl"
	for svg in "$work/svg"/*.svg; do
		[[ -e $svg ]] || continue
		sed -f "$here/lib/plots/svg.sed" "$svg" |
			jq -Rsc --arg name "$(basename "$svg" .svg)" '{($name): .}' >>"$work/plots.jsonl"
	done
}

main() {
	local file template status jq name
	parse_options "$@"
	log_start
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: unexpected"
	open_run "${opt["run-dir"]-}"
	find_template
	for file in metrics.jsonl summary.jsonl runsum.json results.json analysis.json; do
		[[ -s $run_dir/$file ]] || "$here/results.sh" --run-dir "$run_dir"
	done
	draw
	jq=(jq -jn -L "$here/lib/report" -L "$here/lib" --arg file "$template" --rawfile template "$template" --argjson rows "$rows"
		--slurpfile plots "$work/plots.jsonl" --slurpfile summary "$run_dir/summary.jsonl")
	for name in run runsum results analysis; do
		jq+=(--slurpfile "$name" "$run_dir/$name.json")
	done
	write "${opt[output]-$run_dir/report.html}" "${jq[@]}" -f "$here/lib/report/report.jq"
}

main "$@"
