/* summary: what is said of one field in one group, and its line of JSON (docs/RECORDS.md). */
#ifndef SUMMARY_H
#define SUMMARY_H

#include "dependence.h"
#include "interval.h"

#include <stdio.h>

struct summary { /* NAN: the sample cannot say */
	size_t n, bad;
	double mean, stddev, min, max;
	double *quantile;          /* as many as were asked for; the caller's memory */
	struct interval *interval; /* likewise */
	bool pooled;               /* of arrays: how many it takes cannot be said */
	struct dependence dependence; /* r NAN: nothing is known of their order */
	double rel_error;             /* of the percentiles, by a sketch; 0: they are exact */
};

struct summary_labels {
	const char *group; /* a JSON object */
	const char *field; /* the field as typed; a name that ends in _ms has three decimals */
	char *const *percentiles; /* as typed, decimal digits and a point */
	const double *q;          /* the same as quantiles */
	size_t n_percentiles;
	enum stats_method method;
	double ci; /* the confidence level in percent */
	bool bad_as_inf;
};

/* How many values percentile k of the summary takes for an interval with both ends, where it lacks one;
 * 0 where it lacks none, or it cannot be said. */
size_t summary_need(const struct summary_labels *l, const struct summary *s, size_t k);

/* The record and a newline. */
void summary_put(FILE *f, const struct summary_labels *l, const struct summary *s);

#endif
