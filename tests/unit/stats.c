/* stats: places of quantiles, sorting, sums whose answer is known.  NumPy's verdict is in tests/pctl.bats. */
#include "lib/stats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N 5000

static void
quantiles_by_hand(void **state)
{
	static const double x[] = {10, 20, 30, 40};
	static const struct {
		enum stats_method method;
		double q, value;
	} cases[] = {{STATS_LINEAR, 0.5, 25}, {STATS_LINEAR, 0, 10}, {STATS_LINEAR, 1, 40}, {STATS_LINEAR, 0.9, 37},
		{STATS_INVERTED_CDF, 0.5, 20}, {STATS_INVERTED_CDF, 0.51, 30}, {STATS_INVERTED_CDF, 0, 10},
		{STATS_LOWER, 0.5, 20}, {STATS_HIGHER, 0.5, 30}, {STATS_MIDPOINT, 0.4, 25}, {STATS_MIDPOINT, 1, 40},
		{STATS_NEAREST, 0.4, 20}, {STATS_NEAREST, 0.5, 30}, {STATS_NEAREST, 0.9, 40}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (stats_quantile(cases[i].method, x, 4, cases[i].q) != cases[i].value)
			fail_msg("%s, q %g: %g", stats_methods[cases[i].method], cases[i].q,
				stats_quantile(cases[i].method, x, 4, cases[i].q));
	assert_true(isnan(stats_quantile(STATS_LINEAR, x, 0, 0.5)));
	for (int m = 0; stats_methods[m]; m++)
		assert_true(stats_quantile((enum stats_method)m, x, 1, 0.7) == 10);
}

static void
equal_neighbours_stay_themselves(void **state)
{
	(void)state;
	for (double t = 0; t <= 1; t += 0x1p-10)
		assert_true(stats_between(0.1, 0.1, t) == 0.1);
	assert_true(stats_between(-1.7e308, 1.7e308, 0.5) == 0);
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Sizes around the change from insertion to radix, with many ties; tags show stability. */
static void
sorts_like_qsort(void **state)
{
	static const size_t sizes[] = {0, 1, 2, 31, 32, 33, 100, N};
	static double x[N], y[N], from[N];
	static uint32_t tag[N];

	(void)state;
	srand(1);
	for (size_t k = 0; k < 3 * sizeof sizes / sizeof *sizes; k++) {
		size_t n = sizes[k / 3];

		for (size_t i = 0; i < n; i++) {
			x[i] = k % 3 ? (rand() - RAND_MAX / 2) * pow(10, rand() % 600 - 300) : rand() % 7;
			from[i] = y[i] = x[i];
			tag[i] = (uint32_t)i;
		}
		qsort(y, n, sizeof *y, ascending);
		assert_true(stats_sort(x, k % 3 == 2 ? NULL : tag, n));
		assert_memory_equal(x, y, n * sizeof *x);
		for (size_t i = 0; i < n && k % 3 != 2; i++) {
			assert_true(from[tag[i]] == x[i]);
			assert_true(i == 0 || x[i - 1] < x[i] || tag[i - 1] < tag[i]);
		}
	}
}

/* To the last digit but one: valgrind computes long double with 53 bits. */
static bool
near(double a, double b)
{
	return fabs(a - b) <= 4e-16 * fabs(b);
}

static void
moments_by_hand(void **state)
{
	static const double pair[] = {1, 2}, tenths[] = {0.1, 0.2, 0.3}, tiny[] = {1e-9, 3e-9};
	static const double huge[] = {-1.5e308, 1.5e308}, epoch[] = {1795330729000000, 1795330729000002};

	(void)state;
	assert_true(isnan(stats_moments(pair, 0).mean));
	assert_true(near(stats_moments(pair, 1).mean, 1));
	assert_true(isnan(stats_moments(pair, 1).stddev));
	assert_true(near(stats_moments(pair, 2).mean, 1.5));
	assert_true(near(stats_moments(pair, 2).stddev, sqrt(0.5)));
	assert_true(near(stats_moments(tenths, 3).mean, 0.2));
	assert_true(near(stats_moments(tenths, 3).stddev, 0.1));
	assert_true(near(stats_moments(tiny, 2).mean, 2e-9));
	assert_true(near(stats_moments(epoch, 2).mean, 1795330729000001));
	assert_true(near(stats_moments(epoch, 2).stddev, sqrt(2)));
	assert_true(near(stats_moments(huge, 2).mean, 0));
}

/* 0.1 a million times: a running double would be off in the eleventh digit. */
static void
sums_are_exact(void **state)
{
	size_t n = 1000000;
	double *x = malloc(n * sizeof *x);

	(void)state;
	for (size_t i = 0; i < n; i++)
		x[i] = 0.1;
	assert_true(stats_moments(x, n).mean == 0.1);
	assert_true(stats_moments(x, n).stddev == 0);
	free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quantiles_by_hand),
		cmocka_unit_test(equal_neighbours_stay_themselves),
		cmocka_unit_test(sorts_like_qsort),
		cmocka_unit_test(moments_by_hand),
		cmocka_unit_test(sums_are_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
