#!/usr/bin/env python3
"""cost.py SEED COUNT: costcalc against exact fractions, on random servers, prices and run records.

Written from docs/RECORDS.md and costcalc.1; quantities are read by this file's own words.  Each
server prices several run records; every figure, text and reason is compared.  Exit status 1 on
the first difference.
"""
import json
import random
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction as F

NANO = 10**9
UNITS = {"n": F(1, 10**9), "u": F(1, 10**6), "m": F(1, 1000), "": F(1), "k": F(1000), "M": F(10**6), "G": F(10**9),
         "T": F(10**12), "Ki": F(2**10), "Mi": F(2**20), "Gi": F(2**30), "Ti": F(2**40)}


def amount(text):
    head = text.rstrip("".join(UNITS)) if "e" not in text else text
    return F(Decimal(head)) * UNITS[text[len(head):]]


def up(x):
    return -((-x.numerator) // x.denominator)


def near(x, unit=1):
    """To a whole number of units, half up."""
    return (2 * x / unit + 1).__floor__() // 2


def usd(nano):
    """As it is printed: 15 digits, which below a million dollars are all there are; above, near enough."""
    return None if nano is None else nano / NANO if nano < 10**6 * NANO else F(nano, NANO)


def decimals(amounts, least):
    d = least
    for a in amounts:
        while d < 9 and a and near(F(a), 10**(9 - d)) < 10:
            d += 1
    return d


def money(units, d):
    return f"${Decimal(units).scaleb(-d):.{d}f}"


def fraction(x):
    return F(Decimal(repr(x)))


def hours(server, prices):
    gpus = server.get("gpus", 1 if "gpu" in server else None)
    row = server.get("gpu")
    row = prices["products"].get(row, row)
    parts = [None, None, None]
    if row is None and gpus != 0:
        return parts, None, None
    parts[0] = near(F(gpus) * near(fraction(prices["gpu"][row]) * NANO)) if gpus else 0
    if "cpu" in server and prices["core"] is not None:
        parts[1] = near(F(up(amount(server["cpu"]) * NANO), NANO) * near(fraction(prices["core"]) * NANO))
    if "memory" in server and prices["gib"] is not None:
        parts[2] = near(F(up(amount(server["memory"])), 2**30) * near(fraction(prices["gib"]) * NANO))
    if gpus == 0 and parts[1:] == [None, None]:
        return [None] * 3, None, None
    bare = sum(p for p in parts if p is not None)
    over = near(F(bare) * fraction(prices["overhead"]))
    return parts, over, bare + over


def expected(server, prices, run):
    parts, over, total = hours(server, prices)
    s, tokens, ok = run["window"]["s"], run["tokens"], run["requests"]["ok"]
    us = None if s is None else near(fraction(s) * 10**6)
    both = None if None in (tokens["input"], tokens["output"]) else tokens["input"] + tokens["output"]
    hour = [*parts, over]
    of_run = [None if h is None or us is None else near(F(h) * us / (3600 * 10**6)) for h in hour]
    known = [r for r in of_run if r is not None]

    def per(n, things):
        return None if total is None or us is None or not things else F(total, NANO) * us / (3600 * 10**6) * n / things

    out = {"hour": [usd(x) for x in (*hour, total)], "run": [usd(x) for x in (*of_run, sum(known) if known else None)],
           "per_request_usd": per(1, ok)}
    for name, n in (("per_1k_tokens", 1000), ("per_1m_tokens", 10**6)):
        out[name] = [per(n, tokens["input"]), per(n, tokens["output"]), per(n, both)]
    out["text"] = [per_1k_text(per(1000, both)), per_1k_text(per(1000, tokens["output"])), *shown(parts, total)]
    return out


def per_1k_text(per_1k):
    if per_1k is None:
        return None
    nano = near(per_1k * NANO)
    d = decimals([nano], 4)
    return money(near(F(nano), 10**(9 - d)), d)


def shown(parts, total):
    if total is None:
        return [None] * 4
    bare = sum(p for p in parts if p is not None)
    with_share = [None if p is None else near(F(p) * total / bare) if bare else p for p in parts]
    d = decimals([*with_share, total], 2)
    texts, cum, before = [], 0, 0
    for p in parts:
        if p is None:
            texts.append(None)
            continue
        cum += p
        now = near(F(near(F(cum) * total / bare) if bare else 0), 10**(9 - d))
        texts.append(money(now - before, d))
        before = now
    assert sum(Decimal(t[1:]) for t in texts if t) == Decimal(money(before, d)[1:])
    return [money(before, d), *texts]


def same(a, b):
    if isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(b, F):
        return a is not None and abs(F(a) - b) <= abs(b) * F(1, 10**14)
    return a == b


def seen(record):
    parts = ("gpu_usd", "cpu_usd", "memory_usd", "overhead_usd", "total_usd")
    tokens = ("input_usd", "output_usd", "total_usd")
    text = record["text"]
    return {"hour": [record["hour"][k] for k in parts], "run": [record["run"][k] for k in parts],
            "per_request_usd": record["per_request_usd"],
            "per_1k_tokens": [record["per_1k_tokens"][k] for k in tokens],
            "per_1m_tokens": [record["per_1m_tokens"][k] for k in tokens],
            "text": [text["cost_per_1k_tokens"], text["cost_per_1k_output_tokens"], text["hourly_cost"],
                     *(text["breakdown"][k] for k in ("gpu", "cpu", "memory"))]}


def price(rng):
    return rng.choice([0, round(rng.uniform(0, 10), 2), round(rng.uniform(0, 1), 4), round(rng.uniform(0, 0.01), 9), rng.randint(1, 9000)])


def one_server(rng):
    prices = {"gpu": {f"GPU-{i}": price(rng) for i in range(4)}, "products": {"Other name": "GPU-2"},
              "core": rng.choice([None, price(rng)]), "gib": rng.choice([None, price(rng)]),
              "overhead": rng.choice([0, 0.1, 0.333, round(rng.random(), 3), 1.5])}
    server = {}
    if rng.random() < 0.8:
        server["gpu"] = rng.choice([*prices["gpu"], "Other name"])
    if rng.random() < 0.6:
        server["gpus"] = rng.choice([0, 1, 2, 8, 512])
    if rng.random() < 0.7:
        server["cpu"] = rng.choice([f"{rng.randint(1, 64000)}m", str(rng.randint(0, 128)), f"{rng.uniform(0, 9):.3f}", "1k", "100n", "1u", "2e1"])
    if rng.random() < 0.7:
        server["memory"] = rng.choice([f"{rng.randint(1, 900)}Gi", f"{rng.uniform(1, 90):.2f}Gi", f"{rng.randint(1, 9000)}M", "1Ti", "123456789", "8e9"])
    return prices, server


def one_run(rng):
    def tokens():
        return rng.choice([None, 0, rng.randint(1, 10**9)])
    ok = rng.choice([0, 1, rng.randint(1, 10**6)])
    start = 1795330729000000
    s = rng.choice([None, round(rng.uniform(0.001, 5000), 6), 0.000001])
    return {"window": {"from_us": start, "to_us": start + 10**6, "s": s, "parts": 1}, "requests": {"ok": ok, "total": ok},
            "tokens": {"input": tokens(), "output": tokens(), "cached": None, "input_from": "usage", "output_from": "usage"}}


def document(prices):
    return {"gpu": prices["gpu"], "products": prices["products"], "cpu": {"hourly_per_core": prices["core"]},
            "memory": {"hourly_per_gib": prices["gib"]}, "overhead": {"fraction": prices["overhead"]}}


def main():
    rng, compared = random.Random(int(sys.argv[1])), 0
    for _ in range(int(sys.argv[2])):
        prices, server = one_server(rng)
        runs = [one_run(rng) for _ in range(20)]
        with open("oracle.json", "w", encoding="utf-8") as f:
            json.dump(document(prices), f)
        options = [a for k, v in server.items() for a in ("--" + k, str(v))]
        got = subprocess.run(["costcalc", "--prices", "oracle.json", *options], input="".join(json.dumps(r) + "\n" for r in runs),
                             capture_output=True, text=True, check=True)
        assert got.stderr == "", got.stderr
        records = [json.loads(line) for line in got.stdout.splitlines()]
        assert len(records) == len(runs)
        for run, record in zip(runs, records):
            a, b = seen(record), expected(server, prices, run)
            for key, value in b.items():
                if not same(a[key], value):
                    sys.exit(f"{key}: {a[key]}, expected {value}\n{prices}\n{server}\n{run}\n{record}")
                compared += 1
    print(f"{compared} figures compared")


main()
