/* arrival: when the requests of a run are due, in microseconds from its start.
 *
 * Request i (0, 1, 2 …) at a rate of R requests a second is due at round(s_i * 1e6 / R):
 *	constant	s_i = i
 *	poisson		s_i = g_0 + … + g_i, the g independent and exponential with mean 1
 * A closed loop has no such times: a request is due when another one is done.
 *
 * The sum is kept unrounded and in units of the mean gap, so that rounding never adds up
 * and the same seed at another rate is the same pattern, stretched. */
#ifndef ARRIVAL_H
#define ARRIVAL_H

#include <gsl/gsl_rng.h>
#include <stdbool.h>
#include <stdint.h>

#define ARRIVAL_CLOSED_US ((int64_t)-1)
#define ARRIVAL_NEVER_US ((int64_t)1 << 53) /* 285 years: later times are all this one */

enum arrival_kind {
	ARRIVAL_CLOSED,
	ARRIVAL_CONSTANT,
	ARRIVAL_POISSON
};

struct arrival {
	enum arrival_kind kind;
	double rate; /* requests a second */
	double sum;  /* s of the next request, but for its own gap */
	gsl_rng *rng;
};

#define ARRIVAL_KNOWN "closed, constant, poisson"

/* False when no process has that name. */
bool arrival_kind(const char *name, enum arrival_kind *kind);
/* rate > 0 but for closed, where it is ignored.  False: out of memory. */
bool arrival_start(struct arrival *a, enum arrival_kind kind, double rate, uint64_t seed);
/* When the next request is due: never before the last one; ARRIVAL_CLOSED_US if closed. */
int64_t arrival_next(struct arrival *a);
void arrival_end(struct arrival *a);

#endif
