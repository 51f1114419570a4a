"""pctl.py CHECK: pctl against NumPy, SciPy and exact fractions, on seeded random sets.

Each CHECK makes its sets, runs pctl once with a group per set, compares every figure, and
says how many it compared.  Exit status 1 on the first difference.
"""
import json
import random
import subprocess
import sys
from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
from scipy import stats

METHODS = ["linear", "inverted_cdf", "lower", "higher", "midpoint", "nearest"]
TYPED = ["0", "1", "25", "50", "62.5", "90", "95", "99", "99.9", "100"]
getcontext().prec = 60


def run(lines, *args):
    text = lines if isinstance(lines, str) else "".join(json.dumps(r) + "\n" for r in lines)
    p = subprocess.run(["pctl", *args], input=text, capture_output=True, text=True)
    if p.returncode:
        sys.exit(f"pctl {' '.join(args)}: status {p.returncode}: {p.stderr}")
    return p.stdout


def summaries(lines, *args):
    return [json.loads(line) for line in run(lines, *args).splitlines()]


def of_sets(sets, *args):
    """One summary per set: a record per value, grouped by the set's number."""
    lines = "".join(f'{{"set":{i},"x":{v!r}}}\n' for i, s in enumerate(sets) for v in (s or ["null"]))
    out = summaries(lines.replace("'", ""), "-g", "set", *args, "x")
    assert [r["group"]["set"] for r in out] == list(range(len(sets)))
    return out


def want(name, got, expected, where, rel=0.0):
    same = got is expected if expected is None or got is None else abs(got - expected) <= rel * abs(expected)
    if not same:
        sys.exit(f"{where}: {name} is {got!r}, expected {expected!r}")


def random_sets():
    rng = np.random.default_rng(1)
    sets = [[], [0.0], [-0.0], [7.25], [1.0, 2.0], [3.0, 3.0], [-1.5, -2.5], [1e300, -1e300], [5e-324, 0.0],
            [1.7e308, -1.7e308], [1795330729000000 + i for i in range(9)], [0.1] * 1000, [1e-9, 2e-9, 4e-9]]
    for n in list(range(1, 40)) + [100, 101, 255, 999, 3000]:
        sets.append(rng.lognormal(4, 1, n).round(3).tolist())  # milliseconds
        sets.append(rng.integers(0, 5, n).tolist())  # ties
        sets.append(rng.normal(0, 1e6, n).tolist())  # all digits, both signs
        sets.append((rng.random(n) * 10.0 ** rng.integers(-30, 30, n)).tolist())
    return sets


def percentiles():
    sets, count = random_sets(), 0
    for method in METHODS:
        for s, r in zip(sets, of_sets(sets, "-p", ",".join(TYPED), "--method", method)):
            where = f"{method} of {len(s)} values {s[:4]}"
            want("n", r["n"], len(s), where)
            want("method", r["method"] == method, True, where)
            for p in TYPED:
                expected = None
                if s:
                    with np.errstate(over="ignore", invalid="ignore"):
                        expected = float(np.percentile(np.array(s, float), float(p), method=method))
                    if not np.isfinite(expected):
                        continue  # NumPy overflows between huge values of both signs
                want("p" + p, r["p" + p], expected, where)
                count += 1
    return count


def root(fraction):
    return float((Decimal(fraction.numerator) / Decimal(fraction.denominator)).sqrt())


def moments():
    """Against exact fractions, and NumPy's own figures where it does not lose digits."""
    sets, count = random_sets(), 0
    for s, r in zip(sets, of_sets(sets)):
        where = f"{len(s)} values {s[:4]}"
        x = [Fraction(v) for v in s]
        if all(isinstance(v, float) and round(v, 6) == v and abs(v) < 1e9 for v in s):
            x = [Fraction(str(v)) for v in s]  # decimals are meant as written
        want("min", r["min"], min(s) if s else None, where)
        want("max", r["max"], max(s) if s else None, where)
        want("mean", r["mean"], float(sum(x) / len(x)) if s else None, where, 3e-16)
        deviation = None
        if len(x) > 1:
            mean = sum(x) / len(x)
            square = sum((v - mean) ** 2 for v in x) / (len(x) - 1)
            try:
                deviation = root(square)
            except OverflowError:
                deviation = np.inf
            if not np.isfinite(deviation):
                deviation = None
        want("stddev", r["stddev"], deviation, where, 3e-16)
        if deviation and 1e-100 < deviation and max(map(abs, s)) < 1e9:
            want("mean", r["mean"], float(np.mean(s)), where, 1e-9 * (1 + max(map(abs, s)) / abs(r["mean"] or 1)))
            want("stddev", r["stddev"], float(np.std(s, ddof=1)), where, 1e-9)
        count += 4
    return count


