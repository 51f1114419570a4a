/* holm: see holm.h. */
#include "holm.h"

#include <math.h>
#include <stdlib.h>

struct test {
	double p;
	size_t i;
};

static int
by_p(const void *a, const void *b)
{
	const struct test *x = a, *y = b;

	return x->p < y->p ? -1 : x->p > y->p;
}

bool
holm_adjust(const double *p, double *adjusted, size_t n)
{
	struct test *t = calloc(n + 1, sizeof *t);
	size_t m = 0;
	double most = 0;

	if (!t)
		return false;
	for (size_t i = 0; i < n; i++) {
		adjusted[i] = NAN;
		if (!isnan(p[i]))
			t[m++] = (struct test){p[i], i};
	}
	qsort(t, m, sizeof *t, by_p);
	for (size_t k = 0; k < m; k++) {
		most = fmax(most, fmin(1, t[k].p * (double)(m - k)));
		adjusted[t[k].i] = most;
	}
	free(t);
	return true;
}
