/* timetable: stages follow each other, each with a pattern of its own. */
#include "lib/timetable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define SECOND 1000000

static void
stages_meet_at_their_ends(void **state)
{
	const struct stage stages[] = {
		{"slow", 2 * SECOND, {.kind = ARRIVAL_CONSTANT, .rate = 1}},
		{"fast", SECOND, {.kind = ARRIVAL_CONSTANT, .rate = 4}},
		{"none", SECOND / 1000, {.kind = ARRIVAL_POISSON, .rate = 0.001}},
		{"ramp", SECOND, {.kind = ARRIVAL_RAMP, .rate = 4, .ramp_us = 500000}},
	};
	const struct {
		int64_t at_us;
		const char *stage;
	} want[] = {{0, "slow"}, {1000000, "slow"}, {2000000, "fast"}, {2250000, "fast"}, {2500000, "fast"},
		{2750000, "fast"}, {3001000, "ramp"}, {3501000, "ramp"}, {3751000, "ramp"}};
	struct timetable t;
	int64_t at;
	const char *stage;

	(void)state;
	assert_true(timetable_start(&t, stages, 4, 1));
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		assert_true(timetable_next(&t, &at, &stage));
		assert_int_equal(at, want[i].at_us);
		assert_string_equal(stage, want[i].stage);
	}
	assert_false(timetable_next(&t, &at, &stage));
	timetable_end(&t);
}

static void
each_stage_draws_for_itself(void **state)
{
	const struct arrival_process p = {.kind = ARRIVAL_POISSON, .rate = 100};
	const struct stage one = {NULL, 0, p}, two[] = {{"a", SECOND, p}, {"b", SECOND, p}},
			   longer[] = {{"a", 3 * SECOND, p}, {"b", SECOND, p}};
	struct timetable t, u, v;
	int64_t at_t, at_u, at_v = 0;
	const char *stage = "";
	size_t first = 0, same = 0, n = 0;

	(void)state;
	assert_true(timetable_start(&t, two, 2, 7) && timetable_start(&u, &one, 1, 7) && timetable_start(&v, longer, 2, 7));
	for (; timetable_next(&t, &at_t, &stage) && strcmp(stage, "a") == 0; first++) {
		assert_true(timetable_next(&u, &at_u, &stage)); /* as a run without stages */
		assert_int_equal(at_t, at_u);
		assert_null(stage);
	}
	assert_in_range(first, 40, 160);
	do /* "b" does not depend on how long "a" was */
		assert_true(timetable_next(&v, &at_v, &stage));
	while (strcmp(stage, "a") == 0);
	do {
		assert_int_equal(at_t - SECOND, at_v - 3 * SECOND);
		n++;
		assert_true(timetable_next(&u, &at_u, &stage));
		same += at_t == at_u;
	} while (timetable_next(&t, &at_t, &stage) && timetable_next(&v, &at_v, &stage));
	assert_in_range(n, 40, 160);
	assert_true(same < n / 10); /* and is not "a" again */
	timetable_end(&t);
	timetable_end(&u);
	timetable_end(&v);
}

static void
closed_is_for_ever(void **state)
{
	const struct stage s = {0};
	struct timetable t;
	int64_t at;
	const char *stage;

	(void)state;
	assert_true(timetable_start(&t, &s, 1, 1));
	for (int i = 0; i < 1000; i++) {
		assert_true(timetable_next(&t, &at, &stage));
		assert_int_equal(at, ARRIVAL_CLOSED_US);
		assert_null(stage);
	}
	timetable_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stages_meet_at_their_ends),
		cmocka_unit_test(each_stage_draws_for_itself),
		cmocka_unit_test(closed_is_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
