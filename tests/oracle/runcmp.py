"""runcmp.py CHECK: runcmp against SciPy, NumPy and definitions, on seeded random runs.

Each CHECK makes its runs in the current directory, runs runcmp, compares, and says how many figures it
compared or what rate it found.  Exit status 1 on the first difference.
"""
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy import stats


def write(path, ttft, **fields):
    """A run of closed requests, ten at a time; fields are lists, one value a request."""
    clock = [0.0] * 10
    with open(path, "w") as f:
        for i, t in enumerate(ttft):
            more = {k: v[i] for k, v in fields.items()}
            e2e = more.get("e2e_ms") or t
            slot = clock.index(min(clock))
            start, clock[slot] = clock[slot], clock[slot] + e2e
            r = {"id": i + 1, "ok": True, "due_us": int(start * 1e3), "sent_us": int(start * 1e3),
                 "end_us": int((start + e2e) * 1e3), "last_us": int((start + e2e) * 1e3), "ttft_ms": t}
            f.write(json.dumps(r | more) + "\n")
    return path


def compare(*args, statuses=(0, 5)):
    p = subprocess.run(["runcmp", *args], capture_output=True, text=True)
    if p.returncode not in statuses or p.stderr:
        sys.exit(f"runcmp {' '.join(args)}: status {p.returncode}: {p.stderr}")
    record = json.loads(p.stdout)
    return record | {"metrics": {m["metric"]: m for m in record["metrics"]}}


def near(name, got, expected, where, rel=1e-7, absolute=1e-12):
    if got is None or not np.isclose(got, expected, rtol=rel, atol=absolute):
        sys.exit(f"{where}: {name} is {got!r}, expected {expected!r}")
    return 1


def ranks():
    """U, p and its tails against scipy.stats.mannwhitneyu: small and exact, large, ties of all kinds."""
    rng, count = np.random.default_rng(1), 0
    sizes = [(1, 1), (1, 5), (3, 3), (4, 4), (8, 8), (8, 30), (30, 8), (7, 200), (9, 9), (20, 21), (100, 150)]
    for n, m in sizes:
        for kind in range(3):
            a, b = rng.lognormal(4, 1, n), rng.lognormal(4.3, 1, m)
            if kind == 1:
                a, b = np.ceil(a / 20), np.ceil(b / 20)
            a, b = a.round(3), b.round(3)
            if kind == 2:
                a[:], b[:] = 5.0, 5.0
            r = compare("-m", "ttft_ms.rank", write("a", a.tolist()), write("b", b.tolist()))["metrics"]["ttft_ms.rank"]
            want = stats.mannwhitneyu(b, a, alternative="two-sided")
            where = f"{n} and {m} values, kind {kind}"
            count += near("u", r["u"], want.statistic, where)
            count += near("a12", r["a12"], want.statistic / n / m, where)
            count += near("cliffs_delta", r["cliffs_delta"], np.sign(b[:, None] - a).mean(), where)
            if kind < 2:  # of equal values SciPy's is NaN or 1
                count += near("p", r["p"], want.pvalue, where)
            else:
                count += near("p", r["p"], 1, where)
            # Brunner and Munzel's variance, by the definition
            if n > 1 and m > 1 and kind < 2:
                va = np.array([np.mean(b < x) + np.mean(b == x) / 2 for x in a]).var(ddof=1) / n
                vb = np.array([np.mean(a < x) + np.mean(a == x) / 2 for x in b]).var(ddof=1) / m
                if va + vb > 0:
                    df = (va + vb) ** 2 / (va**2 / (n - 1) + vb**2 / (m - 1))
                    half = stats.t.ppf(0.975, df) * np.sqrt(va + vb)
                    a12 = want.statistic / n / m
                    count += near("a12_lo", r["a12_lo"], max(0, a12 - half), where)
                    count += near("a12_hi", r["a12_hi"], min(1, a12 + half), where)
    return f"{count} figures"


