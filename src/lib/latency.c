/* latency: see latency.h. */
#include "latency.h"

#include "hash.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define LONGEST_US 1e17 /* thousands of years: added to a time it is still a time */

double
latency_uniform(uint64_t seed, uint64_t a, uint64_t b)
{
	uint64_t x = hash_mix(seed + HASH_STEP);

	x = hash_mix(x + a * HASH_STEP);
	x = hash_mix(x + b * HASH_STEP);
	return (double)(x >> 11) * 0x1p-53;
}

static double
draw(const struct latency *l, double mean, int64_t sd, uint64_t number, uint64_t token)
{
	if (sd == 0 || mean == 0)
		return mean;
	double z = gsl_cdf_ugaussian_Pinv(latency_uniform(l->seed, number, token) + 0x1p-54);

	return fmin(fmax(mean + (double)sd * z, 0.3 * mean), 1.7 * mean);
}

static int64_t
loaded(const struct latency *l, double us, unsigned running)
{
	double load = 1;

	if (l->max_running > 1 && running > 1)
		load += (l->factor - 1) * (running - 1) / (l->max_running - 1);
	return llround(fmin(us * load, LONGEST_US));
}

int64_t
latency_prefill(const struct latency *l, uint64_t number, int64_t prompt, int64_t cached, unsigned running)
{
	double mean = (double)l->ttft_us;

	if (l->per_token)
		mean = (double)l->overhead_us + (double)(prompt - cached) * (double)l->per_token_us;
	return loaded(l, draw(l, mean, l->prefill_sd_us, number, 0), running);
}

int64_t
latency_gap(const struct latency *l, uint64_t number, int64_t token, unsigned running)
{
	return loaded(l, draw(l, (double)l->itl_us, l->itl_sd_us, number, (uint64_t)token), running);
}
