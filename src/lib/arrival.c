/* arrival: see arrival.h. */
#include "arrival.h"

#include "seed.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

static const char *const names[] = {
	[ARRIVAL_CLOSED] = "closed",
	[ARRIVAL_CONSTANT] = "constant",
	[ARRIVAL_POISSON] = "poisson",
};

bool
arrival_kind(const char *name, enum arrival_kind *kind)
{
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0) {
			*kind = (enum arrival_kind)i;
			return true;
		}
	return false;
}

bool
arrival_start(struct arrival *a, enum arrival_kind kind, double rate, uint64_t seed)
{
	*a = (struct arrival){.kind = kind, .rate = rate};
	if (kind != ARRIVAL_POISSON)
		return true;
	if (!(a->rng = gsl_rng_alloc(gsl_rng_mt19937)))
		return false;
	gsl_rng_set(a->rng, (unsigned long)(seed_stream(seed, "arrivals") >> 32)); /* it takes 32 bits */
	return true;
}

static int64_t
microseconds(double s, double rate)
{
	double us = s * 1e6 / rate;

	return us < (double)ARRIVAL_NEVER_US ? llround(us) : ARRIVAL_NEVER_US;
}

int64_t
arrival_next(struct arrival *a)
{
	int64_t due;

	switch (a->kind) {
	case ARRIVAL_CONSTANT:
		due = microseconds(a->sum, a->rate);
		a->sum += 1; /* exact up to 2^53 requests */
		return due;
	case ARRIVAL_POISSON:
		a->sum += gsl_ran_exponential(a->rng, 1);
		return microseconds(a->sum, a->rate);
	default:
		return ARRIVAL_CLOSED_US;
	}
}

void
arrival_end(struct arrival *a)
{
	if (a->rng)
		gsl_rng_free(a->rng);
	a->rng = NULL;
}
