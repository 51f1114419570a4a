"""table.py [--headline | --readme README] [--check] ROWS: the rows of "make perf" as Markdown.

All of the page, or the headline's table alone, or README with that table put between its two marks.  With --check
the exit status is 5 when a goal was missed.  No number is made here: all are the rows'.
"""
import argparse
import json
import pathlib
import sys

import goals

BEGIN, END = "<!-- perf: made of tests/perf/RESULTS.jsonl -->", "<!-- /perf -->"
FIRST = ("tokpipe", "floor")
NAMES = {"tokpipe": "**tokpipe**", "floor": "floor (bare epoll + recv, in C)"}

INTRO = """# What the stamps are worth, and what an event costs

Printed by "make perf"; "tests/perf/run.sh --keep" keeps it here, from the rows in RESULTS.jsonl.

"""

NOTES = """
- The server is llmsim, pinned to the first processor, with exact times: TTFT 50 ms, and from token to token what the table says. The client is
  pinned to the last one. Connections are kept; each stream sends one request that warms up, and then those that are measured.
- Errors are what the client reports minus the same figure of the server's log: its TTFT from when the last byte of the request came to when the first
  token was given to the socket, its ITL between two of those. So how late the server was (in sending, and in reading requests) is no error of the client; it stands beside.
- tokpipe's figures are those of `sendreq`, `tokstat`, `pctl`, from sent (`ttft_sent_ms`), as its peers count; the floor's are made of its stamps
  by NumPy, and its streams start over the same time as those of tokpipe (`--spread`); the peers' are their own, in their own definitions (`itl_of` in RESULTS.jsonl), against the truth of the requests that they measure.
- CPU an event is the client's from the first request on (of peers until a second after the last event: no report is in it), over all events
  received; of tokpipe it is that of sendreq, and that of the whole pipe, with start and report, stands beside it. Memory is resident, summed over
  all processes of a client. Start-up is until the first request comes to the server.
- The cold first wave is all streams' first requests at once, connects inside; of a peer (oha and those in Rust) it is a run of as many requests as streams.
- The goals' errors are sizes: a report below the truth is as wrong as one above it.
"""


def load(path):
    """The rows, of each kind the newest."""
    rows = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            r = json.loads(line)
            key = tuple(r.get(k) for k in ("table", "client", "streams", "per_write", "task"))
            rows.pop(key, None)
            rows[key] = r
    return list(rows.values())


def number(x):
    """Three digits or more that say something."""
    if x is None:
        return "–"
    if isinstance(x, str):
        return x
    if isinstance(x, int) or abs(x) >= 1000:
        return f"{x:,.0f}"
    return f"{x:.3f}" if abs(x) < 1 else f"{x:.2f}" if abs(x) < 10 else f"{x:.1f}"


def line(cells):
    return "| " + " | ".join(cells) + " |\n"


def table(head, body):
    return line(head) + "|" + "---|" * len(head) + "\n" + "".join(line(row) for row in body) + "\n"


def clients(rows):
    names = list(dict.fromkeys(r["client"] for r in rows))
    return [n for n in FIRST if n in names] + sorted(n for n in names if n not in FIRST)


def pair(r, mean, p99):
    """A mean and its p99."""
    if r.get(mean) is None:
        return "–"
    return number(r[mean]) + (f" ({number(r[p99])})" if r.get(p99) is not None else "")


def level_name(streams, rows):
    itl = next(r["itl_ms"] for r in rows if r["streams"] == streams)
    return f"{streams}, ITL {itl} ms"


def by_level(rows, mean, p99, more=()):
    """One line a client, one column a level; more: (title, streams, key)."""
    levels = sorted({r["streams"] for r in rows})
    head = ["client", *(level_name(s, rows) for s in levels), *(title for title, _, _ in more)]
    body = []
    for c in clients(rows):
        at = {s: goals.find(rows, "accuracy", c, streams=s) for s in levels}
        if not all("why" in r for r in at.values() if r):
            body.append([NAMES.get(c, c), *(pair(at[s], mean, p99) for s in levels),
                         *(number(at.get(s, {}).get(key)) for _, s, key in more)])
    return table(head, body)


def headline(rows):
    rows = [r for r in rows if r["table"] == "accuracy"]
    return by_level(rows, "ttft_err_mean_ms", "ttft_err_p99_ms",
                    (("CPU µs an event at 200", 200, "cpu_us_per_event"), ("peak MB at 1000", 1000, "peak_mb"),
                     ("start-up CPU s", 50, "startup_cpu_s")))


COLUMNS = (("TTFT mean", "ttft_err_mean_ms"), ("TTFT p99", "ttft_err_p99_ms"), ("ITL mean", "itl_err_mean_ms"),
           ("ITL p99", "itl_err_p99_ms"), ("CPU µs/event", "cpu_us_per_event"), ("pipe µs/event", "pipe_cpu_us_per_event"),
           ("peak MB", "peak_mb"), ("start CPU s", "startup_cpu_s"), ("start s", "startup_wall_s"), ("verdict", "verdict"),
           ("reached", "reached_concurrency"), ("ok", "requests_ok"), ("server late ms", "server_late_mean_ms"),
           ("p99", "server_late_p99_ms"), ("read late ms", "server_read_late_mean_ms"), ("server µs/event", "server_cpu_us_per_event"))