def milliseconds():
    rng, count = np.random.default_rng(2), 0
    sets = [rng.lognormal(4, 1, n).round(3).tolist() for n in range(2, 60)]
    lines = [{"set": i, "t_ms": v} for i, s in enumerate(sets) for v in s]
    for s, line in zip(sets, run(lines, "-g", "set", "-p", "50,99.9", "t_ms").splitlines()):
        for name, v in [("p50", np.percentile(s, 50)), ("p99.9", np.percentile(s, 99.9)), ("min", min(s)),
                        ("max", max(s))]:
            if f'"{name}":{v:.3f},' not in line:
                sys.exit(f"{name} of {s} is not {v:.3f} in {line}")
            count += 1
    return count


def end_ranks(n, q, level):
    """The definition, rank by rank."""
    a = (1 - level) / 2
    below = stats.binom.cdf(np.arange(n), n, q)  # P(B <= rank - 1)
    above = stats.binom.sf(np.arange(n), n, q)  # P(B >= rank)
    low, high = np.flatnonzero(below <= a), np.flatnonzero(above <= a)
    return (int(low[-1]) + 1 if len(low) else None), (int(high[0]) + 1 if len(high) else None)


def ranks():
    sizes = [*range(1, 130), 367, 368, 369, 1000, 3687, 3688, 20000]
    typed, count = ["0", "10", "50", "90", "95", "99", "99.9", "100"], 0
    for level in ["80", "95", "99.9"]:
        out = of_sets([list(range(1, n + 1)) for n in sizes], "-p", ",".join(typed), "--ci", level)
        for n, r in zip(sizes, out):
            for p in typed:
                lo, hi = end_ranks(n, float(p) / 100, float(level) / 100)
                want(f"p{p}_lo", r[f"p{p}_lo"], lo, f"{n} values at {level}")
                want(f"p{p}_hi", r[f"p{p}_hi"], hi, f"{n} values at {level}")
                count += 2
    return count


def coverage():
    """How often 95 % intervals of seeded lognormal samples hold the true percentile."""
    rng, count = np.random.default_rng(3), 2000
    for n, p in [(20, 50), (100, 50), (100, 90), (400, 95), (500, 99)]:
        truth = float(stats.lognorm.ppf(p / 100, 1))
        sets = [rng.lognormal(0, 1, n).tolist() for _ in range(count)]
        out = of_sets(sets, "-p", str(p))
        below = sum(r[f"p{p}_hi"] < truth for r in out) / count
        above = sum(r[f"p{p}_lo"] > truth for r in out) / count
        print(f"{n} values, p{p}: {100 * (1 - below - above):.1f} % (too low {below:.4f}, too high {above:.4f})")
        slack = 4 * (0.025 * 0.975 / count) ** 0.5
        if max(below, above) > 0.025 + slack or below + above < 0.01:
            sys.exit("not a 95 % interval with equal tails")
    return 5 * count


def clusters(rng, records, most=12):
    """Gaps that share their request's pace: far from independent."""
    pace = rng.lognormal(2, 0.4, records)
    return [(p * rng.lognormal(0, 0.2, rng.integers(2, most))).round(3).tolist() for p in pace]


def bootstrap_coverage():
    rng, count, records = np.random.default_rng(4), 600, 80
    big = np.concatenate([np.array(g) for g in clusters(rng, 200000)])
    # Records with more gaps weigh more, in the truth and in each sample.
    sets = [clusters(rng, records) for _ in range(count)]
    lines = [{"set": i, "id": i * records + k, "x": g} for i, s in enumerate(sets) for k, g in enumerate(s)]
    out = summaries(lines, "-g", "set", "-p", "50,90", "x")
    flat = of_sets([[v for g in s for v in g] for s in sets], "-p", "50,90")
    for p in ["50", "90"]:
        truth = float(np.percentile(big, float(p)))
        held = [sum(r[f"p{p}_lo"] <= truth <= r[f"p{p}_hi"] for r in some) / count for some in (out, flat)]
        print(f"{records} records, p{p}: {100 * held[0]:.1f} % ({100 * held[1]:.1f} % if gaps were taken as independent)")
        if not 0.91 <= held[0] <= 0.98 or held[1] > 0.9:
            sys.exit("not a 95 % interval")
    return 4 * count


