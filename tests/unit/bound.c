/* bound: what is an expression, and when it holds. */
#include "lib/bound.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
takes_apart(void **state)
{
	static const struct {
		const char *text, *path;
		enum bound_op op;
		double value;
	} good[] = {
		{"ttft_ms.p95<=1000", "ttft_ms.p95", BOUND_LE, 1000},
		{" a.b-c % >= -1.5e3 ", NULL, BOUND_GE, 0},
		{"a < 2", "a", BOUND_LT, 2},
		{"a>0.5", "a", BOUND_GT, 0.5},
		{"a==-1.5e3", "a", BOUND_EQ, -1500},
		{"x.p99.9<1", "x.p99.9", BOUND_LT, 1},
	};
	struct bound b;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		const char *why = bound_parse(&b, good[i].text);

		if (!good[i].path) {
			assert_non_null(why);
			continue;
		}
		assert_null(why);
		assert_string_equal(b.path, good[i].path);
		assert_int_equal(b.op, good[i].op);
		assert_true(b.value == good[i].value);
	}
}

static void
refuses(void **state)
{
	static const char *const bad[] = {"", "a", "<1", "a<", "a<b", "a=1", "a=<1", "a!=1", "a<1 2", "a<1ms", "a<inf",
		"a<nan", "a<1e999"};
	char text[400];
	struct bound b;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (!bound_parse(&b, bad[i]))
			fail_msg("accepted: %s", bad[i]);
	memset(text, 'a', sizeof text);
	memcpy(text + sizeof text - 4, "<=1", 4);
	assert_non_null(bound_parse(&b, text));
}

static void
holds(void **state)
{
	static const bool want[][3] = {[BOUND_LE] = {true, true, false}, [BOUND_LT] = {true, false, false},
		[BOUND_GE] = {false, true, true}, [BOUND_GT] = {false, false, true}, [BOUND_EQ] = {false, true, false}};

	(void)state;
	for (int op = BOUND_LE; op <= BOUND_EQ; op++) {
		struct bound b = {.op = (enum bound_op)op, .value = 5};

		for (int i = 0; i < 3; i++)
			assert_int_equal(bound_holds(&b, 4 + i), want[op][i]);
		assert_false(bound_holds(&b, NAN));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_apart),
		cmocka_unit_test(refuses),
		cmocka_unit_test(holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
