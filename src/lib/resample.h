/* resample: replicates of ratios of sums (means, tokens by the second) by a Poisson bootstrap over records.
 *
 * A ratio is sum(x) / sum(y) over the records: of a mean x is the record's sum and y its count of values.  All ratios
 * of a call share their weights, which are those of poisson.h, so one record moves all figures that it is in. */
#ifndef RESAMPLE_H
#define RESAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct resample_ratio {
	const double *x, *y; /* one for each record */
	double *value;       /* out, the caller's memory: one for each replicate in which sum(y) is above 0 */
	size_t count;        /* how many there are */
};

/* False when memory ran out. */
bool resample_ratios(struct resample_ratio *r, size_t n, const uint64_t *key, size_t records, uint64_t seed,
	size_t replicates);

#endif
