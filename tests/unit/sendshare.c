/* sendshare: the parts of all senders add up to the whole, at every moment; what cannot be shared is refused. */
#include "lib/sendshare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct load_options
options(const char *slots, int64_t max_in_flight)
{
	struct load_options o = {.max_in_flight = max_in_flight};

	assert_null(slots_parse(slots, &o.slots));
	return o;
}

static void
parts_add_up(void **state)
{
	const char *const lists[] = {"17", "0s:12,3s:40,3s:12,9s:25", "0s:60,2s:60,2s:12,10s:12/10s"};

	(void)state;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (int64_t of = 1; of <= 4; of++)
			for (int processes = 1; processes <= 3; processes++) {
				struct load_options whole = options(lists[i], 101);

				for (int64_t t = 0; t < 12000000; t += 370000) {
					int64_t slots = 0, bound = 0;

					for (int64_t shard = 1; shard <= of; shard++)
						for (int me = 1; me <= processes; me++) {
							struct load_options o = options(lists[i], 101);
							struct sendshare s = {shard, of, processes, .slots_given = true};

							sendshare_take(&s, me, &o);
							slots += slots_at(&o.slots, t);
							bound += o.max_in_flight;
						}
					assert_int_equal(slots, slots_at(&whole.slots, t));
					assert_int_equal(bound, 101);
				}
			}
}

static void
each_has_a_number_of_its_own(void **state)
{
	bool seen[13] = {false};

	(void)state;
	for (int64_t shard = 1; shard <= 4; shard++)
		for (int me = 1; me <= 3; me++) {
			struct load_options o = options("1", 0);
			struct sendshare s = {.shard = shard, .of = 4, .processes = 3};

			sendshare_take(&s, me, &o);
			assert_in_range(o.shard, 1, 12);
			assert_false(seen[o.shard]);
			seen[o.shard] = true;
			assert_int_equal(slots_at(&o.slots, 0), 1); /* without -c one each */
			assert_int_equal(o.max_in_flight, 0);
		}
}

static void
alone_it_is_the_whole(void **state)
{
	struct load_options o = options("5", 9);
	struct sendshare s = {.shard = 1, .of = 1, .processes = 1, .slots_given = true};

	(void)state;
	sendshare_take(&s, 1, &o);
	assert_int_equal(o.shard, 0);
	assert_int_equal(slots_at(&o.slots, 0), 5);
	assert_int_equal(o.max_in_flight, 9);
}

static void
what_is_not_enough_is_refused(void **state)
{
	const struct {
		const char *slots, *why;
		int64_t of, max_in_flight;
		int processes;
	} cases[] = {
		{"2", "--shard 1/3: more processes than -c has slots, 2", 3, 0, 1},
		{"5", "--shard 1/3, -j 2: more processes than -c has slots, 5", 3, 0, 2},
		{"0s:9,4s:2", "--shard 1/3: more processes than -c has slots at its end, 2", 3, 0, 1},
		{"9", "--shard 1/3: more processes than --max-in-flight 2", 3, 2, 1},
		{"99", "--shard 1/33, -j 2: more processes than there can be, 64", 33, 0, 2},
		{"2", NULL, 2, 2, 1},
	};
	char why[SENDSHARE_WHY];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct load_options o = options(cases[i].slots, cases[i].max_in_flight);
		struct sendshare s = {.shard = 1, .of = cases[i].of, .processes = cases[i].processes, .slots_given = true};
		bool good = sendshare_check(&s, &o, why);

		assert_int_equal(good, cases[i].why == NULL);
		if (!good)
			assert_string_equal(why, cases[i].why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_add_up),
		cmocka_unit_test(each_has_a_number_of_its_own),
		cmocka_unit_test(alone_it_is_the_whole),
		cmocka_unit_test(what_is_not_enough_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
