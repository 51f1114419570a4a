/* inflight: the sweep against counting by hand, ties, idle gaps and empty requests. */
#include "lib/inflight.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
handover_is_one(void **state)
{
	const int64_t starts[] = {0, 10, 20}, ends[] = {10, 20, 30};
	const struct inflight f = {starts, ends, 3};
	int64_t from = -1, to = -1;

	(void)state;
	assert_int_equal(inflight_max(&f), 1);
	assert_true(inflight_reach(&f, 0.95, &from, &to));
	assert_int_equal(from, 0);
	assert_int_equal(to, 30);
	assert_false(inflight_reach(&f, 1.1, &from, &to));
}

static void
nothing_and_moments(void **state)
{
	const int64_t moments[] = {5, 5, 9};
	const struct inflight none = {NULL, NULL, 0}, f = {moments, moments, 3};
	int64_t time[1] = {0};

	(void)state;
	assert_int_equal(inflight_max(&none), 0);
	assert_int_equal(inflight_max(&f), 0);
	inflight_times(&f, time);
	assert_int_equal(time[0], 4); /* between 5 and 9 nothing was in flight */
	assert_int_equal(inflight_median(time, 0), 0);
}

static void
median_of_the_busy_time(void **state)
{
	const int64_t halves[] = {100, 5, 5}, later[] = {0, 4, 1, 5}, one[] = {7, 0, 0, 3};

	(void)state;
	assert_int_equal(inflight_median(halves, 2), 1);
	assert_int_equal(inflight_median(later, 3), 2);
	assert_int_equal(inflight_median(one, 3), 3);
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Every microsecond counted one by one. */
static void
random_against_counting(void **state)
{
	enum { N = 20, T = 60 };

	(void)state;
	for (unsigned seed = 1; seed < 500; seed++) {
		int64_t starts[N], ends[N], want[N + 1] = {0}, got[N + 1] = {0};
		struct inflight f = {starts, ends, N};
		size_t max = 0;

		srand(seed);
		for (int i = 0; i < N; i++) {
			starts[i] = rand() % (T / 2);
			ends[i] = starts[i] + rand() % (T / 2);
		}
		qsort(starts, N, sizeof *starts, by_value);
		qsort(ends, N, sizeof *ends, by_value);
		for (int64_t t = starts[0]; t < ends[N - 1]; t++) {
			size_t n = 0;

			for (int i = 0; i < N; i++)
				n += (starts[i] <= t) - (size_t)(ends[i] <= t);
			want[n]++;
			max = n > max ? n : max;
		}
		assert_int_equal(inflight_max(&f), max);
		inflight_times(&f, got);
		assert_memory_equal(got, want, sizeof got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(handover_is_one),
		cmocka_unit_test(nothing_and_moments),
		cmocka_unit_test(median_of_the_busy_time),
		cmocka_unit_test(random_against_counting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
