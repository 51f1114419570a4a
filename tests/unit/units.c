/* units: what people type, what it means, and what is refused with which reason. */
#include "lib/units.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct whole {
	const char *text;
	int64_t value;
	const char *why; /* what the reason begins with; NULL: it is taken */
};

typedef const char *parse(const char *text, int64_t min, int64_t max, int64_t *out);

static void
check(parse *fn, const struct whole *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int64_t v = -77;
		const char *why = fn(cases[i].text, -1000000000, INT64_MAX, &v);

		if (!cases[i].why != !why || (why && strncmp(why, cases[i].why, strlen(cases[i].why)) != 0))
			fail_msg("'%s': %s", cases[i].text, why ? why : "taken");
		if (!why && v != cases[i].value)
			fail_msg("'%s': %" PRId64, cases[i].text, v);
	}
}

static void
counts(void **state)
{
	static const struct whole cases[] = {{"0", 0, NULL}, {"500", 500, NULL}, {"10k", 10000, NULL},
		{"1M", 1000000, NULL}, {"2G", 2000000000, NULL}, {"0.29k", 290, NULL}, {"1.5k", 1500, NULL},
		{"1e3", 1000, NULL}, {"+5", 5, NULL}, {"-5", -5, NULL}, {".5k", 500, NULL}, {"007", 7, NULL},
		{"9007199254740993", 9007199254740993, NULL},
		{"9223372036854775807", INT64_MAX, NULL},
		{"", 0, "not a number"}, {" 5", 0, "not a number"}, {"abc", 0, "not a number"}, {"k", 0, "not a number"},
		{"-", 0, "not a number"}, {".", 0, "not a number"}, {"nan", 0, "not a number"}, {"inf", 0, "not a number"},
		{"0x10", 0, "not a decimal"}, {"5 ", 0, "not a count"}, {"5K", 0, "not a count"}, {"5m", 0, "not a count"},
		{"10kk", 0, "not a count"}, {"1,000", 0, "not a count"}, {"5s", 0, "not a count"}, {"1.5", 0, "not a whole"},
		{"0.0001k", 0, "not a whole"}, {"1e999", 0, "out of range"}, {"1e19", 0, "out of range"},
		{"99999999999G", 0, "out of range"}, {"-2G", 0, "too small"}, {"1e-400", 0, "out of range"}};

	(void)state;
	check(units_count, cases, sizeof cases / sizeof *cases);
}

static void
durations(void **state)
{
	static const struct whole cases[] = {{"0", 0, NULL}, {"0s", 0, NULL}, {"10us", 10, NULL}, {"10ms", 10000, NULL},
		{"2s", 2000000, NULL}, {"5m", 300000000, NULL}, {"1h", 3600000000, NULL}, {"1d", 86400000000, NULL},
		{"1.5s", 1500000, NULL}, {"0.001ms", 1, NULL}, {"0.1s", 100000, NULL}, {"5", 0, "not a duration"},
		{"5 s", 0, "not a duration"}, {"5sec", 0, "not a duration"}, {"5S", 0, "not a duration"},
		{"5M", 0, "not a duration"}, {"1h30m", 0, "not a duration"}, {"s", 0, "not a number"},
		{"0.5us", 0, "not a whole"}, {"999999999d", 0, "out of range"}, {"-1h", 0, "too small"}};

	(void)state;
	check(units_duration, cases, sizeof cases / sizeof *cases);
}

static void
bounds_are_part_of_the_range(void **state)
{
	int64_t v = 0;

	(void)state;
	assert_null(units_count("5", 5, 10, &v));
	assert_null(units_count("10", 5, 10, &v));
	assert_string_equal(units_count("4", 5, 10, &v), "too small");
	assert_string_equal(units_count("11", 5, 10, &v), "too large");
	assert_string_equal(units_duration("11us", 5, 10, &v), "too large");
	assert_int_equal(v, 11); /* never clamped */
}

static void
numbers(void **state)
{
	static const struct {
		const char *text;
		double value;
		const char *why;
	} cases[] = {{"0.7", 0.7, NULL}, {"-2", -2, NULL}, {"1e-3", 0.001, NULL}, {"2", 2, NULL}, {"2.1", 0, "too large"},
		{"-2.1", 0, "too small"}, {"1k", 0, "not a number"}, {"1 ", 0, "not a number"}, {"", 0, "not a number"},
		{"nan", 0, "not a number"}, {"-inf", 0, "not a number"}, {"1e999", 0, "out of range"},
		{"0x1", 0, "not a decimal number"}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		double v = 0;
		const char *why = units_number(cases[i].text, -2, 2, &v);

		if (!why != !cases[i].why || (why && strcmp(why, cases[i].why) != 0) || (!why && v != cases[i].value))
			fail_msg("'%s': %g, %s", cases[i].text, v, why ? why : "taken");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts),
		cmocka_unit_test(durations),
		cmocka_unit_test(bounds_are_part_of_the_range),
		cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
