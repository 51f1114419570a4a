/* comparison: what became of each figure from one side to another, and of the pair as a whole.
 *
 * A figure is better or worse when its test of no difference, after Holm's correction over all tests of the pair, is
 * below 1 - level; a regression when the same holds for the test that it is no worse than tolerated.
 * A pair is worse when any figure is, else better when any is. */
#ifndef COMPARISON_H
#define COMPARISON_H

#include "cmpside.h"
#include "comparable.h"
#include "ranks.h"

enum verdict {
	VERDICT_WORSE,
	VERDICT_BETTER,
	VERDICT_NONE,  /* no difference shown */
	VERDICT_CANNOT /* cannot compare */
};

extern const char *const verdict_names[];

enum comparison_method {
	METHOD_NONE,
	METHOD_BOOTSTRAP, /* of one run's requests */
	METHOD_T,         /* of the runs' values */
	METHOD_SCORE,     /* of shares */
	METHOD_RANKS
};

extern const char *const method_names[]; /* the first is NULL */

struct comparison_row {
	enum comparison_method method;
	double diff, ratio; /* b - a, b / a - 1; NAN: none */
	struct contrast_interval interval;
	struct ranks ranks; /* of METHOD_RANKS */
	double p, p_holm, p_regression; /* two-sided; the last: Holm's of being worse than tolerated */
	double shows;      /* half of the interval: a difference of that size would have been shown; NAN: not known */
	enum verdict verdict;
	bool regression;
	char why[120]; /* of VERDICT_CANNOT */
};

struct comparison {
	struct comparison_row *row; /* one for each figure */
	size_t tests;
	enum verdict verdict;
	bool regression;
};

/* allowed: nothing speaks against it, or it was overruled.  False when memory ran out. */
bool comparison_make(struct comparison *c, const struct figures_wanted *w, const struct cmpside *a,
	const struct cmpside *b, double level, bool allowed);
void comparison_free(struct comparison *c);

#endif
