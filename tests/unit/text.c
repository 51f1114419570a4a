/* Unit tests of lib/text: numbers against snprintf(). */
#include "lib/text.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static void
numbers(void **state)
{
	static const int64_t values[] = {0, 1, 9, 10, -1, -10, 1795330729000000, INT64_MAX, INT64_MIN};
	struct text t = {0};
	char want[32];

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		t.n = 0;
		text_int(&t, values[i]);
		snprintf(want, sizeof want, "%" PRId64, values[i]);
		assert_string_equal(t.s, want);
	}
	text_free(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(numbers)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
