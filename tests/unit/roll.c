/* roll: nobody starts before all are there; who comes later gets the same start; what makes no sense is refused. */
#include "lib/roll.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static enum roll_answer
says(struct roll *r, struct roll_peer *p, const char *line, int64_t now)
{
	const char *why;
	int64_t t1 = -1;
	enum roll_answer a = roll_line(r, p, line, now, &t1, &why);

	assert_int_equal(a == ROLL_WRONG, why != NULL);
	if (a == ROLL_CLOCK)
		assert_int_equal(t1, 42);
	return a;
}

static void
one_start_for_all(void **state)
{
	struct roll r = {.n = 2, .lead_us = 100};
	struct roll_peer a = {0}, again = {0}, b = {0}, late = {0};

	(void)state;
	assert_int_equal(says(&r, &a, "muster 1 1 2", 1), ROLL_NONE);
	assert_int_equal(says(&r, &a, "p 42", 2), ROLL_CLOCK);
	assert_int_equal(says(&r, &a, "ready", 3), ROLL_NONE);
	assert_int_equal(says(&r, &again, "muster 1 1 2", 4), ROLL_NONE); /* the same shard twice is not two */
	assert_int_equal(says(&r, &again, "ready", 5), ROLL_NONE);
	assert_int_equal(r.start_us, 0);
	says(&r, &b, "muster 1 2 2", 6);
	assert_int_equal(roll_ready(&r), 1); /* there, but not ready */
	says(&r, &b, "ready", 7);
	assert_int_equal(r.start_us, 107);
	roll_gone(&r, &b);
	says(&r, &late, "muster 1 2 2", 500);
	says(&r, &late, "ready", 501);
	assert_int_equal(r.start_us, 107);
}

static void
one_that_has_gone_is_waited_for(void **state)
{
	struct roll r = {.n = 2, .lead_us = 5};
	struct roll_peer a = {0}, b = {0};

	(void)state;
	says(&r, &a, "muster 1 1 2", 0);
	says(&r, &a, "ready", 0);
	says(&r, &a, "ready", 0);
	roll_gone(&r, &a);
	assert_int_equal(roll_ready(&r), 0);
	says(&r, &b, "muster 1 2 2", 1);
	says(&r, &b, "ready", 1);
	assert_int_equal(r.start_us, 0);
	says(&r, &a, "muster 1 1 2", 2);
	says(&r, &a, "ready", 2);
	assert_int_equal(r.start_us, 7);
}

static void
nonsense_is_refused(void **state)
{
	static const char *const first[] = {"", "ready", "p 42", "muster 2 1 2", "muster 1 1 3", "muster 1 0 2",
		"muster 1 3 2", "muster 1 1 2 x", "muster 1 1", "GET / HTTP/1.1"};
	static const char *const then[] = {"p", "p x", "p 42 ", "ready?", "muster 1 1 2"};
	struct roll r = {.n = 2};

	(void)state;
	for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
		struct roll_peer p = {0};

		assert_int_equal(says(&r, &p, first[i], 0), ROLL_WRONG);
		assert_int_equal(p.shard, 0);
	}
	for (size_t i = 0; i < sizeof then / sizeof *then; i++) {
		struct roll_peer p = {.shard = 1};

		assert_int_equal(says(&r, &p, then[i], 0), ROLL_WRONG);
	}
	assert_int_equal(roll_ready(&r), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_start_for_all),
		cmocka_unit_test(one_that_has_gone_is_waited_for),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
