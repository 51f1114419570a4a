/* scan: the grammar by hand, and every verdict and value against jansson's. */
#include "lib/scan.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool
accepts(const char *text, size_t n)
{
	struct scan s;

	scan_start(&s, text, n);
	scan_value(&s, NULL);
	return scan_end(&s);
}

static void
same_verdict_as_jansson(void **state)
{
	static const char *const texts[] = {"null", "true", "false", " 1 ", "-0", "0", "01", "1.", "1.5e", "1e5",
		"-", "+1", ".5", "1.5E-3", "\"\"", "\"a\\\"b\"", "\"\\u00e9\"", "\"\\u12\"", "\"\\x\"", "\"a\tb\"", "\"a",
		"[]", "[1]", "[1,]", "[,1]", "[1 2]", "[1,2", "{}", "{\"a\":1}", "{\"a\":1,}", "{\"a\"}", "{a:1}",
		"{\"a\":1 \"b\":2}", "{\"a\":{\"b\":[1,{\"c\":null}]}}", "nul", "truex", "", " ", "{}{}", "1 2", "[1]]",
		"{\"a\":1}]", "\"\\ud83d\\ude00\"", "[[[[]]]]", "[}", "{]", "{\"a\":[}", "\"\x01\"", NULL};

	(void)state;
	for (const char *const *t = texts; *t; t++) {
		json_t *j = json_loads(*t, JSON_DECODE_ANY, NULL);

		if (accepts(*t, strlen(*t)) != (j != NULL))
			fail_msg("%s: ours %d, jansson %d", *t, accepts(*t, strlen(*t)), j != NULL);
		json_decref(j);
	}
}

static void
tolerates_what_records_names(void **state)
{
	(void)state;
	assert_true(accepts("\"\xff\xfe\"", 4));
	assert_true(accepts("\"\\ud800\"", 8));
	assert_true(accepts("\"\\u0000\"", 8));
	assert_true(accepts("123456789012345678901234567890", 30));
	assert_true(accepts("1e999", 5));
	assert_false(accepts("\"a\0b\"", 5));
	assert_false(accepts("[1\0]", 4)); /* jansson takes this one */
}

static void
walks_and_skips(void **state)
{
	static const char text[] = "{\"skip\":[1,{\"id\":9}],\"i\\u0064\":17,\"s\":\"x\\ny\",\"f\":2.5,\"n\":null}";
	struct scan s;
	struct span key, str = {0};
	int64_t id = -1, none = -1;
	char out[16];

	(void)state;
	scan_start(&s, text, strlen(text));
	assert_true(scan_object(&s));
	while (scan_member(&s, &key)) {
		if (span_is(key, "id"))
			assert_true(scan_take_int(&s, &id));
		else if (span_is(key, "s"))
			assert_true(scan_take_string(&s, &str));
		else if (span_is(key, "f") || span_is(key, "n"))
			assert_false(scan_take_int(&s, &none));
		else
			assert_true(scan_value(&s, NULL));
	}
	assert_true(scan_end(&s));
	assert_int_equal(id, 17);
	assert_int_equal(none, -1);
	assert_int_equal(span_decode(str, out), 3);
	assert_memory_equal(out, "x\ny", 3);
}

static void
depth_is_bounded(void **state)
{
	char *deep = malloc(2 * (SCAN_DEPTH + 1));

	(void)state;
	for (size_t n = SCAN_DEPTH; n <= SCAN_DEPTH + 1; n++) {
		memset(deep, '[', n);
		memset(deep + n, ']', n);
		assert_int_equal(accepts(deep, 2 * n), n <= SCAN_DEPTH);
	}
	free(deep);
}

static void
integers_at_the_edges(void **state)
{
	int64_t v = 5;

	(void)state;
	assert_true(span_int((struct span){"-9223372036854775808", 20}, &v));
	assert_true(v == INT64_MIN);
	assert_true(span_int((struct span){"9223372036854775807", 19}, &v));
	assert_true(v == INT64_MAX);
	assert_false(span_int((struct span){"9223372036854775808", 19}, &v));
	assert_false(span_int((struct span){"1.0", 3}, &v));
	assert_true(span_double((struct span){"-2.5e3", 6}) == -2500.0);
}

/* Cut and damage a real text at every byte: whatever jansson takes, we take. */
static void
damaged_texts(void **state)
{
	static const char text[] = "{\"choices\":[{\"delta\":{\"content\":\"h\\u00e9\\\"\"},\"n\":[1.5,-2e3,true,null]}]}";
	static const char bytes[] = "{}[]\",:\\0e.-u x";
	size_t n = strlen(text);

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (const char *b = bytes; *b; b++) {
			char copy[sizeof text];
			json_t *j;

			memcpy(copy, text, sizeof text);
			copy[i] = *b;
			j = json_loadb(copy, n, JSON_DECODE_ANY, NULL);
			if (accepts(copy, n) != (j != NULL))
				fail_msg("%s: jansson %d", copy, j != NULL);
			json_decref(j);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_verdict_as_jansson),
		cmocka_unit_test(tolerates_what_records_names),
		cmocka_unit_test(walks_and_skips),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(integers_at_the_edges),
		cmocka_unit_test(damaged_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
