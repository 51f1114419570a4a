/* comparison_put: a comparison as a record (docs/RECORDS.md). */
#ifndef COMPARISON_PUT_H
#define COMPARISON_PUT_H

#include "comparison.h"

#include <stdio.h>

struct comparison_text {
	const struct figures_wanted *wanted;
	const struct cmpside *a, *b;
	const struct comparable *comparable;
	const struct comparison *comparison;
	double ci; /* percent */
	uint64_t seed;
	size_t replicates;
	bool forced; /* a reason against it was overruled */
	bool utf8, colour;
};

/* The record and a newline. */
void comparison_put(FILE *f, const struct comparison_text *t);

#endif
