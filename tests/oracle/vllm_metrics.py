"""vllm_metrics.py BEFORE AFTER RUN: what vLLM measured itself while RUN was made, beside what we did.

BEFORE and AFTER are its /metrics; nothing else may have asked it in between.  Counts have to be equal.
Times differ, by what lies between the two places where they are taken (docs/ENGINES.md):
  TTFT, E2E  vLLM counts from when it has read and checked the request, to when the token reaches its
             HTTP process; we from before the sending, to the event's arrival.  Ours are the larger, request
             by request, and therefore in the mean and under every bound of its histograms.
  ITL        vLLM takes the time between two tokens where they are made, we between their events: only what
             delivery took longer for the last token than for the first is between the sums.
"""
import json
import os
import re
import sys

CLOCK_MS = 1.0  # two clocks of one machine, and one of them is read as the time of day
SLACK_MS = 100.0  # to be scheduled on a machine that has less processors than vLLM processes
HOP_MS = 5.0  # from the process that makes the tokens to the one that sends them
SHARE = 0.5  # the same grows with everything else when the machine is busy
LINE = re.compile(r"^(vllm:[a-z0-9_]+)(?:\{(.*)\})? (\S+)$")


def exposition(path):
    series = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            match = LINE.match(line)
            if match:
                name, labels, value = match.groups()
                bound = re.search(r'\ble="([^"]*)"', labels or "")
                key = (name, float(bound.group(1)) if bound else None)
                series[key] = series.get(key, 0.0) + float(value)
    return series


def difference(before, after):
    return {key: value - before.get(key, 0.0) for key, value in after.items()}


def read_run(directory):
    with open(os.path.join(directory, "metrics.jsonl"), encoding="utf-8") as lines:
        records = [record for record in map(json.loads, lines) if record["ok"]]
    with open(os.path.join(directory, "runsum.json"), encoding="utf-8") as text:
        return records, json.load(text)


class Check:
    def __init__(self):
        self.failed = 0

    def that(self, good, text):
        print(("" if good else "WRONG: ") + text)
        self.failed += not good

    def equal(self, what, ours, theirs):
        self.that(ours == theirs, f"{what}: ours {ours:.0f}, vLLM's {theirs:.0f}")


def counts(check, records, runsum, theirs):
    def total(name):
        return theirs.get((f"vllm:{name}", None), 0.0)

    check.equal("requests", runsum["requests"]["ok"], total("request_success_total"))
    check.equal("prompt tokens", runsum["tokens"]["input"], total("prompt_tokens_total"))
    check.equal("generated tokens", runsum["tokens"]["output"], total("generation_tokens_total"))
    if runsum["tokens"]["cached"] is not None:
        check.equal("cached prompt tokens", runsum["tokens"]["cached"], total("prompt_tokens_cached_total"))
    gaps = sum(r["output_tokens"] - 1 for r in records)
    check.equal("gaps between tokens", gaps, total("inter_token_latency_seconds_count"))


def mean_ms(theirs, name):
    return 1000 * theirs[(f"vllm:{name}_sum", None)] / theirs[(f"vllm:{name}_count", None)]


def later(check, what, ours, theirs, bound):
    off = ours - theirs
    check.that(-CLOCK_MS <= off <= bound, f"{what}: ours {ours:.2f} ms, vLLM's {theirs:.2f} ms: {off:+.2f} ms (0 to {bound:.0f})")
    return off


def under_bounds(check, what, values, theirs, name, bound_ms):
    """What is later by 0 to bound_ms has no more below each of the histogram's bounds, nor fewer below a later one."""
    buckets = sorted((le, n) for (key, le), n in theirs.items() if key == f"vllm:{name}_bucket")
    wrong = 0
    for le, n in buckets:
        below = sum(v <= 1000 * le - CLOCK_MS for v in values)
        below_later = sum(v <= 1000 * le + bound_ms for v in values)
        wrong += not below <= n <= below_later
    check.that(wrong == 0, f"{what}: {len(buckets) - wrong} of {len(buckets)} histogram bounds agree")


def main():
    before, after, directory = sys.argv[1:]
    records, runsum = read_run(directory)
    theirs = difference(exposition(before), exposition(after))
    check = Check()
    counts(check, records, runsum, theirs)

    ttft, e2e = ([r[key] for r in records] for key in ("ttft_sent_ms", "e2e_sent_ms"))
    n = len(records)
    their_ttft = mean_ms(theirs, "time_to_first_token_seconds")
    their_e2e = mean_ms(theirs, "e2e_request_latency_seconds")
    their_itl = mean_ms(theirs, "inter_token_latency_seconds")
    bound = SLACK_MS + SHARE * their_ttft
    first = later(check, "TTFT", sum(ttft) / n, their_ttft, bound)
    last = later(check, "E2E", sum(e2e) / n, their_e2e, bound)
    under_bounds(check, "TTFT", ttft, theirs, "time_to_first_token_seconds", 10 * bound)
    under_bounds(check, "E2E", e2e, theirs, "e2e_request_latency_seconds", 10 * bound)

    gaps = sum(r["output_tokens"] - 1 for r in records)
    itl = (sum(e2e) - sum(ttft)) / gaps
    off = itl - their_itl
    room = (first + last + HOP_MS) * n / gaps
    check.that(abs(off) <= room, f"ITL: ours {itl:.3f} ms, vLLM's {their_itl:.3f} ms: {off:+.3f} ms (at most {room:.3f})")
    events = [gap for r in records for gap in r["itl_ms"]]
    print(f"by event: {len(events)} gaps, mean {sum(events) / len(events):.3f} ms")
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main())
