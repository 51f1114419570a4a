#!/usr/bin/env python3
"""progress.py N SEED: N random progress records (docs/RECORDS.md), one a second, to stdout.

Of an odd SEED they are of three processes, whose records come in any order.
"""
import json
import sys

import numpy as np

n, seed = int(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(seed)
t, done = 1795330729000000, 0
for i in range(n):
    t += 1_000_000 + int(rng.integers(-900_000, 900_000) if rng.random() < 0.2 else 0)
    done += int(rng.integers(0, 50))
    shard = {"shard": int(rng.integers(1, 4))} if seed % 2 else {}
    first = int(rng.integers(0, 9))
    print(json.dumps({"t_us": t, **shard, "sent": done + 8, "done": done, "ok": done, "failed": 0,
                      "in_flight": int(rng.integers(0, 9)), "waiting": 0, "out_tokens": done * 20, "send_lag_ms": round(float(rng.exponential(0.2)), 3),
                      "loop_lag_ms": round(float(rng.exponential(0.5)), 3),
                      "stamp_lag_ms": round(float(rng.exponential(0.6)), 3), "first": first,
                      "first_lag_ms": round(float(rng.exponential(0.6)), 3) if first else None, "cpu_ratio": round(float(rng.random()), 3)}))
