# data: what the report's plots are drawn from, as text for gnuplot (style.gp): numbers and data
# blocks, nothing that a server or a user wrote.  Percentiles are pctl's own (--slurpfile curve: its
# records with many percentiles); this only counts and cuts time into slices.
# jq -rn --slurpfile runsum --slurpfile curve --argjson rows N METRICS
include "histogram";

def block($name):
  "$\($name) << EOD", (.[] | map(. // "NaN" | tostring) | join(" ")), "EOD";
def draw($file): "load lib.\"/\($file).gp\"";

# A latency: its histogram and its percentile curve, in ms, or in s from 10 s on.
def distribution($name; $field):
  first($curve[] | select(.field == $field and .n > 0)) as $c
  | (if $c.p99 >= 10000 then 0.001 else 1 end) as $scale
  | map(.[$field] | if type == "array" then .[] else . end | numbers)
  | histogram(if $c.p0 * 2 > $c.p99 then $c.p0 else 0 end; $c.p99) as $h
  # Beyond the last percentile that n values can tell apart there is nothing to draw.
  | ($c | to_entries | map(select(.key | test("^p[0-9.]+$")) | [(.key[1:] | tonumber), .value])
      | map(select((1 - .[0] / 100) * $c.n >= 1)) | sort) as $points
  | "name = \"\($name)\"", "unit = \"\(if $scale == 1 then "ms" else "s" end)\"",
    "width = \(if $h.bins[1] then ($h.bins[1] - $h.bins[0]) * $scale else 1 end)",
    "first = \($h.bins[0] * $scale)", "p50 = \($c.p50 * $scale)", "p95 = \($c.p95 * $scale)",
    "last = \([$points[-1][0], 50] | max)",
    ([$h.bins, $h.counts] | transpose | map([.[0] * $scale, .[1]]) | block("hist")),
    ($points | map([.[0], .[1] * $scale]) | block("curve")),
    draw("distribution");

# Add amount to the slices between a and b (in slices), each its share.
def spread($a; $b; $amount):
  if $b - $a < 1e-9 then .[[($a | floor), length - 1] | min] += $amount
  else
    reduce range($a | floor; [($b | ceil), length] | min) as $i (.;
      .[$i] += $amount * (([$b, $i + 1] | min) - ([$a, $i] | max)) / ($b - $a))
  end;

# When the output events of an ok request came; its tokens are theirs, in equal parts.
def event_times:
  if .ttft_ms != null and (.itl_ms | type) == "array" then
    [foreach (0, .itl_ms[]) as $gap (.due_us + .ttft_ms * 1000; . + $gap * 1000)]
  else [.last_us] end;

# Slices of time: when, ok and failed requests ended per second, tokens per second, mean in flight.
def over_time:
  $runsum[0].window as $w
  | (($w.to_us - $w.from_us) / 1e6) as $seconds
  # Shorter than a request, a slice would show the rhythm in which the slots take turns.
  | ((first($curve[] | select(.field == "e2e_ms")).p50 // 0) / 1000) as $request
  | ([$seconds / 40, ([$request, $seconds / 12] | min)] | max) as $least
  | first(range(0; 9) as $k | (1, 2, 5) | . * 0.1 * ([range($k)] | reduce .[] as $_ (1; . * 10))
      | select(. >= $least)) as $about
  | ([$seconds / $about | ceil, 1] | max) as $n
  | ([$seconds / $n, 1e-6] | max) as $s
  | [range($n) | 0] as $zero
  | def at: (. - $w.from_us) / 1e6 / $s;
    def slice: [(at | floor), $n - 1] | min;
    (map(select(.ok))) as $ok
    | (reduce ($ok[].last_us | slice) as $i ($zero; .[$i] += 1)) as $done
    | (reduce (.[] | select(.ok | not) | .end_us | slice) as $i ($zero; .[$i] += 1)) as $failed
    # Many events: one division each.  What comes at the very end is the last slice's.
    | (reduce ($ok[] | select(.output_tokens)) as $r ($zero;
        ($r | event_times) as $at
        | ($r.output_tokens / ($at | length)) as $each
        | reduce $at[] as $t (.; .[($t - $w.from_us) / 1e6 / $s | floor] += $each))
      | .[$n - 1] += (.[$n] // 0)) as $tokens
    | (reduce .[] as $r ($zero;
        (($r.sent_us // $r.end_us) | at) as $a | (($r.last_us // $r.end_us) | at) as $b | spread($a; $b; $b - $a))) as $flight
    | ($runsum[0].steady // {window: {from_us: null, to_us: null}}).window as $steady
    | "slice = \($s)", "seconds = \($seconds)",
      "begins = \($steady.from_us | if . then (. - $w.from_us) / 1e6 else "NaN" end)",
      "ends = \($steady.to_us | if . then (. - $w.from_us) / 1e6 else "NaN" end)",
      ([range($n) as $i | [$i * $s, $done[$i] / $s, $failed[$i] / $s, $tokens[$i] / $s, $flight[$i]]]
       | . + [[$seconds, .[-1][1], 0, .[-1][3:][]]] | block("time")), # the last step has an end, too
      draw("time");

# One row a request, in the order they were due, evenly chosen when there are too many:
# row, due, sent, first token, last output, failed at; seconds from the start.
def waterfall:
  $runsum[0].window as {from_us: $from, to_us: $to}
  | def at: if . == null then null else (. - $from) / 1e6 end;
    (length / $rows | ceil) as $every
    | sort_by(.due_us)
    | [range(0; length; [$every, 1] | max) as $i | .[$i]]
    | "rows = \(length)",
      (to_entries | map(.key as $row | .value
        | [$row, (.due_us | at), (.sent_us | at),
           (if .ttft_ms then .due_us + .ttft_ms * 1000 | at else .last_us | at end),
           (.last_us | at),
           # A request that failed at once is still to be seen.
           (if .ok then null else [.end_us, .due_us + ($to - $from) / 150] | max | at end)]) | block("rows")),
      draw("rows");

[inputs]
| if . == [] then empty else . end # all that was sent was warm-up: nothing to draw
| distribution("ttft"; "ttft_ms"), distribution("itl"; "itl_ms"), distribution("e2e"; "e2e_ms"), over_time, waterfall
