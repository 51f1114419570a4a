/* jsonschema: what is refused rather than passed over, circles, and the ends of numbers.  (What each
 * keyword means is held against the official test suite, in tests/slow.) */
#include "lib/jsonequal.h"
#include "lib/jsonschema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static json_t *
parse(const char *text)
{
	json_t *v = json_loads(text, JSON_DECODE_ANY, NULL);

	assert_non_null(v);
	return v;
}

/* 1, 0, or -1 when it cannot be told; -2 when the schema is refused. */
static int
verdict(const char *schema, const char *value)
{
	json_t *s = parse(schema), *v = parse(value);
	char why[200];
	struct jsonschema *js = jsonschema_new(s, why, sizeof why);
	bool lost = false, good = js && jsonschema_holds(js, v, &lost);

	jsonschema_free(js);
	json_decref(s);
	json_decref(v);
	return !js ? -2 : lost ? -1 : good;
}

static void
what_is_not_known_is_refused(void **state)
{
	static const char *const cases[][2] = {
		{"{\"minimun\":1}", "did you mean minimum?"},
		{"{\"properties\":{\"a\":{\"unevaluatedItems\":false}}}", "unevaluatedItems: a keyword that is not"},
		{"{\"items\":[{}]}", "items: not a schema"},
		{"{\"exclusiveMinimum\":true,\"minimum\":1}", "exclusiveMinimum: its value has a form"},
		{"{\"type\":\"int\"}", "type: its value has a form"},
		{"{\"pattern\":\"(\"}", "(: "},
		{"{\"$ref\":\"https://example.com/x\"}", "only references within the schema"},
		{"{\"$ref\":\"#/$defs/gone\"}", "leads nowhere"},
		{"{\"$ref\":\"#/a%5\"}", "#/a%5: leads nowhere"},
		{"{\"$defs\":{\"x\":7},\"$ref\":\"#/$defs/x\"}", "not a schema"},
		{"{\"enum\":[{\"y\":7}],\"$ref\":\"#/enum/0\"}", "y: a keyword that is not checked"},
		{"{\"properties\":{\"a\":{\"$id\":\"other\"}}}", "$id: a keyword"},
		{"{\"$schema\":\"http://json-schema.org/draft-04/schema#\"}", "$schema: its value"},
		{"{\"anyOf\":[]}", "anyOf: must be a list of schemas"},
		{"{\"multipleOf\":0}", "multipleOf: its value"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *s = parse(cases[i][0]);
		char why[200];

		assert_null(jsonschema_new(s, why, sizeof why));
		if (!strstr(why, cases[i][1]))
			fail_msg("%s: %s, expected %s", cases[i][0], why, cases[i][1]);
		json_decref(s);
	}
}

static void
circles(void **state)
{
	(void)state;
	assert_int_equal(verdict("{\"$ref\":\"#\"}", "1"), -1);
	assert_int_equal(verdict("{\"anyOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}", "1"), -1);
	assert_int_equal(verdict("{\"not\":{\"$ref\":\"#\"}}", "1"), -1);
	assert_int_equal(verdict("{\"items\":{\"$ref\":\"#\"},\"type\":\"array\"}", "[[],[[]]]"), 1);
	assert_int_equal(verdict("{\"items\":{\"$ref\":\"#\"},\"type\":\"array\"}", "[[],[7]]"), 0);
}

static void
pointers(void **state)
{
	json_t *doc = parse("{\"a b\":1,\"a%5\":2,\"a% 5\":3,\"%\":4,\"%0x\":5}");

	(void)state;
	assert_int_equal(json_integer_value(jsonschema_pointer(doc, "#/a%20b")), 1);
	assert_int_equal(json_integer_value(jsonschema_pointer(doc, "#/a%5")), 2);
	assert_int_equal(json_integer_value(jsonschema_pointer(doc, "#/a% 5")), 3);
	assert_int_equal(json_integer_value(jsonschema_pointer(doc, "#/%")), 4);
	assert_int_equal(json_integer_value(jsonschema_pointer(doc, "#/%0x")), 5);
	json_decref(doc);
}

static void
numbers(void **state)
{
	(void)state;
	assert_int_equal(verdict("{\"const\":1}", "1.0"), 1);
	assert_int_equal(verdict("{\"enum\":[[1.0]]}", "[1]"), 1);
	assert_int_equal(verdict("{\"maximum\":9223372036854775806}", "9223372036854775807"), 0);
	assert_int_equal(verdict("{\"exclusiveMinimum\":9007199254740992.0}", "9007199254740993"), 1);
	assert_int_equal(verdict("{\"maximum\":1e300}", "9223372036854775807"), 1);
	assert_int_equal(verdict("{\"minimum\":-1e300}", "-9223372036854775808"), 1);
	assert_int_equal(verdict("{\"multipleOf\":0.01}", "19.99"), 1);
	assert_int_equal(verdict("{\"multipleOf\":0.01}", "19.999"), 0);
	assert_int_equal(verdict("{\"type\":\"integer\"}", "3.0"), 1);
}

static void
patterns(void **state)
{
	(void)state;
	assert_int_equal(verdict("{\"pattern\":\"^\\\\d{4}-\\\\d{2}$\"}", "\"2026-11\""), 1);
	assert_int_equal(verdict("{\"pattern\":\"^\\\\d{4}$\"}", "\"2026\\n\""), 0);
	assert_int_equal(verdict("{\"pattern\":\"^.$\"}", "\"\\u00e9\""), 1);
	assert_int_equal(verdict("{\"pattern\":\"^\\\\p{L}+$\"}", "\"\\u00e9t\\u00e9\""), 1);
	assert_int_equal(verdict("{\"pattern\":\"^(?!a)\"}", "\"abc\""), 0);
}

/* Every item is compared with every other. */
static void
many_items_that_differ(void **state)
{
	json_t *s = parse("{\"uniqueItems\":true}"), *v = json_array();
	char why[200];
	struct jsonschema *js = jsonschema_new(s, why, sizeof why);
	bool lost = true;

	(void)state;
	assert_non_null(js);
	for (int i = 0; i < 1000; i++)
		json_array_append_new(v, json_integer(i));
	assert_true(jsonschema_holds(js, v, &lost));
	assert_false(lost);
	for (int i = 1000; i < 7000; i++)
		json_array_append_new(v, json_integer(i));
	assert_false(jsonschema_holds(js, v, &lost));
	assert_true(lost);
	jsonschema_free(js);
	json_decref(s);
	json_decref(v);
}

#define HEAVY "^(ab|a|b)*((a+)+)+!c|!!a$"
#define AB10 "abababababababababab"
#define A20 "aaaaaaaaaaaaaaaaaaaa"
#define LONG AB10 AB10 AB10 A20 A20 "!!a"

/* It matches, but PCRE2 gives up before it finds that: neither yes nor no, whatever is around it. */
static void
patterns_that_backtrack_too_much(void **state)
{
	(void)state;
	assert_int_equal(verdict("{\"pattern\":\"" HEAVY "\"}", "\"" LONG "\""), -1);
	assert_int_equal(verdict("{\"not\":{\"pattern\":\"" HEAVY "\"}}", "\"" LONG "\""), -1);
	assert_int_equal(verdict("{\"patternProperties\":{\"" HEAVY "\":false}}", "{\"" LONG "\":1}"), -1);
	assert_int_equal(verdict("{\"pattern\":\"" HEAVY "\"}", "\"ab!!a\""), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_known_is_refused),
		cmocka_unit_test(circles),
		cmocka_unit_test(pointers),
		cmocka_unit_test(numbers),
		cmocka_unit_test(patterns),
		cmocka_unit_test(many_items_that_differ),
		cmocka_unit_test(patterns_that_backtrack_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