def bootstrap():
    """The ends against an ordinary bootstrap over records with NumPy, in parts of the interval."""
    rng, count = np.random.default_rng(5), 0
    for records in [30, 100, 400]:
        groups = clusters(rng, records)
        lines = [{"id": i, "x": g} for i, g in enumerate(groups)]
        got = summaries(lines, "--resamples", "20000", "-p", "50,90,95", "x")[0]
        arrays, sample = [np.array(g) for g in groups], []
        for _ in range(4000):
            sample.append(np.percentile(np.concatenate([arrays[k] for k in rng.integers(0, records, records)]),
                                        [50, 90, 95]))
        for p, values in zip(["50", "90", "95"], np.array(sample).T):
            lo, hi = np.percentile(values, [2.5, 97.5])
            for name, v in [("lo", lo), ("hi", hi)]:
                if got[f"p{p}_{name}"] is None:
                    continue
                if abs(got[f"p{p}_{name}"] - v) > 0.2 * (hi - lo):
                    sys.exit(f"{records} records: p{p}_{name} is {got[f'p{p}_{name}']}, NumPy says {v} in {lo} .. {hi}")
                count += 1
    return count


def order():
    """Any order of the records, and any split into files, gives the same bytes."""
    rng = random.Random(6)
    lines = []
    for i in range(3000):
        r = {"id": i, "g": rng.choice(["a", "b", 1, None]), "x_ms": round(rng.lognormvariate(3, 1), 3),
             "gaps": [round(rng.expovariate(0.1), 1) for _ in range(rng.randrange(6))],
             "odd": rng.choice([3, [4, 5.5], "no", rng.random() * 1e12])}
        if rng.random() < 0.2:
            del r["id"]
        lines.append(r)
    args = ["-g", "g", "-p", "1,50,99", "x_ms", "gaps", "odd"]
    first = run(lines, *args)
    for _ in range(5):
        rng.shuffle(lines)
        if run(lines, *args) != first:
            sys.exit("the order of the records shows")
        cuts = sorted(rng.randrange(len(lines)) for _ in range(3))
        parts = [lines[a:b] for a, b in zip([0, *cuts], [*cuts, len(lines)])]
        for k, part in enumerate(parts):
            with open(f"part{k}", "w") as f:
                f.writelines(json.dumps(r) + "\n" for r in part)
        if run([], *[a for k in rng.sample(range(4), 4) for a in ("-f", f"part{k}")], *args) != first:
            sys.exit("the order of the files shows")
    if run(lines, "--seed", "1", *args) == first:
        sys.exit("the seed does nothing")
    return 11


def need():
    """The smallest n whose intervals have two ends, against SciPy's binomial distribution."""
    typed, count = ["0", "0.1", "10", "50", "62.5", "90", "95", "99", "99.9", "100"], 0
    for level in ["80", "95", "99.99"]:
        r = of_sets([[1, 2]], "-p", ",".join(typed), "--ci", level)[0]
        for p in typed:
            got = r.get(f"p{p}_need")
            want(f"p{p}_need", got is None, float(p) in (0, 100), f"at {level}")
            if 0 < float(p) < 100:
                if None in end_ranks(got, float(p) / 100, float(level) / 100):
                    sys.exit(f"p{p} at {level}: {got} values have not both ends")
                if None not in end_ranks(got - 1, float(p) / 100, float(level) / 100):
                    sys.exit(f"p{p} at {level}: {got - 1} values would do")
            count += 3
    return count


