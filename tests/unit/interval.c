/* interval: published ranks, where there is no end, and the bootstrap's weights. */
#include "lib/hash.h"
#include "lib/interval.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* The smallest n with an interval: 0.5^5 > 0.025 >= 0.5^6, and so on. */
static void
smallest_samples(void **state)
{
	static const struct {
		double q;
		size_t n;
	} cases[] = {{0.5, 6}, {0.9, 36}, {0.95, 72}, {0.99, 368}, {0.999, 3688}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(interval_ranks(cases[i].n - 1, cases[i].q, 0.95).hi, 0);
		assert_int_equal(interval_ranks(cases[i].n, cases[i].q, 0.95).hi, cases[i].n);
	}
	assert_int_equal(interval_needed(1, 0.95), 0);
	assert_int_equal(interval_needed(0, 0.95), 0);
	assert_int_equal(interval_ranks(0, 0.5, 0.95).lo, 0);
	assert_int_equal(interval_ranks(0, 0.5, 0.95).hi, 0);
}

/* The table of Conover (1999) for the median at 95 %: ranks 40 and 61 of 100. */
static void
median_of_a_hundred(void **state)
{
	struct interval_ranks r = interval_ranks(100, 0.5, 0.95);

	(void)state;
	assert_int_equal(r.lo, 40);
	assert_int_equal(r.hi, 61);
}

static void
huge_samples(void **state)
{
	struct interval_ranks r = interval_ranks(1000000000, 0.5, 0.95);

	(void)state;
	assert_true(fabs((double)r.lo - (5e8 - 1.959964 * sqrt(2.5e8))) < 2);
	assert_true(fabs((double)r.hi - (5e8 + 1.959964 * sqrt(2.5e8))) < 3);
}

struct made {
	double *x;
	uint32_t *record;
	uint64_t *key;
	struct interval_sample s;
};

/* records records of `each` values; record r has the values r, r + 1/each, … */
static struct made
make(size_t records, size_t each)
{
	struct made m = {calloc(records * each, sizeof *m.x), calloc(records * each, sizeof *m.record),
		calloc(records, sizeof *m.key), {0}};

	for (size_t r = 0; r < records; r++) {
		m.key[r] = hash_bytes(&r, sizeof r);
		for (size_t i = 0; i < each; i++) {
			m.x[r * each + i] = (double)r + (double)i / (double)each;
			m.record[r * each + i] = (uint32_t)r;
		}
	}
	m.s = (struct interval_sample){m.x, m.record, records * each, m.key, records};
	return m;
}

static void
discard(struct made *m)
{
	free(m->x);
	free(m->record);
	free(m->key);
}

static struct interval
of(const struct interval_sample *s, double q, uint64_t seed)
{
	struct interval_bootstrap b = {STATS_LINEAR, 0.95, seed, 2000, &q, 1};
	struct interval i;

	assert_true(interval_of_records(s, &b, &i));
	return i;
}

/* One value a record: the order statistics and the bootstrap must tell the same story. */
static void
bootstrap_of_single_values(void **state)
{
	struct made m = make(1000, 1);
	struct interval a = of(&m.s, 0.5, 0), b = interval_of_values(m.x, 1000, 0.5, 0.95);

	(void)state;
	assert_true(fabs(a.lo - b.lo) < 6 && fabs(a.hi - b.hi) < 6);
	discard(&m);
}

/* What counts is the number of records: fifty times the values make no narrower interval. */
static void
bootstrap_of_many_values_a_record(void **state)
{
	struct made one = make(100, 1), many = make(100, 50);
	struct interval a = of(&one.s, 0.5, 0), b = of(&many.s, 0.5, 0);

	(void)state;
	assert_true((b.hi - b.lo) / (a.hi - a.lo) > 0.8);
	discard(&one);
	discard(&many);
}

static void
bootstrap_where_the_sample_ends(void **state)
{
	struct made few = make(5, 10), some = make(30, 10);

	(void)state;
	assert_true(isnan(of(&few.s, 0.5, 0).lo) && isnan(of(&few.s, 0.5, 0).hi));
	assert_false(isnan(of(&some.s, 0.5, 0).hi));
	assert_true(isnan(of(&some.s, 1, 0).hi));
	assert_false(isnan(of(&some.s, 1, 0).lo));
	assert_true(isnan(of(&some.s, 0, 0).lo));
	discard(&few);
	discard(&some);
}

static void
bootstrap_follows_its_seed(void **state)
{
	struct made m = make(200, 3);
	struct interval a = of(&m.s, 0.5, 7), b = of(&m.s, 0.5, 7), c = of(&m.s, 0.5, 8);

	(void)state;
	assert_true(a.lo == b.lo && a.hi == b.hi);
	assert_true(a.lo != c.lo || a.hi != c.hi);
	discard(&m);
}

static void
how_many_it_takes(void **state)
{
	(void)state;
	assert_int_equal(interval_needed(0.5, 0.95), 6);
	assert_int_equal(interval_needed(0.95, 0.95), 72);
	assert_int_equal(interval_needed(0.05, 0.95), 72);
	assert_int_equal(interval_needed(0.99, 0.95), 368);
	assert_int_equal(interval_needed(0.99, 0.99), 528);
	assert_int_equal(interval_needed(0.999, 0.95), 3688);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(how_many_it_takes),
		cmocka_unit_test(smallest_samples),
		cmocka_unit_test(median_of_a_hundred),
		cmocka_unit_test(huge_samples),
		cmocka_unit_test(bootstrap_of_single_values),
		cmocka_unit_test(bootstrap_of_many_values_a_record),
		cmocka_unit_test(bootstrap_where_the_sample_ends),
		cmocka_unit_test(bootstrap_follows_its_seed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
