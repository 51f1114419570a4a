/* dependence: sequences whose ranks can be counted by hand. */
#include "lib/dependence.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define N 40

static struct dependence
of(const double *x, size_t n)
{
	struct dependence d;

	assert_true(dependence_of(x, n, &d));
	assert_int_equal(d.n, n);
	return d;
}

/* Ranks 1..n: 1 - (sum of squared steps + both ends squared) / (2 sum d^2), and n_eff is small. */
static void
rising(void **state)
{
	double x[N], squares = N * (N * N - 1.0) / 12, end = (N - 1) / 2.0;
	struct dependence d;

	(void)state;
	for (size_t i = 0; i < N; i++)
		x[i] = exp((double)i);
	d = of(x, N);
	assert_true(fabs(d.r - (1 - (N - 1 + 2 * end * end) / (2 * squares))) < 1e-12);
	assert_true(d.n_eff >= 1 && d.n_eff < 5);
	x[N - 1] = INFINITY; /* the same ranks */
	assert_true(of(x, N).r == d.r);
}

/* Each high value between low ones: as far from independent, but intervals are too wide then. */
static void
alternating(void **state)
{
	double x[N];

	(void)state;
	for (size_t i = 0; i < N; i++)
		x[i] = i % 2 ? 1 : 7;
	assert_true(fabs(of(x, N).r + (N - 1.0) / N) < 1e-12);
	assert_true(isnan(of(x, N).n_eff));
}

static void
nothing_to_say(void **state)
{
	double x[N] = {0};

	(void)state;
	assert_true(isnan(of(x, N).r));
	x[3] = 1;
	assert_true(isnan(of(x, DEPENDENCE_MIN - 1).r));
	assert_false(isnan(of(x, DEPENDENCE_MIN).r));
	assert_true(isnan(of(x, 0).r));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rising),
		cmocka_unit_test(alternating),
		cmocka_unit_test(nothing_to_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