def runs():
    """Several runs a side: SciPy's Welch, and the pooled t where a side has one run."""
    rng, count = np.random.default_rng(2), 0
    for n, m in [(2, 2), (3, 3), (2, 5), (4, 3), (1, 4), (4, 1)]:
        sides = []
        for side, k in enumerate((n, m)):
            names = [write(f"{side}.{i}", (rng.normal(100 + side, 5) + rng.normal(0, 3, 30)).round(3).tolist()) for i in range(k)]
            sides.append(names)
        means = [np.array([np.mean([json.loads(x)["ttft_ms"] for x in open(f)]) for f in names]) for names in sides]
        r = compare("-m", "ttft_ms.mean,ttft_ms.rank", ",".join(sides[0]), ",".join(sides[1]))
        assert r["unit"] == "run"
        row, where = r["metrics"]["ttft_ms.mean"], f"{n} and {m} runs"
        diff = means[1].mean() - means[0].mean()
        if 1 in (n, m):
            s = np.concatenate([x - x.mean() for x in means])
            df = n + m - 2
            se = np.sqrt((s**2).sum() / df * (1 / n + 1 / m))
            lo, hi = diff - stats.t.ppf(0.975, df) * se, diff + stats.t.ppf(0.975, df) * se
            p = 2 * stats.t.sf(abs(diff / se), df)
        else:
            t = stats.ttest_ind(means[1], means[0], equal_var=False)
            (lo, hi), p = t.confidence_interval(0.95), t.pvalue
        for name, want in (("diff", diff), ("diff_lo", lo), ("diff_hi", hi), ("p", p), ("shows", (hi - lo) / 2)):
            count += near(name, row[name], want, where, rel=1e-6)
        u = stats.mannwhitneyu(means[1], means[0], alternative="two-sided")
        count += near("rank p", r["metrics"]["ttft_ms.rank"]["p"], u.pvalue, where)
    return f"{count} figures"


def bootstrap():
    """Intervals and p of one run a side against a Poisson bootstrap in NumPy, within its Monte Carlo error."""
    rng, count, replicates = np.random.default_rng(3), 0, 10000
    for n, m, shift in [(60, 80, 0.0), (200, 150, 0.1), (400, 380, 0.05)]:
        sides, lists = [], []
        for side, k in enumerate((n, m)):
            t = rng.lognormal(4 + shift * side, 0.5, k).round(3)
            level = rng.lognormal(2, 0.3, k)
            gaps = [(v * rng.lognormal(0, 0.2, int(rng.integers(2, 9)))).round(3) for v in level]
            sides.append(write(str(side), t.tolist(), itl_ms=[g.tolist() for g in gaps], e2e_ms=(t + 50).tolist(),
                               output_tokens=[len(g) + 1 for g in gaps]))
            lists.append((t, gaps))
        r = compare("--resamples", str(replicates), "-m", "ttft_ms.mean,ttft_ms.p50,ttft_ms.p90,itl_ms.mean,itl_ms.p50,slot.output_tps",
                    *sides)["metrics"]
        star = {}
        for t, gaps in lists:
            w = rng.poisson(1, (replicates, len(t)))
            flat, owner = np.concatenate(gaps), np.repeat(np.arange(len(gaps)), [len(g) for g in gaps])
            sums, counts = np.array([g.sum() for g in gaps]), np.array([len(g) for g in gaps])
            one = {"ttft_ms.mean": w @ t / w.sum(1), "itl_ms.mean": w @ sums / (w @ counts),
                   "slot.output_tps": w @ (counts + 1) / (w @ (t + 50)) * 1e3}
            for name, x, who, q in (("ttft_ms.p50", t, np.arange(len(t)), 50), ("ttft_ms.p90", t, np.arange(len(t)), 90),
                                    ("itl_ms.p50", flat, owner, 50)):
                order = np.argsort(x, kind="stable")
                one[name] = np.array([np.percentile(np.repeat(x[order], k[who][order]), q) for k in w[:3000]])
            for name, v in one.items():
                star.setdefault(name, []).append(v)
        for name, (a, b) in star.items():
            d, row = b - a, r[name]
            lo, hi = np.quantile(d, [0.025, 0.975])
            factor, loose = 1.0, 0.25  # of quantiles there are fewer replicates, on few values
            if not name.endswith(("p50", "p90")):  # the widening for small samples
                k = min(n, m)
                far = stats.t.ppf(0.975, n + m - 2) * np.sqrt(k / (k - 1))
                lo, hi = np.quantile(d, [stats.norm.cdf(-far), stats.norm.cdf(far)])
                factor, loose = np.sqrt((k - 1) / k), 0.12
            spread = d.std()
            where = f"{name} of {n} and {m} requests"
            count += near("diff_lo", row["diff_lo"], lo, where, rel=0, absolute=loose * spread)
            count += near("diff_hi", row["diff_hi"], hi, where, rel=0, absolute=loose * spread)
            tail = min(np.mean(d <= 0), np.mean(d >= 0))
            if factor < 1:
                tail = stats.t.cdf(factor * stats.norm.ppf(max(tail, 1e-5)), n + m - 2)
            count += near("p", row["p"], min(1, 2 * tail), where, rel=0.15, absolute=0.03)
            ratio = np.quantile(b / a - 1, [0.025, 0.975])
            count += near("change_lo", row["change_lo"], ratio[0], where, rel=0, absolute=loose * 1.2 * spread / a.mean())
            count += near("change_hi", row["change_hi"], ratio[1], where, rel=0, absolute=loose * 1.2 * spread / a.mean())
    return f"{count} figures"


