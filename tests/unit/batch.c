/* batch and latency: planned times against sums done by hand, and that they do not depend on
 * when they are asked for. */
#include "lib/batch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MS 1000
#define MANY 400

static const struct latency plain = {.ttft_us = 50 * MS, .itl_us = 10 * MS, .factor = 1, .max_running = 2};

static int64_t cached_tokens;
static int64_t starts[MANY + 1];

static int64_t
on_start(void *ctx, void *user, int64_t start_us)
{
	(void)ctx;
	starts[(size_t)user] = start_us;
	return cached_tokens;
}

static size_t
arrive(struct batch *b, int64_t now, size_t number, int64_t tokens)
{
	struct batch_job job = {.number = number, .prompt = 100, .tokens = tokens, .user = (void *)number};
	size_t id = 0;

	assert_int_equal(batch_arrive(b, now, &job, &id), BATCH_OK);
	return id;
}

static void
next_is(struct batch *b, size_t number, int64_t token, int64_t plan_us, bool last)
{
	struct batch_event e;

	assert_int_equal(batch_due(b), plan_us);
	assert_false(batch_next(b, plan_us - 1, &e));
	assert_true(batch_next(b, plan_us, &e));
	assert_int_equal((size_t)e.user, number);
	assert_int_equal(e.token, token);
	assert_int_equal(e.plan_us, plan_us);
	assert_int_equal(e.last, last);
}

static void
two_places_and_a_queue(void **state)
{
	struct batch *b = batch_new(&plain, 10, on_start, NULL);

	(void)state;
	arrive(b, 0, 1, 2);
	arrive(b, 5 * MS, 2, 1);
	arrive(b, 6 * MS, 3, 1);
	arrive(b, 7 * MS, 4, 1);
	assert_int_equal(batch_running(b), 2);
	assert_int_equal(batch_waiting(b), 2);
	next_is(b, 1, 1, 50 * MS, false);
	next_is(b, 2, 1, 55 * MS, true); /* 3 takes its place now */
	next_is(b, 1, 2, 60 * MS, true); /* and 4 this one */
	assert_int_equal(starts[3], 55 * MS);
	assert_int_equal(starts[4], 60 * MS);
	next_is(b, 3, 1, 105 * MS, true);
	next_is(b, 4, 1, 110 * MS, true);
	assert_int_equal(batch_due(b), INT64_MAX);
	batch_free(b);
}

static void
ties_go_by_number(void **state)
{
	struct batch *b = batch_new(&plain, 10, on_start, NULL);

	(void)state;
	arrive(b, 0, 2, 1);
	arrive(b, 0, 1, 1);
	next_is(b, 1, 1, 50 * MS, true);
	next_is(b, 2, 1, 50 * MS, true);
	batch_free(b);
}

static void
a_full_queue_refuses(void **state)
{
	struct latency one = plain;
	struct batch *b;
	struct batch_job job = {.number = 3, .tokens = 1};
	size_t id;

	(void)state;
	one.max_running = 1;
	b = batch_new(&one, 1, on_start, NULL);
	arrive(b, 0, 1, 1);
	arrive(b, 0, 2, 1);
	assert_int_equal(batch_arrive(b, 0, &job, &id), BATCH_FULL);
	next_is(b, 1, 1, 50 * MS, true);
	assert_int_equal(batch_arrive(b, 50 * MS, &job, &id), BATCH_OK);
	batch_free(b);
}

static void
who_leaves_makes_room(void **state)
{
	struct batch *b = batch_new(&plain, 10, on_start, NULL);
	size_t running = arrive(b, 0, 1, 100), waiting;

	(void)state;
	arrive(b, 1 * MS, 2, 1);
	waiting = arrive(b, 2 * MS, 3, 1);
	arrive(b, 3 * MS, 4, 1);
	batch_cancel(b, 10 * MS, waiting);
	assert_int_equal(batch_waiting(b), 1);
	batch_cancel(b, 20 * MS, running); /* 4 is next, and starts at that time */
	assert_int_equal(starts[4], 20 * MS);
	next_is(b, 2, 1, 51 * MS, true);
	next_is(b, 4, 1, 70 * MS, true);
	assert_int_equal(batch_running(b), 0);
	batch_free(b);
}

