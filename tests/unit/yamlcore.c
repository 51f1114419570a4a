/* yamlcore: each type at its edges.  (tests/oracle/yaml_types.py has thousands more.) */
#include "lib/yamlcore.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct node
plain(const char *text)
{
	struct node n = {.text = text, .len = strlen(text)};

	if (yamlcore_plain(&n))
		fail_msg("%s: refused", text);
	return n;
}

static void
are(enum node_kind kind, const char *const *texts)
{
	for (; *texts; texts++)
		if (plain(*texts).kind != kind)
			fail_msg("%s: kind %d, expected %d", *texts, (int)plain(*texts).kind, (int)kind);
}

static void
kinds(void **state)
{
	(void)state;
	are(NODE_NULL, (const char *const[]){"", "~", "null", "Null", "NULL", NULL});
	are(NODE_BOOLEAN, (const char *const[]){"true", "True", "TRUE", "false", "False", "FALSE", NULL});
	are(NODE_INTEGER, (const char *const[]){"0", "-0", "+12", "0123", "0o7", "0xaF", NULL});
	are(NODE_NUMBER, (const char *const[]){"1.", ".5", "-.5", "+1.5e-3", "1e3", "1E+3", "1.e1", NULL});
	are(NODE_STRING, (const char *const[]){"yes", "no", "on", "off", "y", "nULL", "tRUE", "1_0", "0b1", "-0x1",
		"0o8", "0x", "0o", ".", "-", "+", "1e", "1e+", "e1", ".e1", "1.2.3", "1:30", "0x1p3", "1e3 ", " 1", "inf",
		"nan", "infinity", ".inF", "-.nan", NULL});
}

static void
values(void **state)
{
	(void)state;
	assert_true(plain("True").value.boolean);
	assert_false(plain("FALSE").value.boolean);
	assert_int_equal(plain("007").value.integer, 7);
	assert_int_equal(plain("0o17").value.integer, 15);
	assert_int_equal(plain("0x1F").value.integer, 31);
	assert_true(plain("9223372036854775807").value.integer == INT64_MAX);
	assert_true(plain("-9223372036854775808").value.integer == INT64_MIN);
	assert_true(plain("0x7fffffffffffffff").value.integer == INT64_MAX);
	assert_true(plain("1e3").value.number == 1000.0);
	assert_true(plain("-.5").value.number == -0.5);
}

static void
what_json_cannot_hold(void **state)
{
	static const char *const texts[] = {".inf", "-.Inf", "+.INF", ".nan", ".NaN", ".NAN", "9223372036854775808",
		"-9223372036854775809", "0x8000000000000000", "0o1777777777777777777777", "1e309", "-1e309", NULL};

	(void)state;
	for (const char *const *t = texts; *t; t++) {
		struct node n = {.text = *t};

		if (!yamlcore_plain(&n))
			fail_msg("%s: not refused", *t);
	}
}

static const char *
tagged(const char *tag, const char *text, enum node_kind kind)
{
	struct node n = {.text = text, .len = strlen(text)};
	const char *why = yamlcore_tagged(&n, tag);

	if (!why)
		assert_int_equal(n.kind, kind);
	return why;
}

static void
tags(void **state)
{
	(void)state;
	assert_null(tagged("str", "1", NODE_STRING));
	assert_null(tagged("int", "0x1F", NODE_INTEGER));
	assert_null(tagged("float", "1", NODE_NUMBER));
	assert_null(tagged("float", "1.5", NODE_NUMBER));
	assert_null(tagged("bool", "true", NODE_BOOLEAN));
	assert_null(tagged("null", "~", NODE_NULL));
	assert_string_equal(tagged("int", "1.5", NODE_INTEGER), "not an integer");
	assert_string_equal(tagged("int", "", NODE_INTEGER), "not an integer");
	assert_string_equal(tagged("bool", "yes", NODE_BOOLEAN), "not true or false");
	assert_string_equal(tagged("float", "x", NODE_NUMBER), "not a number");
	assert_string_equal(tagged("float", "0x1", NODE_NUMBER), "not a number");
	assert_string_equal(tagged("null", "0", NODE_NULL), "not a null");
	assert_string_equal(tagged("binary", "", NODE_NULL), "an unknown tag");
	assert_non_null(tagged("float", ".inf", NODE_NUMBER));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds),
		cmocka_unit_test(values),
		cmocka_unit_test(what_json_cannot_hold),
		cmocka_unit_test(tags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
