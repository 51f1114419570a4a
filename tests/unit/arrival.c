/* arrival: the formulas of arrival.h; the distribution itself is checked against SciPy by
 * tests/genload.bats. */
#include "lib/arrival.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void
names(void **state)
{
	enum arrival_kind k = ARRIVAL_CLOSED;

	(void)state;
	assert_true(arrival_kind("poisson", &k));
	assert_int_equal(k, ARRIVAL_POISSON);
	assert_false(arrival_kind("gamma", &k));
	assert_false(arrival_kind("", &k));
	assert_int_equal(k, ARRIVAL_POISSON);
}

static void
closed_has_no_times(void **state)
{
	struct arrival a;

	(void)state;
	assert_true(arrival_start(&a, ARRIVAL_CLOSED, 0, 1));
	assert_int_equal(arrival_next(&a), ARRIVAL_CLOSED_US);
	arrival_end(&a);
}

static void
constant_does_not_drift(void **state)
{
	struct arrival a;

	(void)state;
	assert_true(arrival_start(&a, ARRIVAL_CONSTANT, 3, 1));
	for (int64_t i = 0; i < 3000000; i++) /* i / 3 s, rounded: the thirds of a microsecond never add up */
		assert_int_equal(arrival_next(&a), (i * 2000000 + 3) / 6);
	arrival_end(&a);
}

static void
poisson_never_goes_back(void **state)
{
	struct arrival a;
	int64_t last = 0, due = 0;

	(void)state;
	assert_true(arrival_start(&a, ARRIVAL_POISSON, 1e6, 5));
	for (int i = 0; i < 100000; i++, last = due)
		assert_true((due = arrival_next(&a)) >= last);
	assert_in_range(due, 98000, 102000); /* 6 standard deviations */
	arrival_end(&a);
}

static void
seeds_fix_the_pattern(void **state)
{
	struct arrival a, b, c, slow;
	int differ = 0;

	(void)state;
	assert_true(arrival_start(&a, ARRIVAL_POISSON, 10, 1) && arrival_start(&b, ARRIVAL_POISSON, 10, 1));
	assert_true(arrival_start(&c, ARRIVAL_POISSON, 10, 2) && arrival_start(&slow, ARRIVAL_POISSON, 1, 1));
	for (int i = 0; i < 1000; i++) {
		int64_t t = arrival_next(&a);

		assert_int_equal(t, arrival_next(&b));
		differ += t != arrival_next(&c);
		assert_true(fabs((double)arrival_next(&slow) / 10 - (double)t) < 0.6);
	}
	assert_in_range(differ, 990, 1000);
	arrival_end(&a);
	arrival_end(&b);
	arrival_end(&c);
	arrival_end(&slow);
}

static void
far_times_are_never(void **state)
{
	struct arrival a;

	(void)state;
	assert_true(arrival_start(&a, ARRIVAL_CONSTANT, 1e-300, 1));
	assert_int_equal(arrival_next(&a), 0);
	assert_int_equal(arrival_next(&a), ARRIVAL_NEVER_US);
	arrival_end(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(closed_has_no_times),
		cmocka_unit_test(constant_does_not_drift),
		cmocka_unit_test(poisson_never_goes_back),
		cmocka_unit_test(seeds_fix_the_pattern),
		cmocka_unit_test(far_times_are_never),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
