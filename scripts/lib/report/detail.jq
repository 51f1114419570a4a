# detail: the parts that the detailed report has beyond those of the standard one, and the
# section about money, replies and hardware, which any report has only where those were measured.
# The input is that of parts.
include "run";
include "text";
include "words";
include "pipelines";
include "parts";

def percent_of: {text: percent, unit: ""};
def money: {text: (. // "–"), unit: ""};

# The cards of what not every run has; null where there is nothing to show.
def more_cards:
  .results as $r
  | .cost as $cost
  | [
      (if $r.cost.cost_per_1k_tokens? then
        card("cost.cost_per_1k_tokens"; "Cost of 1,000 tokens"; $r.cost.cost_per_1k_tokens; $r.cost.cost_per_1k_tokens | money;
          @html "input and output; \($cost.gpu.product // "no GPU")") else empty end),
      (if $r.cost.hourly_cost? then
        card("cost.hourly_cost"; "Cost of an hour"; $r.cost.hourly_cost; $r.cost.hourly_cost | money;
          @html "GPU \($r.cost.breakdown.gpu // "–"), CPU \($r.cost.breakdown.cpu // "–"), memory \($r.cost.breakdown.memory // "–")")
        else empty end),
      (if ($r.quality.structured_n // 0) > 0 then
        card("quality.structured_ok_rate"; "Replies as the schema asks"; $r.quality.structured_ok_rate;
          $r.quality.structured_ok_rate | percent_of; @html "of \($r.quality.structured_n | count) replies") else empty end),
      (if ($r.quality.tool_call_n // 0) > 0 then
        card("quality.tool_call_ok_rate"; "Valid tool calls"; $r.quality.tool_call_ok_rate;
          $r.quality.tool_call_ok_rate | percent_of; @html "of \($r.quality.tool_call_n | count) replies") else empty end),
      (if $r.resources.avg_gpu_utilization? then
        card("resources.avg_gpu_utilization"; "GPU utilisation, mean"; $r.resources.avg_gpu_utilization;
          $r.resources.avg_gpu_utilization | percent_of; "of the time in which requests ran") else empty end),
      (if $r.resources.avg_cpu_usage? then
        card("resources.avg_cpu_usage"; "CPU of the pods, mean"; $r.resources.avg_cpu_usage;
          {text: ($r.resources.avg_cpu_usage | digits), unit: "cores"}; "of all pods, while requests ran") else empty end),
      (if $r.resources.avg_memory_usage_gb? then
        card("resources.avg_memory_usage_gb"; "Memory of the pods, mean"; $r.resources.avg_memory_usage_gb;
          {text: ($r.resources.avg_memory_usage_gb | digits), unit: "GB"}; "of all pods, while requests ran") else empty end),
      (if $r.energy.energy_per_1k_tokens_wh? then
        card("energy.energy_per_1k_tokens_wh"; "Energy of 1,000 tokens"; $r.energy.energy_per_1k_tokens_wh;
          {text: ($r.energy.energy_per_1k_tokens_wh | digits), unit: "Wh"}; @html "\($r.energy.total_energy_wh | digits) Wh in all")
        else empty end)
    ];

def more:
  more_cards
  | if . == [] then ""
    else "<section>\n<h2>Cost, replies and hardware</h2>\n<div class=\"cards close\">\n" + join("\n") + "\n</div>\n</section>\n" end;

def table($head; $rows):
  "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table><thead><tr>"
  + ($head | map(@html "<th scope=\"col\">\(.)</th>") | add) + "</tr></thead><tbody>\n"
  + ($rows | map("<tr>" + (.[0] | @html "<th scope=\"row\">\(.)</th>") + (.[1:] | map(@html "<td>\(.)</td>") | add) + "</tr>") | join("\n"))
  + "</tbody></table></div>";

def none($text): @html "<p class=\"none\">\($text)</p>";

# Percentiles, each with its 95 % interval.
def interval_rows:
  . as $run
  | def cell($s; $p):
      @html "<td>\($s[$p] | digits)<span class=\"interval\">"
      + (if $s[$p + "_lo"] == null or $s[$p + "_hi"] == null then "too few"
         else @html "\($s[$p + "_lo"] | digits) – \($s[$p + "_hi"] | digits)" end) + "</span></td>";
    [["ttft_ms", "Time to first token"], ["ttft_sent_ms", "… from when it was sent"], ["itl_ms", "Inter-token latency"],
     ["tpot_ms", "Time per output token"], ["e2e_ms", "Whole reply"], ["e2e_sent_ms", "… from when it was sent"]]
  | map(. as [$field, $name]
      | first($run.summary[] | select(.field == $field and .group == {})) as $s
      | @html "<tr><th scope=\"row\">\($name)</th><td>\($s.n | count)</td><td>\($s.mean | digits)</td>"
        + (["p50", "p90", "p95", "p99"] | map(. as $p | cell($s; $p)) | add) + "</tr>")
  | join("\n");

# One table of groups: a row for each value of the key, and of each the fields as columns.
def group_table($title):
  group_by(.group | tojson)
  | sort_by(-(.[0] | .n + .bad))
  | (.[:30] | map(
      INDEX(.field) as $f
      | [(.[0].group | to_entries[0].value | if . == null then "none" elif type == "string" then . else tojson end),
         ($f.e2e_ms | .n + .bad | count), ($f.e2e_ms.bad | count),
         ($f.ttft_ms.p50, $f.ttft_ms.p95, $f.tpot_ms.p50, $f.e2e_ms.p50, $f.e2e_ms.p95, $f.output_tokens.mean | digits)])
     | sort_by(.[0] | tonumber? // .)) as $rows
  | table([$title, "requests", "failed", "TTFT p50", "TTFT p95", "TPOT p50", "E2E p50", "E2E p95", "output tokens, mean"]; $rows)
    + (if length > 30 then @html "<p>The 30 largest of \(length) groups.</p>" else "" end);

def key_of: .group | keys[0];

def tag_tables:
  .groups | map(select(key_of | startswith("tags.")))
  | if . == [] then none("No request carries a tag.")
    else group_by(key_of) | map((.[0] | key_of | .[5:] | gsub("\\\\(?<c>.)"; "\(.c)")) as $tag | group_table($tag)) | join("\n") end;

def turn_table:
  .groups | map(select(key_of == "turn"))
  | if . == [] then none("The requests belong to no sessions.") else group_table("turn") end;

def slowest_table:
  .runsum.window.from_us as $from
  | .slowest
  | if . == [] then none("No request was ok.")
    else table(["request", "due at, s", "TTFT, ms", "E2E, ms", "input tokens", "output tokens", "tags"];
      map([(.id | tojson), (if .due_us then (.due_us - $from) / 1e6 | fixed(2) else "–" end), (.ttft_ms | digits), (.e2e_ms | digits),
           (.input_tokens | count), (.output_tokens | count), ((.tags // {}) | to_entries | map("\(.key)=\(.value)") | join(" "))])) end;

# A panel with what stands in both widths.
def plot_panel($name; $title; $keys):
  .svg as $svg
  | if $svg[$name + "_wide"] == null then ""
    else
      @html "<figure class=\"panel stack\"><figcaption>\($title)" + (if $keys == "" then "" else "<span>" + $keys + "</span>" end) + "</figcaption>"
      + @html "<div role=\"img\" aria-label=\"\($title) over time\">"
      + "<div class=\"wide\">" + $svg[$name + "_wide"] + "</div><div class=\"narrow\">" + $svg[$name + "_narrow"] + "</div></div></figure>" end;

def not_measured($key): .run.not_measured[$key]? // "nothing sampled it in this run";

def kind: if IN("engine", "pod") then . else "GPU" end;

# A row for each GPU, pod or engine; $cells of its summary records by field.
def samples_of($source; $head; cells):
  [.telemetry[] | select(.n > 0 and (.group.source | kind) == $source)]
  | if . == [] then ""
    else
      "<div class=\"panel stack\">"
      + (group_by(.group | tojson)
         | map(INDEX(.field) as $f | .[0].group as $g
             | [(if $source == "engine" then $g.url // "engine" elif $source == "pod" then $g.pod // "" else "\($g.host // "") GPU \($g.device)" end), ([.[].n] | max | count)]
               + [$f | cells])
         | . as $rows | table([$source, "samples"] + $head; $rows))
      + "</div>"
    end;

# The containers behind the Service that was measured.
def pods_table:
  .run.pods // []
  | if . == [] then ""
    else "<div class=\"panel stack\">" + table(["pod", "container", "node", "restarts before", "restarts after", "log"];
      map([.name, .container, .node // "–", (.restarts_before | tostring | sub("null"; "was not there")),
        (.restarts_after | tostring | sub("null"; "gone")), .log // "–"])) + "</div>" end;

def telemetry_part: pods_table +
  if .telemetry == [] then "<div class=\"panel\">" + none("Not measured: " + not_measured("resources")) + "</div>"
  else
    samples_of("GPU"; ["utilisation, mean", "power, mean, W", "memory, most, GiB", "hottest, °C"];
      (.util_ratio.mean | percent), (.power_w.mean | digits),
      (.mem_used_bytes.max | if . then . / 1073741824 | digits else "–" end), (.temp_c.max | digits))
    + plot_panel("gpu_util"; "GPU utilisation, %"; "a line for each GPU")
    + plot_panel("gpu_power"; "Power, W"; "a line for each GPU")
    + plot_panel("gpu_memory"; "GPU memory, GiB"; "a line for each GPU")
    + samples_of("pod"; ["CPU, mean, cores", "CPU, most, cores", "memory, mean, MiB", "memory, most, MiB"];
      (.cpu_cores.mean | digits), (.cpu_cores.max | digits), (.mem_bytes | .mean, .max | if . then . / 1048576 | digits else "–" end))
    + plot_panel("pod_cpu"; "CPU, cores"; "a line for each pod")
    + plot_panel("pod_memory"; "Memory, MiB"; "a line for each pod")
    + samples_of("engine"; ["running, mean", "waiting, mean", "waiting, most", "KV cache, mean", "KV cache, most"];
      (.running.mean | digits), (.waiting.mean | digits), (.waiting.max | digits), (.kv_ratio.mean | percent), (.kv_ratio.max | percent))
    + plot_panel("engine_requests"; "Requests in the engine"; "<span class=\"key\"><i></i>running</span><span class=\"key two\"><i></i>waiting</span>")
    + plot_panel("engine_kv"; "KV cache in use, %"; "")
  end;

def usd: if . == null then "–" elif . == 0 then "$0" else "$" + (if . >= 1 then fixed(2) else . as $x | (-(log10) | ceil + 2) as $d | $x | fixed([$d, 12] | min) end) end;

def cost_table:
  .cost as $c
  | if $c == null or $c.hour.total_usd == null then
      none("Not measured: " + ($c.not_measured.cost? // (.run.not_measured.cost? // "nothing was priced")))
    else
      table(["", "GPU", "CPU", "memory", "overhead", "total"];
        [["an hour", ($c.hour | .gpu_usd, .cpu_usd, .memory_usd, .overhead_usd, .total_usd | usd)],
         ["this run", ($c.run | .gpu_usd, .cpu_usd, .memory_usd, .overhead_usd, .total_usd | usd)]])
      + table(["", "input tokens", "output tokens", "all tokens"];
        [["of 1,000", ($c.per_1k_tokens | .input_usd, .output_usd, .total_usd | usd)],
         ["of 1,000,000", ($c.per_1m_tokens | .input_usd, .output_usd, .total_usd | usd)]])
      + "<dl class=\"facts\">" + ([["One ok request", ($c.per_request_usd | usd)], ["GPU", $c.gpu.product], ["How many", $c.gpu.count],
          ["Priced as", $c.gpu.row], ["Idle share of the GPUs", ($c.idle.gpu_ratio? | if . then percent else null end)]] | facts) + "</dl>"
      + "<p>The whole cost is divided by each count.</p>"
    end;

def quality_facts:
  .results.quality as $q
  | if (($q.structured_n? // 0) + ($q.tool_call_n? // 0)) == 0 then none("No reply was asked for a form, and none was offered tools.")
    else "<dl class=\"facts\">" + ([
      ["Replies that were to keep a schema", $q.structured_n], ["… and do", ($q.structured_ok_rate | if . == null then null else percent end)],
      ["Replies that were offered tools", $q.tool_call_n], ["… and call one rightly", ($q.tool_call_ok_rate | if . == null then null else percent end)]]
      | facts) + "</dl>" end;

def goodput_facts:
  .runsum.goodput as $g
  | (first(slo_words(" ≤ "; " ≥ ")) // null) as $bounds
  | if $bounds == null then ""
    else "<h3>Goodput</h3><dl class=\"facts\">" + ([["Bounds", $bounds],
      ["Good requests", $g.good], ["Share of all", "\($g.ratio | percent) (95 % interval \($g.ratio_lo | percent) – \($g.ratio_hi | percent))"],
      ["A second", ($g.rps | digits)]] | facts) + "</dl>" end;

# Each headline with the line that computes it again.
def recompute:
  .results as $r
  | [pipelines | to_entries[] | .key as $key | ($key | split(".")) as $path
     | select($path[0] != "cost" and $path[0] != "quality" or ($r | getpath($path)) != null)
     | @html "<div><dt>\($key)</dt><dd><pre><code>\(.value)</code></pre></dd></div>"] | join("\n");

def commands:
  .run.plan // {} | [.genload, .sendreq, .tokview] | map(select(. != null) | join(" ")) | join(" |\n\t");

def details: {
  more: more,
  interval_rows: interval_rows,
  tag_tables: tag_tables,
  turn_table: turn_table,
  slowest: slowest_table,
  telemetry: telemetry_part,
  cost_table: cost_table,
  quality_facts: quality_facts,
  goodput: goodput_facts,
  recompute: recompute,
  commands: (. as $d | $d | commands | @html "\(.)"),
  results_json: @html "\(.results | tojson)"
};
