/* node, pool: maps small and large, what is counted, and memory that runs out. */
#include "lib/node.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct pos at = {"f", 1, 1};
static jmp_buf no_memory_left;

static void
no_memory(void)
{
	longjmp(no_memory_left, 1);
}

static const char *
name(struct pool *p, size_t i)
{
	char text[32];

	return pool_text(p, text, (size_t)snprintf(text, sizeof text, "key%zu", i));
}

static void
finds_every_key(void **state)
{
	struct pool p = {.no_memory = no_memory};
	struct node *map = node_new(&p, NODE_MAP, at);

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		assert_null(node_find(map, name(&p, i)));
		node_put(&p, map, (struct pos){"f", i + 1, 1}, name(&p, i), NULL);
		for (size_t j = 0; j <= i; j += i > 40 ? 17 : 1)
			assert_int_equal(node_find(map, name(&p, j))->at.line, j + 1);
	}
	for (size_t i = 0; i < 1000; i++)
		assert_string_equal(map->entries[i].key, name(&p, i));
	pool_free(&p);
	assert_null(p.blocks);
}

static void
copies_are_apart(void **state)
{
	struct pool p = {.no_memory = no_memory};
	struct node *map = node_new(&p, NODE_MAP, at), *copy, *v = node_new(&p, NODE_NULL, at);

	(void)state;
	for (size_t i = 0; i < 20; i++)
		node_put(&p, map, at, name(&p, i), v);
	copy = node_copy(&p, map);
	node_put(&p, copy, at, "new", v);
	node_find(copy, "key3")->value = copy;
	assert_null(node_find(map, "new"));
	assert_ptr_equal(node_find(map, "key3")->value, v);
	assert_int_equal(map->n, 20);
	assert_int_equal(copy->n, 21);
	pool_free(&p);
}

static void
weight_and_height_count_shared_parts_each_time(void **state)
{
	struct pool p = {.no_memory = no_memory};
	struct node *leaf = node_new(&p, NODE_LIST, at), *list = leaf;

	(void)state;
	assert_int_equal(leaf->height, 1);
	for (int i = 0; i < 40; i++) {
		struct node *twice = node_new(&p, NODE_LIST, at);

		node_add(&p, twice, list);
		node_add(&p, twice, list);
		list = twice;
	}
	assert_int_equal(list->height, 41);
	assert_true(list->weight == ((uint64_t)1 << 41) - 1);
	pool_free(&p);
}

static void
memory_that_runs_out(void **state)
{
	struct pool p = {.no_memory = no_memory};
	volatile bool asked = false;

	(void)state;
	if (setjmp(no_memory_left) == 0)
		pool_alloc(&p, SIZE_MAX / 2, 3);
	else
		asked = true;
	assert_true(asked);
	pool_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_every_key),
		cmocka_unit_test(copies_are_apart),
		cmocka_unit_test(weight_and_height_count_shared_parts_each_time),
		cmocka_unit_test(memory_that_runs_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
