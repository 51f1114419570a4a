"""Checks lengths against the truncated distribution that they claim to have.

usage: lengths.py KIND A B MIN MAX FILE [--clipped]
KIND uniform (A and B unused), normal or lognormal, with mean A and standard deviation B of the
length itself; FILE holds lengths, one a line (-: draw them here, wrongly, by clipping).  Exits 1 and says why when they are
not what they should be.
"""
import sys

import numpy as np
from scipy import stats


def continuous(kind, mean, stddev):
    if kind == "normal":
        return stats.norm(mean, stddev)
    # scipy's lognorm: s is the logarithm's deviation, scale the median.
    s = np.sqrt(np.log(1 + (stddev / mean) ** 2))
    return stats.lognorm(s, scale=mean / np.sqrt(1 + (stddev / mean) ** 2))


def probabilities(kind, a, b, low, high):
    """P(k) for k = low … high."""
    k = np.arange(low, high + 1)
    if kind == "uniform":
        return k, np.full(len(k), 1 / len(k))
    law = continuous(kind, a, b)
    # Differences of survival functions keep their digits in the upper tail.
    upper = law.sf(k - 0.5) - law.sf(k + 0.5)
    lower = law.cdf(k + 0.5) - law.cdf(k - 0.5)
    p = np.where(law.cdf(k) > 0.5, upper, lower)
    return k, p / p.sum()


def bins(p, n, least=25):
    """Neighbouring lengths together, until each bin is expected to hold enough."""
    below = np.cumsum(p) * n
    edges, last = [0], 0.0
    while True:
        i = int(np.searchsorted(below, last + least))
        if i + 1 >= len(p) or below[-1] - below[i] < least:
            return np.array(edges)
        edges.append(i + 1)
        last = below[i]


def main():
    kind, a, b, low, high = sys.argv[1], *map(float, sys.argv[2:4]), *map(int, sys.argv[4:6])
    k, p = probabilities(kind, a, b, low, high)
    if sys.argv[6] == "-":
        law = continuous(kind, a, b)
        got = np.clip(np.rint(law.rvs(10000, random_state=1)), low, high).astype(int)
    else:
        got = np.fromfile(sys.argv[6], dtype=np.int64, sep="\n")
    n = len(got)
    if n != 10000 or got.min() < low or got.max() > high:
        sys.exit(f"{n} lengths from {got.min()} to {got.max()}")
    counts = np.bincount(got - low, minlength=len(k))
    d = np.abs(np.cumsum(counts) / n - np.cumsum(p)).max()
    if stats.kstwo(n).sf(d) < 1e-3:
        sys.exit(f"Kolmogorov-Smirnov: D = {d}, p = {stats.kstwo(n).sf(d)}")
    edges = bins(p, n)
    chi = stats.chisquare(np.add.reduceat(counts, edges), np.add.reduceat(p, edges) * n)
    if chi.pvalue < 1e-3:
        sys.exit(f"{chi} in {len(edges)} bins")
    lag1 = np.corrcoef(got[:-1], got[1:])[0, 1]
    if abs(lag1) > 4 / np.sqrt(n):
        sys.exit(f"neighbouring lengths are correlated: {lag1}")


main()
