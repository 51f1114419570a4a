# report: fills a template with a run: {{NAME}} becomes the part NAME below, {{plot:NAME}} a plot.
# Every text that comes from a run goes through @html; parts and plots are made here.
# jq -jn --arg file --rawfile template --slurpfile run, runsum, summary, results, analysis, plots
# (each record {NAME: svg}) --argjson rows N
include "parts";

{
  run: $run[0],
  runsum: $runsum[0],
  summary: $summary,
  results: $results[0],
  analysis: $analysis[0],
  rows: $rows
}
| def absent:
    if test("curve") then ""
    elif test("ttft|itl") then "<p class=\"none\">No values: a reply that was not streamed has none.</p>"
    else "<p class=\"none\">No values</p>" end;
  ($plots | add // {}) as $svg
| parts as $part
| def filled($line):
    if startswith("plot:") then $svg[.[5:]] // absent
    else $part[.] // ("\($file):\($line): {{\(.)}}: there is no such part\n" | halt_error(2)) end;
  ($template | split("{{")) as $pieces
  | reduce $pieces[] as $piece ({line: 1, out: []};
      .line as $line
      | (if .out == [] then [$piece]
         else
           ($piece | index("}}")) as $close
           | if $close == null then "\($file):\($line): {{ without }}\n" | halt_error(2)
             else [($piece[:$close] | filled($line)), $piece[$close + 2:]] end
         end) as $texts
      | {line: ($line + ($piece | explode | map(select(. == 10)) | length)), out: (.out + $texts)})
  | .out | add
