"""results.py OUTDIR: what a peer wrote there, as one JSON object (times in milliseconds).

job.json says what it was asked to do, peer.* is what it wrote.  The numbers are the peer's own, in its own
definitions; null is what it does not report.  itl_of says what its ITL is the gap between: "chunks" (all chunks with
choices, so also the one of the role and the one of the end), "content" (those with text), "request-means" (one
mean a request: (last - first) / (tokens - 1), so that its p99 is not the p99 of the gaps).  measured_requests are
those that the numbers cover, the last ones sent or all; concurrency is what the peer says that it reached.
"""
import json
import os
import sys


def load(directory, name):
    with open(os.path.join(directory, name), encoding="utf-8") as f:
        return json.load(f)


def numbers(ttft, itl, scale=1):
    """The four of them from two pairs (mean, p99), in units of so many milliseconds."""
    names = ("ttft_mean_ms", "ttft_p99_ms", "itl_mean_ms", "itl_p99_ms")
    return {name: None if x is None else x * scale for name, x in zip(names, (*ttft, *itl))}


def vllm(directory, job):
    """vLLM's bench serve, in Python and in Rust: warm-up requests are not in its numbers."""
    r = load(directory, "peer.json")
    return {
        **numbers((r["mean_ttft_ms"], r["p99_ttft_ms"]), (r["mean_itl_ms"], r["p99_itl_ms"])),
        "itl_of": "chunks",
        "requests_ok": r["completed"],
        "requests_failed": r["failed"],
        "measured_requests": r["completed"] + r["failed"],
        "concurrency": None,
        "notes": ["the chunk that names the role ends TTFT"],
    }


def guidellm(directory, job):
    """GuideLLM: its distributions hold what overlaps the time after the warm-up's last reply."""
    (b,) = load(directory, "peer.json")["benchmarks"]
    m, made = b["metrics"], b["scheduler_metrics"]["requests_made"]
    ttft, itl = (m[name]["successful"] for name in ("time_to_first_token_ms", "inter_token_latency_ms"))
    notes = ["TTFT counts from the request's headers, so that connecting is not in it", "time stamps of the wall clock"]
    return {
        **numbers(*((d["mean"], d["percentiles"]["p99"]) for d in (ttft, itl))),
        "itl_of": "request-means",
        "requests_ok": made["successful"],
        "requests_failed": made["errored"] + made["incomplete"],
        "measured_requests": ttft["count"],
        "concurrency": m["request_concurrency"]["successful"]["percentiles"]["p50"],
        "notes": notes + [f"warning: {w['message']}" for w in b.get("warnings") or []],
    }


def aiperf(directory, job):
    """AIPerf: the profiling phase alone; a mean inter-token latency a request."""
    r = load(directory, "profile_export_aiperf.json")
    failed = r.get("error_request_count", {"avg": 0})["avg"]
    return {
        **numbers(*((r[name]["avg"], r[name]["p99"]) for name in ("time_to_first_token", "inter_token_latency"))),
        "itl_of": "request-means",
        "requests_ok": round(r["request_count"]["avg"]),
        "requests_failed": round(failed),
        "measured_requests": round(r["request_count"]["avg"] + failed),
        "concurrency": r["effective_concurrency"]["p50"],
        "notes": [],
    }


def inference_perf(directory, job):
    """inference-perf, in seconds: the last stage is the measured one."""
    r = load(directory, f"reports/stage_{int(job['warmup_requests'] > 0)}_lifecycle_metrics.json")
    latency, failed = r["successes"]["latency"], r["failures"]["count"]
    pairs = ((latency[name]["mean"], latency[name]["p99"]) for name in ("time_to_first_token", "inter_token_latency"))
    return {
        **numbers(*pairs, scale=1000),
        "itl_of": "content",
        "requests_ok": r["successes"]["count"],
        "requests_failed": failed,
        "measured_requests": r["successes"]["count"] + failed,
        "concurrency": None,
        "notes": [],
    }


def sglang(directory, job):
    """SGLang's bench_serving, in Python and in Rust: it does not say how many failed."""
    r = load(directory, "peer.jsonl")
    measured = job["requests"] - job["warmup_requests"]
    return {
        **numbers((r["mean_ttft_ms"], r["p99_ttft_ms"]), (r["mean_itl_ms"], r["p99_itl_ms"])),
        "itl_of": "content",
        "requests_ok": r["completed"],
        "requests_failed": measured - r["completed"],
        "measured_requests": measured,
        "concurrency": r["concurrency"],
        "notes": [],
    }


def genai_bench(directory, job):
    """genai-bench: it looks once a second whether it has enough; a share of what it has sent then is the warm-up."""
    (name,) = (name for name in os.listdir(os.path.join(directory, "experiment")) if name.endswith("s.json"))
    r = load(directory, os.path.join("experiment", name))
    total = r["aggregated_metrics"]
    ttft, tpot = total["stats"]["ttft"], total["stats"]["tpot"]
    sent, share = total["num_completed_requests"] + total["num_error_requests"], job["warmup_requests"] / job["requests"]
    warmup = int(sent * (share + 1e-6)) if share else 0
    return {
        **numbers((ttft["mean"], ttft["p99"]), (tpot["mean"], tpot["p99"])),
        "itl_of": "request-means",
        "requests_ok": total["num_completed_requests"],
        "requests_failed": total["num_error_requests"],
        "warmup_requests": warmup,
        "measured_requests": sent - warmup,
        "concurrency": None,
        "notes": ["a new connection for each request, inside TTFT", "its ITL is its TPOT, which ends with the stream"],
    }


def oha(directory, job):
    """oha, in seconds: the first byte of the body; all requests count."""
    r = load(directory, "peer.json")
    ok = r["statusCodeDistribution"].get("200", 0)
    return {
        **numbers((r["details"]["firstByte"]["average"], r["firstBytePercentiles"]["p99"]), (None, None), scale=1000),
        "itl_of": None,
        "requests_ok": ok,
        "requests_failed": job["requests"] - ok,
        "measured_requests": job["requests"],
        "concurrency": None,
        "notes": ["its TTFT is the time to the first byte", "all requests count, so that connecting is in it"],
    }


PEERS = {
    "aiperf": aiperf,
    "genai-bench": genai_bench,
    "guidellm": guidellm,
    "inference-perf": inference_perf,
    "oha": oha,
    "sglang": sglang,
    "sglang-rs": sglang,
    "vllm": vllm,
    "vllm-rs": vllm,
}


def main():
    (directory,) = sys.argv[1:]
    job = load(directory, "job.json")
    try:
        numbers = PEERS[job["peer"]](directory, job)
    except (OSError, ValueError, LookupError, TypeError) as e:
        sys.exit(f"results.py: {directory}: not what {job['peer']} writes: {type(e).__name__}: {e}")
    json.dump({**job, **numbers}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
