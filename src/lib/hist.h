/* hist: bins that a person can read: edges at round numbers, at most HIST_BINS of them, and
 * few for few values (twice the square root of their number, but five). */
#ifndef HIST_H
#define HIST_H

#include <stdbool.h>
#include <stddef.h>

#define HIST_BINS 24

enum hist_scale {
	HIST_AUTO,   /* logarithmic where linear bins would put 95 % of the values into a tenth of the range */
	HIST_LINEAR, /* steps of 1, 2 or 5 times a power of ten */
	HIST_LOG     /* 1 1.2 1.5 2 2.5 3 4 5 6 8 10, or 1 2 5 10, or powers of ten; linear if some value is negative */
};

/* What it is called: "linear", "log", or NULL for auto.  False: something else. */
bool hist_scale_of(const char *name, enum hist_scale *scale);

struct hist {
	size_t bins;
	double edge[HIST_BINS + 1]; /* bin i holds edge[i] <= x < edge[i + 1] */
	size_t count[HIST_BINS];
	int decimals; /* that the edges need */
};

/* Every value is in exactly one bin.  No bins for no values. */
void hist_make(struct hist *h, const double *sorted, size_t n, enum hist_scale scale);

#endif
