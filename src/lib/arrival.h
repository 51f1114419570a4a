/* arrival: when the requests of a run are due, in microseconds from its start.
 *
 * Request i (0, 1, 2 …) at a rate of R requests a second is due at round(1e6 t_i), where t_i is
 *	constant	i / R
 *	poisson		(g_0 + … + g_i) / R, the g independent and exponential with mean 1
 *	gamma		the same, the g gamma distributed with shape X and scale 1/X: their mean is 1 and
 *			their coefficient of variation 1/sqrt(X); X, the burstiness, is 1 for poisson
 *	ramp		the rate at t is R t/T up to T, then R, so that R t²/(2T) requests are due up to t:
 *			sqrt(2 i T / R) while i <= R T / 2, then i / R + T / 2
 *	burst		the rate is R in the first 2 s of every 10 s and R/5 in the rest: 3.6 R a period;
 *			with k = floor(i / (3.6 R)) and u = i / R - 3.6 k it is
 *			10 k + u while u < 2, else 10 k + 2 + 5 (u - 2)
 * A closed loop has no such times: a request is due when another one is done.  A schedule has
 * them from a file.
 *
 * Each time is computed from i, or from the unrounded sum in units of the mean gap, and
 * rounded once: nothing drifts, and the same seed at another rate is the same pattern of
 * gaps, stretched.  (The periods of ramp and burst are times, and stay.) */
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
	ARRIVAL_POISSON,
	ARRIVAL_GAMMA,
	ARRIVAL_RAMP,
	ARRIVAL_BURST,
	ARRIVAL_SCHEDULE
};

struct arrival_process {
	enum arrival_kind kind;
	double rate;       /* R; > 0 but for closed and schedule, where it is ignored */
	double burstiness; /* gamma: X > 0 */
	double ramp_us;    /* ramp: T > 0 */
};

struct arrival {
	struct arrival_process process;
	gsl_rng *rng;
	double sum; /* of the requests so far: how many, or their gaps */
};

#define ARRIVAL_KNOWN "closed, constant, poisson, gamma, ramp, burst, schedule"

/* False when no process has that name. */
bool arrival_kind(const char *name, enum arrival_kind *kind);
/* rng, the caller's, is seeded here (from the upper 32 bits of seed) and drawn from. */
void arrival_start(struct arrival *a, const struct arrival_process *p, gsl_rng *rng, uint64_t seed);
/* When the next request is due: never before the last one; ARRIVAL_CLOSED_US if closed. */
int64_t arrival_next(struct arrival *a);

#endif