def levels(rows):
    text = ""
    for streams in sorted({r["streams"] for r in rows}):
        here = [r for r in rows if r["streams"] == streams and "why" not in r]
        if here:
            text += f"### {level_name(streams, rows)}\n\n" + table(
                ["client", *(title for title, _ in COLUMNS)],
                [[NAMES.get(c, c), *(number(goals.find(here, "accuracy", c).get(key)) for _, key in COLUMNS)] for c in clients(here)])
    return text


def simple(rows, name, columns):
    """A table whose rows are the rows."""
    rows = [r for r in rows if r["table"] == name and "why" not in r]
    return table([title for title, _ in columns], [[number(r.get(key)) for _, key in columns] for r in rows])


def bound(g):
    return g.bound if isinstance(g.bound, str) else f"{g.bound:,} {g.unit}".strip()


def goal_table(rows):
    words = {None: "not measured", True: "met", False: "MISSED"}
    return table(["goal", "bound", "measured", ""],
                 [[g.text, ("at least " if g.at_least else "" if isinstance(g.bound, str) else "at most ") + bound(g),
                   f"{number(g.value)} {g.unit if g.value is not None else ''}".strip(), words[g.met()]] for g in goals.of(rows)])


def missing(rows):
    lines = [f"- {r['client']}, {r['streams']} streams: {r['why']}\n" if "streams" in r
             else f"- {r['client']}, {r.get('task', r['table'])}: {r['why']}\n" for r in rows if "why" in r]
    lines += [f"- {r['client']}, {r['streams']} streams, first wave: {r['cold_why']}\n" for r in rows if "cold_why" in r]
    return "## What could not be measured\n\n" + "".join(lines) + "\n" if lines else ""


def commands(rows):
    """Of each client the command of one level; the others differ in the number of streams."""
    text = "## Commands\n\n"
    seen = set()
    for r in rows:
        if "command" in r and (r["table"], r["client"]) not in seen:
            seen.add((r["table"], r["client"]))
            text += f"- {r['client']} ({r['version']}), {r['table']}, {r.get('streams', '')} streams: `{r['command']}`\n".replace(",  streams", "")
    return text


def about(rows):
    said = "".join(f"- {machine}; commit {commit}, llmsim {server}\n"
                   for machine, commit, server in dict.fromkeys((r["machine"], r["commit"], r["server"]) for r in rows))
    times = sorted(r["at"] for r in rows)
    loads = [r["load"] for r in rows]
    return said + f"- {times[0]} to {times[-1]}, load before and while it ran {min(loads):.2f} to {max(loads):.2f}\n\n"


EXTRAS = (
    ("throughput", "Throughput: a server that sends as fast as it can", (("client", "client"), ("streams", "streams"),
     ("events a write", "per_write"), ("events/s", "events_per_s"), ("CPU µs/event", "cpu_us_per_event"), ("events", "events"))),
    ("pacing", "Pacing: an open loop", (("client", "client"), ("requests/s", "rate"), ("s", "duration_s"), ("tokens", "tokens"),
     ("send lag p50 ms", "send_lag_p50_ms"), ("p99", "send_lag_p99_ms"), ("max", "send_lag_max_ms"), ("requests", "requests"), ("ok", "requests_ok"),
     ("verdict", "verdict"))),
    ("stats", "Statistics: p50, p90, p99 and mean", (("program", "client"), ("of", "task"), ("s", "wall_s"), ("CPU s", "cpu_s"), ("peak MB", "peak_mb"))),
)


def page(rows):
    exact = [r for r in rows if r["table"] == "accuracy"]
    text = INTRO + about(rows) + "## Goals\n\n" + goal_table(rows)
    if exact:
        text += "## Error of the mean TTFT (of its p99), ms, by streams at once\n\n" + headline(rows)
        text += "## The cold first wave: the same error, connects inside\n\n" + by_level(exact, "cold_ttft_err_mean_ms", "cold_ttft_err_p99_ms")
        text += "## Level by level\n\nErrors in ms.\n\n" + levels(exact)
    for name, title, columns in EXTRAS:
        if any(r["table"] == name and "why" not in r for r in rows):
            text += f"## {title}\n\n" + simple(rows, name, columns)
    return text + missing(rows) + commands(rows) + "\n## How it is measured\n" + NOTES


def readme(path, rows):
    text = pathlib.Path(path).read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"table.py: {path}: {BEGIN} … {END}: not there")
    pathlib.Path(path).write_text(f"{before}{BEGIN}\n{headline(rows)}{END}{after}", encoding="utf-8")


def main():
    p = argparse.ArgumentParser(prog="table.py")
    p.add_argument("--headline", action="store_true")
    p.add_argument("--readme")
    p.add_argument("--check", action="store_true")
    p.add_argument("rows")
    o = p.parse_args()
    rows = load(o.rows)
    if not rows:
        sys.exit(f"table.py: {o.rows}: no rows")
    if o.readme:
        readme(o.readme, rows)
    else:
        print(headline(rows) if o.headline else page(rows), end="")
    if o.check and any(g.met() is False for g in goals.of(rows)):
        sys.exit(5)


if __name__ == "__main__":
    main()
