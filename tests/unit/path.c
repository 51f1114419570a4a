/* path: what is a path, and what it finds. */
#include "lib/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
what_is_no_path(void **state)
{
	static const char *const bad[] = {"", "..", "a.", ".a", "a..b", "a\\", NULL};
	struct path p;
	char text[2 * PATH_SIZE];

	(void)state;
	for (const char *const *t = bad; *t; t++)
		if (!path_parse(&p, *t))
			fail_msg("taken: %s", *t);
	memset(text, 'a', sizeof text);
	text[PATH_SIZE] = '\0';
	assert_non_null(path_parse(&p, text));
	for (size_t i = 0; i < 2 * PATH_DEPTH + 1; i++)
		text[i] = i % 2 ? '.' : 'a';
	text[2 * PATH_DEPTH + 1] = '\0';
	assert_non_null(path_parse(&p, text));
	text[2 * PATH_DEPTH - 1] = '\0';
	assert_null(path_parse(&p, text));
	assert_int_equal(p.depth, PATH_DEPTH);
	assert_null(path_parse(&p, "a\\.b\\\\.c"));
	assert_int_equal(p.depth, 2);
	assert_string_equal(p.key[0].s, "a.b\\");
	assert_null(path_parse(&p, "."));
	assert_int_equal(p.depth, 0);
}

/* What each of the paths finds in text, joined by '|'; "-" where nothing is. */
static const char *
found(const char *text, const char *const *paths)
{
	static char out[256];
	static struct path p[PATH_MAX_FIND];
	struct span at[PATH_MAX_FIND];
	struct scan s;
	size_t n = 0;
	char *o = out;

	for (; paths[n]; n++)
		assert_null(path_parse(&p[n], paths[n]));
	scan_start(&s, text, strlen(text));
	if (!path_find(&s, p, n, at) || !scan_end(&s))
		return s.why;
	for (size_t i = 0; i < n; i++) {
		if (i)
			*o++ = '|';
		o = at[i].s ? mempcpy(o, at[i].s, at[i].n) : stpcpy(o, "-");
	}
	*o = '\0';
	return out;
}

static void
finds(void **state)
{
	static const char *const paths[] = {"a", "a.b", "a.b.c", "d", "a\\.b", NULL};
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"{}", "-|-|-|-|-"},
		{"{\"a\": 1 ,\"d\":[1, 2]}", "1|-|-|[1, 2]|-"},
		{"{\"a\":{\"b\":{\"c\":null}}}", "{\"b\":{\"c\":null}}|{\"c\":null}|null|-|-"},
		{"{\"a\":{\"b\":2},\"a.b\":3}", "{\"b\":2}|2|-|-|3"},
		{"{\"x\":{\"a\":1,\"d\":2},\"d\":\"\\\"\"}", "-|-|-|\"\\\"\"|-"},
		{"{\"\\u0061\":{\"\\u0062\":4}}", "{\"\\u0062\":4}|4|-|-|-"},
		{"{\"a\":{\"b\":1},\"a\":2}", "2|-|-|-|-"},
		{"{\"a\":2,\"a\":{\"b\":{}}}", "{\"b\":{}}|{}|-|-|-"},
		{"{\"a\":{\"b\":1,\"b\":7}}", "{\"b\":1,\"b\":7}|7|-|-|-"},
		{"{\"a\":[{\"b\":1}]}", "[{\"b\":1}]|-|-|-|-"},
		{"[]", "not an object"},
		{"{\"a\":{\"b\":}}", "invalid value"},
		{"{\"a\":1}x", "something follows the value"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(found(cases[i].text, paths), cases[i].want);
}

/* Any value will do where it is asked for itself; of an object there is nothing to use. */
static void
finds_the_value_itself(void **state)
{
	static const char *const paths[] = {".", "a", NULL};

	(void)state;
	assert_string_equal(found(" 1.5 ", paths), "1.5|-");
	assert_string_equal(found("[1, {}]", paths), "[1, {}]|-");
	assert_string_equal(found("{\"a\":2}", paths), "-|2");
	assert_string_equal(found("1 2", paths), "something follows the value");
	assert_string_equal(found("nul", paths), "invalid value");
}

static void
finds_sixty_four(void **state)
{
	static struct path p[PATH_MAX_FIND];
	struct span at[PATH_MAX_FIND];
	struct scan s;

	(void)state;
	for (size_t i = 0; i < PATH_MAX_FIND; i++)
		assert_null(path_parse(&p[i], "k"));
	scan_start(&s, "{\"k\":1}", 7);
	assert_true(path_find(&s, p, PATH_MAX_FIND, at));
	assert_true(at[0].n == 1 && at[PATH_MAX_FIND - 1].n == 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_path),
		cmocka_unit_test(finds),
		cmocka_unit_test(finds_the_value_itself),
		cmocka_unit_test(finds_sixty_four),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
