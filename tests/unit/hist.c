/* hist: every value in one bin, edges in order and round, few bins. */
#include "lib/hist.h"
#include "lib/stats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define N 400

static void
check(double *x, size_t n, enum hist_scale scale)
{
	struct hist h;
	size_t sum = 0;

	stats_sort(x, NULL, n);
	hist_make(&h, x, n, scale);
	assert_true(n == 0 ? h.bins == 0 : h.bins >= 1 && h.bins <= HIST_BINS);
	for (size_t i = 0, k = 0; i < h.bins; i++) {
		sum += h.count[i];
		for (size_t j = 0; j < h.count[i]; j++, k++)
			if (!(x[k] >= h.edge[i]) || !(x[k] < h.edge[i + 1] || h.edge[i] == h.edge[i + 1]))
				fail_msg("%g is not in [%g, %g)", x[k], h.edge[i], h.edge[i + 1]);
	}
	assert_int_equal(sum, n);
}

static void
every_value_is_in_its_bin(void **state)
{
	double x[N];

	(void)state;
	srand(2);
	for (int round = 0; round < 3000; round++) {
		size_t n = (size_t)rand() % (round % 3 ? 20 : N);
		int from = rand() % 200 - 100, decades = rand() % 40 + 1;

		for (size_t i = 0; i < n; i++) {
			x[i] = (1 + rand() % 1000) * pow(10, from + rand() % decades);
			if (round % 5 == 0)
				x[i] *= rand() % 3 - 1;
			x[i] += 0.0;
		}
		check(x, n, (enum hist_scale)(round % 3));
	}
}

static void
extremes(void **state)
{
	static const double sets[][2] = {{0, 0}, {-5, -5}, {5e-324, 1e-320}, {-1.7e308, 1.7e308}, {1e-300, 1e300},
		{1795330729000000, 1795330729000001}, {0, 1e-300}, {1, 1.0000000000000002}};

	(void)state;
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
		for (int scale = HIST_AUTO; scale <= HIST_LOG; scale++) {
			double x[] = {sets[i][0], sets[i][1]};

			check(x, 2, (enum hist_scale)scale);
		}
}

static void
edges_by_hand(void **state)
{
	double x[100];
	struct hist h;

	(void)state;
	for (int i = 0; i < 100; i++)
		x[i] = i;
	hist_make(&h, x, 100, HIST_AUTO);
	assert_int_equal(h.bins, 20);
	assert_true(h.edge[0] == 0 && h.edge[1] == 5 && h.count[7] == 5);
	x[99] = 5000; /* would squeeze the rest into the first bin */
	hist_make(&h, x, 100, HIST_AUTO);
	assert_true(h.edge[0] == 0 && h.edge[1] == 1 && h.edge[2] == 2 && h.edge[3] == 5);
	assert_int_equal(h.count[0], 1);
	hist_make(&h, x, 100, HIST_LINEAR);
	assert_int_equal(h.count[0], 99);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_is_in_its_bin),
		cmocka_unit_test(extremes),
		cmocka_unit_test(edges_by_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
