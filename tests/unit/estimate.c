/* estimate: each rule of estimate.h, in the raw text of JSON strings. */
#include "lib/estimate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void
of(const char *raw, double want)
{
	double got = estimate_tokens((struct span){raw, strlen(raw)});

	if (fabs(got - want) > 1e-9)
		fail_msg("%s: %g, expected %g", raw, got, want);
}

static void
rules(void **state)
{
	(void)state;
	of("", 0);
	of("Hello", 1);
	of("hello world, again", 4);
	of("f(x) == {};", 6);   /* f ( x ) == {}; */
	of("12", 2);
	of("2024-11-22", 3 + 1 + 2 + 1 + 2);
	of("x2y", 1 + 1.5 + 1);
	of("a  b\\t\\tc", 5);   /* two runs of blanks */
	of("a\\n\\n b", 2);      /* lines go with what is before them */
	of("\\\"a\\\\b\\/", 5);  /* \" a \\ b / */
	of("Tr\xc3\xa8s", 3);
	of("Tr\\u00e8s", 3);
	of("\xe6\x97\xa9\xe4\xb8\x8a", 1.2);
	of("\\u65e9\\u4e0a", 1.2);
	of("\xf0\x9f\x99\x82", 0.6);
	of("\\ud83d\\ude42", 0.6); /* one character, two escapes */
	of("\\ud83dx", 1.6);       /* half of one */
	of("\\u0041bc", 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(rules)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
