/* rate: between which values a rate or a share lies, as far as the requests of one run can say.  Pure.
 *
 * A rate is a sum over requests, of 1 or of their tokens, over a window that is taken as given.  Its interval
 * is that of a Poisson bootstrap over the requests, in which each counts w times, w Poisson(1).  For a
 * sum this needs no replicates: their limit has the cumulants sum x, sum x^2 and sum x^3, from which
 * the ends follow by Cornish and Fisher (1938) to the third:
 *
 *	(sum x + sigma (z + skew (z^2 - 1) / 6)) / window, sigma^2 = sum x^2, skew = sum x^3 / sigma^3
 *
 * with z = -1.96 and 1.96 at 95 %.  It holds where requests arrive as in a Poisson process.  Where they come
 * evenly or take turns, as in a closed loop, the rate varies less, and the interval is wider than it need be.
 * Below 6 requests there is none.
 *
 * A share of requests has Wilson's (1927) score interval. */
#ifndef RATE_H
#define RATE_H

#include "interval.h"

#define RATE_LEVEL 0.95
#define RATE_LEAST 6

/* Sums over n requests. */
struct rate_sums {
	uint64_t n;
	double sum, squares, cubes;
};

void rate_add(struct rate_sums *s, double x);
/* NAN at both ends: it cannot be said. */
struct interval rate_interval(const struct rate_sums *s, double seconds, double level);
struct interval rate_share(uint64_t k, uint64_t n, double level);

#endif
