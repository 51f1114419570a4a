/* slots: values and the times of change against a search in steps of one microsecond. */
#include "lib/slots.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct slots
parsed(const char *text)
{
	struct slots s;

	if (slots_parse(text, &s))
		fail_msg("%s: %s", text, slots_parse(text, &s));
	return s;
}

static void
values(void **state)
{
	struct slots s = parsed("50");

	(void)state;
	assert_int_equal(slots_at(&s, 0), 50);
	assert_int_equal(slots_at(&s, 1000000000), 50);
	assert_int_equal(slots_next(&s, 0), -1);
	s = parsed("0s:1,30s:51");
	assert_int_equal(slots_at(&s, 0), 1);
	assert_int_equal(slots_at(&s, 15000000), 26);
	assert_int_equal(slots_at(&s, 14999999), 25);
	assert_int_equal(slots_at(&s, 99000000), 51);
	s = parsed("0s:50,2s:50,2s:10,10s:10/10s");
	assert_int_equal(slots_at(&s, 1999999), 50);
	assert_int_equal(slots_at(&s, 2000000), 10);
	assert_int_equal(slots_at(&s, 9999999), 10);
	assert_int_equal(slots_at(&s, 10000000), 50);
	assert_int_equal(slots_at(&s, 12000000), 10);
	assert_int_equal(slots_next(&s, 0), 2000000);
	assert_int_equal(slots_next(&s, 2000000), 10000000);
	assert_int_equal(slots_next(&s, 10000000), 12000000);
	assert_int_equal(slots_max(&s), 50);
	s = parsed("0s:0,365d:1000000");
	assert_int_equal(slots_at(&s, (int64_t)365 * 86400 * 500000), 500000);
	assert_int_equal(slots_next(&s, 0), 31536000);
}

static void
changes(void **state)
{
	static const char *const texts[] = {"0us:1,100us:9", "0us:9,70us:0,70us:4", "0us:3,20us:3,20us:1,50us:7/60us",
		"0us:0,10us:2,30us:2,31us:0/31us", "0us:5,10us:5/10us", NULL};

	(void)state;
	for (const char *const *t = texts; *t; t++) {
		struct slots s = parsed(*t);

		for (int64_t from = 0; from < 150; from++) {
			int64_t next = -1;

			for (int64_t u = from + 1; u < 400 && next < 0; u++)
				if (slots_at(&s, u) != slots_at(&s, from))
					next = u;
			if (slots_next(&s, from) != next)
				fail_msg("%s after %d: %d, expected %d", *t, (int)from, (int)slots_next(&s, from), (int)next);
		}
	}
}

static void
refused(void **state)
{
	static const char *const texts[] = {"", "0", "-1", "x", "1.5", "0s:", "5s:1", "0s:1,", "0s:5,3s", "0s:1,5s:2,3s:4",
		"0s:1,20s:2/10s", "0s:0", "0s:1/", "0s:1/0s", "9999999", NULL};
	struct slots s;

	(void)state;
	for (const char *const *t = texts; *t; t++)
		if (!slots_parse(*t, &s))
			fail_msg("%s: taken", *t);
}

/* A closed loop's ramp and burst, as they are documented, at 10,000 times each: 1 to C over
 * half of D; C for the first 2 s of every 10 s, a fifth of it for the rest. */
static void
patterns(void **state)
{
	const int64_t c = 50, half_us = 30000000;
	struct slots ramp = parsed("0s:1,30s:50"), burst = parsed("0s:50,2s:50,2s:10,10s:10/10s");

	(void)state;
	for (int64_t t = 0; t < 10000 * 8009; t += 8009) {
		assert_int_equal(slots_at(&ramp, t), t < half_us ? 1 + (c - 1) * t / half_us : c);
		assert_int_equal(slots_at(&burst, t), t % 10000000 < 2000000 ? c : c / 5);
	}
}

static void
stages(void **state)
{
	struct slots s = parsed("0s:2=low,1s:2,1s:9=peak-1.x,3s:9,3s:1");

	(void)state;
	assert_string_equal(slots_stage(&s, 0), "low");
	assert_string_equal(slots_stage(&s, 999999), "low");
	assert_string_equal(slots_stage(&s, 1000000), "peak-1.x");
	assert_int_equal(slots_at(&s, 1000000), 9);
	assert_string_equal(slots_stage(&s, 99000000), "peak-1.x");
	s = parsed("0s:2,1s:2=late/2s");
	assert_null(slots_stage(&s, 0));
	assert_string_equal(slots_stage(&s, 1500000), "late");
	assert_null(slots_stage(&s, 2000000));
	s = parsed("5");
	assert_null(slots_stage(&s, 7));
	assert_non_null(slots_parse("0s:2=,1s:3", &s));
	assert_non_null(slots_parse("0s:2=a b", &s));
	assert_non_null(slots_parse("0s:2=\"", &s));
	assert_non_null(slots_parse("0s:2=a=b", &s));
	assert_non_null(slots_parse("5=a", &s));
}

/* The parts of several processes add up to the whole at every moment, differ by one at most, and
 * change where slots_next() says. */
static void
shared(void **state)
{
	static const char *const texts[] = {"7", "0us:1,100us:9", "0us:9,70us:0,70us:4", "0us:3,20us:3,20us:1,50us:7/60us",
		NULL};

	(void)state;
	for (const char *const *t = texts; *t; t++)
		for (int n = 1; n <= 5; n++)
			for (int64_t at = 0; at < 200; at++) {
				struct slots whole = parsed(*t), part = whole;
				int64_t sum = 0, all = slots_at(&whole, at), most = 0;

				for (part.share = 1, part.shares = n; part.share <= n; part.share++) {
					int64_t mine = slots_at(&part, at), next = slots_next(&part, at);

					sum += mine;
					most += slots_max(&part);
					assert_true(mine == all / n || mine == all / n + 1);
					for (int64_t u = at + 1; u < (next < 0 ? 400 : next); u++)
						assert_int_equal(slots_at(&part, u), mine);
					assert_true(next < 0 || slots_at(&part, next) != mine);
				}
				assert_int_equal(sum, all);
				assert_int_equal(most, slots_max(&whole));
			}
}

static void
in_the_middle(void **state)
{
	static const char *const texts[] = {"7", "0us:1=a,100us:9,100us:3=b", "0us:9,70us:0,70us:4",
		"0us:3,20us:3,20us:1,50us:7/60us", NULL};

	(void)state;
	for (const char *const *t = texts; *t; t++)
		for (int64_t into = 0; into < 130; into += 13) {
			struct slots whole = parsed(*t), late = whole;

			late.into_us = into;
			for (int64_t at = 0; at < 200; at++) {
				int64_t next = slots_next(&whole, into + at);
				const char *stage = slots_stage(&whole, into + at), *its = slots_stage(&late, at);

				assert_int_equal(slots_at(&late, at), slots_at(&whole, into + at));
				assert_int_equal(slots_next(&late, at), next < 0 ? -1 : next - into);
				assert_true(stage ? its && strcmp(stage, its) == 0 : !its);
			}
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(changes),
		cmocka_unit_test(refused),
		cmocka_unit_test(patterns),
		cmocka_unit_test(stages),
		cmocka_unit_test(shared),
		cmocka_unit_test(in_the_middle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
