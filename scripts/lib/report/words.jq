# words: the report's longer sentences: what a label means, what a number is.
include "text";

def words($key): {
  "simulated": "The engine was llmsim, tokpipe's simulator: its timing is not that of any real model or GPU. These numbers show that the measurement works, nothing else.",
  "interrupted": "The run was stopped before it was done. The numbers are those of the requests that had ended by then.",
  "failed": "The run did not get to its end. The numbers are those of the requests that had ended by then.",
  "running": "The run had not ended when this was written.",
  "client-limited": "The machine that sent the load could not keep up, so part of what was measured is its own doing. Do not compare these numbers with others.",
  "estimated": "the server did not report them, so stream events or the planned lengths were counted instead of tokens.",
  "none-ok": "There are no latencies to show. The errors are listed below.",
  "unobserved": "Not judged: there are no progress records of the sender, or nothing was measured, so nothing can be said about it.",
  "verdict-ok": "The sender kept up: what was measured is the server and the network.",
  "verdict-client-limited": "The sender could not keep up: p99 of its send lag or loop lag, or its CPU, was over the bound."
}[$key] // "";

def definitions:
  [
    ["Time to first token (TTFT)", "from the moment the request was due to the first event with generated output, visible or thinking. Role-only and empty events are no tokens."],
    ["Time to first output (TTFO)", "the same to the first visible output: text or a function call."],
    ["Inter-token latency (ITL)", "each gap between two consecutive output events of a request; all gaps of all ok requests together."],
    ["Time per output token (TPOT)", "from the first to the last output event, divided by the output tokens less one."],
    ["End-to-end latency (E2E)", "from due to the last output event; the usage event and the end marker do not extend it. Where this report says latency, it is this."],
    ["Due", "open loop: when the schedule said; closed loop: when the slot became free. A sender that lags is counted in the latency, not hidden (send lag = sent − due)."],
    ["Ok", "a 2xx status, no error anywhere in the stream, and at least one output event. Failed requests have no latency and are counted in every rate that says so."],
    ["Requests and tokens per second", "ok requests and their tokens over the run's window: from the first request due to the last output event (or the end of a failed request). Warm-up requests count in nothing."],
    ["Steady", "from the first to the last moment with 95 % of the median in flight, and not before the latencies have come to their level: a step, a ramp or an exponential is fitted to them. All other numbers are of the whole run."],
    ["Percentiles", "linear interpolation on the exact values; the 95 % interval comes from order statistics."],
    ["Output tokens", "as the server reports them; where it does not, output events are counted and the report says ESTIMATED."]
  ]
  | map(@html "<div><dt>\(.[0])</dt><dd>\(.[1])</dd></div>") | join("\n");

# What a histogram and its curve show, for those who do not see them.
def alt($field):
  first(.summary[] | select(.field == $field)) as $s
  | if $s.n == 0 or $s.n == null then "No values"
    else @html "\($s.n | count) values: half below \($s.p50 | latency_text), 95 % below \($s.p95 | latency_text), 99 % below \($s.p99 | latency_text), the highest \($s.max | latency_text)" end;

def rows_note:
  .runsum.requests.total as $n
  | ($n / .rows | ceil) as $every
  | if $every <= 1 then @html "All \($n | count) requests"
    else @html "Every \($every)\({"2": "nd", "3": "rd"}[$every | tostring] // "th") of \($n | count) requests" end
  | . + ", in the order they were due";
