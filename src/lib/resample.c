/* resample: see resample.h. */
#include "resample.h"

#include "poisson.h"

#include <stdlib.h>
#include <string.h>

/* The sums of one ratio in a row of replicates. */
struct sums {
	double x[POISSON_ROW], y[POISSON_ROW];
};

static void
add_record(struct sums *s, const uint8_t *weight, double x, double y)
{
	for (unsigned i = 0; i < POISSON_ROW; i++) {
		s->x[i] += weight[i] * x;
		s->y[i] += weight[i] * y;
	}
}

bool
resample_ratios(struct resample_ratio *r, size_t n, const uint64_t *key, size_t records, uint64_t seed,
	size_t replicates)
{
	struct sums *sums = calloc(n, sizeof *sums);
	uint8_t weight[POISSON_ROW];

	if (!sums)
		return n == 0;
	for (size_t k = 0; k < n; k++)
		r[k].count = 0;
	for (size_t done = 0; done < replicates; done += POISSON_ROW) {
		memset(sums, 0, n * sizeof *sums);
		for (size_t i = 0; i < records; i++) {
			poisson_row(weight, key[i], seed, done / POISSON_ROW);
			for (size_t k = 0; k < n; k++)
				add_record(&sums[k], weight, r[k].x[i], r[k].y[i]);
		}
		for (size_t i = 0; i < POISSON_ROW && done + i < replicates; i++)
			for (size_t k = 0; k < n; k++)
				if (sums[k].y[i] > 0)
					r[k].value[r[k].count++] = sums[k].x[i] / sums[k].y[i];
	}
	free(sums);
	return true;
}
