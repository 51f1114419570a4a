/* cmpside: one side of a comparison: its runs, and of each figure what a contrast needs.
 *
 * A side's value is the mean of its runs' values.  A side of one run has replicates, too: of its requests, all
 * figures by the same weights.  A rate of the whole run is one number a run, and has none. */
#ifndef CMPSIDE_H
#define CMPSIDE_H

#include "cmprun.h"
#include "contrast.h"

struct cmpside_figure {
	struct contrast_side c;
	size_t n, bad;     /* values, and records without a usable one, over all runs */
	double *ranked;    /* of a rank: sorted values of the requests, of several runs one for each run */
	size_t n_ranked;
	double n_least, n_most; /* records with a value in the smallest and in the largest run */
	size_t runs_without; /* runs that have no value */
};

struct cmpside {
	struct cmprun *run;
	size_t runs;
	struct cmpside_figure *of; /* one for each figure */
};

/* All runs are settled.  replicates: 0 for none.  False when memory ran out. */
bool cmpside_settle(struct cmpside *s, const struct figures_wanted *w, uint64_t seed, size_t replicates);
void cmpside_free(struct cmpside *s, const struct figures_wanted *w);

#endif
