"""clients: a row of the accuracy table: one client at one level of load, against the truth that llmsim logs.

Our own clients tell their first requests, which connect, from the others: the first are the cold wave, the others what
is measured.  A peer is run twice: once with as many requests as streams, which is its cold wave, and once for the rest.
"""
import json
import os
import pathlib
import re
import subprocess

import bench
import goals
import meter
import truth

LEVELS = {1: 10, 50: 10, 200: 10, 1000: 40, 4000: 200, 8000: 400}  # streams: inter-token latency, ms
PEER_LEVELS = (50, 200, 1000)
PEERS = pathlib.Path(__file__).with_name("peers")
LIMIT_S = 600
OWN = ("tokpipe", "floor")
COLD = (*goals.RUST, "oha")  # the peers whose first wave is measured: the others' is lost in what else they do


def peers():
    return sorted(p.stem for p in PEERS.glob("*.sh") if p.stem != "lib")


def levels(client):
    return LEVELS if client in OWN else PEER_LEVELS


class Trouble(Exception):
    """Why there are no numbers."""

    def __init__(self, why, kind="run"):
        super().__init__(why)
        self.kind = kind


TROUBLES = (Trouble, OSError, ValueError, LookupError, TypeError, RuntimeError)  # what a client wrote may be anything


def why(e):
    """What a row says that has no numbers; one bad client must not end the run of the others."""
    text = str(e) if isinstance(e, Trouble) else re.sub(r"/\S*/", "", f"{type(e).__name__}: {e}")
    bench.say(f"perf: {text}")
    return {"why": text, "why_kind": getattr(e, "kind", "run")}


def last_line(path):
    lines = [s for s in path.read_text(encoding="utf-8", errors="replace").splitlines() if s.strip()] if path.exists() else []
    return re.sub(r"\x1b\[[0-9;]*m|/\S*/", "", lines[-1])[:200] if lines else "it said nothing"


def ended_well(done, what, log):
    if done.status is None:
        raise Trouble(f"not done within {LIMIT_S // 60} minutes")
    if done.status != 0:
        raise Trouble(f"{what}: exit status {done.status}: {last_line(log)}")


def cost(done, records):
    """What it took to start, and from the first request on; of a peer until a second after the last event."""
    count = truth.events(records)
    began = min((t["arrived_us"] for t in records), default=done.ended_us)
    over = max((int(t["ev_us"][-1]) for t in records if len(t["ev_us"])), default=done.ended_us) + 1_000_000
    start = done.cpu_until(began)
    return {"cpu_us_per_event": 1e6 * (done.cpu_until(over) - start) / count if count else None,
            "startup_cpu_s": start, "startup_wall_s": (began - done.began_us) / 1e6, "cpu_s": done.cpu_s(),
            "wall_s": (done.ended_us - done.began_us) / 1e6, "peak_mb": done.peak_bytes / 1e6, "events": count}


def piped(b, argv, name, out):
    """One more filter, its output in a file; what it cost."""
    log = b.dir / f"{name}.log"
    with open(out, "wb") as f, open(log, "wb") as err:
        done = meter.measure(argv, b.last, LIMIT_S, stdout=f, stderr=err)
    ended_well(done, name, log)
    return done.cpu_s()


def tokpipe(b, engine, streams, requests, tokens):
    """genload, sendreq, tokstat, pctl and runsum, as bench.sh has them run; the numbers are those of pctl."""
    d = b.dir
    generate = [bench.BIN / "genload", "-n", requests, "--model", "m", "--input-tokens", 8, "--max-tokens", tokens,
                "--ignore-eos"]
    send = [bench.BIN / "sendreq", "--url", engine.url, "-c", streams, "-o", d / "responses.jsonl", d / "requests.jsonl"]
    stat = [bench.BIN / "tokstat", d / "responses.jsonl"]
    percentiles = [bench.BIN / "pctl", "-g", "connects", "-p", "50,99", "-f", d / "metrics.jsonl",
                   "ttft_sent_ms", "ttft_ms", "itl_ms", "send_lag_ms"]
    summary = [bench.BIN / "runsum", "--progress", d / "progress.jsonl", d / "metrics.jsonl"]
    used = piped(b, generate, "genload", d / "requests.jsonl")
    with open(d / "progress.jsonl", "wb") as progress, open(d / "log", "wb") as log:
        done = meter.measure([*send, "--progress-fd", progress.fileno()], b.last, LIMIT_S, stderr=log,
                             pass_fds=(progress.fileno(),))
    ended_well(done, "sendreq", d / "log")
    used += piped(b, stat, "tokstat", d / "metrics.jsonl")
    used += piped(b, percentiles, "pctl", d / "summary.jsonl")
    used += piped(b, summary, "runsum", d / "runsum.json")
    groups = {}
    for s in truth.load(d / "summary.jsonl"):
        groups.setdefault(s["group"]["connects"], {})[s["field"]] = s
    run = json.loads((d / "runsum.json").read_text(encoding="utf-8"))

    def reported(group, ttft="ttft_sent_ms"):
        g = groups.get(group, {})
        return {f"{name}_{key}_ms": g[field][p] if field in g else None
                for name, field in (("ttft", ttft), ("itl", "itl_ms")) for key, p in (("mean", "mean"), ("p99", "p99"))}

    def compare(records):
        of = truth.by_id(records)
        cold, warm = [], []
        for r in truth.load(d / "responses.jsonl"):
            (cold if r["connects"] else warm).append(of[r["id"]])
        true = truth.of_truth(warm)
        from_due = truth.errors(reported(0, "ttft_ms"), true)
        count = sum(groups.get(g, {}).get("ttft_sent_ms", {}).get("n", 0) for g in groups)
        sent = [r["sent_us"] for r in truth.load(d / "responses.jsonl") if r["connects"]]
        return {**truth.errors(reported(0), true), **truth.cold(reported(1), cold),
                "cold_spread_ms": (max(sent) - min(sent)) / 1000,
                "ttft_due_err_mean_ms": from_due["ttft_err_mean_ms"], "ttft_due_err_p99_ms": from_due["ttft_err_p99_ms"],
                "send_lag_p99_ms": groups.get(0, {}).get("send_lag_ms", {}).get("p99"), "verdict": run["client"]["verdict"],
                "requests_ok": count, "pipe_cpu_us_per_event": 1e6 * (used + done.cpu_s()) / truth.events(records)}

    text = "; ".join([bench.shown(generate, *b.places(engine)) + " >requests.jsonl", bench.shown(send, *b.places(engine)),
                      bench.shown(stat, *b.places(engine)) + " >metrics.jsonl", bench.shown(percentiles, *b.places(engine)),
                      bench.shown(summary, *b.places(engine))])
    return done, compare, {"command": text, "version": bench.words(bench.BIN / "sendreq", "--version")}


