/* nearest: the name somebody probably meant, and when nobody can tell. */
#include "lib/nearest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
table(void **state)
{
	static const char *const names[] = {"version", "percentiles", "p", "seed", "concurrency", NULL};
	static const struct {
		const char *word, *want;
	} cases[] = {
		{"version", "version"}, {"versoin", "version"}, /* a swap of neighbours is one edit */
		{"vesion", "version"}, {"versionn", "version"}, {"percentile", "percentiles"},
		{"seeed", "seed"}, {"sed", "seed"}, {"q", "p"}, {"", NULL}, {"zzzzzz", NULL},
		{"concurency", "concurrency"}, {"cncrrncy", "concurrency"}, {"ocnucrrency", "concurrency"},
		{"parallelism", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *got = nearest(cases[i].word, names);

		if (got != cases[i].want && (!got || !cases[i].want || strcmp(got, cases[i].want) != 0))
			fail_msg("%s: %s", cases[i].word, got ? got : "none");
	}
}

static void
long_words_and_no_names(void **state)
{
	static const char *const none[] = {NULL};
	char word[200], name[200];
	const char *const names[] = {name, NULL};

	(void)state;
	assert_null(nearest("a", none));
	memset(word, 'a', sizeof word);
	memset(name, 'a', sizeof name);
	word[199] = name[198] = '\0';
	assert_null(nearest(word, names)); /* beyond what is compared */
	word[63] = name[62] = '\0';
	assert_ptr_equal(nearest(word, names), name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(long_words_and_no_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
