"""Checks arrival times against the distributions that they claim to have.

usage: arrival.py constant FILE... | poisson RATE FILE... | pvalues RATE FILE...
Each FILE holds at_us, one a line; for constant, RATE is the file's name.  Exits 1 and says why when they are not what they should be.
"""
import os
import sys
from fractions import Fraction

import numpy as np
from scipy import stats


def read(name):
    return np.fromfile(name, dtype=np.int64, sep="\n")


def gaps_s(at_us):
    """The first gap counts from the run's start."""
    return np.diff(at_us, prepend=0) / 1e6


def constant(rate, at_us):
    """Request i at i / rate, to the microsecond, from exact fractions."""
    for i, got in enumerate(at_us.tolist()):
        want = int(Fraction(i) * 10**6 / Fraction(rate) + Fraction(1, 2))
        if got != want:
            sys.exit(f"request {i}: {got}, expected {want}")


def poisson(rate, at_us):
    """Exponential gaps with mean 1 / rate that do not depend on each other."""
    gaps, n = gaps_s(at_us), len(at_us)
    ks = stats.kstest(gaps, stats.expon(scale=1 / rate).cdf, method="asymp")
    # The sum of n such gaps is gamma distributed: a two-sided bound that holds but for 1e-6.
    low, high = stats.gamma(n, scale=1 / rate).ppf([5e-7, 1 - 5e-7]) / n
    lag1 = np.corrcoef(gaps[:-1], gaps[1:])[0, 1]
    if ks.pvalue < 1e-4:
        sys.exit(f"not exponential: {ks}")
    if not low < gaps.mean() < high:
        sys.exit(f"mean gap {gaps.mean()}, expected {low} to {high}")
    if abs(lag1) > 5 / np.sqrt(n):
        sys.exit(f"neighbouring gaps are correlated: {lag1}")
    return ks.pvalue


def pvalues(rate, names):
    """Over many seeds the p-values themselves are uniform, neither all high nor all low."""
    p = [poisson(rate, read(name)) for name in names]
    ks = stats.kstest(p, stats.uniform.cdf)
    if ks.pvalue < 1e-4:
        sys.exit(f"p-values of {len(p)} seeds are not uniform: {ks}\n{sorted(p)}")


def main():
    what, args = sys.argv[1], sys.argv[2:]
    if what == "constant":
        for name in args:
            constant(float(os.path.basename(name)), read(name))
    elif what == "pvalues":
        pvalues(float(args[0]), args[1:])
    else:
        for name in args[1:]:
            poisson(float(args[0]), read(name))


main()
