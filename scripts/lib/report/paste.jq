# paste: a run as text that can stand in an issue: what was measured, where, by what, and how far
# it can be trusted; no absolute paths, no name of the host, plain ASCII of ours.
# jq -nr --arg form (text or markdown) --slurpfile run, runsum, summary, cost, results
include "run";
include "money";
include "text";

def ascii: gsub("–"; "-") | gsub("\u00a0"; " ");
def pad($n): tostring | . + " " * ([$n - length, 0] | max);
def left($n): tostring | " " * ([$n - length, 0] | max) + .;
def number: digits | ascii;
# One line without what Markdown or a terminal would take for its own.
def clean: tostring | gsub("[\\x00-\\x1f\\x7f]"; " ");
def marked: clean | if $form == "markdown" then gsub("(?<c>[\\\\`*_<>|\\[\\]&#])"; "\\\(.c)") else . end;
def quoted: clean | if $form == "markdown" then "`" + gsub("`"; "'") + "`" else . end;

# A word of a command without the directories of a path, and without what a key would be.
def bare:
  if test("(key|token|secret|password)[^=/]*="; "i") then sub("=.*"; "=...")
  else gsub("(?<before>^|[=,@])(~[^/=,@ ]*)?/([^/=,@ ]+/)*"; "\(.before)") end;
def command:
  .run.command // []
  | [foreach .[] as $word ({}; {hide: ((.word // "") | test("^--api-key$|^--.*(token|secret|password)$")), word: $word};
      if .hide then "..." else .word | if test("^https?://") then . else bare end end)]
  | map(if test("[^A-Za-z0-9_./:=,@%+^-]") then "'" + gsub("'"; "'\\''") + "'" else . end) | join(" ");

def host:
  .run.host // {}
  | [(.os | values), (.cpu | values), (.cpus | values | "\(.) CPUs"), (.memory_bytes | values | "\(. / 1073741824 | number) GiB")] | join(", ");

def load:
  .run.workload as $w | ($w.load_test // {}) as $l
  | [([$l.pattern, $l.arrival] | map(values) | unique | join(", ")),
     (if $l.rate then "\($l.rate) requests/s" elif $l.concurrency then "\($l.concurrency) at a time" else empty end),
     (if ($l.warmup_requests // 0) > 0 then "\($l.warmup_requests) warm-up" else empty end),
     ($w.request.max_tokens // empty | "up to \(.) output tokens"), (.run.seed | values | "seed \(.)")]
  | map(select(. != "")) | join(", ");

def client:
  .runsum.client
  | if . == null or .verdict == null then "not judged"
    else "\(.verdict) (send lag p99 \(.send_lag_ms.p99 | number) ms, stamps late by \(.stamp_lag_ms.mean | number) ms, CPU \(.cpu_ratio | percent | ascii))" end;

def labels_text:
  labels
  | [(if .simulated then "SIMULATED: the engine was llmsim; no real model or GPU was measured" else empty end),
     (.note | values),
     (if .estimated != [] then "ESTIMATED: \(.estimated | map(sub("_"; " ")) | join(" and ")): the server did not report them" else empty end),
     (if .client_limited then "CLIENT-LIMITED: the machine that sent the load could not keep up" else empty end),
     .warnings[],
     ($results[0].cache.warning | values | "CACHE: \(.)"),
     (if .status != "finished" then "\(.status // "unknown" | ascii_upcase): the run did not come to its end" else empty end)];

def rates:
  .runsum as $r
  | "\($r.rate.ok_rps | number) ok requests/s, \($r.rate.output_tps | number) output tokens/s over \($r.window.s | number) s";

def counts:
  .runsum.requests
  | "\(.total | count | ascii), \(.ok | count | ascii) ok, \(.failed | count | ascii) failed"
    + ((.by_error // {}) | if . == {} then "" else " (" + (to_entries | map("\(.key) \(.value)") | join(", ")) + ")" end);

# [name, value] of what there is to say.
def facts:
  [["run", ("\(.run.id // "-"), \(.run.status // "-")" + (if .run.ended_by then " by \(.run.ended_by)" else "" end) | marked)],
   ["command", (command | quoted)],
   ["server", ("\(.run.model // "-") at \(.run.url // "-")" + (if .run.server.engine then ", \(.run.server.engine)" else "" end) | marked)],
   ["load", (load | marked)],
   ["client", ("\(client), on \(host)" | marked)],
   ["requests", (counts | marked)],
   ["rates", rates],
   (. as $d | slo_words("<="; ">=") as $bounds | $d.runsum | .goodput as $g
     | ["goodput", ("\($g.rps | number) requests/s: \($g.good | count | ascii) of \(.requests.total | count | ascii) keep \($bounds)" | marked)]),
   (.cost // {} | select(.text.hourly_cost?) | ["cost", cost_words]),
   (.runsum.quality // {} | select((.structured_n // 0) > 0)
     | ["structured", "\(.structured_ok_rate | percent | ascii) of \(.structured_n) replies are as the schema asks"]),
   (.runsum.quality // {} | select((.tool_call_n // 0) > 0)
     | ["tool calls", "\(.tool_call_ok_rate | percent | ascii) of \(.tool_call_n) replies call a tool rightly"])];

def interval($s; $p):
  "\($s[$p] | number)"
  + (if $s[$p] == null then "" elif $s[$p + "_lo"] == null or $s[$p + "_hi"] == null then " [too few]"
     else " [\($s[$p + "_lo"] | number), \($s[$p + "_hi"] | number)]" end);

# Rows of cells: latencies of ok requests, in milliseconds, with the 95 % intervals.
def latencies:
  . as $d
  | [["ms [95% interval]", "n", "mean", "p50", "p95", "p99"]]
    + [["ttft_ms", "time to first token"], ["itl_ms", "inter-token latency"], ["tpot_ms", "time per output token"], ["e2e_ms", "whole reply"]
       | . as [$field, $name]
       | first($d.summary[] | select(.field == $field and .group == {})) as $s
       | [$name, ($s.n | count | ascii), ($s.mean | number), (interval($s; "p50", "p95", "p99"))]];

def aligned:
  . as $rows
  | [range($rows[0] | length) as $i | [$rows[][$i] | length] | max] as $w
  | $rows | map([(.[0] | pad($w[0]))] + [range(1; length) as $i | .[$i] | left($w[$i])] | join("  "));

def bars: "| " + join(" | ") + " |";

{run: $run[0], runsum: $runsum[0], summary: $summary, cost: $cost[0]}
| "tokpipe \(.run.version // "")" as $title
| if $form == "markdown" then
    "**\($title)** measured \(.run.started // "" | sub("T"; " ") | sub("Z$"; " UTC"))", "",
    (labels_text | map("> **" + (. | marked) + "**")[]), (if labels_text == [] then empty else "" end),
    (facts | map("- \(.[0]): \(.[1])")[]), "",
    (latencies | (.[0] | bars), (.[0] | [.[0] | "---"] + (.[1:] | map("---:")) | bars), (.[1:][] | bars))
  else
    "\($title)  measured \(.run.started // "" | sub("T"; " ") | sub("Z$"; " UTC"))",
    (labels_text | map("! " + clean)[]),
    (facts | map("\(.[0] | pad(10)) \(.[1])")[]), "",
    (latencies | aligned[])
  end
