/* summary: what is said of one field in one group, and its line of JSON (docs/RECORDS.md). */
#ifndef SUMMARY_H
#define SUMMARY_H

#include "interval.h"

#include <stdio.h>

struct summary { /* NAN: the sample cannot say */
	size_t n, bad;
	double mean, stddev, min, max;
	double *quantile;          /* as many as were asked for; the caller's memory */
	struct interval *interval; /* likewise */
};

struct summary_labels {
	const char *group; /* a JSON object */
	const char *field; /* the field as typed; a name that ends in _ms has three decimals */
	char *const *percentiles; /* as typed, decimal digits and a point */
	size_t n_percentiles;
	enum stats_method method;
	double ci; /* the confidence level in percent */
};

/* The record and a newline. */
void summary_put(FILE *f, const struct summary_labels *l, const struct summary *s);

#endif
