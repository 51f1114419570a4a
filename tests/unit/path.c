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
	if (!path_find(&s, p, n, at, NULL) || !scan_end(&s))
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
	assert_true(path_find(&s, p, PATH_MAX_FIND, at, NULL));
	assert_true(at[0].n == 1 && at[PATH_MAX_FIND - 1].n == 1);
}

/* With what is remembered of the texts before, each text says the same as without. */
static void
remembers_no_more_than_it_saw(void **state)
{
	static const char *const texts[] = {"{\"a\":1,\"d\":2}", "{\"a\":3,\"d\":4}", "{ \"a\":3,\"d\":4}",
		"{\"d\":5,\"a\":6}", "{\"a\":1\"d\":2}", "{\"a\":1,,\"d\":2}", "{,\"d\":2}", "{\"a\":{\"b\":7},\"d\":8}",
		"{\"a\":9,\"d\":}", "{\"a\":9,\"d\":1", "{\"a\":1,\"d\"", "{}", "{\"\\u0061\":1,\"d\":2}",
		"{\"a\":0,\"a\":1,\"d\":2}", "{\"a\":1 ,\"d\" : 2 }", "[\"a\":1]", NULL};
	static const char *const names[] = {"a", "a.b", "d"};
	struct path p[3];

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_null(path_parse(&p[i], names[i]));
	for (const char *const *first = texts; *first; first++)
		for (const char *const *then = texts; *then; then++) {
			struct path_memo memo = {0};
			struct span want[3], got[3];
			struct scan s;
			bool fine;

			scan_start(&s, *first, strlen(*first));
			path_find(&s, p, 3, got, &memo);
			scan_start(&s, *then, strlen(*then));
			fine = path_find(&s, p, 3, want, NULL) && scan_end(&s);
			scan_start(&s, *then, strlen(*then));
			assert_int_equal(path_find(&s, p, 3, got, &memo) && scan_end(&s), fine);
			if (fine)
				assert_memory_equal(got, want, sizeof got);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_path),
		cmocka_unit_test(finds),
		cmocka_unit_test(finds_the_value_itself),
		cmocka_unit_test(finds_sixty_four),
		cmocka_unit_test(remembers_no_more_than_it_saw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
