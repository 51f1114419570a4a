/* exactsum: sums that doubles cannot hold, in every order, against sums known beforehand. */
#include "lib/exactsum.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct exactsum
sum_of(const double *x, size_t n)
{
	struct exactsum s = {0};

	for (size_t i = 0; i < n; i++)
		exactsum_add(&s, x[i]);
	return s;
}

static void
cancels(void **state)
{
	static const double x[] = {1e300, 1, -1e300, 0x1p-1074, -1, DBL_MAX, -DBL_MAX, 0, 3.5};
	double part[EXACTSUM_PARTS];
	struct exactsum s = sum_of(x, sizeof x / sizeof *x);

	(void)state;
	assert_int_equal(exactsum_parts(&s, part), 2);
	assert_true(part[0] == 3.5 && part[1] == 0x1p-1074);
	exactsum_add(&s, -3.5);
	exactsum_add(&s, -0x1p-1074);
	assert_int_equal(exactsum_parts(&s, part), 0);
	exactsum_add(&s, -0x1.fffffffffffffp-1023); /* below the normal ones */
	assert_int_equal(exactsum_parts(&s, part), 1);
	assert_true(part[0] == -0x1.fffffffffffffp-1023);
}

/* A single double is its own sum, wherever its bits lie; two make what they are made of. */
static void
every_exponent(void **state)
{
	double part[EXACTSUM_PARTS];

	(void)state;
	for (int e = -1074; e < 1023; e++)
		for (int sign = -1; sign <= 1; sign += 2) {
			double v = sign * ldexp(1 + (e > -1000 ? 0x123456789abcdp-52 : 0), e);
			double w = ldexp(sign, e > -900 ? e - 100 : e);
			struct exactsum s = sum_of(&v, 1), both;

			assert_int_equal(exactsum_parts(&s, part), 1);
			assert_true(part[0] == v);
			both = s;
			exactsum_add(&both, w);
			exactsum_add(&both, -v);
			assert_int_equal(exactsum_parts(&both, part), 1);
			assert_true(part[0] == w);
		}
}

/* Any order gives the same parts, and they add up to themselves again. */
static void
any_order(void **state)
{
	double x[200], part[EXACTSUM_PARTS], again[EXACTSUM_PARTS];
	struct exactsum s;
	size_t n;

	(void)state;
	for (int i = 0; i < 200; i++)
		x[i] = ldexp(sin(i), i % 40 * 3 - 60);
	s = sum_of(x, 200);
	n = exactsum_parts(&s, part);
	assert_true(n > 1);
	for (int i = 0; i < 100; i++) {
		double v = x[i];

		x[i] = x[199 - i];
		x[199 - i] = v;
	}
	s = sum_of(x, 200);
	assert_int_equal(exactsum_parts(&s, again), n);
	assert_memory_equal(part, again, n * sizeof *part);
	s = sum_of(part, n);
	assert_int_equal(exactsum_parts(&s, again), n);
	assert_memory_equal(part, again, n * sizeof *part);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cancels),
		cmocka_unit_test(every_exponent),
		cmocka_unit_test(any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
