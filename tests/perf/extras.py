"""extras: the rows that are not of the accuracy table: throughput, pacing, statistics."""
import json
import os
import subprocess

import bench
import clients
import goals
import meter
import truth

STREAMS, REQUESTS, TOKENS = 32, 320, 10000  # of the throughput
RATE, FOR_S = 2000, 30                      # of the pacing
FIELDS = ["ttft_sent_ms", "send_lag_ms"]


def generate(b, *more):
    command = [bench.BIN / "genload", "--model", "m", "--input-tokens", 8, "--ignore-eos", *more]
    clients.piped(b, command, "genload", b.dir / "requests.jsonl")
    return bench.shown(command) + " >requests.jsonl"


def sendreq(b, url, *more):
    """sendreq on those requests: how it was measured, and the command."""
    d = b.dir
    command = [bench.BIN / "sendreq", "--url", url, *more, "-o", d / "responses.jsonl", d / "requests.jsonl"]
    with open(d / "progress.jsonl", "wb") as progress, open(d / "log", "wb") as log:
        done = meter.measure([*command, "--progress-fd", progress.fileno()], b.last, clients.LIMIT_S, stderr=log,
                             pass_fds=(progress.fileno(),))
    clients.ended_well(done, "sendreq", d / "log")
    return done, bench.shown(command, (url, "URL"), (f"{d}/", ""))


def rate(records, done):
    """Events a second from the first request to the last event, of records with their own stamps."""
    count = sum(len(r["ev_us"]) for r in records)
    ends = [int(r["ev_us"][-1]) + (r["sent_us"] if "ev_kind" in r else 0) for r in records if len(r["ev_us"])]
    began = min(r["sent_us"] for r in records)
    return {"events": count, "events_per_s": count / (max(ends) - began) * 1e6,
            "cpu_us_per_event": 1e6 * (done.cpu_s() - done.cpu_until(began)) / count, "peak_mb": done.peak_bytes / 1e6}


def tokpipe_flood(b, url):
    text = generate(b, "-n", REQUESTS, "--max-tokens", TOKENS)
    done, command = sendreq(b, url, "-c", STREAMS)
    records = truth.load(b.dir / "responses.jsonl")
    failed = [r["error"]["message"] for r in records if r["error"]]
    if failed:
        raise clients.Trouble(f"{len(failed)} requests failed: {failed[0]}")
    return {**rate(records, done), "command": f"{text}; {command}", "version": bench.words(bench.BIN / "sendreq", "--version")}


def floor_flood(b, url):
    command = [bench.PROGRAMS / "floor", "--url", url, "-c", STREAMS, "-n", REQUESTS, "--tokens", TOKENS]
    with open(b.dir / "responses.jsonl", "wb") as out, open(b.dir / "log", "wb") as log:
        done = meter.measure(command, b.last, clients.LIMIT_S, stdout=out, stderr=log)
    clients.ended_well(done, "floor", b.dir / "log")
    return {**rate(truth.load(b.dir / "responses.jsonl"), done), "command": bench.shown(command, (url, "URL")),
            "version": bench.commit()}


def peer_flood(name):
    """By the time that the peer says it took for the requests that it measured."""
    def run(b, url):
        clients.install(name)
        engine = type("hose", (), {"url": url})
        done, r = clients.peer_run(b, name, engine, STREAMS, REQUESTS, TOKENS)
        (said,) = (b.dir / f"{name}-{REQUESTS}").glob("peer.json*")
        took = json.loads(said.read_text(encoding="utf-8"))["duration"]
        count = r["requests_ok"] * (TOKENS + 4)  # role, finish, usage and [DONE] are events, too
        return {"events": count, "events_per_s": count / took, "peak_mb": done.peak_bytes / 1e6,
                "cpu_us_per_event": 1e6 * done.cpu_s() / (REQUESTS * (TOKENS + 4)), "command": r["command"], "version": r["version"]}
    return run


def flood(b, client, per_write):
    key = {"table": "throughput", "client": client, "streams": STREAMS, "per_write": per_write}
    if b.has(**key):
        return
    bench.say(f"perf: {client}, as fast as it can, {per_write} events a write …")
    b.fresh()
    run = {"tokpipe": tokpipe_flood, "floor": floor_flood}.get(client) or peer_flood(client)
    try:
        with b.server([bench.PROGRAMS / "hose", "--per-write", per_write, "--tokens", TOKENS], b.others) as server:
            b.add({**key, **run(b, server.url)})
    except clients.TROUBLES as e:
        b.add({**key, **clients.why(e)})


def throughput(b):
    for client in ("tokpipe", "floor", *(p for p in clients.peers() if p in goals.RUST)):
        for per_write in (1, 32):
            flood(b, client, per_write)


def pacing(b, requests_per_s=RATE, seconds=FOR_S):
    key = {"table": "pacing", "client": "tokpipe", "rate": requests_per_s, "duration_s": seconds, "tokens": 4}
    if b.has(**key):
        return
    bench.say(f"perf: tokpipe, {requests_per_s} requests a second for {seconds} s …")
    d = b.fresh()
    text = generate(b, "-r", requests_per_s, "--arrival", "poisson", "--duration", f"{seconds}s", "--max-tokens", 4)
    with b.engine(4096, 10) as engine:
        done, command = sendreq(b, engine.url)
    percentiles = [bench.BIN / "pctl", "-p", "50,99", "-f", d / "metrics.jsonl", *FIELDS]
    clients.piped(b, [bench.BIN / "tokstat", d / "responses.jsonl"], "tokstat", d / "metrics.jsonl")
    clients.piped(b, percentiles, "pctl", d / "summary.jsonl")
    clients.piped(b, [bench.BIN / "runsum", "--progress", d / "progress.jsonl", d / "metrics.jsonl"], "runsum", d / "runsum.json")
    found = {s["field"]: s for s in truth.load(d / "summary.jsonl")}
    run = json.loads((d / "runsum.json").read_text(encoding="utf-8"))
    b.add({**key, **{f"send_lag_{p}_ms": found["send_lag_ms"][p] for p in ("p50", "p99", "max")},
           **clients.cost(done, engine.truth()), "requests_ok": found["ttft_sent_ms"]["n"], "requests": run["requests"]["total"], "verdict": run["client"]["verdict"],
           "command": f"{text}; {command}; tokstat responses.jsonl | {bench.shown(percentiles, (f'{d}/', ''))}",
           "version": bench.words(bench.BIN / "sendreq", "--version")})


def stats(b):
    """The rows that pctl.sh prints, as JSON lines."""
    script = bench.TOP / "tests/perf/pctl.sh"
    if not os.access(script, os.X_OK) or b.has(table="stats"):
        return
    bench.say("perf: statistics …")
    done = subprocess.run([script], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        b.add({"table": "stats", "client": "pctl.sh", "why": f"exit status {done.returncode}: see what it said", "why_kind": "install"})
    for line in done.stdout.splitlines():
        b.add({**json.loads(line), "table": "stats"})


def rows(b, table):
    {"throughput": throughput, "pacing": pacing, "stats": stats}[table](b)