def shares():
    """Newcombe's interval (his method 10), by the definition; his published example; and p where it touches 0."""
    def interval(x, n, y, m, level):
        z = stats.norm.ppf((1 + level) / 2)
        def wilson(k, n):
            roots = np.roots([n + z * z, -(2 * k + z * z), k * k / n])
            return sorted(roots.real)
        (l1, u1), (l2, u2), p, q = wilson(x, n), wilson(y, m), x / n, y / m
        return q - p - np.hypot(q - l2, u1 - p), q - p + np.hypot(u2 - q, p - l1)
    lo, hi = interval(48, 80, 56, 70, 0.95)
    assert round(lo, 4) == 0.0524 and round(hi, 4) == 0.3339, (lo, hi)
    count = 0
    for x, n, y, m in [(48, 80, 56, 70), (200, 200, 200, 200), (199, 200, 180, 200), (0, 30, 0, 30), (30, 30, 0, 30), (95, 100, 97, 120)]:
        names = [write(str(i), [1.0] * k, ok=[j < hits for j in range(k)]) for i, (hits, k) in enumerate(((x, n), (y, m)))]
        row = compare("-m", "requests.success_ratio", *names)["metrics"]["requests.success_ratio"]
        lo, hi = interval(x, n, y, m, 0.95)
        where = f"{x} of {n} and {y} of {m}"
        count += near("diff_lo", row["diff_lo"], lo, where, absolute=1e-8) + near("diff_hi", row["diff_hi"], hi, where, absolute=1e-8)
        if 0 < row["p"] < 1 and row["p"] > 1e-9:
            lo, hi = interval(x, n, y, m, 1 - row["p"])
            count += near("the end at level 1 - p", min(abs(lo), abs(hi)), 0, where, absolute=1e-6)
    return f"{count} figures"


def holm():
    """Holm's correction of all p of a record, by the definition; verdicts follow it, and the direction."""
    rng, count = np.random.default_rng(5), 0
    for shift in (0, 0.1, -0.25):
        names = [write(str(s), rng.lognormal(4 + shift * s, 0.5, 150).round(3).tolist(),
                       e2e_ms=rng.lognormal(6, 0.3, 150).round(3).tolist(), output_tokens=[20] * 150) for s in range(2)]
        rows = list(compare(*names)["metrics"].values())
        tested = sorted((r for r in rows if r["p"] is not None), key=lambda r: r["p"])
        most = 0
        for k, r in enumerate(tested):
            most = max(most, min(1, r["p"] * (len(tested) - k)))
            count += near("p_holm", r["p_holm"], most, r["metric"], rel=1e-6)
            worse = (r["a12"] > 0.5 if "a12" in r else r["diff"] > 0) == (r["better"] == "lower")
            want = "no difference shown" if r["p_holm"] > 0.05 else "worse" if worse else "better"
            assert r["verdict"] == want and r["regression"] == (want == "worse"), r
            count += 1
    return f"{count} figures"


METRICS = "ttft_ms,itl_ms,slot.output_tps,requests.success_ratio"


def pair(args):
    """Two runs of one server (B's times multiplied by `slower`), and what runcmp makes of them."""
    seed, slower, sizes, more = args
    rng, names = np.random.default_rng([11, seed]), []
    for side in range(2):
        n = int(rng.integers(*sizes))
        by = slower if side else 1
        t = rng.lognormal(4, 0.6, n) * by
        gaps = [g * rng.lognormal(0, 0.2, int(rng.integers(3, 12))) * by for g in rng.lognormal(2, 0.3, n)]
        ok = rng.random(n) < 0.95
        names.append(write(f"{seed}.{side}", t.round(3).tolist(),
                           itl_ms=[g.round(3).tolist() for g in gaps], e2e_ms=[round(float(x + g.sum()), 3) for x, g in zip(t, gaps)],
                           output_tokens=[len(g) + 1 for g in gaps], ok=ok.tolist()))
    r = compare("-m", METRICS, "--stats", "mean,p50,p95,rank", *more, *names)
    a, b = ([json.loads(x)["ttft_ms"] for x in open(f)] for f in names)
    for f in names:
        os.unlink(f)
    return r, a, b


