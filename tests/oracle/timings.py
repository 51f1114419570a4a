"""timings.py RESPONSES: our TTFT and TPOT beside those in the server's own timings.

llama.cpp reports prompt_ms (prefill) and predicted_ms, from the first of its predicted_n tokens to
the last.  Prints both and fails when they are too far apart; a client can only be later.
"""
import json
import sys

import numpy as np

BOUND_TTFT_MS = 200  # plus queueing on a busy machine; the aim on a quiet one is 20 ms
BOUND_TPOT = 0.20  # the aim is 5 %


def row(r):
    t = r["timings"]
    out = [us for us, k in zip(r["ev_us"], r["ev_kind"]) if k in "tcf"]
    ours = (out[-1] - out[0]) / 1000 / (t["predicted_n"] - 1)
    return out[0] / 1000, t["prompt_ms"], ours, t["predicted_ms"] / (t["predicted_n"] - 1)


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        rows = np.array([row(json.loads(line)) for line in f])
    late = rows[:, 0] - rows[:, 1]
    ratio = rows[:, 2] / rows[:, 3] - 1
    for r in rows:
        print("TTFT %.1f ms, its prompt_ms %.1f; TPOT %.2f ms, its %.2f" % tuple(r))
    print(f"TTFT later by {late.min():.1f} to {late.max():.1f} ms; TPOT off by {100 * np.median(ratio):.2f} % (median)")
    return 0 if late.min() > -1 and np.median(late) < BOUND_TTFT_MS and abs(np.median(ratio)) < BOUND_TPOT else 1


if __name__ == "__main__":
    sys.exit(main())
