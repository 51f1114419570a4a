#!/usr/bin/env python3
"""A run directory as the pipeline leaves it, before results: run.json, responses.jsonl, progress.jsonl.

A closed loop of SLOTS with log-normal first-token times and gaps, seeded; every FAIL-th request fails in
one of a few ways, whose messages try to break out of HTML and CSV.  Standard library only.
"""
import argparse
import heapq
import json
import os
import random

START = 1795330729000000
EVIL = [
    ("timeout", None, "Request timed out after 30s (first event)"),
    ("http", 503, 'overloaded: </script><img src=x onerror="alert(1)">, "quoted", and a comma'),
    ("stream", 200, "truncated after\nline two & <b>bold</b>"),
    ("connect", None, "Connection refused"),
]


def tags(a, i):
    if not a.rich:
        return {}
    return {"adapter": ["math", "code", "</script><b>&\"'{{cards}}"][i % 3], "a.dotted\\name": i % 2 == 0}


def reply(rng, i, due, a):
    sent = due + rng.randint(20, 400)
    rec = {"id": i, "tags": tags(a, i), "target": "http://127.0.0.1:8000", "due_us": due, "sent_us": sent,
           "connect_us": 0 if i > a.slots else 180}
    if a.warmup and i <= a.warmup:
        rec["phase"] = "warmup"
    if a.rich:
        rec |= {"session": (i + 3) // 4, "turn": (i - 1) % 4 + 1}
    base = {"streamed": not a.unary, "connects": 0 if i > a.slots else 1}
    if a.fail and i % a.fail == 0:
        kind, status, message = EVIL[i // a.fail % len(EVIL)]
        took = 3_000_000 if kind == "timeout" else rng.randint(800, 9000)
        return rec | {"first_byte_us": None, "end_us": sent + took, "status": status} | base | {
            "ev_us": [], "ev_kind": "", "usage": None, "finish": None, "bytes_in": 0, "bytes_out": 640,
            "final": True, "error": {"kind": kind, "status": status, "message": message, "retry_after_s": None}}
    ttft = int(rng.lognormvariate(11.0, 0.35))
    n = max(1, int(rng.gauss(48, 16)))
    at, evs = ttft, [ttft - 150]
    for _ in range(n):
        evs.append(at)
        at += int(rng.lognormvariate(9.3, 0.25))
    last = evs[-1]
    kinds = "r" + "c" * n + "ud"
    evs += [last + 40, last + 43]
    if a.unary:
        evs, kinds = [last], "c"
    usage = None if a.no_usage else {"prompt_tokens": 128 + i % 64, "completion_tokens": n, "cached_tokens": 0,
                                     "reasoning_tokens": None}
    return rec | {"first_byte_us": evs[0] - 30, "end_us": sent + evs[-1] + 50, "status": 200} | base | {
        "ev_us": evs, "ev_kind": kinds, "usage": usage, "finish": "stop", "bytes_in": 220 * n,
        "bytes_out": 640, "final": True, "error": None}


def records(a):
    rng = random.Random(a.seed)
    free = [START + k * 37 for k in range(a.slots)]
    heapq.heapify(free)
    out = []
    for i in range(1, a.requests + a.warmup + 1):
        r = reply(rng, i, heapq.heappop(free), a)
        heapq.heappush(free, r["end_us"] + 120)
        out.append(r)
    return sorted(out, key=lambda r: r["end_us"])


def progress(recs):
    end, t, out = max(r["end_us"] for r in recs), START, []
    while t < end:
        t = min(t + 1_000_000, end)
        sent = [r for r in recs if r["sent_us"] <= t]
        done = [r for r in sent if r["end_us"] <= t]
        tokens = sum(1 for r in sent for e, k in zip(r["ev_us"], r["ev_kind"]) if k in "tcf" and r["sent_us"] + e <= t)
        out.append({"t_us": t, "sent": len(sent), "done": len(done), "ok": sum(r["error"] is None for r in done),
                    "failed": sum(r["error"] is not None for r in done), "in_flight": len(sent) - len(done),
                    "waiting": 0, "out_tokens": tokens, "send_lag_ms": 0.4, "loop_lag_ms": 0.6, "stamp_lag_ms": 0.1, "cpu_ratio": 0.11})
    return out


def telemetry(a, recs):
    """Two GPUs and an engine once a second, from before the first request to after the last; an engine
    that was started again in the middle, a lost GPU, a torn line."""
    end, out, rng = max(r["end_us"] for r in recs), [], random.Random(a.seed)
    for k, t in enumerate(range(START - 300_000, end + 1_000_000, 500_000)):
        for g in (0, 1):
            gpu = {"t_us": t + g, "source": "nvml", "host": "bench-1", "device": g, "name": "NVIDIA Fake", "uuid": f"GPU-{g}"}
            if g == 1 and k > 4:
                out += [gpu | {"error": "GPU is lost"}] if k == 5 else []
                continue
            out.append(gpu | {"util_ratio": rng.randint(0, 100) / 100, "mem_used_bytes": rng.randint(1, 80) << 30,
                              "power_w": rng.randint(70_000, 700_000) / 1000, "energy_j": 1000.5 + k})
        done = sum(r["end_us"] <= t for r in recs)
        page = {"t_us": t + 9, "source": "engine", "host": "bench-1", "url": "http://127.0.0.1:8000/metrics"}
        if k == 3:
            out.append(page | {"error": "HTTP 503"})
            continue
        n = done if k < 6 else done - done // 2  # counted from zero again
        out.append(page | {"engine": "vllm", "running": min(a.slots, len(recs) - done), "waiting": k % 3, "kv_ratio": 0.25,
                           "requests_total": n, "prompt_tokens_total": n * 131, "prefix_queries_total": n * 131,
                           "ttft_sum_s": n * 0.0625, "ttft_count": n} | ({"prefix_hits_total": n * 7} if k > 1 else {}))
    return out


def rich_telemetry(recs):
    """Two GPUs and an engine, every second; one GPU is busier than the other."""
    end = max(r["end_us"] for r in recs)
    for k, t in enumerate(range(START, end, 1_000_000)):
        for device, busy in enumerate((0.9, 0.4)):
            yield {"t_us": t, "source": "nvml", "host": "node<7>", "device": device, "name": "NVIDIA <H100>",
                   "uuid": f"GPU-{device}", "util_ratio": busy + k % 2 * 0.05, "mem_used_bytes": (50 + 10 * device) << 30,
                   "mem_total_bytes": 80 << 30, "power_w": 300.5 + 100 * device, "temp_c": 50 + k, "throttle": []}
        yield {"t_us": t + 4112, "source": "engine", "host": "node<7>", "url": "http://127.0.0.1:8000/metrics",
               "engine": "vllm", "running": 3 + k % 2, "waiting": k % 3, "kv_ratio": 0.01 * k}
    yield {"t_us": end + 9_000_000, "source": "nvml", "host": "late", "device": 0, "util_ratio": 0.0}


def run_record(a, recs):
    reason = "no price for this server's GPU: its product is not known"
    gone = dict.fromkeys(("cost", "energy", "resources"), reason)
    gone["energy"] = gone["resources"] = "no telemetry source was given"
    stamp = "2026-11-22T06:58:49Z"
    if a.telemetry:
        gone["resources"] = "no pods were sampled in this run"
    parts = [{"started_us": START - 500_000, "ended_us": START + 1_600_000, "ended_by": "signal"},
             {"started_us": START + 1_650_000, "ended_us": None, "ended_by": None}]
    return {"id": "2026-11-22_06-58-49-standard", "parts": parts, "status": a.status, "ended_by": "requests", "version": "0.1.0",
            "command": ["./bench.sh", "--local", "--profile", "<standard>"], "started": stamp, "ended": stamp,
            "host": {"name": "bench-1", "os": "Debian GNU/Linux 12 (bookworm)", "cpus": 4, "cpu": "AMD EPYC 7763"},
            "seed": a.seed, "url": "http://127.0.0.1:8000", "model": "sim-8b", "namespace": "default", "service": None,
            "profile": "standard", "server": {"engine": "llmsim" if a.simulated else None, "simulated": a.simulated},
            "workload": {"metadata": {"name": "standard"},
                         "load_test": {"pattern": "steady", "requests": a.requests, "concurrency": a.slots,
                                       "warmup_requests": a.warmup},
                         "request": {"max_tokens": 100, "stream": not a.unary}},
            "not_measured": gone}


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("dir")
    p.add_argument("--requests", type=int, default=200)
    p.add_argument("--slots", type=int, default=10)
    p.add_argument("--warmup", type=int, default=0)
    p.add_argument("--fail", type=int, default=0)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--status", default="finished")
    for flag in ("unary", "no-usage", "simulated", "telemetry", "rich"):
        p.add_argument("--" + flag, action="store_true")
    a = p.parse_args()
    os.makedirs(a.dir, exist_ok=True)
    recs = records(a)
    asked = [{"id": r["id"], "tags": {}, "body": {"messages": [{"role": "user", "content": f"{r['id']} or less? " * 8}]}} for r in sorted(recs, key=lambda r: r["id"])]
    for name, rows in (("requests", asked), ("responses", recs), ("progress", progress(recs)),
                       ("telemetry", rich_telemetry(recs) if a.rich else [])):
        with open(f"{a.dir}/{name}.jsonl", "w", encoding="utf-8") as f:
            f.writelines(json.dumps(r, separators=(",", ":")) + "\n" for r in rows)
    with open(f"{a.dir}/telemetry.jsonl", "a", encoding="utf-8") as f:
        if a.telemetry:
            f.writelines(json.dumps(r, separators=(",", ":")) + "\n" for r in telemetry(a, recs))
            f.write('{"t_us":17953307290')
    with open(f"{a.dir}/run.json", "w", encoding="utf-8") as f:
        json.dump(run_record(a, recs), f, indent=2)


main()
