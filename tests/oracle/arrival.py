"""Checks arrival times against the formulas and distributions that they claim to have.

usage: arrival.py constant FILE... | ramp SECONDS FILE... | burst FILE... | poisson RATE FILE... |
       gamma RATE BURSTINESS FILE... | pvalues PROCESS RATE BURSTINESS FILE...
Each FILE holds at_us, one a line; for those without a RATE, it is the file's name.  Exits 1 and
says why when they are not what they should be.

The formulas are taken from what each process means, the number of requests due up to a time,
and not from the way in which they are computed elsewhere; in exact fractions.
"""
import os
import sys
from fractions import Fraction
from math import isqrt

import numpy as np
from scipy import stats

US = 10**6


def read(name):
    return np.fromfile(name, dtype=np.int64, sep="\n")


def gaps_s(at_us):
    """The first gap counts from the run's start."""
    return np.diff(at_us, prepend=0) / 1e6


def nearest(t):
    """A time in seconds, to the microsecond."""
    return int(t * US + Fraction(1, 2))


def nearest_root(square):
    """sqrt(square) seconds, to the microsecond: the only m with (m - 1/2)^2 <= square < (m + 1/2)^2."""
    square *= US * US
    m = isqrt(int(square))
    return m + 1 if (m + Fraction(1, 2)) ** 2 <= square else m


def constant(rate, i):
    """i = rate * t."""
    return nearest(i / rate)


def ramp(seconds):
    """The rate grows from 0 to R over the time T: i = R t^2 / 2T; behind it i = R T / 2 + R (t - T)."""

    def at(rate, i):
        before = rate * seconds / 2
        return nearest_root(2 * i * seconds / rate) if i <= before else nearest(seconds + (i - before) / rate)

    return at


def burst(rate, i):
    """R in the first 2 s of 10, R/5 in the other 8: see how many a period has."""
    high, low = 2 * rate, 8 * rate / 5
    period = i // (high + low)
    left = i - period * (high + low)
    return nearest(10 * period + (left / rate if left < high else 2 + (left - high) * 5 / rate))


def exact(formula, names):
    for name in names:
        rate = Fraction(float(os.path.basename(name)))
        at_us = read(name).tolist()
        if not at_us:
            sys.exit(f"{name}: nothing in it")
        for i, got in enumerate(at_us):
            want = formula(rate, Fraction(i))
            if got != want:
                sys.exit(f"{name}: request {i}: {got}, expected {want}")


def renewal(gap, at_us):
    """Independent gaps of that distribution, which do not drift away from their mean."""
    gaps, n = gaps_s(at_us), len(at_us)
    ks = stats.kstest(gaps, gap.cdf, method="asymp")
    # The sum of n gamma gaps is gamma distributed: two-sided bounds that hold but for 1e-6.
    shape, scale = gap.args[0] if gap.args else 1, gap.kwds["scale"]
    low, high = stats.gamma(n * shape, scale=scale).ppf([5e-7, 1 - 5e-7])
    ranks = stats.rankdata(gaps)
    lag1 = np.corrcoef(ranks[:-1], ranks[1:])[0, 1]
    if ks.pvalue < 1e-4:
        sys.exit(f"gaps of another distribution: {ks}")
    if not low < at_us[-1] / 1e6 < high:
        sys.exit(f"the last of {n} is at {at_us[-1] / 1e6} s, expected {low} to {high}")
    if abs(lag1) > 5 / np.sqrt(n):
        sys.exit(f"neighbouring gaps are correlated: {lag1}")
    return ks.pvalue


def distribution(process, rate, burstiness):
    """The gaps: exponential, or as vLLM has them, gamma of shape X and scale 1/(R X)."""
    if process == "poisson":
        return stats.expon(scale=1 / rate)
    return stats.gamma(burstiness, scale=1 / (rate * burstiness))


def pvalues(gap, names):
    """Over many seeds the p-values themselves are uniform, neither all high nor all low."""
    p = [renewal(gap, read(name)) for name in names]
    ks = stats.kstest(p, stats.uniform.cdf)
    if ks.pvalue < 1e-4:
        sys.exit(f"p-values of {len(p)} seeds are not uniform: {ks}\n{sorted(p)}")


def main():
    what, args = sys.argv[1], sys.argv[2:]
    if what == "constant":
        exact(constant, args)
    elif what == "ramp":
        exact(ramp(Fraction(args[0])), args[1:])
    elif what == "burst":
        exact(burst, args)
    elif what == "poisson":
        for name in args[1:]:
            renewal(distribution(what, float(args[0]), 1), read(name))
    elif what == "gamma":
        for name in args[2:]:
            renewal(distribution(what, float(args[0]), float(args[1])), read(name))
    else:
        pvalues(distribution(args[0], float(args[1]), float(args[2])), args[3:])


main()
