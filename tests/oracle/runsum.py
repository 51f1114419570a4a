#!/usr/bin/env python3
"""runsum.py METRICS PROGRESS RULE [FIELD=X…]: the run record, recomputed, to stdout.

METRICS are metric records, PROGRESS progress records ("-": none), RULE in-flight:R, trim:Ns or
none.  Written from docs/RECORDS.md and runsum.1, by NumPy; it shares nothing with the programs.
"compare A B" instead compares two run records; exit status 1 on a difference.
"""
import collections
import json
import sys

import numpy as np

US = 1e6


def end_of(m):
    return m["last_us"] if m["ok"] else m["end_us"]


def sent(rows):
    return [m for m in rows if m["sent_us"] is not None and end_of(m) is not None]


def part_window(rows):
    on_wire = sent(rows)
    if not on_wire:
        return None
    due = [m["due_us"] if m["due_us"] is not None else m["sent_us"] for m in on_wire]
    return min(due), max(end_of(m) for m in on_wire)


def steps(rows, window):
    """(from, to, count) for each stretch between the times at which something starts or ends."""
    start = np.array([m["sent_us"] for m in sent(rows)])
    end = np.array([min(max(m["end_us"], end_of(m)), window[1]) for m in sent(rows)])
    times = np.unique(np.concatenate([start, end]))
    for a, b in zip(times, times[1:]):
        yield a, b, int(np.sum((start <= a) & (end >= b)))


def steady_parts(parts, rule):
    kind, _, value = rule.partition(":")
    if kind == "none":
        return []
    if kind == "trim":
        cut = int(float(value.rstrip("s")) * US)
        return [(p, (w[0] + cut, w[1] - cut)) for p, w in parts if w[1] - cut > w[0] + cut]
    found, every = [], [(p, w, list(steps(p, w))) for p, w in parts]
    busy = collections.Counter()
    for _, _, s in every:
        for a, b, n in s:
            if n:
                busy[n] += int(b - a)
    half, seen, median = sum(busy.values()) / 2, 0, 0
    for n in sorted(busy):
        seen += busy[n]
        if seen >= half:
            median = n
            break
    for p, w, s in every:
        reached = [(a, b) for a, b, n in s if n >= float(value) * median]
        if reached:
            found.append((p, (int(reached[0][0]), int(reached[-1][1]))))
    return found


def edges(found, rule):
    before = sum(w[0] - part_window(p)[0] for p, w in found) / US
    after = sum(part_window(p)[1] - w[1] for p, w in found) / US
    return {"warmup": {"s": before, "by": rule.partition(":")[0], "shape": None, "excess_ratio": None}, "drain": {"s": after}}


def ratio(a, b):
    return a / b if a is not None and b else None


def token_sum(rows, field):
    v = [m[field] for m in rows if m["ok"] and m[field] is not None]
    return sum(v) if v else None


def source(rows, field):
    kinds = {m[field] for m in rows if m["ok"]}
    if not kinds or kinds == {None}:
        return None
    return kinds.pop() if len(kinds) == 1 else "mixed"


def slo_value(m, name):
    field = name.removesuffix(">=")
    v = m.get(field.removesuffix(".max"))
    if isinstance(v, list):
        return None if not v else float(np.max(v) if field.endswith(".max") else np.mean(v))
    return v


def holds(name, v, x):
    return v is not None and (v >= x if name.endswith(">=") else v <= x)


def between(key, x, s):
    """A rate, a sum of x over s seconds, with the ends of its interval."""
    x = np.array(x, dtype=float)
    ends = [None, None]
    if len(x) >= 6 and s and x.any():
        z, sigma = np.array([-1.959963984540054, 1.959963984540054]), np.sqrt((x ** 2).sum())
        ends = (x.sum() + sigma * (z + (x ** 3).sum() / sigma ** 3 * (z ** 2 - 1) / 6)) / s
        ends = [max(0.0, float(ends[0])), float(ends[1])]
    return {key: float(x.sum() / s) if s else None, key + "_lo": ends[0], key + "_hi": ends[1]}


def token_rate(key, values, s):
    if all(v is None for v in values):
        return {key: None, key + "_lo": None, key + "_hi": None}
    return between(key, [v or 0 for v in values], s)


