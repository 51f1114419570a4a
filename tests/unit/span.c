/* span: numbers of every length and form have strtod()'s value, to the bit. */
#include "lib/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
same_as_strtod(const char *text)
{
	char *own = strdup(text); /* its own block: nothing behind the number is looked at */
	double ours = span_double((struct span){own, strlen(text)}), theirs = strtod(text, NULL);

	if (memcmp(&ours, &theirs, sizeof ours) != 0)
		fail_msg("%s: %.17g, strtod %.17g", text, ours, theirs);
	free(own);
}

static void
numbers_by_hand(void **state)
{
	static const char *const texts[] = {"0", "-0", "-0.0", "0.1", "0.001", "1.000", "9007199254740991",
		"9007199254740992", "9007199254740993", "900719925474099.3", "999999999999999", "9999999999999999",
		"99999999999999999", "0.00000000000001", "0.0000000000000001", "-123456.789", "1e5", "1.5E-3", "5e-324",
		"1.7976931348623157e308", "1e999", "-1e999", "1e-999",
		"0.1000000000000000055511151231257827021181583404541015625000000000000000000000000000000000000001", NULL};

	(void)state;
	for (const char *const *t = texts; *t; t++)
		same_as_strtod(*t);
}

static void
random_decimals(void **state)
{
	char text[64];

	(void)state;
	srand(5);
	for (int round = 0; round < 300000; round++) {
		int whole = rand() % 12 + 1, part = rand() % 8;
		char *p = text;

		if (rand() % 4 == 0)
			*p++ = '-';
		for (int i = 0; i < whole; i++)
			*p++ = (char)('0' + (i ? rand() % 10 : rand() % 9 + (whole > 1)));
		if (part)
			*p++ = '.';
		for (int i = 0; i < part; i++)
			*p++ = (char)('0' + rand() % 10);
		*p = '\0';
		same_as_strtod(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_by_hand),
		cmocka_unit_test(random_decimals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
