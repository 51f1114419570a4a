#!/usr/bin/env python3
"""responses.py N SEED: N valid random response records (docs/RECORDS.md), to stdout.

Made to visit the corners: failures of every kind, error objects inside a stream, thinking, tool
calls, replies that were not streamed, no usage, usage 0 or of some counts only, one token, role
only, embeddings, several tokens in one event, usage beside choices, warm-ups, resumed parts,
records of other senders that lack due_us, requests that were never sent.
"""
import json
import sys

import numpy as np

T0 = 1795330729000000


def letters(rng):
    """The letters of a stream that ended well."""
    body = []
    if rng.random() < 0.85:
        body.append("r")
    shape = rng.choice(["text", "think", "tool", "mixed", "one", "none"], p=[0.5, 0.15, 0.1, 0.15, 0.07, 0.03])
    n = int(rng.integers(2, 40))
    if shape == "text":
        body += ["c"] * n
    elif shape == "think":
        body += ["t"] * int(rng.integers(1, 20)) + ["c"] * n
    elif shape == "tool":
        body += ["f"] * n
    elif shape == "mixed":
        body += [str(x) for x in rng.choice(list("tcfrx"), size=n, p=[0.3, 0.4, 0.1, 0.1, 0.1])]
    elif shape == "one":
        body.append(str(rng.choice(list("tcf"))))
    if rng.random() < 0.8:
        body.append("r")
    if rng.random() < 0.6:
        body.append("u")
    if rng.random() < 0.9:
        body.append("d")
    return body


def usage_of(rng, kinds):
    if "u" not in kinds and rng.random() < 0.3:
        return None
    events = sum(k in "tcf" for k in kinds)
    completion = events + int(rng.choice([0, 0, 0, 1, 7]))
    if rng.random() < 0.1:
        completion = int(rng.choice([0, 1]))
    thinking = sum(k == "t" for k in kinds)
    return {"prompt_tokens": int(rng.integers(1, 900)),
            "completion_tokens": completion if rng.random() < 0.93 else None,
            "cached_tokens": int(rng.integers(0, 200)) if rng.random() < 0.6 else None,
            "reasoning_tokens": thinking if thinking and rng.random() < 0.6 else None}


def fail(rng, r, kinds):
    """Make a failure of it; returns the letters that still came."""
    kind = str(rng.choice(["connect", "tls", "timeout", "http", "stream", "error object", "protocol", "cancelled",
                           "skipped"]))
    if kind in ("connect", "tls", "timeout", "http", "skipped"):
        r["finish"] = None
        r["status"] = int(rng.choice([301, 401, 429, 500, 503])) if kind == "http" else None
        kinds = []
    else:
        kinds = kinds[:int(rng.integers(0, len(kinds) + 1))]
        kinds = [k for k in kinds if k not in "ud"]
        if kind == "error object":
            kinds += ["e"]
            if rng.random() < 0.5:
                kinds += ["d"]
        if kind == "protocol":
            kinds.insert(int(rng.integers(0, len(kinds) + 1)), "e")
    r["error"] = {"kind": "stream" if kind == "error object" else kind, "status": r["status"], "message": "it failed",
                  "retry_after_s": None}
    r["final"] = kind != "cancelled"
    if kind == "skipped":
        r["due_us"] = r["sent_us"] = r["end_us"] = None
    return kinds


def stamps(rng, r, kinds, streamed):
    connect = int(rng.integers(100, 3000)) if rng.random() < 0.2 else 0
    first = connect + int(rng.integers(1000, 90000))
    gaps = rng.integers(0, 20000, size=len(kinds))
    gaps[rng.random(len(kinds)) < 0.1] = 0
    at = [first + int(x) for x in np.cumsum(gaps)]
    r["connects"], r["connect_us"] = int(connect > 0), connect
    r["first_byte_us"] = max(connect, first - int(rng.integers(0, 400)))
    if r["status"] is None:
        r["first_byte_us"], r["bytes_in"] = None, 0
    r["ev_us"], r["ev_kind"] = at, "".join(kinds)
    if r["sent_us"] is not None:
        r["end_us"] = r["sent_us"] + (at[-1] if at else first) + int(rng.integers(0, 300))
    r["streamed"] = streamed


def record(rng, i, start):
    due = start + int(rng.integers(0, 5_000_000))
    r = {"id": i, "tags": {"adapter": str(rng.choice(["base", "math"]))}, "target": "http://127.0.0.1:8000",
         "due_us": due, "sent_us": due + int(rng.choice([0, 30, 70, 900, 7000])), "connect_us": 0, "first_byte_us": 0,
         "end_us": 0, "status": 200, "streamed": True, "connects": 0, "ev_us": [], "ev_kind": "", "usage": None,
         "finish": "stop", "bytes_in": int(rng.integers(100, 9000)), "bytes_out": 640, "final": True, "error": None}
    kinds, streamed = letters(rng), True
    usage = usage_of(rng, kinds)
    if rng.random() < 0.08:
        kinds, streamed = [str(rng.choice(list("tcfo")))], False
    elif rng.random() < 0.15:
        kinds = fail(rng, r, kinds)
    stamps(rng, r, kinds, streamed)
    r["usage"] = usage if set(kinds) & set("tcfou") else None
    if rng.random() < 0.5:
        r["expect"] = {"input_tokens": int(rng.integers(1, 900)), "output_tokens": int(rng.integers(1, 40))}
    if rng.random() < 0.1:
        r["phase"] = "warmup"
    if rng.random() < 0.05:
        del r["due_us"]
    if rng.random() < 0.1:
        r["session"], r["turn"], r["timings"] = "c3", 2, {"prompt_ms": 4.25}
    return r


def main():
    n, seed = int(sys.argv[1]), int(sys.argv[2])
    rng = np.random.default_rng(seed)
    for i in range(n):
        part = 1 + 3 * i // n
        r = record(rng, i, T0 + part * 60_000_000)
        if part > 1:
            r["part"] = part
        print(json.dumps(r, separators=(",", ":")))


main()
