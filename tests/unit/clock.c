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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_the_epoch),
		cmocka_unit_test(never_goes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
