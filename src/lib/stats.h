/* stats: what can be said of a set of numbers, independent of the order they came in.
 *
 * Percentiles are NumPy's, to the bit: numpy.percentile(x, 100 * q, method=NAME).  (GSL's
 * gsl_stats_quantile_from_sorted_data is the same definition as `linear`, but weighs both
 * neighbours, so that equal neighbours can give a value that is neither.)
 *
 * Mean and standard deviation come from exact integer sums (128 bits) of micro-units when every value
 * has at most six decimals and is below 2^50 micro-units (1.1e9), and the sums fit: any
 * order and any split into shards gives the same digits.  Other values are summed in
 * long double with Neumaier's correction, in ascending order, which gives the same digits too. */
#ifndef STATS_H
#define STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum stats_method { /* Hyndman and Fan (1996): 7, 1; the rest as in NumPy */
	STATS_LINEAR,
	STATS_INVERTED_CDF,
	STATS_LOWER,
	STATS_HIGHER,
	STATS_MIDPOINT,
	STATS_NEAREST
};

extern const char *const stats_methods[]; /* their names, in that order, then NULL */

/* Where a quantile lies in a sorted array: t of the way from x[lo] to x[hi]. */
struct stats_place {
	size_t lo, hi;
	double t;
};

/* q in [0, 1], n at least 1. */
struct stats_place stats_place(enum stats_method m, size_t n, double q);
double stats_between(double a, double b, double t);
/* NAN of an empty array. */
double stats_quantile(enum stats_method m, const double *sorted, size_t n, double q);

/* Ascending, by radix, stable; tag[i] (tag may be NULL) moves along with x[i].  No NaNs, no
 * negative zeros.  False when memory ran out; nothing has moved then. */
bool stats_sort(double *x, uint32_t *tag, size_t n);

struct stats_moments {
	double mean;   /* NAN of none */
	double stddev; /* of the sample (n - 1); NAN below two */
};

struct stats_moments stats_moments(const double *sorted, size_t n);

#endif
