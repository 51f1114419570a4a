/* figure: names, directions and tolerances as people type them. */
#include "lib/figure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct figures_wanted w;
static struct key_error why;
static char stats[40], list[4][200];

/* The figures of a list, with the statistics mean and p99. */
static bool
add(int i, const char *text)
{
	snprintf(list[i], sizeof list[i], "%s", text);
	return figure_add(&w, list[i], &why);
}

static int
fresh(void **state)
{
	(void)state;
	memset(&w, 0, sizeof w);
	snprintf(stats, sizeof stats, "mean,p99");
	return figure_stats(&w, stats, &why) ? 0 : -1;
}

static void
names_and_directions(void **state)
{
	(void)state;
	assert_true(add(0, "ttft_ms,tags.score.rank:higher,e2e_ms.p99.9,slot.output_tps,goodput.ratio"));
	assert_int_equal(w.n, 6);
	assert_string_equal(w.figure[0].name, "ttft_ms.mean");
	assert_string_equal(w.figure[1].name, "ttft_ms.p99");
	assert_true(w.figure[1].kind == FIGURE_QUANTILE && w.figure[1].q == 0.99 && w.figure[1].lower);
	assert_true(w.figure[2].kind == FIGURE_RANK && !w.figure[2].lower);
	assert_string_equal(w.field[w.figure[2].of], "tags.score");
	assert_true(w.figure[4].kind == FIGURE_SLOT && !w.figure[4].lower);
	assert_true(w.figure[5].kind == FIGURE_SHARE && w.figure[5].of == FIGURE_GOODPUT);
	assert_int_equal(w.fields, 3);
}

/* A percentile with a point has two of them in its name: the last one does not end the field. */
static void
percentiles_with_a_point(void **state)
{
	(void)state;
	assert_true(add(0, "e2e_ms.p99.9"));
	assert_string_equal(w.field[w.figure[0].of], "e2e_ms");
	assert_true(w.figure[0].q == 99.9 / 100);
}

static void
what_is_refused(void **state)
{
	static const char *const bad[] = {"", "speed", "ttft_ms:sideways", "rate.x", "ttft_ms,ttft_ms.mean", "a,,b"};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		fresh(state);
		if (add(0, bad[i]))
			fail_msg("\"%s\" was taken", bad[i]);
	}
	snprintf(stats, sizeof stats, "mean,median");
	assert_false(figure_stats(&w, stats, &why));
}

static void
tolerances(void **state)
{
	(void)state;
	assert_true(add(0, "ttft_ms,slot.output_tps"));
	assert_true(figure_tolerance(&w, "5%", &why));
	assert_true(figure_tolerance(&w, "ttft_ms=10%", &why));
	assert_true(figure_tolerance(&w, "ttft_ms.p99=20", &why));
	assert_true(w.figure[0].tolerance_ratio == 0.1 && w.figure[0].tolerance_shift == 0);
	assert_true(w.figure[1].tolerance_ratio == 0 && w.figure[1].tolerance_shift == 20);
	assert_true(w.figure[2].tolerance_ratio == 0.05);
	assert_false(figure_tolerance(&w, "5", &why));
	assert_false(figure_tolerance(&w, "itl_ms=5%", &why));
	assert_false(figure_tolerance(&w, "-5%", &why));
	assert_false(figure_tolerance(&w, "ttft_ms=", &why));
	assert_true(figure_tolerance(&w, "0", &why));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(names_and_directions, fresh),
		cmocka_unit_test_setup(percentiles_with_a_point, fresh),
		cmocka_unit_test_setup(what_is_refused, fresh),
		cmocka_unit_test_setup(tolerances, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
