"""rows.py [OPTION…]: measures one client after the other, and appends a row of each to a file (JSON lines).

A row that is there for this machine, this commit and this server is not measured again, so that a run that was cut
off goes on.  What a row's figures are: tests/perf/RESULTS.md says it below its tables.
"""
import argparse
import difflib
import signal
import sys

import bench
import clients
import extras

CLIENTS = ("tokpipe", "floor")
TABLES = ("throughput", "pacing", "stats")


def names(text):
    return [n for n in text.split(",") if n]


def numbers(text):
    if not all(n.isdigit() for n in names(text)):
        raise argparse.ArgumentTypeError(f"{text}: expected whole numbers, with commas")
    return [int(n) for n in names(text)]


def options():
    p = argparse.ArgumentParser(prog="rows.py")
    p.add_argument("--rows", default=str(bench.TOP / "build/perf/rows.jsonl"))
    p.add_argument("--only", type=names, default=[])
    p.add_argument("--streams", type=numbers, default=[])
    p.add_argument("--requests", type=int, default=5, help="of a stream, after the one that warms up")
    p.add_argument("--tokens", type=int, default=100)
    o = p.parse_args()
    known = [*CLIENTS, *TABLES, *clients.peers()]  # in this order
    for name in o.only:
        near = difflib.get_close_matches(name, known, 1)
        if name not in known:
            p.error(f"--only: {name}: no such client or table; " + (f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"))
    if any(n < 1 for n in (*o.streams, o.requests, o.tokens)):
        p.error("--streams, --requests and --tokens are whole numbers from 1 up")
    return o, known


def order(wanted, streams):
    """(client, streams) and (table, None): ours and its floor one after the other, so that both find the same machine."""
    pairs = [(n, s) for n in wanted if n not in TABLES for s in streams or clients.levels(n)]
    ours = [p for p in pairs if p[0] in CLIENTS]
    return sorted(ours, key=lambda p: p[1]) + [(n, None) for n in wanted if n in TABLES] + [p for p in pairs if p[0] not in CLIENTS]


def main():
    o, known = options()
    wanted = o.only or known
    b = bench.Bench(o.rows)
    for name, streams in order([n for n in known if n in wanted], o.streams):
        if name in TABLES:
            extras.rows(b, name)
        else:
            clients.row(b, name, streams, o.requests, o.tokens)


if __name__ == "__main__":
    for stop in (signal.SIGINT, signal.SIGTERM):  # SIGINT, too: a shell's background job has it ignored
        signal.signal(stop, signal.default_int_handler)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