def pairs(n, slower, sizes, *more):
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(pair, [(i, slower, sizes, more) for i in range(n)]))


def false_alarms():
    """1000 A/A pairs of 50 to 200 requests: how often each test, and the pair's verdict, sees a difference."""
    found = [r for r, _, _ in pairs(1000, 1.0, (50, 201))]
    for name in found[0]["metrics"]:
        p = [r["metrics"][name]["p"] for r in found if r["metrics"][name]["p"] is not None]
        rate = np.mean(np.array(p) <= 0.05)
        print(f"note: {name}: {rate:.3f} of {len(p)} at 5 %")
        # A single run's quantiles are a little careful: their replicates are discrete.
        low = 0.02 if name.endswith((".p50", ".p95")) else 0.03
        if not low <= rate <= 0.07:
            sys.exit(f"{name}: {rate:.3f} false alarms at 5 %")
    rate = np.mean([r["verdict"] in ("better", "worse") for r in found])
    if not 0.01 <= rate <= 0.07:  # Holm's correction keeps to 5 % at most: these tests depend on each other
        sys.exit(f"verdict: {rate:.3f} false alarms")
    regressions = np.mean([r["regression"] for r in found])
    return f"{len(found)} pairs: verdict {rate:.3f}, regression {regressions:.3f}"


def power():
    """B slower by a fifth: seen as often as by SciPy's tests on the same values."""
    found = pairs(300, 1.2, (50, 201), "-m", "ttft_ms.mean,ttft_ms.rank")
    tests = {"ttft_ms.mean": lambda a, b: stats.ttest_ind(b, a, equal_var=False).pvalue,
             "ttft_ms.rank": lambda a, b: stats.mannwhitneyu(b, a).pvalue}
    said = []
    for name, test in tests.items():
        ours = np.mean([r["metrics"][name]["p"] <= 0.05 for r, _, _ in found])
        theirs = np.mean([test(a, b) <= 0.05 for _, a, b in found])
        said.append(f"{name} {ours:.3f} (SciPy {theirs:.3f})")
        if ours < theirs - 0.03:
            sys.exit(f"power: {said[-1]}")
    worse = np.mean([r["verdict"] == "worse" for r, _, _ in found])
    if worse < 0.3 or any(r["verdict"] == "better" for r, _, _ in found):
        sys.exit(f"verdicts: worse {worse:.3f}")
    return ", ".join(said) + f", worse {worse:.3f}"


def coverage():
    """The intervals of the difference hold the true one 95 times in 100."""
    found, truth = pairs(500, 1.3, (80, 201)), 0.3
    for name in ("ttft_ms.mean", "ttft_ms.p50", "itl_ms.mean", "itl_ms.p50", "itl_ms.p95"):
        held = np.mean([r["metrics"][name]["change_lo"] <= truth <= r["metrics"][name]["change_hi"] for r, _, _ in found])
        print(f"note: {name}: {held:.3f}")
        if not 0.93 <= held <= 0.985:
            sys.exit(f"{name}: {held:.3f} of the intervals hold the truth")
    return f"{len(found)} pairs"


def run_to_run():
    """A server that differs from run to run: three runs a side keep the rate of false alarms."""
    def one(seed):
        rng = np.random.default_rng([12, seed])
        sides = [[write(f"{seed}.{s}.{i}", (rng.lognormal(4, 0.2, 40) * rng.lognormal(0, 0.1)).round(3).tolist()) for i in range(3)]
                 for s in range(2)]
        r = compare("-m", "ttft_ms.mean,ttft_ms.p50", ",".join(sides[0]), ",".join(sides[1]))["metrics"]
        for f in sides[0] + sides[1]:
            os.unlink(f)
        return [r[m]["p"] <= 0.05 for m in r]
    with ThreadPoolExecutor(2) as pool:
        rates = np.mean(list(pool.map(one, range(1000))), axis=0)
    if not all(0.025 <= x <= 0.07 for x in rates):
        sys.exit(f"false alarms: {rates}")
    return f"1000 pairs of 3 and 3 runs: {rates.round(3).tolist()}"


if __name__ == "__main__":
    print(f"{sys.argv[1]}: {globals()[sys.argv[1]]()}, compared")
