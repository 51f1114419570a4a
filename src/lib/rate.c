/* rate: see rate.h. */
#include "rate.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

void
rate_add(struct rate_sums *s, double x)
{
	s->n++;
	s->sum += x;
	s->squares += x * x;
	s->cubes += x * x * x;
}

struct interval
rate_interval(const struct rate_sums *s, double seconds, double level)
{
	double z = gsl_cdf_ugaussian_Qinv((1 - level) / 2), sigma = sqrt(s->squares), shift;

	if (s->n < RATE_LEAST || !(seconds > 0) || !(sigma > 0))
		return (struct interval){NAN, NAN};
	shift = s->cubes / s->squares * (z * z - 1) / 6;
	return (struct interval){fmax(0, s->sum + shift - sigma * z) / seconds, (s->sum + shift + sigma * z) / seconds};
}

struct interval
rate_share(uint64_t k, uint64_t n, double level)
{
	double z = gsl_cdf_ugaussian_Qinv((1 - level) / 2), m = (double)n, p = (double)k / m, middle, half;

	if (n == 0)
		return (struct interval){NAN, NAN};
	middle = (p + z * z / (2 * m)) / (1 + z * z / m);
	half = z / (1 + z * z / m) * sqrt(p * (1 - p) / m + z * z / (4 * m * m));
	return (struct interval){k == 0 ? 0 : middle - half, k == n ? 1 : middle + half};
}
