# parts: the parts of the report, as HTML.  The input is {run, runsum, summary, results, analysis, rows}.
include "run";
include "text";
include "pipelines";
include "words";

def how($key): pipelines[$key] as $line
  | if $line == null then ""
    else @html "<details><summary>Recompute</summary><pre><code>\($line)</code></pre></details>" end;

# A headline number: its exact value stands in data-value.
def card($key; $name; $value; $shown; $below):
  @html "<div class=\"card\"><div class=\"label\">\($name)</div>"
  + @html "<div class=\"number\" data-key=\"\($key)\" data-value=\"\($value | tojson)\">\($shown.text)"
  + @html "<span class=\"unit\"> \(if $value == null then "" else $shown.unit end)</span></div>"
  + "<div class=\"below\">" + $below + "</div>" + how($key) + "</div>";

def interval($field; $p):
  [stat($field; "\($p)_lo"), stat($field; "\($p)_hi")]
  | if .[0] == null or .[1] == null then "95 % interval: too few requests"
    else @html "95 % interval \(.[0] | latency_text) – \(.[1] | latency_text)" end;

def rate_of($n; $unit): {text: ($n | digits), unit: $unit};

# One of results.json's latencies, with the interval of its percentile.
def latency_card($p):
  .results.performance["\($p)_latency_ms"] as $ms
  | card("performance.\($p)_latency_ms"; "Latency, \($p)"; $ms; $ms | latency; interval("e2e_ms"; $p));

def cards:
  .results.performance as $p
  | .runsum as $r
  | stat("itl_ms"; "p50") as $itl
  | [
      card("performance.throughput_rps"; "Throughput, ok requests"; $p.throughput_rps; rate_of($p.throughput_rps; "req/s");
        @html "\($r.rate.attempted_rps | digits) attempted, \($r.rate.failed_rps | digits) failed req/s"),
      card("throughput.tokens_per_second"; "Output tokens"; $r.rate.output_tps; rate_of($r.rate.output_tps; "tok/s");
        @html "\($r.rate.total_tps | digits) tok/s with input; \($r.peak.output_tps | digits) in the busiest second"),
      card("performance.avg_ttft_ms"; "Time to first token, mean"; $p.avg_ttft_ms; $p.avg_ttft_ms | latency;
        @html "p50 \(stat("ttft_ms"; "p50") | latency_text) · p95 \(stat("ttft_ms"; "p95") | latency_text)"),
      card("itl_ms.p50"; "Inter-token latency, p50"; $itl; $itl | latency;
        @html "p95 \(stat("itl_ms"; "p95") | latency_text) · TPOT p50 \(stat("tpot_ms"; "p50") | latency_text)"),
      latency_card("p50", "p95", "p99"),
      card("performance.success_rate"; "Success rate"; $p.success_rate; $p.success_rate | {text: percent, unit: ""};
        @html "\($r.requests.ok | count) of \($r.requests.total | count); error rate "
        + @html "<span data-key=\"performance.error_rate\" data-value=\"\($p.error_rate | tojson)\">"
        + @html "\($p.error_rate | percent)</span>")
    ] | join("\n");

def notice($kind; $title; $text):
  @html "<div class=\"notice \($kind)\" role=\"note\"><strong>\($title)</strong><p>\($text)</p></div>";

def notices:
  .results.labels as $l
  | [
      (if $l.simulated then notice("warn"; "SIMULATED"; words("simulated")) else empty end),
      (if $l.note then notice("warn"; "NOTE"; $l.note) else empty end),
      (if $l.status == "interrupted" then notice("warn"; "INTERRUPTED"; words("interrupted")) else empty end),
      (if $l.status == "failed" then notice("bad"; "FAILED"; words("failed")) else empty end),
      (if $l.status == "running" then notice("warn"; "NOT FINISHED"; words("running")) else empty end),
      (if $l.client_limited then notice("bad"; "CLIENT-LIMITED"; words("client-limited")) else empty end),
      (if .results.cache.warning then notice("bad"; "CACHE"; .results.cache.warning) else empty end),
      (if $l.estimated != [] then
        notice("warn"; "ESTIMATED"; "\($l.estimated | map(sub("_"; " ")) | join(" and ")): \(words("estimated"))") else empty end),
      (if .runsum.requests.ok > 0 then $l.warnings[]? | notice("warn"; "NOTE"; "\(.[:1] | ascii_upcase)\(.[1:]).") else empty end),
      (if .runsum.requests.ok == 0 then notice("bad"; "NO REQUEST WAS OK"; words("none-ok")) else empty end)
    ] | join("\n");