def bad_as_inf():
    """NumPy on the values with an infinity for each bad record."""
    rng, count = np.random.default_rng(8), 0
    sets = [(rng.lognormal(4, 1, n).round(3).tolist(), bad)
            for n in [0, 1, 5, 30, 100, 400] for bad in [0, 1, 3, 10, 200]]
    for method in METHODS:
        lines = [{"set": i, "x": v} for i, (s, bad) in enumerate(sets) for v in s + [None] * bad]
        for i, r in enumerate(summaries([*lines, {"set": len(sets), "x": 1}], "--bad-as-inf", "-g", "set", "-p",
                                        ",".join(TYPED), "--method", method, "x")[:len(sets) - 1]):
            i = r["group"]["set"]
            s, bad = sets[i]
            x = np.array(sorted(s) + [np.inf] * bad)
            where = f"{method}: {len(s)} values and {bad} bad"
            want("n", [r["n"], r["bad"]] == [len(s), bad], True, where)
            want("mean", r["mean"] is None, bad > 0 or not s, where)
            want("max", r["max"], max(s) if not bad else None, where)
            want("min", r["min"], min(s) if s else None, where)
            for p in TYPED:
                with np.errstate(invalid="ignore"):
                    expected = float(np.percentile(x, float(p), method=method))
                if not np.isfinite(expected):  # or not a number: NumPy weighs infinities with 0
                    at = (len(x) - 1) * (float(p) / 100)
                    exact = method in ("linear", "midpoint") and at == int(at) and np.isfinite(x[int(at)])
                    expected = x[int(at)] if exact else "inf"
                same = r["p" + p] == expected
                if not same:
                    sys.exit(f"{where}: p{p} is {r['p' + p]!r}, expected {expected!r}")
                lo, hi = end_ranks(len(x), float(p) / 100, 0.95)
                for name, rank in [("lo", lo), ("hi", hi)]:
                    end = None if rank is None else x[rank - 1]
                    if r[f"p{p}_{name}"] != ("inf" if end == np.inf else end):
                        sys.exit(f"{where}: p{p}_{name} is {r[f'p{p}_{name}']!r}, expected {end!r}")
                count += 3
    return count


def serial(x):
    """Rank correlation at lag 1, its distance from that of a random order in deviations, and n_eff."""
    d = stats.rankdata(x) - (len(x) + 1) / 2
    n, s2, s4 = len(x), float(np.sum(d**2)), float(np.sum(d**4))
    if s2 == 0:
        return None, 0.0, None
    variance = (s2**2 - s4) / n + (s2**2 - 2 * s4) / (n * (n - 1)) - (s2 / n) ** 2
    product = float(np.sum(d[1:] * d[:-1]))
    rho = np.correlate(d, d, "full")[n - 1:] / s2
    tau = -1.0
    for k in range(0, n - 1, 2):
        if rho[k] + rho[k + 1] <= 0:
            break
        tau += 2 * (rho[k] + rho[k + 1])
    return product / s2, (product + s2 / n) / variance**0.5, min(n, max(1, n / tau))


def ar1(rng, n, phi, size):
    """size series with the same normal marginals, and a heavy tail by exp()."""
    x = np.empty((size, n))
    x[:, 0] = rng.normal(size=size)
    for i in range(1, n):
        x[:, i] = phi * x[:, i - 1] + (1 - phi**2) ** 0.5 * rng.normal(size=size)
    return np.exp(2 * x)


def in_time(series, *args):
    """A record per series and moment, shuffled; due_us says the order."""
    rng = np.random.default_rng(9)
    lines = [f'{{"set":{i},"due_us":{1795330729000000 + 1000 * k},"x":{float(v)!r}}}\n'
             for i, s in enumerate(series) for k, v in enumerate(s)]
    rng.shuffle(lines)
    return summaries("".join(lines), "-q", "-g", "set", "-p", "50", *args, "x")


def dependence():
    """Every figure, on random and dependent series, with ties and without."""
    from itertools import permutations

    d = stats.rankdata([1, 1, 2, 3, 3, 3, 9]) - 4  # the variance against all orders there are
    products = [sum(a * b for a, b in zip(p, p[1:])) for p in permutations(d.tolist())]
    s2, s4, n = float(np.sum(d**2)), float(np.sum(d**4)), 7
    want("variance", (s2**2 - s4) / n + (s2**2 - 2 * s4) / (n * (n - 1)) - (s2 / n) ** 2, float(np.var(products)),
         "all orders of seven", 1e-9)
    rng, alarms = np.random.default_rng(10), 0
    series = [s for n in [29, 30, 50, 333] for phi in [-0.5, 0, 0.3, 0.9] for s in ar1(rng, n, phi, 8)]
    series += [np.floor(s) for s in series] + [np.arange(60.0), -np.arange(60.0), np.ones(60)]
    for s, r in zip(series, in_time(series)):
        rho, z, n_eff = serial(s)
        where = f"{len(s)} values {s[:3]}"
        if len(s) < 30 or rho is None:
            want("autocorr", r.get("autocorr"), None, where)
            continue
        if abs(r["autocorr"] - rho) > 0.000051:
            sys.exit(f"{where}: autocorr is {r['autocorr']}, expected {rho}")
        if abs(z - 3.0902) > 1e-6 and (z > 3.0902) != ("n_eff" in r):
            sys.exit(f"{where}: {z} deviations, and n_eff is {r.get('n_eff')}")
        if "n_eff" in r and abs(r["n_eff"] - n_eff) > 0.501:
            sys.exit(f"{where}: n_eff is {r['n_eff']}, expected {n_eff}")
        alarms += "n_eff" in r
    assert 40 < alarms < 200
    return 3 * len(series)