def wilson(k, n):
    if not n:
        return {"ratio": None, "ratio_lo": None, "ratio_hi": None}
    z = 1.959963984540054
    roots = np.roots([1 + z * z / n, -(2 * k / n + z * z / n), (k / n) ** 2])  # |p - k/n| = z sqrt(p (1 - p) / n)
    lo, hi = sorted(float(r.real) for r in roots)
    return {"ratio": k / n, "ratio_lo": 0.0 if k == 0 else lo, "ratio_hi": 1.0 if k == n else hi}


def event_times(m):
    """When each output event came, in microseconds."""
    if m["ttft_ms"] is None:
        return np.array([float(m["last_us"])])
    return m["due_us"] + np.concatenate([[m["ttft_ms"]], m["ttft_ms"] + np.cumsum(m["itl_ms"])]) * 1000


def peak(rows):
    rows = [m for m in rows if m["ok"] and m["output_tokens"]]
    if not rows:
        return None
    times = [event_times(m) for m in rows]
    base = min(int(t.min() // US) for t in times)
    tokens = sum(np.bincount((t // US).astype(int) - base, np.full(len(t), m["output_tokens"] / len(t)), 100000)
                 for t, m in zip(times, rows))
    return {"output_tps": float(tokens.max()), "at_us": (base + int(np.argmax(tokens))) * 1000000}


def figures(segments, rows, slos):
    us = sum(w[1] - w[0] for _, w in segments)
    s = us / US
    ok = [m for m in rows if m["ok"]]
    failed = [m for m in rows if not m["ok"]]
    tokens = {k: token_sum(rows, k + "_tokens") for k in ("input", "output", "cached")}
    both = tokens["input"] + tokens["output"] if None not in (tokens["input"], tokens["output"]) else None
    area, most = 0.0, 0
    for p, w in segments:
        whole = part_window(p)
        for a, b, n in steps(p, whole):
            overlap = min(b, w[1]) - max(a, w[0])
            if overlap > 0:
                area += float(overlap) * n
                most = max(most, n)
    texts, calls = ([m[k] for m in ok if m.get(k) is not None] for k in ("structured_ok", "tool_call_ok"))
    quality = {"structured_n": len(texts), "structured_ok_rate": float(np.mean(texts)) if texts else None,
               "tool_call_n": len(calls), "tool_call_ok_rate": float(np.mean(calls)) if calls else None}
    goodput = None
    if slos:
        values = [{f: slo_value(m, f) for f in slos} for m in ok]
        good = sum(all(holds(f, v[f], x) for f, x in slos.items()) for v in values)
        goodput = {"slo": slos, "good": good, **wilson(good, len(rows)), **between("rps", np.ones(good), s),
                   "unmeasured": sum(any(v[f] is None for f in slos) for v in values)}
    by_error = collections.Counter(m["error"]["kind"] if m["error"] else "no-output" for m in failed)
    return {
        "window": {"from_us": segments[0][1][0] if us else None, "to_us": segments[-1][1][1] if us else None,
                   "s": s if us else None, "parts": len(segments)},
        "requests": {"total": len(rows), "ok": len(ok), "failed": len(failed), "success_ratio": ratio(len(ok), len(rows)),
                     "error_ratio": ratio(len(failed), len(rows)), "by_error": dict(by_error)},
        "tokens": tokens | {"input_from": source(rows, "input_from"), "output_from": source(rows, "tokens_from")},
        "rate": between("ok_rps", np.ones(len(ok)), s) | between("failed_rps", np.ones(len(failed)), s)
        | between("attempted_rps", np.ones(sum(m["sent_us"] is not None for m in rows)), s)
        | token_rate("input_tps", [m["input_tokens"] for m in ok], s)
        | token_rate("output_tps", [m["output_tokens"] for m in ok], s)
        | token_rate("total_tps", [(m["input_tokens"] or 0) + (m["output_tokens"] or 0) if both is not None else None
                                   for m in ok], s),
        "in_flight": {"mean": ratio(area, us), "max": most if us else None},
        "quality": quality if texts or calls else None, "goodput": goodput,
    }


def percentile(v, p):
    return float(np.percentile(v, p)) if len(v) else None


def client(rows, progress, most):
    if not progress:
        return None
    cpu = stamp = 0.0
    flying, at_once = {}, [0]
    for shard in {p.get("shard") for p in progress}:
        of = [p for p in progress if p.get("shard") == shard]
        weight = np.minimum(np.concatenate([[1.0], np.diff([p["t_us"] for p in of]) / US]), 1.0)
        cpu = max(cpu, float(np.average([p["cpu_ratio"] for p in of], weights=weight)))
        stamp = max(stamp, float(np.average([p["stamp_lag_ms"] for p in of], weights=weight)))
    for p in progress:
        flying[p.get("shard")] = p["in_flight"]
        at_once.append(sum(flying.values()))
    firsts = sum(p["first"] for p in progress)
    first = sum(p["first"] * (p["first_lag_ms"] or 0) for p in progress) / firsts if firsts else None
    lag = np.array([m["sent_us"] - m["due_us"] for m in rows if None not in (m["sent_us"], m["due_us"])]) / 1000
    loop = percentile([p["loop_lag_ms"] for p in progress], 99)
    together = collections.defaultdict(list)
    for m in rows:
        if None not in (m["sent_us"], m["due_us"]):
            together[m["due_us"]].append(m["sent_us"] - m["due_us"])
    late = np.array([max(0, x / 1000 - 0.2 * k) for v in together.values() for k, x in enumerate(sorted(v))])
    ttft = float(late.mean()) + first if len(late) and firsts else None
    limited = cpu > 0.9 or stamp > 1 or (ttft or 0) > 1 or (len(late) and percentile(late, 99) > 5)
    return {"cpu_ratio": cpu, "send_lag_ms": {"p50": percentile(lag, 50), "p99": percentile(lag, 99), "late_p99": percentile(late, 99)},
            "loop_lag_ms": {"p99": loop}, "stamp_lag_ms": {"mean": stamp}, "ttft_lag_ms": {"mean": ttft},
            "max_in_flight": max(most, *at_once),
            "verdict": "client-limited" if limited else "ok" if len(lag) else None}


def load(path):
    if path == "-":
        return []
    with open(path) as f:
        return [json.loads(x) for x in f]


def recompute(metrics, progress, rule, *slos):
    rows = [m for m in load(metrics) if m.get("phase") != "warmup"]
    slos = {f + ">=" * (">" in s): float(s[s.index("=") + 1:]) for s in slos for f in [s[:s.index("=")].rstrip("<>")]}
    by_part = collections.defaultdict(list)
    for m in rows:
        by_part[m.get("part", 1)].append(m)
    parts = [(by_part[k], part_window(by_part[k])) for k in sorted(by_part)]
    parts = [(p, w) for p, w in parts if w]
    record = figures(parts, rows, slos)
    found = steady_parts(parts, rule)
    inside = [m for p, w in found for m in sent(p) if w[0] <= end_of(m) <= w[1]]
    record["steady"] = {"rule": rule} | edges(found, rule) | figures(found, inside, slos) if found else None
    record["client"] = client(rows, load(progress), record["in_flight"]["max"] or 0)
    record["peak"] = peak(rows)
    record["warnings"] = []
    return record


def differences(a, b, path=""):
    if isinstance(a, dict) and isinstance(b, dict):
        for k in sorted(set(a) | set(b)):
            if k not in a or k not in b:
                yield f"{path}.{k}: only in one"
            else:
                yield from differences(a[k], b[k], f"{path}.{k}")
    elif isinstance(a, float) or isinstance(b, float):
        if a is None or b is None or abs(a - b) > 1e-9 * max(1.0, abs(a)):
            yield f"{path}: {a!r}, {b!r}"
    elif a != b or type(a) is not type(b):
        yield f"{path}: {a!r}, {b!r}"


def main():
    if sys.argv[1] == "compare":
        found = list(differences(load(sys.argv[2])[0], load(sys.argv[3])[0]))
        print("\n".join(found) or "the same")
        sys.exit(bool(found))
    print(json.dumps(recompute(*sys.argv[1:])))


main()
