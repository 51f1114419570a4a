# report: fills a template with a run.  Every text that comes from a run goes through @html; parts
# and plots are made here.
# jq -jn --arg file --rawfile template --slurpfile run, runsum, summary, results, analysis, cost,
# groups, telemetry (summary records by group), slowest (metric records), plots (each record
# {NAME: svg}) --argjson rows N
include "parts";
include "detail";
include "fill";

($plots | add // {}) as $svg
| {
    run: $run[0],
    runsum: $runsum[0],
    summary: $summary,
    results: $results[0],
    analysis: $analysis[0],
    cost: $cost[0],
    groups: $groups,
    telemetry: $telemetry,
    slowest: $slowest,
    svg: $svg,
    rows: $rows
  }
| . as $data
| (parts + details) as $part
| $template | fill($file; $data; $part; $svg)
