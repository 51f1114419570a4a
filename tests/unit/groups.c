/* groups and intern: many texts, equal values, order. */
#include "lib/groups.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
numbers_are_given_once(void **state)
{
	struct intern t = {0};
	char text[32];

	(void)state;
	for (int round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 100000; i++) {
			int n = sprintf(text, "%u\n%u", i, i % 7);

			assert_int_equal(intern(&t, text, (size_t)n), i);
		}
	assert_int_equal(t.n, 100000);
	assert_int_equal(intern(&t, "", 0), 100000);
	assert_int_equal(intern(&t, "\0", 1), 100001);
	assert_string_equal(t.text[3].s, "3\n3");
	intern_free(&t);
}

static uint32_t
find(struct groups *g, const char *a, const char *b)
{
	struct span values[] = {{a, a ? strlen(a) : 0}, {b, b ? strlen(b) : 0}};

	return groups_find(g, values);
}

static void
equal_values(void **state)
{
	char a[] = "k\"", b[] = "l", *names[] = {a, b};
	struct groups g = {.names = names, .keys = 2};

	(void)state;
	assert_int_equal(find(&g, "1", "\"x\""), 0);
	assert_int_equal(find(&g, "1.0", "\"\\u0078\""), 0);
	assert_int_equal(find(&g, "10e-1", "\"x\""), 0);
	assert_int_equal(find(&g, NULL, "2"), 1);
	assert_int_equal(find(&g, "null", "2"), 1);
	assert_int_equal(find(&g, "\"1\"", "2"), 2);
	assert_int_equal(find(&g, "9007199254740993", "2"), 3);
	assert_int_equal(find(&g, "9007199254740992", "2"), 4);
	assert_int_equal(find(&g, "-0", "0"), 5);
	assert_int_equal(find(&g, "0", "0.0"), 5);
	assert_string_equal(g.texts.text[0].s, "{\"k\\\"\":1,\"l\":\"x\"}");
	assert_string_equal(g.texts.text[1].s, "{\"k\\\"\":null,\"l\":2}");
	groups_free(&g);
}

/* Values in their order; each is found after those that follow it. */
static void
in_order(void **state)
{
	static const char *const values[] = {"null", "false", "true", "-1.5", "2", "10", "1e3", "\"\"", "\"a\"",
		"\"a b\"", "\"ab\"", "[1,2]", "[1]", "{}"};
	char a[] = "k", *names[] = {a, a};
	size_t n = sizeof values / sizeof *values;
	struct groups g = {.names = names, .keys = 2};
	uint32_t *order;

	(void)state;
	for (size_t i = n; i-- > 0;)
		for (size_t j = n; j-- > 0;)
			find(&g, values[i], values[j]);
	assert_int_equal(g.texts.n, n * n);
	order = groups_in_order(&g);
	for (size_t i = 0; i < n * n; i++)
		assert_int_equal(order[i], n * n - 1 - i);
	free(order);
	groups_free(&g);
}

static void
no_keys(void **state)
{
	struct groups g = {0};

	(void)state;
	assert_int_equal(groups_find(&g, NULL), 0);
	assert_int_equal(groups_find(&g, NULL), 0);
	assert_string_equal(g.texts.text[0].s, "{}");
	groups_free(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_given_once),
		cmocka_unit_test(equal_values),
		cmocka_unit_test(in_order),
		cmocka_unit_test(no_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