def floor(b, engine, streams, requests, tokens):
    """The least that a client can do; it reports stamps, of which NumPy makes the numbers.  It connects when ours did."""
    d = b.dir
    ours = goals.find(b.kept(), "accuracy", "tokpipe", streams=streams, tokens=tokens)
    command = [bench.PROGRAMS / "floor", "--url", engine.url, "-c", streams, "-n", requests, "--tokens", tokens,
               "--spread", round(ours.get("cold_spread_ms") or 0)]
    with open(d / "responses.jsonl", "wb") as out, open(d / "log", "wb") as log:
        done = meter.measure(command, b.last, LIMIT_S, stdout=out, stderr=log)
    ended_well(done, "floor", d / "log")

    def compare(records):
        of = truth.by_id(records)
        pairs = [(r, of[r["id"]]) for r in truth.load(d / "responses.jsonl")]
        cold, warm = [p for p in pairs if p[0]["connects"]], [p for p in pairs if not p[0]["connects"]]
        return {**truth.errors(truth.of_stamps(warm), truth.of_truth([t for _, t in warm])),
                **truth.cold(truth.of_stamps(cold), [t for _, t in cold]), "verdict": None, "requests_ok": len(pairs)}

    return done, compare, {"command": bench.shown(command, *b.places(engine)), "version": bench.commit()}


def peer_run(b, name, engine, streams, requests, tokens):
    script, out = PEERS / f"{name}.sh", b.dir / f"{name}-{requests}"
    out.mkdir()
    with open(out / "err", "wb") as err:
        done = meter.measure([script, "start", engine.url, "m", streams, requests, tokens, out], b.last, LIMIT_S,
                             stdin=subprocess.DEVNULL, stdout=err, stderr=err, until_exec=True)
    ended_well(done, name, out / "log" if (out / "log").exists() else out / "err")
    made = subprocess.run([script, "result", out], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise Trouble(f"its result: {made.stderr.strip()[-200:]}")
    return done, json.loads((out / "result.json").read_text(encoding="utf-8"))


def peer(name):
    def run(b, engine, streams, requests, tokens):
        done, r = peer_run(b, name, engine, streams, requests, tokens)

        def compare(records):
            last = sorted(records, key=lambda t: t["arrived_us"])[-(r.get("measured_requests") or len(records)):]
            return {**truth.errors(r, truth.of_truth(last, r["itl_of"])), "verdict": r.get("verdict"),
                    "requests_ok": r["requests_ok"],
                    **{key: r.get(key) for key in ("itl_of", "ttft_to", "warmup_requests", "measured_requests", "notes")}}

        return done, compare, {"command": r["command"], "version": r["version"]}
    return run


def peer_cold(b, name, streams, itl_ms, tokens):
    """The first wave alone."""
    with b.engine(streams, itl_ms) as engine:
        _, r = peer_run(b, name, engine, streams, streams, tokens)
    records = sorted(engine.truth(), key=lambda t: t["arrived_us"])
    return truth.cold(r, records[-(r.get("measured_requests") or len(records)):])


def install(name):
    done = subprocess.run([PEERS / f"{name}.sh", "install"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                          check=False)
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.strip()] or ["it said nothing"]
        raise Trouble(f"it could not be installed: {re.sub('/[^ ]*/', '', said[-1])[:200]}", "install")


def measured(b, client, streams, itl_ms, requests, tokens):
    if client not in OWN:
        install(client)
    b.fresh()
    with b.engine(streams, itl_ms) as engine:
        run = {"tokpipe": tokpipe, "floor": floor}.get(client) or peer(client)
        done, compare, about = run(b, engine, streams, (requests + 1) * streams, tokens)
        server_s = meter.cpu_clock(engine.pid)
    records = engine.truth()
    row = {**about, **compare(records), **cost(done, records), **truth.lateness(records),
           "reached_concurrency": truth.concurrency(records), "server_cpu_us_per_event": 1e6 * server_s / truth.events(records)}
    if client in COLD:
        try:
            row.update(peer_cold(b, client, streams, itl_ms, tokens))
        except TROUBLES as e:
            row["cold_why"] = why(e)["why"]
    return row


def row(b, client, streams, requests, tokens):
    itl_ms = LEVELS.get(streams, 10)
    key = {"table": "accuracy", "client": client, "streams": streams, "itl_ms": itl_ms, "tokens": tokens, "requests": requests}
    if b.has(**key):
        return
    bench.say(f"perf: {client}, {streams} streams …")
    try:
        b.add({**key, **measured(b, client, streams, itl_ms, requests, tokens)})
    except TROUBLES as e:
        b.add({**key, **why(e)})
