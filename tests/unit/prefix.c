/* prefix: hits, the order in which blocks go, and prompts longer than the cache. */
#include "lib/prefix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BLOCK 2

/* Each letter is a token. */
static size_t
take(struct prefix *p, const char *prompt)
{
	uint32_t ids[64];
	uint64_t hashes[32];
	size_t n = strlen(prompt);

	for (size_t i = 0; i < n; i++)
		ids[i] = (uint32_t)prompt[i];
	prefix_hashes(0, ids, n, BLOCK, hashes);
	return prefix_take(p, hashes, n / BLOCK, n / BLOCK);
}

static void
hits_are_prefixes(void **state)
{
	struct prefix *p = prefix_new(100);

	(void)state;
	assert_int_equal(take(p, "abcdef"), 0);
	assert_int_equal(take(p, "abcdef"), 3);
	assert_int_equal(take(p, "abcdxx"), 2);
	assert_int_equal(take(p, "abcde"), 2);  /* the half block does not count */
	assert_int_equal(take(p, "xxcdef"), 0); /* the same blocks behind another one are others */
	assert_int_equal(take(p, "a"), 0);
	prefix_free(p);
}

static void
the_least_recently_used_goes(void **state)
{
	struct prefix *p = prefix_new(4);

	(void)state;
	take(p, "aabb");
	take(p, "ccdd"); /* full: aa aabb cc ccdd */
	take(p, "aabb");
	take(p, "ee");   /* ccdd is the oldest: a prompt's last block goes first */
	assert_int_equal(take(p, "ccdd"), 1);
	assert_int_equal(take(p, "aabb"), 1); /* ccdd came back in place of aabb */
	prefix_free(p);
}

static void
longer_than_the_cache(void **state)
{
	struct prefix *p = prefix_new(2);

	(void)state;
	assert_int_equal(take(p, "aabbccdd"), 0);
	assert_int_equal(take(p, "aabbccdd"), 2);
	prefix_free(p);
}

static void
limits_and_salts(void **state)
{
	struct prefix *p = prefix_new(10);
	const uint32_t ids[] = {1, 2, 3, 4};
	uint64_t one[2], two[2];

	(void)state;
	prefix_hashes(1, ids, 4, BLOCK, one);
	prefix_hashes(2, ids, 4, BLOCK, two);
	assert_int_equal(prefix_take(p, one, 2, 1), 0);
	assert_int_equal(prefix_take(p, one, 2, 1), 1);
	assert_int_equal(prefix_take(p, two, 2, 2), 0);
	prefix_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hits_are_prefixes),
		cmocka_unit_test(the_least_recently_used_goes),
		cmocka_unit_test(longer_than_the_cache),
		cmocka_unit_test(limits_and_salts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
