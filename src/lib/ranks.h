/* ranks: whether the values of one sample tend to be larger than those of another: the Mann-Whitney U test.
 *
 * U counts the pairs in which b's value is the larger one, ties half.  Without ties, and with a sample of 8 values
 * or fewer, the tails are exact as long as all arrangements can be counted in 62 bits; else they are normal, corrected
 * for ties and for continuity (Mann and Whitney 1947; the same choice as scipy.stats.mannwhitneyu).
 * a12 = U / (n m) is the share of pairs in which b's value is larger (Vargha and Delaney 2000); Cliff's delta is
 * 2 a12 - 1.  Its interval uses the variance of the placements and its degrees of freedom (Brunner and
 * Munzel 2000), cut off at 0 and 1. */
#ifndef RANKS_H
#define RANKS_H

#include <stddef.h>

struct ranks {
	double u;
	double above, below; /* how likely a U as large (as small) as this is when both are of one distribution */
	double a12, lo, hi;  /* NAN: no such interval */
};

/* Both sorted ascending, with a value at least.  level: of the interval (0.95). */
struct ranks ranks_of(const double *a, size_t n, const double *b, size_t m, double level);

#endif
