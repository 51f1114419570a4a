"""truth: what a client reports against what the server logged of the same requests.

The truth of a request is the server's own: its TTFT from when the last byte of the request came to when the first
token was given to the socket, an ITL from one token's send to the next one's.  So the server's lateness is in it, and
is no error of the client.  An error is the client's figure minus the same figure of the truth; percentiles are NumPy's.
"""
import json

import numpy as np

OUTPUT = "tcf"
CHUNKS = "r" + OUTPUT  # those with choices, as vLLM's client counts them


def load(path):
    """The records of a file; their times as arrays, which take an eighth of the room."""
    records = []
    with open(path, encoding="utf-8") as f:
        for line in f:
            r = json.loads(line)
            r.update({key: np.array(r[key], dtype=np.int64) for key in ("ev_us", "plan_us") if key in r})
            records.append(r)
    return records


def outputs(kinds):
    return [i for i, k in enumerate(kinds) if k in OUTPUT]


def ttft_us(t):
    return t["ev_us"][outputs(t["ev_kind"])[0]] - t["arrived_us"]


def gaps_us(t, itl_of="content"):
    """What a client's ITL is of: the gaps between tokens, those between chunks, or one mean a request."""
    kinds = CHUNKS if itl_of == "chunks" else OUTPUT
    gaps = np.diff(t["ev_us"][[i for i, k in enumerate(t["ev_kind"]) if k in kinds]])
    return gaps.mean(keepdims=True) if itl_of == "request-means" and gaps.size else gaps


def figures(ttfts_us, gaps):
    """Mean and p99 of TTFT and ITL in ms, of lists of us; None where there is nothing."""
    gaps = np.concatenate(gaps) if len(gaps) else np.array([])
    found = {}
    for name, us in (("ttft", np.asarray(ttfts_us, dtype=float)), ("itl", gaps)):
        found[f"{name}_mean_ms"] = float(us.mean()) / 1000 if us.size else None
        found[f"{name}_p99_ms"] = float(np.percentile(us, 99)) / 1000 if us.size else None
    return found


def of_truth(records, itl_of=None):
    """The server's figures of these truth records, ITL as the client defines it."""
    records = [t for t in records if outputs(t["ev_kind"])]
    return figures([ttft_us(t) for t in records], [gaps_us(t, itl_of) for t in records])


def of_stamps(pairs):
    """A client's figures from its stamps: pairs of its record (sent_us, ev_us, epoch us) and the truth record."""
    ttfts, gaps = [], []
    for r, t in pairs:
        if len(r["ev_us"]) != len(t["ev_us"]):
            raise ValueError(f"id {r['id']}: {len(r['ev_us'])} events, {len(t['ev_us'])} were sent")
        which = outputs(t["ev_kind"])
        stamps = r["ev_us"][which]
        ttfts.append(stamps[0] - r["sent_us"])
        gaps.append(np.diff(stamps))
    return figures(ttfts, gaps)


def errors(reported, true):
    """Reported minus true, by name; None where either is missing."""
    found = {}
    for name in ("ttft_mean", "ttft_p99", "itl_mean", "itl_p99"):
        a, b = reported.get(f"{name}_ms"), true.get(f"{name}_ms")
        what, _, of = name.partition("_")
        found[f"{what}_err_{of}_ms"] = None if a is None or b is None else a - b
    return found


def by_id(records):
    """Truth records by the number that ends their request id."""
    return {int(t["request_id"].rpartition("-")[2]): t for t in records}


def lateness(records):
    """How much later than planned the server gave its events to the sockets, and read the requests than they came, ms."""
    late = [t["ev_us"] - t["plan_us"] for t in records if len(t["ev_us"])]
    late = np.concatenate(late) / 1000 if late else np.array([])
    return {"server_late_mean_ms": float(late.mean()) if late.size else None,
            "server_late_p99_ms": float(np.percentile(late, 99)) if late.size else None,
            "server_read_late_mean_ms": float(np.mean([t["recv_us"] - t["arrived_us"] for t in records])) / 1000 if records else None}


def concurrency(records):
    """The most requests that were at the server at once."""
    steps = sorted(step for t in records for step in ((t["arrived_us"], 1), (int(max(t["ev_us"], default=t["recv_us"])), -1)))
    return int(np.cumsum([d for _, d in steps]).max()) if steps else 0


def events(records):
    return sum(len(t["ev_us"]) for t in records)


def cold(reported, records):
    """The errors of a first wave, under names of their own."""
    found = errors(reported, of_truth(records))
    return {"cold_ttft_err_mean_ms": found["ttft_err_mean_ms"], "cold_ttft_err_p99_ms": found["ttft_err_p99_ms"]}
