#!/usr/bin/env python3
"""rates.py coverage RUNS | bootstrap METRICS: are runsum's intervals of rates and shares what they say?

coverage: RUNS seeded runs of Poisson arrivals, whose rate, tokens and share of good requests are
known; prints for each interval the share of the runs in which it holds the truth.
bootstrap: NumPy's own Poisson bootstrap over the requests of METRICS beside runsum's interval;
prints by how much of the interval's width the ends are apart, at most.
"""
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np

RATE, SECONDS, GOOD, MU, SIGMA = 8.0, 30.0, 0.85, 4.0, 0.7


def runsum(text):
    return json.loads(subprocess.run(["runsum", "--slo", "ttft_ms=100"], input=text, capture_output=True, text=True,
                                     check=True).stdout)


def arrivals(seed):
    rng = np.random.default_rng(seed)
    n = rng.poisson(RATE * SECONDS)
    due = np.sort(rng.uniform(0, SECONDS, n))
    # The window goes from 0 to SECONDS: a failed request stands at each end.
    rows = [{"ok": False, "due_us": us, "sent_us": us, "end_us": us} for us in (0, int(SECONDS * 1e6))]
    for t, tokens, good in zip(due, rng.lognormal(MU, SIGMA, n), rng.random(n) < GOOD):
        us = int(t * 1e6)
        rows.append({"ok": True, "due_us": us, "sent_us": us, "end_us": us, "last_us": us,
                     "ttft_ms": 50 if good else 200, "output_tokens": int(np.ceil(tokens)), "tokens_from": "usage"})
    return "".join(json.dumps(r) + "\n" for r in rows)


def coverage(runs):
    with ThreadPoolExecutor(3) as pool:
        records = list(pool.map(lambda seed: runsum(arrivals(seed)), range(runs)))
    many = np.ceil(np.random.default_rng(0).lognormal(MU, SIGMA, 10_000_000)).mean()
    truth = {("rate", "ok_rps"): RATE, ("rate", "output_tps"): RATE * many, ("goodput", "rps"): RATE * GOOD}
    for (block, key), x in truth.items():
        held = [r[block][key + "_lo"] <= x <= r[block][key + "_hi"] for r in records]
        print(f"{block}.{key} {np.mean(held):.3f}")
    held = []
    for r in records:  # the two that stand at the ends are no draws: their share is known
        n, g = r["requests"]["total"], r["goodput"]
        held.append(g["ratio_lo"] <= GOOD * (n - 2) / n <= g["ratio_hi"])
    print(f"goodput.ratio {np.mean(held):.3f}")


def bootstrap(path):
    text = open(path).read()
    rows = [json.loads(line) for line in text.splitlines()]
    record = runsum(text)
    ok = [r for r in rows if r["ok"]]
    rng, worst = np.random.default_rng(1), 0.0
    for key, x in (("ok_rps", np.ones(len(ok))), ("output_tps", np.array([r["output_tokens"] or 0 for r in ok]))):
        sums = np.array([rng.poisson(1, len(ok)) @ x for _ in range(20000)]) / record["window"]["s"]
        lo, hi = np.percentile(sums, [2.5, 97.5])
        ours = record["rate"][key + "_lo"], record["rate"][key + "_hi"]
        worst = max(worst, abs(ours[0] - lo) / (hi - lo), abs(ours[1] - hi) / (hi - lo))
    print(f"{worst:.4f}")


if sys.argv[1] == "coverage":
    coverage(int(sys.argv[2]))
else:
    bootstrap(sys.argv[2])
