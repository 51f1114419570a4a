/* offset: whatever the ways there and back take, the truth is within the error; the last few questions count. */
#include "lib/offset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* A question at `t` to a clock that is `apart` ahead, `there` and `back` on the way, `busy` with the answer. */
static struct offset_sample
asked(int64_t t, int64_t apart, int64_t there, int64_t busy, int64_t back)
{
	return (struct offset_sample){t, t + there + apart, t + there + busy + apart, t + there + busy + back};
}

static void
symmetric_is_exact(void **state)
{
	struct offset o = {0};
	struct offset_found f;

	(void)state;
	assert_false(offset_find(&o, &f));
	assert_true(offset_add(&o, asked(1000000, -5000000, 300, 40, 300)));
	assert_true(offset_find(&o, &f));
	assert_int_equal(f.us, -5000000);
	assert_int_equal(f.rtt_us, 600);
	assert_int_equal(f.error_us, 300);
}

static void
asymmetric_is_within_its_error(void **state)
{
	(void)state;
	srandom(7);
	for (int i = 0; i < 10000; i++) {
		int64_t apart = random() % 20000001 - 10000000;
		struct offset o = {0};
		struct offset_found f;

		for (int k = 0; k < 20; k++)
			assert_true(offset_add(&o, asked(k * 1000, apart, random() % 5000, random() % 900, random() % 5000)));
		assert_true(offset_find(&o, &f));
		assert_true(llabs(f.us - apart) <= f.error_us);
		assert_true(f.error_us <= f.rtt_us / 2 + 1);
	}
}

static void
all_of_it_one_way_is_the_worst(void **state)
{
	struct offset o = {0};
	struct offset_found f;

	(void)state;
	offset_add(&o, asked(0, 100, 801, 0, 0));
	offset_find(&o, &f);
	assert_int_equal(f.us - 100, 400);
	assert_int_equal(f.error_us, 401);
}

static void
the_quickest_of_the_last_counts(void **state)
{
	struct offset o = {0};
	struct offset_found f;

	(void)state;
	offset_add(&o, asked(0, 77, 1, 0, 1)); /* the quickest of all, long ago */
	for (int i = 1; i <= OFFSET_LAST; i++)
		offset_add(&o, asked(i, i, 100 - i, 0, 100 - i));
	offset_find(&o, &f);
	assert_int_equal(f.us, OFFSET_LAST);
	assert_int_equal(f.rtt_us, 2 * (100 - OFFSET_LAST));
}

static void
what_cannot_be_is_left_out(void **state)
{
	struct offset o = {0};
	struct offset_found f;

	(void)state;
	assert_false(offset_add(&o, (struct offset_sample){10, 20, 20, 9}));  /* back before it was asked */
	assert_false(offset_add(&o, (struct offset_sample){10, 20, 19, 30})); /* answered before it came */
	assert_false(offset_add(&o, (struct offset_sample){10, 20, 60, 30})); /* longer there than it was gone */
	assert_false(offset_find(&o, &f));
	assert_true(offset_add(&o, (struct offset_sample){10, 20, 40, 30}));
	assert_true(offset_find(&o, &f));
	assert_int_equal(f.error_us, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(symmetric_is_exact),
		cmocka_unit_test(asymmetric_is_within_its_error),
		cmocka_unit_test(all_of_it_one_way_is_the_worst),
		cmocka_unit_test(the_quickest_of_the_last_counts),
		cmocka_unit_test(what_cannot_be_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
