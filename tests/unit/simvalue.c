/* simvalue: how long a string and how large a list it makes, and what is too much for it. */
#include "lib/simvalue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static json_t *
made(const char *schema, uint64_t number)
{
	json_t *s = json_loads(schema, 0, NULL), *v;
	char why[200] = "";

	assert_non_null(s);
	v = simvalue_make(s, number, why, sizeof why);
	assert_true(v || strstr(why, "finds no value"));
	json_decref(s);
	return v;
}

static void
long_strings(void **state)
{
	json_t *v;

	(void)state;
	for (uint64_t number = 0; number < 30; number++) {
		v = made("{\"type\":\"string\",\"minLength\":4095}", number);
		assert_non_null(v);
		assert_int_equal(json_string_length(v), 4095);
		assert_int_equal(strlen(json_string_value(v)), 4095);
		json_decref(v);
	}
	assert_null(made("{\"type\":\"string\",\"minLength\":4096}", 0));
}

static void
large_lists(void **state)
{
	json_t *v = made("{\"type\":\"array\",\"minItems\":16384}", 0);

	(void)state;
	assert_int_equal(json_array_size(v), 16384);
	json_decref(v);
	assert_null(made("{\"type\":\"array\",\"minItems\":16385}", 0));
	assert_null(made("{\"type\":\"array\",\"minItems\":900000000000000}", 0));
}

/* Each list is small enough, all of them together are not. */
static void
lists_within_lists(void **state)
{
	json_t *v = made("{\"minItems\":100,\"items\":{\"minItems\":100}}", 0);

	(void)state;
	assert_int_equal(json_array_size(v), 100);
	json_decref(v);
	assert_null(made("{\"minItems\":1000,\"items\":{\"minItems\":1000,\"items\":{\"type\":\"null\"}}}", 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_strings),
		cmocka_unit_test(large_lists),
		cmocka_unit_test(lists_within_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
