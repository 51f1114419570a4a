/* slots: values and the times of change against a search in steps of one microsecond. */
#include "lib/slots.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(changes),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
