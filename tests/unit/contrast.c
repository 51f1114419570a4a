/* contrast, ranks, holm: small cases by hand; SciPy's and NumPy's verdict is in tests/runcmp.bats. */
#include "lib/contrast.h"
#include "lib/holm.h"
#include "lib/ranks.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>

#include <cmocka.h>

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-9)

/* Three against three, all of b larger: one arrangement of twenty. */
static void
ranks_by_hand(void **state)
{
	static const double a[] = {1, 2, 3}, b[] = {4, 5, 6}, mixed[] = {0, 2.5, 9}, same[] = {2, 2, 2};
	struct ranks r = ranks_of(a, 3, b, 3, 0.95);

	(void)state;
	NEAR(r.u, 9);
	NEAR(r.above, 0.05);
	NEAR(r.below, 1);
	NEAR(r.a12, 1);
	assert_true(isnan(r.lo));
	r = ranks_of(a, 3, mixed, 3, 0.95);
	NEAR(r.u, 5);
	NEAR(r.above, 0.5);
	NEAR(r.below, 0.65);
	NEAR(ranks_of(a, 3, same, 3, 0.95).a12, 0.5);
	r = ranks_of(same, 3, same, 3, 0.95);
	NEAR(r.u, 4.5);
	NEAR(r.above, 1);
	NEAR(r.below, 1);
	r = ranks_of(a, 1, b, 1, 0.95);
	NEAR(r.above, 0.5);
	assert_true(isnan(r.lo) && isnan(r.hi));
}

static void
holm_by_hand(void **state)
{
	const double p[] = {0.04, 0.01, NAN, 0.03, 0.9};
	double adjusted[5];

	(void)state;
	assert_true(holm_adjust(p, adjusted, 5));
	NEAR(adjusted[1], 0.04);
	NEAR(adjusted[3], 0.09);
	NEAR(adjusted[0], 0.09);
	NEAR(adjusted[4], 0.9);
	assert_true(isnan(adjusted[2]));
	assert_true(holm_adjust(p, adjusted, 0));
}

/* Replicates that all lie above, some, none; and a sample that does not reach as far. */
static void
replicates_by_hand(void **state)
{
	double a[] = {1, 2, 3, 4}, b[] = {2, 2, 4, 8}, room[4];
	struct contrast_side x = {.replicate = a, .replicates = 4}, y = {.replicate = b, .replicates = 4};
	struct contrast_tails t = contrast_replicates(&x, &y, (struct contrast_margin){1, 0});

	(void)state;
	NEAR(t.above, 0.4); /* one of four is not above, and one more */
	NEAR(t.below, 1);
	NEAR(contrast_replicates(&x, &y, (struct contrast_margin){2, 1}).above, 1);
	NEAR(contrast_replicates(&x, &y, (struct contrast_margin){0, 1}).above, 0.2);
	x.highest = 0.3;
	NEAR(contrast_replicates(&x, &y, (struct contrast_margin){0, 1}).above, 0.3);
	assert_true(isnan(contrast_replicates_interval(&x, &y, 0.95, room).lo));
	NEAR(contrast_replicates_interval(&x, &y, 0.95, room).hi, 4 - 0.075 * 3);
	a[0] = 0;
	x.highest = 0;
	assert_true(isnan(contrast_replicates_interval(&x, &y, 0.95, room).ratio_lo));
	NEAR(contrast_replicates_interval(&x, &y, 0.95, room).lo, 0.075);
}

/* 1, 2, 3 against 4, 5, 6: a difference of 3, standard error sqrt(2 / 3), 4 degrees of freedom. */
static void
runs_by_hand(void **state)
{
	double a[] = {1, 2, 3}, b[] = {4, 5, 6}, one[] = {5};
	struct contrast_side x = {.value = 2, .run = a, .runs = 3}, y = {.value = 5, .run = b, .runs = 3};
	struct contrast_side z = {.value = 5, .run = one, .runs = 1};
	struct contrast_interval i = contrast_runs_interval(&x, &y, 0.95);

	(void)state;
	assert_true(fabs(i.lo - (3 - 2.776445 * sqrt(2.0 / 3))) < 1e-5);
	assert_true(fabs(i.hi - (3 + 2.776445 * sqrt(2.0 / 3))) < 1e-5);
	i = contrast_runs_interval(&x, &z, 0.95); /* one run: 2 degrees of freedom, 1 / 3 + 1 */
	assert_true(fabs(i.lo - (3 - 4.302653 * sqrt(4.0 / 3))) < 1e-5);
	NEAR(contrast_runs(&x, &y, (struct contrast_margin){1, 3}).above, 0.5);
	assert_true(contrast_runs(&x, &y, (struct contrast_margin){1, 0}).above < 0.025);
	assert_true(contrast_runs(&x, &y, (struct contrast_margin){2.5, 0}).above >= 0.5);
}

/* The example of Newcombe's paper: 56 of 70 and 48 of 80. */
static void
shares_by_hand(void **state)
{
	struct contrast_side a = {.hits = 48, .trials = 80}, b = {.hits = 56, .trials = 70};
	struct contrast_interval i = contrast_shares_interval(&a, &b, 0.95);
	struct contrast_tails t = contrast_shares(&a, &b, (struct contrast_margin){1, 0});

	(void)state;
	assert_true(fabs(i.lo - 0.0524) < 5e-5 && fabs(i.hi - 0.3339) < 5e-5);
	i = contrast_shares_interval(&a, &b, 1 - 2 * t.above);
	assert_true(fabs(i.lo) < 1e-9);
	NEAR(t.above + t.below, 1);
	NEAR(contrast_shares(&a, &a, (struct contrast_margin){1, 0}).above, 0.5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranks_by_hand),
		cmocka_unit_test(holm_by_hand),
		cmocka_unit_test(replicates_by_hand),
		cmocka_unit_test(runs_by_hand),
		cmocka_unit_test(shares_by_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
