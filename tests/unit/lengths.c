/* lengths: what is typed, and the ends; the distributions themselves are checked against SciPy
 * by tests/genload_lengths.bats. */
#include "lib/lengths.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct lengths
read_text(const char *text)
{
	struct lengths l;
	struct key_error why;
	json_t *v = json_string(text);

	assert_true(lengths_read(&l, "x", v, &why));
	json_decref(v);
	return l;
}

static void
what_is_typed(void **state)
{
	struct lengths l = read_text("normal:100,20,max=120,min=90");

	(void)state;
	assert_int_equal(l.kind, LENGTHS_NORMAL);
	assert_true(l.mean == 100 && l.stddev == 20 && l.min == 90 && l.max == 120);
	l = read_text("lognormal:1k,5e2");
	assert_int_equal(l.kind, LENGTHS_LOGNORMAL);
	assert_true(l.min == 1 && l.max == LENGTHS_MOST);
	assert_true(fabs(l.sigma - 0.472380727077439) < 1e-12); /* sqrt(log(1 + 0.25)) */
	assert_true(fabs(l.mu - 6.796183503325032) < 1e-12);    /* log(1000) - log(1.25) / 2 */
	l = read_text("10k");
	assert_true(l.kind == LENGTHS_FIXED && l.min == 10000);
	l = read_text("normal:7,0");
	assert_true(l.kind == LENGTHS_FIXED && l.min == 7);
}

/* Every length lies in its range, also where nearly all of the distribution does not, and both ends are reached. */
static void
both_ends(void **state)
{
	static const char *const texts[] = {"uniform:5-8", "normal:0,1,min=5,max=8", "normal:9,1,min=5,max=8",
		"normal:1000000,1000000,min=5,max=8", "lognormal:1,1,min=5,max=8", "lognormal:900,300,min=5,max=8"};

	(void)state;
	for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
		struct lengths l;
		struct key_error why;
		json_t *v = json_string(texts[t]);
		int64_t seen[9] = {0};

		if (!lengths_read(&l, "x", v, &why)) {
			json_decref(v);
			assert_string_equal(why.text, "x: next to nothing of it lies from min to max");
			continue;
		}
		json_decref(v);
		for (uint64_t i = 0; i < 200000; i++) {
			int64_t n = lengths_at(&l, 42, i);

			assert_in_range(n, 5, 8);
			seen[n]++;
		}
		assert_true(seen[5] > 0);
		assert_true(seen[6] > 0);
	}
}

static void
each_item_by_itself(void **state)
{
	struct lengths l = read_text("normal:500,100");
	int64_t at_9 = lengths_at(&l, 1, 9);

	(void)state;
	assert_int_equal(lengths_at(&l, 1, 9), at_9);
	assert_int_not_equal(lengths_at(&l, 2, 9), at_9);
	assert_int_not_equal(lengths_at(&l, 1, 10), at_9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_typed),
		cmocka_unit_test(both_ends),
		cmocka_unit_test(each_item_by_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
