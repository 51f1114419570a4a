/* interval: between which values a percentile of what was sampled from lies, as far as the
 * sample can say.
 *
 * Independent values (one per record): order statistics, no assumption on the
 * distribution.  Let B be binomial (n, q), the number of values below the true quantile.
 * On ranks counted from 1 in ascending order, at the confidence level c, with a = (1 - c) / 2:
 *
 *	lower end: x[l], l the largest rank with P(B <= l - 1) <= a
 *	upper end: x[u], u the smallest rank with P(B >= u) <= a
 *
 * so that each end fails with probability a at most (equal tails; for p95 at 95 %, u exists from 72
 * values on).  Where no such rank exists there is no end.
 *
 * Values that came several to a record (the gaps of one reply) are not independent: the
 * records are resampled, by a Poisson bootstrap.  In each replicate a record counts w times,
 * w Poisson(1) to 16 bits, taken from a hash of seed, replicate and the record's key: neither the order of the
 * records nor their split into files matters.  The ends are the a and 1 - a quantiles (linear)
 * of the replicates' quantiles.  There is no end where more than that share of the replicates had to take the
 * sample's outermost value (the sample does not reach further), and none at all below the
 * number of records that gives the median an order statistic interval (6 at 95 %). */
#ifndef INTERVAL_H
#define INTERVAL_H

#include "stats.h"

struct interval {
	double lo, hi; /* NAN: the sample cannot say */
};

/* The ranks l and u above; 0 where there is none. */
struct interval_ranks {
	size_t lo, hi;
};

struct interval_ranks interval_ranks(size_t n, double q, double level);
/* The fewest values with which both exist, that is q^n <= a and (1 - q)^n <= a; 0: never (q is 0 or 1). */
size_t interval_needed(double q, double level);
struct interval interval_of_values(const double *sorted, size_t n, double q, double level);

struct interval_sample {
	const double *x;     /* sorted; ties ascending by record */
	const uint32_t *record; /* which record each came from, an index into key */
	size_t n;
	const uint64_t *key; /* one hash per record; each has a value at least */
	size_t records;
};

struct interval_bootstrap {
	enum stats_method method;
	double level;
	uint64_t seed;
	size_t replicates;
	const double *q; /* the quantiles, in [0, 1] */
	size_t quantiles;
};

/* What a quantile was in each replicate, of those in which any record was drawn. */
struct interval_replicates {
	double *value; /* the caller's memory, b->replicates of them */
	size_t count, lowest, highest; /* how many there are, and took the sample's first or last value */
};

/* Adds to r[k] for each quantile.  s has a value at least.  False when memory ran out. */
bool interval_replicate(const struct interval_sample *s, const struct interval_bootstrap *b,
	struct interval_replicates *r);

/* An interval for each quantile.  False when memory ran out. */
bool interval_of_records(const struct interval_sample *s, const struct interval_bootstrap *b, struct interval *out);

#endif
