/* clock: epoch time that does not step, and its text. */
#include "lib/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static int64_t
epoch_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
is_the_epoch(void **state)
{
	struct clock c = clock_start();
	int64_t best = INT64_MAX;

	(void)state;
	for (int i = 0; i < 100; i++) { /* one of them is not interrupted */
		int64_t before = epoch_us(), at = clock_us(&c), off = llabs(at - before);

		best = off < best ? off : best;
	}
	assert_true(best < 1000);
}

static void
never_goes_back(void **state)
{
	struct clock c = clock_start();
	int64_t last = clock_us(&c);

	(void)state;
	for (int i = 0; i < 100000; i++) {
		int64_t now = clock_us(&c);

		assert_true(now >= last);
		last = now;
	}
}

static void
text(void **state)
{
	static const struct {
		int64_t t_us;
		const char *want;
	} cases[] = {{0, "1970-01-01T00:00:00Z"}, {1795330729999999, "2026-11-22T06:58:49Z"},
		{951782400000000, "2000-02-29T00:00:00Z"}};
	char out[32];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(clock_rfc3339(cases[i].t_us, out), cases[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_the_epoch),
		cmocka_unit_test(never_goes_back),
		cmocka_unit_test(text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
