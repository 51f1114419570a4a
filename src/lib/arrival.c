/* arrival: see arrival.h, which has the formulas. */
#include "arrival.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

#define S 1e6 /* a second */
#define BURST_US (10 * S)
#define BURST_HIGH_US (2 * S)
#define BURST_FACTOR 5
/* A period of bursts has as many requests as this much time at the full rate. */
#define BURST_FULL_US (BURST_HIGH_US + (BURST_US - BURST_HIGH_US) / BURST_FACTOR)

static const char *const names[] = {
	[ARRIVAL_CLOSED] = "closed",
	[ARRIVAL_CONSTANT] = "constant",
	[ARRIVAL_POISSON] = "poisson",
	[ARRIVAL_GAMMA] = "gamma",
	[ARRIVAL_RAMP] = "ramp",
	[ARRIVAL_BURST] = "burst",
	[ARRIVAL_SCHEDULE] = "schedule",
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

void
arrival_start(struct arrival *a, const struct arrival_process *p, gsl_rng *rng, uint64_t seed)
{
	*a = (struct arrival){.process = *p, .rng = rng};
	gsl_rng_set(rng, (unsigned long)(seed >> 32)); /* the Mersenne Twister takes 32 bits */
}

static int64_t
rounded(double us)
{
	return us < (double)ARRIVAL_NEVER_US ? llround(us) : ARRIVAL_NEVER_US;
}

/* full_us: i / R. */
static double
ramp(double full_us, double ramp_us)
{
	return 2 * full_us <= ramp_us ? sqrt(2 * full_us * ramp_us) : full_us + ramp_us / 2;
}

static double
burst(double full_us)
{
	double u = fmod(full_us, BURST_FULL_US), k = round((full_us - u) / BURST_FULL_US);

	return k * BURST_US + (u < BURST_HIGH_US ? u : BURST_HIGH_US + BURST_FACTOR * (u - BURST_HIGH_US));
}

int64_t
arrival_next(struct arrival *a)
{
	const struct arrival_process *p = &a->process;
	double us = a->sum * S / p->rate;

	switch (p->kind) {
	case ARRIVAL_POISSON:
		a->sum += gsl_ran_exponential(a->rng, 1);
		return rounded(a->sum * S / p->rate);
	case ARRIVAL_GAMMA:
		a->sum += gsl_ran_gamma(a->rng, p->burstiness, 1 / p->burstiness);
		return rounded(a->sum * S / p->rate);
	case ARRIVAL_CLOSED:
	case ARRIVAL_SCHEDULE: return ARRIVAL_CLOSED_US;
	default: break;
	}
	a->sum += 1; /* exact up to 2^53 requests */
	if (p->kind == ARRIVAL_RAMP)
		us = ramp(us, p->ramp_us);
	else if (p->kind == ARRIVAL_BURST)
		us = burst(us);
	return rounded(us);
}
