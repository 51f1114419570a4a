#!/usr/bin/env python3
"""progress.py N SEED: N random progress records (docs/RECORDS.md), one a second, to stdout."""
import json
import sys

import numpy as np

n, seed = int(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(seed)
t, done = 1795330729000000, 0
for i in range(n):
    t += 1_000_000 + int(rng.integers(-900_000, 900_000) if rng.random() < 0.2 else 0)
    done += int(rng.integers(0, 50))
    print(json.dumps({"t_us": t, "sent": done + 8, "done": done, "ok": done, "failed": 0,
                      "in_flight": int(rng.integers(0, 9)), "waiting": 0, "out_tokens": done * 20, "send_lag_ms": round(float(rng.exponential(0.2)), 3),
                      "loop_lag_ms": round(float(rng.exponential(0.5)), 3),
                      "stamp_lag_ms": round(float(rng.exponential(0.6)), 3), "cpu_ratio": round(float(rng.random()), 3)}))
