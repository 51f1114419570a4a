/* utf8: every sequence of RFC 3629's table, and those just outside it. */
#include "lib/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void
sequences(void **state)
{
	static const struct {
		const char *s;
		size_t len;
	} cases[] = {
		{"a", 1}, {"\x7f", 1}, {"\xc2\x80", 2}, {"\xdf\xbf", 2}, {"\xe0\xa0\x80", 3}, {"\xed\x9f\xbf", 3},
		{"\xee\x80\x80", 3}, {"\xef\xbf\xbf", 3}, {"\xf0\x90\x80\x80", 4}, {"\xf4\x8f\xbf\xbf", 4},
		{"\x80", 0}, {"\xc0\x80", 0}, {"\xc1\xbf", 0}, {"\xe0\x9f\xbf", 0}, {"\xed\xa0\x80", 0},
		{"\xf0\x8f\xbf\xbf", 0}, {"\xf4\x90\x80\x80", 0}, {"\xf5\x80\x80\x80", 0}, {"\xff", 0},
		{"\xc2", 0}, {"\xe1\x80", 0}, {"\xf1\x80\x80", 0}, {"\xc2" "a", 0}, {"\xe1\x80" "a", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(utf8_sequence(cases[i].s, strlen(cases[i].s)), cases[i].len);
}

/* A bad byte is found wherever it stands among the words that are looked at whole. */
static void
valid(void **state)
{
	char text[40];

	(void)state;
	assert_true(utf8_valid("", 0));
	for (size_t i = 0; i + 3 <= sizeof text; i++) {
		memset(text, 'a', sizeof text);
		memcpy(text + i, "\xe2\x82\xac", 3);
		assert_true(utf8_valid(text, sizeof text));
		assert_false(utf8_valid(text, i + 2));
		text[i + 1] = 'a';
		assert_false(utf8_valid(text, sizeof text));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(sequences), cmocka_unit_test(valid)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
