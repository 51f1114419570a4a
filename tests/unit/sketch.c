/* sketch: how far a value is from the middle of its bin, and records that are none. */
#include "lib/sketch_record.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
within_the_bound(void **state)
{
	(void)state;
	for (unsigned digits = 1; digits <= SKETCH_DIGITS; digits++)
		for (int e = -1022; e <= 1023; e += 31) {
			struct sketch *s = sketch_make(digits);
			double x[9], bound = sketch_error(digits), sign = e % 2 ? -1 : 1;

			assert_true(bound <= pow(10, -(int)digits));
			for (int i = 0; i < 9; i++) {
				x[sign < 0 ? 8 - i : i] = sign * ldexp(1 + i / 9.0, e);
				assert_true(sketch_add(s, sign * ldexp(1 + i / 9.0, e)));
			}
			for (uint64_t i = 0; i < 9; i++)
				assert_true(fabs(sketch_value(s, i) - x[i]) <= bound * fabs(x[i]));
			assert_true(sketch_value(s, 0) == x[0] && sketch_value(s, 8) == x[8]);
			sketch_free(s);
		}
}

static void
both_signs_and_zero(void **state)
{
	static const double x[] = {-1e9, -2, -0x1p-1022, 0, 0, 1e-5, 7};
	struct sketch *s = sketch_make(3);
	struct stats_moments m;

	(void)state;
	for (size_t i = 7; i-- > 0;)
		assert_true(sketch_add(s, x[i]));
	for (uint64_t i = 0; i < 7; i++)
		assert_true(fabs(sketch_value(s, i) - x[i]) <= fabs(x[i]) * sketch_error(3));
	m = sketch_moments(s);
	assert_true(fabs(m.mean - (-1e9 + 5.00001) / 7) < 1e-7);
	sketch_free(s);
}

/* Of epoch times a rounded sum of squares would say nothing.  Valgrind computes long double with 53 bits, which
 * are too few: the deviation is looked at where there are 64. */
static void
moments_keep_their_digits(void **state)
{
	struct sketch *s = sketch_make(1);
	volatile long double one = 1;

	(void)state;
	for (int i = 0; i < 3; i++)
		sketch_add(s, 1795330729000000.0 + i);
	assert_true(sketch_moments(s).mean == 1795330729000001.0);
	if (one + 0x1p-60L != one)
		assert_true(sketch_moments(s).stddev == 1);
	sketch_free(s);
}

static const char *
why(const char *text)
{
	struct sketch_record r;
	struct scan s;

	scan_start(&s, text, strlen(text));
	return sketch_read(&s, &r) ? NULL : s.why;
}

#define HEAD "{\"sketch\":3,\"group\":{},\"field\":\"x\",\"n\":"
#define SUMS ",\"sum\":[3],\"squares\":[5]"

static void
what_is_no_sketch(void **state)
{
	static const char *const bad[] = {"{}", "[]", HEAD "2",
		HEAD "2,\"min\":1,\"max\":2" SUMS ",\"bins\":[[1,1]]}",
		HEAD "1,\"min\":1,\"max\":2" SUMS ",\"bins\":[[1,1,1]]}",
		HEAD "1,\"min\":1,\"max\":2" SUMS ",\"bins\":[1]}",
		HEAD "1,\"min\":1,\"max\":2" SUMS ",\"bins\":[[1,-1]]}",
		HEAD "1,\"min\":1,\"max\":2" SUMS ",\"bins\":[[1e999,1]]}",
		HEAD "1,\"min\":3,\"max\":2" SUMS ",\"bins\":[[1,1]]}",
		HEAD "1,\"min\":null,\"max\":null" SUMS ",\"bins\":[[1,1]]}",
		HEAD "1,\"min\":1,\"max\":2,\"bins\":[[1,1]]}",
		HEAD "9223372036854775807,\"min\":1,\"max\":2" SUMS
			",\"bins\":[[1,9223372036854775807],[2,9223372036854775807]]}",
		"{\"sketch\":9,\"group\":{},\"field\":\"x\",\"n\":0" SUMS ",\"bins\":[]}", NULL};

	(void)state;
	for (const char *const *t = bad; *t; t++)
		if (!why(*t))
			fail_msg("taken: %s", *t);
	assert_null(why(HEAD "2,\"min\":1,\"max\":2,\"more\":[]" SUMS ",\"bins\":[[1,1],[2,1]]}"));
	assert_null(why(HEAD "0,\"min\":null,\"max\":null,\"sum\":[],\"squares\":[],\"bins\":[]}"));
	assert_true(sketch_is_record(HEAD, strlen(HEAD)));
	assert_false(sketch_is_record("{\"sketch\"", 9));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(within_the_bound),
		cmocka_unit_test(both_signs_and_zero),
		cmocka_unit_test(moments_keep_their_digits),
		cmocka_unit_test(what_is_no_sketch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
