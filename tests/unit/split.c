/* split: any way of cutting the bytes gives the same lines. */
#include "lib/split.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct seen {
	char text[256];
	size_t n;
};

static void
see(void *ctx, const struct split *s, const char *text, size_t len)
{
	struct seen *seen = ctx;

	seen->text[seen->n++] = s->too_long ? '!' : (char)('0' + s->number);
	memcpy(seen->text + seen->n, text, len);
	seen->n += len;
	seen->text[seen->n++] = '|';
	seen->text[seen->n] = '\0';
}

static void
cut(const char *bytes, size_t n, size_t a, size_t b, size_t max_line, struct seen *seen)
{
	struct split s = {.max_line = max_line};

	*seen = (struct seen){0};
	assert_true(split_feed(&s, bytes, a, see, seen));
	assert_true(split_feed(&s, bytes + a, b - a, see, seen));
	assert_true(split_feed(&s, bytes + b, n - b, see, seen));
	split_end(&s, see, seen);
}

static void
every_cut(const char *bytes, size_t max_line, const char *want)
{
	size_t n = strlen(bytes);
	struct seen seen;

	for (size_t a = 0; a <= n; a++)
		for (size_t b = a; b <= n; b++) {
			cut(bytes, n, a, b, max_line, &seen);
			assert_string_equal(seen.text, want);
		}
}

static void
test_lines(void **state)
{
	(void)state;
	every_cut("", 10, "");
	every_cut("ab\ncd\n", 10, "1ab|2cd|");
	every_cut("ab\n\n\ncd", 10, "1ab|2|3|4cd|");
	every_cut("\r\na\r\n", 10, "1\r|2a\r|");
}

static void
test_too_long(void **state)
{
	(void)state;
	every_cut("abcdef\nabc\nabcd", 3, "!abc|2abc|!abc|");
	every_cut("a\n\n", 0, "!|2|");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines), cmocka_unit_test(test_too_long)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