/* Load 1 + (3 - 1) * (running - 1) / (3 - 1): 1, 2 or 3 times as long. */
static void
load_makes_it_longer(void **state)
{
	struct latency l = {.ttft_us = 100, .itl_us = 10, .factor = 3, .max_running = 3};
	struct batch *b = batch_new(&l, 0, on_start, NULL);

	(void)state;
	arrive(b, 0, 1, 3);   /* alone: 100 */
	arrive(b, 10, 2, 1);  /* second: 200 */
	next_is(b, 1, 1, 100, false);
	next_is(b, 1, 2, 120, false); /* two run: 20 */
	arrive(b, 130, 3, 1); /* third: 300 */
	next_is(b, 1, 3, 140, true);  /* was drawn when two ran */
	next_is(b, 2, 1, 210, true);
	next_is(b, 3, 1, 430, true);
	batch_free(b);
}

static void
prefill_by_what_is_not_cached(void **state)
{
	struct latency l = {.per_token = true, .overhead_us = 1000, .per_token_us = 10, .factor = 1, .max_running = 1};
	struct batch *b = batch_new(&l, 0, on_start, NULL);

	(void)state;
	cached_tokens = 64;
	arrive(b, 0, 1, 1);
	cached_tokens = 0;
	next_is(b, 1, 1, 1000 + 36 * 10, true);
	batch_free(b);
}

static uint64_t
step(uint64_t *x)
{
	*x = *x * 6364136223846793005u + 1442695040888963407u;
	return *x >> 33;
}

/* Arrivals at random; the plan of each token, asked for as late as may be, or every 100 us. */
static void
plan(const struct latency *l, bool eager, int64_t plans[MANY][8])
{
	struct batch *b = batch_new(l, MANY, on_start, NULL);
	struct batch_event e;
	uint64_t x = 7;
	int64_t t = 0;

	memset(plans, 0, MANY * sizeof *plans);
	for (size_t k = 1; k <= MANY + 1; k++) {
		int64_t until = k > MANY ? t + 1000000000 : t + (int64_t)(step(&x) % 20000);

		for (int64_t now = eager && k <= MANY ? t : until; now <= until; now += 100)
			while (batch_next(b, now, &e))
				plans[(size_t)e.user - 1][e.token - 1] = e.plan_us;
		while (batch_next(b, until, &e))
			plans[(size_t)e.user - 1][e.token - 1] = e.plan_us;
		t = until;
		if (k <= MANY)
			arrive(b, t, k, 1 + (int64_t)(step(&x) % 8));
	}
	assert_int_equal(batch_running(b) + batch_waiting(b), 0);
	batch_free(b);
}

static void
plans_do_not_depend_on_when_one_asks(void **state)
{
	static int64_t late[MANY][8], eager[MANY][8];
	struct latency l = {.ttft_us = 20 * MS, .itl_us = 5 * MS, .prefill_sd_us = 4 * MS, .itl_sd_us = MS, .factor = 2,
		.max_running = 4, .seed = 3};

	(void)state;
	plan(&l, false, late);
	plan(&l, true, eager);
	assert_memory_equal(late, eager, sizeof late);
	l.seed = 4;
	plan(&l, false, eager);
	assert_memory_not_equal(late, eager, sizeof late);
}

static void
jitter_has_its_mean_and_bounds(void **state)
{
	struct latency l = {.itl_us = 10000, .itl_sd_us = 3000, .factor = 1, .max_running = 1, .seed = 1};
	double sum = 0;
	int64_t lowest = INT64_MAX, highest = 0;

	(void)state;
	for (int64_t k = 1; k <= 100000; k++) {
		int64_t v = latency_gap(&l, 1, k, 1);

		sum += (double)v;
		lowest = v < lowest ? v : lowest;
		highest = v > highest ? v : highest;
	}
	assert_float_equal(sum / 100000, 10000, 40); /* 4 standard errors */
	assert_int_equal(lowest, 3000);
	assert_int_equal(highest, 17000);
	assert_int_equal(latency_gap(&l, 9, 5, 1), latency_gap(&l, 9, 5, 1));
	assert_int_not_equal(latency_gap(&l, 9, 5, 1), latency_gap(&l, 8, 5, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_places_and_a_queue),
		cmocka_unit_test(ties_go_by_number),
		cmocka_unit_test(a_full_queue_refuses),
		cmocka_unit_test(who_leaves_makes_room),
		cmocka_unit_test(load_makes_it_longer),
		cmocka_unit_test(prefill_by_what_is_not_cached),
		cmocka_unit_test(plans_do_not_depend_on_when_one_asks),
		cmocka_unit_test(jitter_has_its_mean_and_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
