#!/usr/bin/env python3
"""warmup.py SHAPE SECONDS RUNS [EXCESS [LENGTH]]: runs of a server that warms up, and what runsum says of them.

Each run is a simulated server whose every latency is longer by a factor while it warms up: SHAPE
is step, ramp, exponential (three time constants in SECONDS) or none.  Prefill and gaps are
lognormal, one prefill in a hundred takes ten times as long, replies have 10 to 40 tokens, and
each gap takes the server's speed of that moment.  Odd seeds are a closed loop of eight slots,
even ones Poisson arrivals, ten a second; a run lasts LENGTH seconds (60).  Prints how many runs have their
warm-up's end within a second of SECONDS and their drain's beginning within a second of the
moment from which nothing more was sent, and the worst of each.
"""
import heapq
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np


def factor(shape, seconds, excess):
    if shape == "none":
        return lambda t: 1.0
    return {"step": lambda t: 1 + excess * (t < seconds),
            "ramp": lambda t: 1 + excess * max(0.0, 1 - t / seconds),
            "exponential": lambda t: 1 + excess * float(np.exp(-3 * t / seconds))}[shape]


def request(rng, slower, i, due):
    tokens = int(rng.integers(10, 41))
    now = due + 0.080 * slower(due) * rng.lognormal(0, 0.25) * (10 if rng.random() < 0.01 else 1)
    first = now
    for gap in 0.020 * rng.lognormal(0, 0.1) * rng.lognormal(0, 0.2, tokens - 1):
        now += gap * slower(now)
    us = [int(1e15 + x * 1e6) for x in (due, due, now, now)]
    return now, {"id": i, "ok": True, "due_us": us[0], "sent_us": us[1], "last_us": us[2], "end_us": us[3],
                 "ttft_ms": round((first - due) * 1e3, 3), "tpot_ms": round((now - first) / (tokens - 1) * 1e3, 3),
                 "e2e_ms": round((now - due) * 1e3, 3), "output_tokens": tokens, "tokens_from": "usage", "error": None}


def run(seed, shape, seconds, excess, length):
    rng, slower, rows = np.random.default_rng(seed), factor(shape, seconds, excess), []
    slots = [0.0] * 8
    due = 0.0 if seed % 2 else rng.exponential(0.1)
    while due < length:
        end, row = request(rng, slower, len(rows), due)
        rows.append(row)
        if seed % 2:
            heapq.heapreplace(slots, end)
            due = slots[0]
        else:
            due += rng.exponential(0.1)
    return rows


def judge(rows):
    text = "".join(json.dumps(r) + "\n" for r in rows)
    return json.loads(subprocess.run(["runsum"], input=text, capture_output=True, text=True, check=True).stdout)


def main():
    shape, seconds, runs = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    excess = float(sys.argv[4]) if len(sys.argv) > 4 else 2.0
    length = float(sys.argv[5]) if len(sys.argv) > 5 else 60.0
    every = [run(seed, shape, seconds, excess, length) for seed in range(runs)]
    with ThreadPoolExecutor(3) as pool:
        records = list(pool.map(judge, every))
    begins, ends = [], []
    for rows, record in zip(every, records):
        steady = record["steady"]
        begins.append(abs(steady["warmup"]["s"] - seconds) if steady else np.inf)
        ends.append(abs(steady["window"]["to_us"] - 1e15 - rows[-1]["due_us"] + 1e15) / 1e6 if steady else np.inf)
    by = sorted((b, s, r["steady"] and r["steady"]["warmup"]) for s, (b, r) in enumerate(zip(begins, records)))
    print("worst:", *by[-6:], sep="\n  ", file=sys.stderr)
    print(f"warm-up {sum(b <= 1 for b in begins)} of {runs}, worst {max(begins):.2f} s; "
          f"drain {sum(e <= 1 for e in ends)} of {runs}, worst {max(ends):.2f} s")


main()