def alarms():
    """One false alarm in a thousand on independent values, whatever their tail; none missed where it matters."""
    rng, count = np.random.default_rng(11), 0
    for n, name, draw in [(50, "Pareto", lambda *a: rng.pareto(1.1, a)), (100, "lognormal", lambda *a: rng.lognormal(0, 3, a)),
                          (100, "five values", lambda *a: rng.integers(0, 5, a).astype(float))]:
        size = 6000
        false = sum("n_eff" in r for r in in_time(draw(size, n)))
        low, high = stats.binom.ppf([0.0005, 0.9995], size, 0.001)
        print(f"{n} independent values, {name}: {false} alarms in {size}, {low:.0f} to {high:.0f} will do")
        if not low <= false <= high:
            sys.exit("not one in a thousand")
        count += size
    for n, phi, least in [(200, 0.5, 0.999), (400, 0.3, 0.99), (1000, 0.8, 1.0)]:
        out = in_time(ar1(rng, n, phi, 300))
        share = sum("n_eff" in r for r in out) / len(out)
        worth = float(np.mean([r["n_eff"] for r in out if "n_eff" in r])) / n
        truth = (1 - phi) / (1 + phi)
        print(f"{n} values of AR(1), {phi}: {100 * share:.1f} % noticed, worth {worth:.2f} n, in truth {truth:.2f} n")
        if share < least or not 0.7 < worth / truth < 1.35:
            sys.exit("not noticed, or worth something else")
        count += len(out)
    return count