# Which part of the run was steady, and its rates beside the whole run's.
def steady:
  .runsum as $r
  | $r.steady
  | if . == null then "No part of the run is known to be steady."
    else
      (.warmup.by | if endswith("_ms") then " while \({"ttft_ms": "TTFT", "tpot_ms": "TPOT", "e2e_ms": "E2E"}[.]) came to its level" else "" end) as $why
      | @html "Steady for \(.window.s | seconds): without \(.warmup.s | seconds) at the beginning\($why), "
        + @html "and \(.drain.s | seconds) at the end (the dashed lines). "
        + @html "There \(.rate.ok_rps | digits) ok requests and \(.rate.output_tps | digits) output tokens per second; "
        + @html "in the whole run \($r.rate.ok_rps | digits) and \($r.rate.output_tps | digits)." end;

def badge($kind; $text): @html "<span class=\"badge \($kind)\">\($text)</span>";

def badges:
  .results.labels as $l
  | [
      (if $l.simulated then badge("warn"; "SIMULATED") else empty end),
      (if $l.estimated != [] then badge("warn"; "ESTIMATED") else empty end),
      (if $l.client_limited then badge("bad"; "CLIENT-LIMITED") else empty end),
      badge(if $l.status == "finished" then "good" elif $l.status == "failed" then "bad" else "warn" end; $l.status // "unknown" | ascii_upcase)
    ] | join(" ");

def latency_rows:
  . as $run
  | [["ttft_ms", "Time to first token (TTFT)"], ["ttfo_ms", "Time to first output (TTFO)"],
     ["itl_ms", "Inter-token latency (ITL)"], ["tpot_ms", "Time per output token (TPOT)"],
     ["e2e_ms", "End-to-end latency (E2E)"], ["send_lag_ms", "Send lag"]]
  | map(. as [$field, $name]
    | [$run | stat($field; "n", "mean", "stddev", "min", "p50", "p90", "p95", "p99", "max")]
    | @html "<tr><th scope=\"row\">\($name)</th><td>\(.[0] | count)</td>"
      + (.[1:] | map(@html "<td>\(digits)</td>") | add) + "</tr>")
  | join("\n");

def client:
  .runsum.client as $c
  | if $c.verdict == null then @html "<p class=\"verdict\">\(words("unobserved"))</p>"
    else
      (if $c.verdict == "ok" then ["good", "Client ok"] else ["bad", "Client-limited"] end) as [$kind, $title]
      | @html "<p class=\"verdict \($kind)\"><strong>\($title)</strong> \(words("verdict-" + ($c.verdict // "")))</p>"
      + "<dl class=\"facts\">"
      + ([["Send lag, p50 / p99", "\($c.send_lag_ms.p50 | latency_text) / \($c.send_lag_ms.p99 | latency_text)"],
          ["Stamps late by, mean", ($c.stamp_lag_ms.mean | latency_text)],
          ["Event loop lag, p99", ($c.loop_lag_ms.p99 | latency_text)],
          ["CPU of one core", ($c.cpu_ratio | percent)],
          ["Most requests in flight", ($c.max_in_flight | count)]]
         | map(@html "<div><dt>\(.[0])</dt><dd>\(.[1])</dd></div>") | join("")) + "</dl>"
    end;

# Failed requests with the same kind and message are one row, the most frequent first.
def error_table:
  def row: @html "<tr><th scope=\"row\">\(.error)</th><td>\(.n | count)</td>"
    + @html "<td>\(.first | sub("T"; " ") | rtrimstr("Z"))</td><td class=\"text\">\(.details[:300])</td></tr>";
  "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Kind</th><th scope=\"col\">Requests</th>"
  + "<th scope=\"col\">First at (UTC)</th><th scope=\"col\" class=\"text\">Message</th></tr></thead><tbody>"
  + (.[:20] | map(row) | add) + "</tbody></table></div>"
  + (if length > 20 then @html "<p>… and \(length - 20 | count) messages more, in analysis.json.</p>" else "" end);

def errors:
  .analysis.errors
  | if length == 0 then "<p>No request failed.</p>"
    else
      group_by([.error, .details]) | map({n: length, first: (map(.timestamp) | min)} + .[0]) | sort_by(-.n) | error_table
    end;

# [name, value] pairs as a list; what has no value is left out.
def facts:
  map(select(.[1] != null and .[1] != ""))
  | map(@html "<div><dt>\(.[0])</dt><dd>\(.[1] | if type == "string" then . else tojson end)</dd></div>") | join("\n");

def host_facts:
  if type == "object" then
    to_entries
    | map((.key | endswith("_bytes")) as $bytes
        | ["Host: \(.key | rtrimstr("_bytes"))", (if $bytes then "\(.value / 1073741824 | digits) GiB" else .value end)])
  else [["Host", .]] end;

def configuration:
  .run as $r
  | $r.workload.load_test as $load
  | [["Endpoint", $r.url], ["Model", $r.model], ["Engine", $r.server.engine], ["Profile", $r.profile],
     ["Namespace", $r.namespace], ["Service", $r.service], ["Sent from", ($r | senders)],
     ["Clocks of the senders", ($r.load.shards // [] | map(.error_us | values) | if . == [] then null else "known to \(max / 1000 | digits) ms" end)],
     ["Load", ([$load.pattern, $load.arrival] | map(select(. != null)) | join(", "))],
     ["Concurrency", (if $load.rate then null else $load.concurrency end)],
     ["Rate", (if $load.rate then "\($load.rate) requests/s" else null end)], ["Requests planned", $load.requests],
     ["Duration", (if $load.duration_seconds then "\($load.duration_seconds) s" else null end)],
     ["Warm-up requests", $load.warmup_requests], ["Output tokens, at most", $r.workload.request.max_tokens],
     ["Streaming", $r.workload.request.stream], ["Seed", $r.seed], ["Started", $r.started], ["Ended", $r.ended],
     ["Ended by", $r.ended_by], ["tokpipe", $r.version]]
    + ($r.host | host_facts)
  | facts;

def unmeasured:
  (.run.not_measured // {}) | to_entries
  | if length == 0 then ""
    else "<h3>Not measured</h3><dl class=\"facts wide\">" + (map([.key, .value]) | facts) + "</dl>" end;

def command: .run.command | if type == "array" then join(" ") else . // "" end;

def parts:
  . as $run
  | {
      title: (.run | @html "\(.model // "LLM") · \(.profile // "benchmark")"),
      model: (.run | @html "\(.model // "Unnamed model")"),
      profile: (.run | @html "\(.profile // "")"),
      endpoint: (.run | @html "\(.url // "")"),
      id: (.run | @html "\(.id // "")"),
      started: (.run | @html "\(.started // "" | sub("T"; " ") | sub("Z$"; " UTC"))"),
      requests: @html "\(.runsum.requests.total | count)",
      took: @html "\(.runsum.window.s | seconds)",
      version: (.run | @html "\(.version // "")"),
      badges: badges,
      notices: notices,
      cards: cards,
      latency_rows: latency_rows,
      alt_ttft: alt("ttft_ms"), alt_itl: alt("itl_ms"), alt_e2e: alt("e2e_ms"),
      alt_time: (.runsum | @html "\(.rate.ok_rps | digits) ok requests and \(.rate.output_tps | digits) output tokens per second"
        + @html " on average; \(.in_flight.mean | digits) requests in flight on average, \(.in_flight.max | count) at most"),
      steady: steady,
      rows_note: rows_note,
      errors: errors,
      client: client,
      configuration: configuration,
      command: @html "\(command)",
      workload: @html "\(.run.workload // {} | tojson)",
      unmeasured: unmeasured,
      definitions: definitions
    };
