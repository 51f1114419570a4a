/* totals: counts and sums over requests, for a whole run or a segment of it.  Pure. */
#ifndef TOTALS_H
#define TOTALS_H

#include "outcome.h"
#include "rate.h"

struct tokens {
	int64_t sum;
	uint64_t n;       /* ok requests with a count */
	unsigned sources; /* bit per enum source, of ok requests */
};

/* Of the ok requests that asked for something: how many, and how many got it. */
struct share {
	uint64_t n, right;
};

struct totals {
	uint64_t total, sent, ok, failed, good, unmeasured;
	uint64_t *by_kind; /* the caller's: failed requests per error kind */
	struct tokens input, output, cached;
	struct rate_sums input_x, output_x, total_x; /* tokens of each ok request */
	struct share structured, call;
};

void totals_add(struct totals *t, const struct outcome *o);
/* "usage", "events", "expected", "mixed" (several of them, or some requests without), or NULL. */
const char *tokens_source(const struct tokens *t);

#endif