def order_of_time():
    """By due_us where every record has one, by id where none has, else by nothing; ties by the record."""
    rng = random.Random(12)
    wave = [float(i // 25 % 2) + rng.random() for i in range(300)]
    lines = [{"id": 299 - i, "due_us": 1000 * (i // 3), "x": v, "gaps": [v, 2 * v] if i % 4 else []}
             for i, v in enumerate(wave)] + [{"id": 5, "due_us": 7000, "x": k, "gaps": [k]} for k in range(5)]
    first = run(lines, "x", "gaps")
    both = [json.loads(line) for line in first.splitlines()]
    assert all(r["autocorr"] > 0.1 and r["n_eff"] < 200 for r in both), both
    for _ in range(5):
        rng.shuffle(lines)
        if run(lines, "x", "gaps") != first:
            sys.exit("the order of the records shows")
    ids = [{k: v for k, v in r.items() if k != "due_us"} for r in lines]
    by_id = summaries(ids, "-q", "x")[0]
    want("by id", round(serial([r["x"] for r in sorted(ids, key=lambda r: (r["id"], r["x"]))])[0], 4), by_id["autocorr"], "")
    assert run(ids, "-q", "--order", "id", "x") == run(lines, "-q", "--order", "id", "x") == run(ids, "-q", "x")
    assert "autocorr" not in run([*lines, {"id": 1, "x": 1}], "-q", "x")
    assert "autocorr" not in run([{"x": v} for v in wave], "-q", "x")
    assert "autocorr" not in run(lines, "-q", "--order", "t", "x")
    return 12


def sketch():
    """Each figure of a sketch against NumPy on the values, within the bound it states; mean and deviation exact."""
    rng, count = np.random.default_rng(13), 0
    sets = [rng.lognormal(4, 1, 5000).round(3).tolist(), rng.pareto(0.5, 3000).tolist(), rng.normal(0, 1e-3, 3000).tolist(),
            rng.integers(-3, 4, 500).tolist(), [7.25], [0.0, 0.0], (10.0 ** rng.uniform(-300, 140, 2000)).tolist(),
            [1795330729000000 + i for i in range(50)]]
    lines = "".join(f'{{"set":{i},"x":{v!r}}}\n' for i, s in enumerate(sets) for v in s)
    for digits, error in [(1, 1 / 16), (2, 1 / 128), (3, 1 / 1024), (4, 1 / 16384)]:
        kept = run(lines, "-g", "set", f"--sketch={digits}", "x")
        for method in ["linear", "inverted_cdf", "higher"]:
            for s, r in zip(sets, summaries(kept, "-q", "-g", "set", "--method", method, "-p", ",".join(TYPED), "x")):
                where = f"{digits} digits, {method} of {len(s)} values {s[:3]}"
                want("rel_error", r["rel_error"], error, where)
                want("extremes", [r["n"], r["min"], r["max"]] == [len(s), min(s), max(s)], True, where)
                x = [Fraction(v) for v in s]
                mean = sum(x) / len(x)
                want("mean", r["mean"], float(mean), where, 3e-16)
                square = sum((v - mean) ** 2 for v in x) / (len(x) - 1) if len(x) > 1 else None
                want("stddev", r["stddev"], None if square is None else root(square), where, 3e-16)
                for p in TYPED:
                    at = np.sort(np.array(s, float))
                    lower, higher = (abs(np.percentile(at, float(p), method=m)) for m in ("lower", "higher"))
                    off = abs(r["p" + p] - np.percentile(at, float(p), method=method))
                    if off > 1.0000001 * error * max(lower, higher):
                        sys.exit(f"{where}: p{p} is {r['p' + p]}, off by {off}")
                    for name, rank in zip(["lo", "hi"], end_ranks(len(s), float(p) / 100, 0.95)):
                        end = None if rank is None else at[rank - 1]
                        got = r[f"p{p}_{name}"]
                        if (end is None) != (got is None) or (got is not None and abs(got - end) > error * abs(end)):
                            sys.exit(f"{where}: p{p}_{name} is {got}, expected {end}")
                    count += 3
    return count


def shards():
    """Parts in any order, as records, as sketches, or some as either, give the bytes of the whole."""
    rng = random.Random(14)
    lines = [{"id": i, "due_us": 1000 * i, "g": rng.choice(["a", "b", None]), "h": rng.randrange(2),
              "x": rng.choice([rng.lognormvariate(3, 2), -rng.random() / 3, 0, None, 1e-7 * i, 1e15 + i]),
              "gaps": [rng.expovariate(0.1) for _ in range(rng.randrange(4))]} for i in range(4000)]
    args = ["-g", "g,h", "x", "gaps"]
    whole, exact = run(lines, "--sketch", *args), run(lines, "-q", *args)
    for k in range(6):
        rng.shuffle(lines)
        cuts = [0, *sorted(rng.randrange(len(lines)) for _ in range(3)), len(lines)]
        parts = [lines[a:b] for a, b in zip(cuts, cuts[1:])]
        if run([r for part in rng.sample(parts, 4) for r in part], "-q", *args) != exact:
            sys.exit("exact: parts are not the whole")
        sketches = [run(part, "--sketch", *args) for part in parts]
        texts = [s if k % 2 or i % 2 else run(p, "-q", "--sketch", *args) if k == 2 else
                 "".join(json.dumps(r) + "\n" for r in p) for i, (s, p) in enumerate(zip(sketches, parts))]
        rng.shuffle(texts)
        if run("".join(texts), "--sketch", *args) != whole:
            sys.exit("sketches: parts are not the whole")
        if run("".join(texts), "-q", *args) != run(whole, "-q", *args):
            sys.exit("sketches: summaries of parts are not those of the whole")
    if run(whole, "--sketch", "-g", "h", "gaps", "x") != run(lines, "--sketch", "-g", "h", "gaps", "x"):
        sys.exit("sketches of finer groups are not those of the coarser ones")
    return 26


CHECKS = [sketch, shards, need, bad_as_inf, dependence, alarms, order_of_time, percentiles, moments, milliseconds, ranks, coverage, bootstrap_coverage, bootstrap, order]

if __name__ == "__main__":
    check = {f.__name__: f for f in CHECKS}[sys.argv[1]]
    print(f"{check()} figures compared")
