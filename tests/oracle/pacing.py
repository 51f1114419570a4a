"""When requests went out, against their schedule, by what the server saw.

usage: pacing.py REQUESTS RESPONSES TRUTH [GAPS…]

REQUESTS are request records, RESPONSES what sendreq made of them, TRUTH llmsim's own log, joined by the
id.  Exits 1 and says why unless
- each request with an at_us was due exactly that long after one moment, the start of all, and each later
  turn of a session exactly its think time after the end of the one before it;
- the server had none (a millisecond) before it was due; nor does the lateness grow: its median over the last quarter of the
  run is within 5 ms of that over the first quarter, and half of all are less than 20 ms late;
- GAPS, as poisson:RATE or gamma:RATE:BURSTINESS: the gaps between due times are of that distribution
  (Kolmogorov-Smirnov, p >= 1e-4), and so are those between arrivals at the server, allowing for what
  lateness alone can move of the distribution function.
"""
import json
import sys

import numpy as np
from scipy import stats

ALPHA = 1e-4


def lines(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def newest(path, want):
    """The server's record of each id; a log that several runs share has the newest last."""
    truth = {int(t["request_id"].rpartition("-")[2]): t for t in lines(path)}
    missing = [i for i in want if i not in truth]
    if missing:
        sys.exit(f"{len(missing)} requests never came to the server, such as {missing[0]}")
    return truth


def check_due(requests, responses):
    by_id = {r["id"]: r for r in responses}
    starts = {by_id[q["id"]]["due_us"] - q["at_us"] for q in requests if "at_us" in q}
    if len(starts) > 1:
        sys.exit(f"{len(starts)} starts, from {min(starts)} to {max(starts)}")
    for before, q in zip(requests, requests[1:]):
        if q.get("turn", 1) > 1:
            due = by_id[before["id"]]["end_us"] + q.get("think_us", 0)
            if by_id[q["id"]]["due_us"] != due:
                sys.exit(f"turn {q['id']}: due at {by_id[q['id']]['due_us']}, expected {due}")


def check_drift(due, late_ms):
    order = np.argsort(due)
    late_ms = late_ms[order]
    quarter = len(late_ms) // 4
    first, last = np.median(late_ms[:quarter]), np.median(late_ms[-quarter:])
    print(f"late by {np.median(late_ms):.3f} ms (p99 {np.percentile(late_ms, 99):.3f}), "
          f"first quarter {first:.3f}, last {last:.3f}")
    if late_ms.min() < -1: # two clocks of one machine, which may be set meanwhile
        sys.exit(f"{-late_ms.min()} ms too early")
    if abs(last - first) >= 5:
        sys.exit("it drifts")
    if np.median(late_ms) >= 20:
        sys.exit("late")


def check_gaps(what, due, came):
    process, rate, *shape = what.split(":")
    rate, shape = float(rate), float(shape[0]) if shape else 1.0
    gap = stats.gamma(shape, scale=1 / (rate * shape)) if process == "gamma" else stats.expon(scale=1 / rate)
    exact = np.diff(np.sort(due)) / 1e6
    if (ks := stats.kstest(exact, gap.cdf)).pvalue < ALPHA:
        sys.exit(f"due times of another distribution: {ks}")
    gaps = np.diff(np.sort(came)) / 1e6
    ks = stats.kstest(gaps, gap.cdf)
    # A gap that lateness changed by d counts at x where it belongs at x - d or x + d.
    moved = np.percentile(np.abs(np.diff(np.sort(came)) - np.diff(np.sort(due))) / 1e6, 90)
    x = gap.ppf(np.linspace(0, 0.999, 1000))
    allowed = np.max(gap.cdf(x + moved) - gap.cdf(x)) + 0.1
    bound = stats.kstwo(len(gaps)).isf(ALPHA) + allowed
    print(f"KS of {len(gaps)} gaps at the server: {ks.statistic:.3f}, bound {bound:.3f}")
    if ks.statistic > bound:
        sys.exit(f"arrivals of another distribution: {ks}, bound {bound}")


def main():
    requests_path, responses_path, truth_path, *gaps = sys.argv[1:]
    requests = [q for q in lines(requests_path) if q.get("phase") != "warmup"]
    responses = [r for r in lines(responses_path) if r.get("phase") != "warmup"]
    if {q["id"] for q in requests} != {r["id"] for r in responses}:
        sys.exit("not every request has its record")
    check_due(requests, responses)
    truth = newest(truth_path, [q["id"] for q in requests])
    due = np.array([r["due_us"] for r in responses])
    came = np.array([truth[r["id"]]["arrived_us"] for r in responses])
    check_drift(due, (came - due) / 1000)
    for what in gaps:
        check_gaps(what, due, came)


main()
