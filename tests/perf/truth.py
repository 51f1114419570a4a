"""truth.py TRUTH RESPONSES TIMES: sendreq's stamps against llmsim's truth, as a Markdown table.

The two are joined by the request id, whose end is the record's id.  Error of an event: our stamp
minus the time of its send(2).  Error of TTFT: ours (from sent_us) minus the true one (from the
request's last byte at the server).  TIMES holds sendreq's user, system and wall seconds.
"""
import json
import sys

import numpy as np


def load(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def first_output(kinds):
    return next(i for i, k in enumerate(kinds) if k in "tcf")


def row(name, us):
    ms = np.asarray(us) / 1000
    p50, p99 = np.percentile(ms, [50, 99])
    print(f"| {name} | {ms.size} | {ms.mean():.3f} | {p50:.3f} | {p99:.3f} | {ms.min():.3f} | {ms.max():.3f} |")


def main():
    truth_path, responses_path, times_path = sys.argv[1:]
    truth = {t["request_id"].rpartition("-")[2]: t for t in load(truth_path)}
    events, outputs, ttft, warm = [], [], [], []
    for r in load(responses_path):
        t = truth[str(r["id"])]
        if r["error"] or r["ev_kind"] != t["ev_kind"]:
            sys.exit(f"truth: id {r['id']}: events {r['ev_kind']}, true {t['ev_kind']}, error {r['error']}")
        late = r["sent_us"] + np.array(r["ev_us"]) - np.array(t["ev_us"])
        i = first_output(r["ev_kind"])
        events.extend(late)
        outputs.extend(late[[k in "tcf" for k in r["ev_kind"]]])
        ttft.append(r["ev_us"][i] - (t["ev_us"][i] - t["recv_us"]))
        if r["connects"] == 0:
            warm.append(ttft[-1])
    with open(times_path, encoding="utf-8") as f:
        user, system, wall = map(float, f.read().split()[-3:])
    print("\n| error against the truth, ms | n | mean | p50 | p99 | min | max |\n|---|---|---|---|---|---|---|")
    row("output events", outputs)
    row("all events", events)
    row("TTFT, connecting included", ttft)
    row("TTFT on a kept connection", warm)
    print(f"\n- CPU of sendreq: {1e6 * (user + system) / len(events):.1f} us an event ({1e6 * user / len(events):.1f} user, "
          f"{1e6 * system / len(events):.1f} system), {100 * (user + system) / wall:.1f} % of one processor, "
          f"{len(events) / wall:.0f} events/s")


if __name__ == "__main__":
    main()
