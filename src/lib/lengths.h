/* lengths: how many tokens a prompt or a reply has: a number, or a distribution of whole numbers.
 *
 *	N			always N
 *	uniform:LOW-HIGH	each whole number from LOW to HIGH alike
 *	normal:MEAN,STDDEV[,min=N][,max=N]
 *	lognormal:MEAN,STDDEV[,min=N][,max=N]
 *
 * A normal or lognormal length is rounded to a whole number and truncated, not clipped: with F
 * the distribution function, P(k) = (F(k + 1/2) - F(k - 1/2)) / (F(max + 1/2) - F(min - 1/2)) for k
 * from min to max, and nothing heaps up at the ends.  MEAN and STDDEV are those of the
 * distribution before that; a lognormal's are of the length itself, not of its logarithm:
 * sigma^2 = log(1 + STDDEV^2 / MEAN^2), mu = log(MEAN) - sigma^2 / 2.
 *
 * Length i depends on the stream and i alone: it is where F reaches that item's uniform number. */
#ifndef LENGTHS_H
#define LENGTHS_H

#include "keys.h"

#include <stdint.h>

#define LENGTHS_MOST ((int64_t)1000000)

enum lengths_kind {
	LENGTHS_FIXED, /* min */
	LENGTHS_UNIFORM,
	LENGTHS_NORMAL,
	LENGTHS_LOGNORMAL
};

struct lengths {
	enum lengths_kind kind;
	int64_t min, max;
	double mean, stddev;   /* of the normal or lognormal distribution */
	double mu, sigma;      /* of the normal distribution behind it */
	double below, between; /* how much of it lies below min - 1/2, and from there to max + 1/2 */
	bool upper;            /* all of it lies above mu: it is counted from the other end */
};

/* From a number, the text above, or {dist: normal, mean: 100, stddev: 20, min: 10, max: 400} (uniform:
 * min and max; fixed: mean).  name is what messages call it.  False, and why, if it is none. */
bool lengths_read(struct lengths *l, const char *name, json_t *v, struct key_error *why);
/* Length i of a stream (seed.h). */
int64_t lengths_at(const struct lengths *l, uint64_t stream, uint64_t i);

#endif
