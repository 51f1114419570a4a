/* dependence: see dependence.h. */
#include "dependence.h"

#include "stats.h"

#include <gsl/gsl_fft_halfcomplex.h>
#include <gsl/gsl_fft_real.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RARE 3.0902 /* a normal variable exceeds it once in a thousand times */

/* Each value's distance from the mean rank, into d. */
static bool
ranks(const double *x, size_t n, double *d)
{
	double *sorted = reallocarray(NULL, n, sizeof *sorted);
	uint32_t *tag = reallocarray(NULL, n, sizeof *tag);
	bool ok = sorted && tag;

	if (ok) {
		memcpy(sorted, x, n * sizeof *x);
		for (size_t i = 0; i < n; i++)
			tag[i] = (uint32_t)i;
		ok = stats_sort(sorted, tag, n);
	}
	for (size_t i = 0, end; ok && i < n; i = end) {
		for (end = i + 1; end < n && sorted[end] == sorted[i]; end++)
			;
		for (size_t j = i; j < end; j++)
			d[tag[j]] = (double)(i + end - 1) / 2 - (double)(n - 1) / 2;
	}
	free(sorted);
	free(tag);
	return ok;
}

/* Of the sum of d[i] d[i+1] over all orders of d, which adds up to 0. */
static double
variance(const double *d, size_t count)
{
	double n = (double)count, s2 = 0, s4 = 0;

	for (size_t i = 0; i < count; i++) {
		double square = d[i] * d[i];

		s2 += square;
		s4 += square * square;
	}
	return (s2 * s2 - s4) / n + (s2 * s2 - 2 * s4) / (n * (n - 1)) - s2 / n * (s2 / n);
}

/* Autocorrelations by way of the power spectrum, padded with zeros so that the ends do not meet. */
static bool
effective(const double *d, size_t n, double *n_eff)
{
	size_t size = 2;
	double *f, tau = -1;

	while (size < 2 * n)
		size *= 2;
	if (!(f = calloc(size, sizeof *f)))
		return false;
	memcpy(f, d, n * sizeof *d);
	gsl_fft_real_radix2_transform(f, 1, size);
	f[0] *= f[0];
	f[size / 2] *= f[size / 2];
	for (size_t k = 1; k < size / 2; k++) {
		f[k] = f[k] * f[k] + f[size - k] * f[size - k];
		f[size - k] = 0;
	}
	gsl_fft_halfcomplex_radix2_inverse(f, 1, size);
	for (size_t k = 0; k + 1 < n && f[k] + f[k + 1] > 0; k += 2)
		tau += 2 * (f[k] + f[k + 1]) / f[0];
	*n_eff = fmax(1, fmin((double)n, (double)n / tau));
	free(f);
	return true;
}

bool
dependence_of(const double *x, size_t n, struct dependence *out)
{
	double *d, product = 0, square = 0;
	bool ok = true;

	*out = (struct dependence){n, NAN, NAN};
	if (n < DEPENDENCE_MIN)
		return true;
	if (!(d = reallocarray(NULL, n, sizeof *d)) || !ranks(x, n, d)) {
		free(d);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		square += d[i] * d[i];
		product += i > 0 ? d[i - 1] * d[i] : 0;
	}
	if (square > 0) {
		out->r = product / square;
		if (product + square / (double)n > RARE * sqrt(variance(d, n)))
			ok = effective(d, n, &out->n_eff);
	}
	free(d);
	return ok;
}
