/* put: what is written reads back the same, by jansson's reading. */
#include "lib/put.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What one call wrote; valid until the next. */
static char *text;

static FILE *
begin(void)
{
	static size_t n;

	free(text);
	text = NULL;
	return open_memstream(&text, &n);
}

static json_t *
string_of(const char *s, size_t n)
{
	FILE *f = begin();
	json_t *j;

	put_string(f, s, n);
	fclose(f);
	j = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	if (!json_is_string(j))
		fail_msg("not a string: %s", text);
	return j;
}

static void
same(const char *s, size_t n, const char *want, size_t m)
{
	json_t *j = string_of(s, n);

	assert_int_equal(json_string_length(j), m);
	assert_memory_equal(json_string_value(j), want, m);
	json_decref(j);
}

/* Every code point but the surrogates, 100 in a string. */
static void
unicode_comes_back(void **state)
{
	char s[400];
	size_t n = 0;

	(void)state;
	for (unsigned c = 0; c <= 0x10ffff; c++) {
		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		if (c < 0x80) {
			s[n++] = (char)c;
		} else if (c < 0x800) {
			s[n++] = (char)(0xc0 | c >> 6);
			s[n++] = (char)(0x80 | (c & 0x3f));
		} else {
			if (c < 0x10000) {
				s[n++] = (char)(0xe0 | c >> 12);
			} else {
				s[n++] = (char)(0xf0 | c >> 18);
				s[n++] = (char)(0x80 | (c >> 12 & 0x3f));
			}
			s[n++] = (char)(0x80 | (c >> 6 & 0x3f));
			s[n++] = (char)(0x80 | (c & 0x3f));
		}
		if (n > sizeof s - 4 || c == 0x10ffff) {
			same(s, n, s, n);
			n = 0;
		}
	}
}

#define R "\xef\xbf\xbd" /* U+FFFD */

static void
broken_bytes_are_replaced(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {{"\xff", R}, {"a\x80z", "a" R "z"}, {"\xc3", R}, {"\xc3(", R "("}, {"\xc0\x80", R R},
		{"\xe0\x80\x80", R R R}, {"\xed\xa0\x80", R R R}, {"\xf4\x90\x80\x80", R R R R},
		{"\xf8\x88\x80\x80\x80", R R R R R}, {"\xe2\x82", R R}, {"\xe2\x82\xac\xe2", "\xe2\x82\xac" R}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		same(cases[i].in, strlen(cases[i].in), cases[i].want, strlen(cases[i].want));
}

static void
random_bytes_are_always_json(void **state)
{
	char s[64];

	(void)state;
	srand(3);
	for (int round = 0; round < 20000; round++) {
		size_t n = (size_t)rand() % sizeof s;

		for (size_t i = 0; i < n; i++)
			s[i] = (char)(rand() % 3 ? rand() % 256 : rand() % 128);
		json_decref(string_of(s, n));
	}
}

static void
milliseconds(void **state)
{
	static const struct {
		int64_t us;
		const char *want;
	} cases[] = {{0, "0.000"}, {1, "0.001"}, {999, "0.999"}, {1000, "1.000"}, {1234567, "1234.567"}, {-1, "-0.001"},
		{-1500, "-1.500"}, {INT64_MAX, "9223372036854775.807"}, {INT64_MIN, "-9223372036854775.808"}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		FILE *f = begin();

		put_ms(f, cases[i].us);
		fclose(f);
		assert_string_equal(text, cases[i].want);
	}
}

static void
numbers(void **state)
{
	static const struct {
		double v;
		const char *number, *real;
	} cases[] = {{0, "0", "0.0"}, {-0.0, "0", "-0.0"}, {2, "2", "2.0"}, {0.1, "0.1", "0.1"}, {-2.5, "-2.5", "-2.5"},
		{1e300, "1e+300", "1e+300"}, {0.30000000000000004, "0.30000000000000004", "0.30000000000000004"},
		{123456789, "123456789", "123456789.0"}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		FILE *f = begin();

		put_number(f, cases[i].v);
		putc(' ', f);
		put_real(f, cases[i].v);
		fclose(f);
		assert_string_equal(strtok(text, " "), cases[i].number);
		assert_string_equal(strtok(NULL, " "), cases[i].real);
	}
}

static void
numbers_come_back(void **state)
{
	(void)state;
	srand(4);
	for (int round = 0; round < 200000; round++) {
		uint64_t bits = (uint64_t)rand() << 42 ^ (uint64_t)rand() << 21 ^ (uint64_t)rand();
		char out[64];
		double v;
		FILE *f;

		memcpy(&v, &bits, sizeof v);
		f = fmemopen(out, sizeof out, "w");
		put_number(f, v);
		fclose(f);
		if (isfinite(v))
			assert_true(strtod(out, NULL) == v);
		else
			assert_string_equal(out, "null");
	}
}

static void
raw(void **state)
{
	FILE *f = begin();

	(void)state;
	put_raw(f, (struct span){"[1, 2]x", 6});
	put_raw(f, (struct span){0});
	fclose(f);
	assert_string_equal(text, "[1, 2]null");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unicode_comes_back),
		cmocka_unit_test(broken_bytes_are_replaced),
		cmocka_unit_test(random_bytes_are_always_json),
		cmocka_unit_test(milliseconds),
		cmocka_unit_test(numbers),
		cmocka_unit_test(numbers_come_back),
		cmocka_unit_test(raw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
