/* money: rounding, and the text of an amount. */
#include "lib/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
scales(void **state)
{
	(void)state;
	assert_int_equal(money_from(4.9), INT64_C(4900000000));
	assert_int_equal(money_from(0.005), INT64_C(5000000));
	assert_int_equal(money_scale(10, 1, 4), 3); /* 2.5: up */
	assert_int_equal(money_scale(10, 1, 8), 1);
	assert_int_equal(money_scale(9, 1, 8), 1);
	assert_int_equal(money_scale(0, 5, 8), 0);
	assert_int_equal(money_scale(MONEY_MAX, INT64_C(3600000000), INT64_C(3600000000)), MONEY_MAX);
	assert_int_equal(money_scale(MONEY_MAX, 2, 1), MONEY_NONE);
	assert_int_equal(money_scale(-1, 2, 1), MONEY_NONE);
	assert_int_equal(money_scale(1, 2, 0), MONEY_NONE);
}

static void
texts(void **state)
{
	static const struct {
		int64_t nano;
		unsigned least;
		const char *text;
	} cases[] = {{INT64_C(2450000000), 2, "$2.45"}, {INT64_C(200000000), 2, "$0.20"}, {INT64_C(2312345), 4, "$0.0023"},
		{INT64_C(361234), 4, "$0.00036"}, {INT64_C(44000000), 2, "$0.044"}, {0, 2, "$0.00"}, {3, 4, "$0.000000003"},
		{INT64_C(1234567890123), 2, "$1234.57"}, {INT64_C(995000000), 2, "$1.00"}, {INT64_C(99500000), 2, "$0.10"},
		{INT64_C(9949999), 2, "$0.010"}, {MONEY_MAX, 4, "$1000000000.0000"}};
	char text[MONEY_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		unsigned d = money_decimals(&cases[i].nano, 1, cases[i].least);

		money_text(text, money_units(cases[i].nano, d), d);
		assert_string_equal(text, cases[i].text);
	}
}

static void
one_column(void **state)
{
	const int64_t nano[] = {INT64_C(7150000000), MONEY_NONE, 0, INT64_C(8800000)};

	(void)state;
	assert_int_equal(money_decimals(nano, 4, 2), 4); /* of 0.0088 two digits, of what is not there none */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(scales), cmocka_unit_test(texts), cmocka_unit_test(one_column)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
