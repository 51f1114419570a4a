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


def vllm(directory, job):
    """vLLM's bench serve, in Python and in Rust: warm-up requests are not in its numbers."""
    r = load(directory, "peer.json")
    return {
        "ttft_mean_ms": r["mean_ttft_ms"],
        "ttft_p99_ms": r["p99_ttft_ms"],
        "itl_mean_ms": r["mean_itl_ms"],
        "itl_p99_ms": r["p99_itl_ms"],
        "itl_of": "chunks",
        "ttft_to": "chunk",
        "requests_ok": r["completed"],
        "requests_failed": r["failed"],
        "measured_requests": r["num_prompts"],
        "concurrency": None,
        "notes": ["the chunk that names the role ends TTFT"],
    }


PEERS = {"vllm": vllm, "vllm-rs": vllm}


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
