/* arrival: the formulas of arrival.h; 10,000 arrivals of each process are checked against exact
 * fractions and SciPy by tests/arrivals.bats. */
#include "lib/arrival.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct arrival
started(enum arrival_kind kind, double rate, uint64_t seed)
{
	struct arrival a;
	struct arrival_process p = {.kind = kind, .rate = rate, .burstiness = 0.5, .ramp_us = 5e6};
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);

	assert_non_null(rng);
	arrival_start(&a, &p, rng, seed << 32);
	return a;
}

static void
ended(struct arrival *a)
{
	gsl_rng_free(a->rng);
}

static void
names(void **state)
{
	enum arrival_kind k = ARRIVAL_CLOSED;

	(void)state;
	assert_true(arrival_kind("poisson", &k));
	assert_int_equal(k, ARRIVAL_POISSON);
	assert_true(arrival_kind("schedule", &k));
	assert_int_equal(k, ARRIVAL_SCHEDULE);
	assert_false(arrival_kind("uniform", &k));
	assert_false(arrival_kind("", &k));
	assert_int_equal(k, ARRIVAL_SCHEDULE);
}

static void
closed_has_no_times(void **state)
{
	struct arrival a = started(ARRIVAL_CLOSED, 0, 1), b = started(ARRIVAL_SCHEDULE, 0, 1);

	(void)state;
	assert_int_equal(arrival_next(&a), ARRIVAL_CLOSED_US);
	assert_int_equal(arrival_next(&b), ARRIVAL_CLOSED_US);
	ended(&a);
	ended(&b);
}

static void
constant_does_not_drift(void **state)
{
	struct arrival a = started(ARRIVAL_CONSTANT, 3, 1);

	(void)state;
	for (int64_t i = 0; i < 3000000; i++) /* i / 3 s, rounded: the thirds of a microsecond never add up */
		assert_int_equal(arrival_next(&a), (i * 2000000 + 3) / 6);
	ended(&a);
}

static void
random_ones_never_go_back(void **state)
{
	const enum arrival_kind kinds[] = {ARRIVAL_POISSON, ARRIVAL_GAMMA};

	(void)state;
	for (int k = 0; k < 2; k++) {
		struct arrival a = started(kinds[k], 1e6, 5);
		int64_t last = 0, due = 0;

		for (int i = 0; i < 100000; i++, last = due)
			assert_true((due = arrival_next(&a)) >= last);
		assert_in_range(due, 97000, 103000); /* over 6 standard deviations */
		ended(&a);
	}
}

static void
seeds_fix_the_pattern(void **state)
{
	const enum arrival_kind kinds[] = {ARRIVAL_POISSON, ARRIVAL_GAMMA};

	(void)state;
	for (int k = 0; k < 2; k++) {
		struct arrival a = started(kinds[k], 10, 1), b = started(kinds[k], 10, 1), c = started(kinds[k], 10, 2);
		struct arrival slow = started(kinds[k], 1, 1);
		int differ = 0;

		for (int i = 0; i < 1000; i++) {
			int64_t t = arrival_next(&a);

			assert_int_equal(t, arrival_next(&b));
			differ += t != arrival_next(&c);
			assert_true(fabs((double)arrival_next(&slow) / 10 - (double)t) < 0.6);
		}
		assert_in_range(differ, 990, 1000);
		ended(&a);
		ended(&b);
		ended(&c);
		ended(&slow);
	}
}

/* At 4 a second over 5 s of growing: 10 requests on the way up, at sqrt(2.5 i) s, then 4 a second. */
static void
ramp_grows_and_holds(void **state)
{
	struct arrival a = started(ARRIVAL_RAMP, 4, 1);

	(void)state;
	for (int i = 0; i <= 10; i++)
		assert_int_equal(arrival_next(&a), llround(sqrt(2.5 * i) * 1e6));
	for (int i = 1; i < 1000; i++)
		assert_int_equal(arrival_next(&a), 5000000 + i * 250000);
	ended(&a);
}

/* At 10 a second: 20 in the first 2 s, 16 in the other 8 s. */
static void
burst_has_36_a_period(void **state)
{
	struct arrival a = started(ARRIVAL_BURST, 10, 1);

	(void)state;
	for (int64_t i = 0; i < 100000; i++) {
		int64_t k = i / 36, j = i % 36;

		assert_int_equal(arrival_next(&a), k * 10000000 + (j < 20 ? j * 100000 : 2000000 + (j - 20) * 500000));
	}
	ended(&a);
}

static void
far_times_are_never(void **state)
{
	struct arrival a = started(ARRIVAL_CONSTANT, 1e-300, 1), b = started(ARRIVAL_BURST, 1e-300, 1);

	(void)state;
	assert_int_equal(arrival_next(&a), 0);
	assert_int_equal(arrival_next(&a), ARRIVAL_NEVER_US);
	assert_int_equal(arrival_next(&b), 0);
	assert_int_equal(arrival_next(&b), ARRIVAL_NEVER_US);
	ended(&a);
	ended(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(closed_has_no_times),
		cmocka_unit_test(constant_does_not_drift),
		cmocka_unit_test(random_ones_never_go_back),
		cmocka_unit_test(seeds_fix_the_pattern),
		cmocka_unit_test(ramp_grows_and_holds),
		cmocka_unit_test(burst_has_36_a_period),
		cmocka_unit_test(far_times_are_never),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
