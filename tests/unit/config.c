/* yamldoc, config and schema together: positions through merges and settings, sources that
 * stay as they were, and damaged texts, which must give a position inside of the text. */
#include "lib/config.h"
#include "lib/schema.h"
#include "lib/yamldoc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct node *
read_text(struct pool *p, const char *file, const char *text)
{
	struct problem why;
	struct node *n = yamldoc_parse(p, (struct pos){file, 1, 1}, text, strlen(text), &why);

	if (!n)
		fail_msg("%s:%zu:%zu: %s", file, why.at.line, why.at.column, why.text);
	return n;
}

static void
assert_at(struct pos at, const char *file, size_t line, size_t column)
{
	assert_string_equal(at.file, file);
	assert_int_equal(at.line, line);
	assert_int_equal(at.column, column);
}

static void
merging_keeps_positions_and_sources(void **state)
{
	struct pool p = {.no_memory = abort};
	struct node *a = read_text(&p, "a", "m:\n  x: 1\n  y: 2\nl: [1]\n");
	struct node *b = read_text(&p, "b", "m: {y: 3}\n");
	struct node *both = config_merge(&p, a, b), *m = node_find(both, "m")->value;

	(void)state;
	assert_at(node_find(m, "x")->at, "a", 2, 3);
	assert_at(node_find(m, "x")->value->at, "a", 2, 6);
	assert_at(node_find(m, "y")->at, "b", 1, 5);
	assert_at(node_find(m, "y")->value->at, "b", 1, 8);
	assert_at(node_find(both, "l")->at, "a", 4, 1);
	assert_int_equal(node_find(m, "y")->value->value.integer, 3);
	assert_int_equal(node_find(node_find(a, "m")->value, "y")->value->value.integer, 2);
	assert_int_equal(node_find(b, "m")->value->n, 1);
	pool_free(&p);
}

static void
settings_know_their_columns(void **state)
{
	struct pool p = {.no_memory = abort};
	struct problem why;
	struct node *root = read_text(&p, "a", "x: {y: 1}\n");
	struct node *set = config_set(&p, root, 3, "x.é\\.z=[1, {q: v}]", &why), *x, *list;

	(void)state;
	assert_non_null(set);
	x = node_find(set, "x")->value;
	list = node_find(x, "é.z")->value;
	assert_at(node_find(x, "é.z")->at, "--set", 3, 3);
	assert_at(list->at, "--set", 3, 8);
	assert_at(list->items[1]->entries[0].value->at, "--set", 3, 16);
	assert_int_equal(node_find(root, "x")->value->n, 1);
	assert_null(config_set(&p, root, 4, "x.y.z=1", &why));
	assert_at(why.at, "--set", 4, 5);
	pool_free(&p);
}

static void
count(void *ctx, const struct problem *what)
{
	assert_true(what->at.line > 0 && what->text[0]);
	++*(size_t *)ctx;
}

static size_t
problems(struct pool *p, const char *schema, const char *doc)
{
	size_t n = 0;
	struct diagnosis d = {.pool = p, .fn = count, .ctx = &n};
	struct node *rules = read_text(p, "s", schema);

	schema_valid(&d, rules);
	if (!d.bad)
		schema_check(&d, rules, read_text(p, "d", doc));
	return n;
}

static void
schemas_hold(void **state)
{
	static const struct {
		const char *schema, *doc;
		size_t problems;
	} rows[] = {
		{"any", "{a: [1]}", 0}, {"{}", "x", 0}, {"integer", "1", 0}, {"integer", "1.0", 1}, {"number", "1", 0},
		{"{min: 1, max: 2}", "1", 0}, {"{min: 1, max: 2}", "2", 0}, {"{min: 1, max: 2}", "2.5", 1},
		{"{above: 0}", "0", 1}, {"{above: 0}", "1e-9", 0}, {"{above: 0}", "-1", 1},
		{"{values: [a, 1, true]}", "a", 0}, {"{values: [a, 1, true]}", "1.0", 0},
		{"{values: [a, 1, true]}", "'1'", 1}, {"{values: [a, 1, true]}", "false", 1},
		{"{keys: {a: string}}", "{}", 0}, {"{keys: {a: string}}", "{b: 1, c: 2, a: 3}", 3},
		{"{keys: {a: string}, other: integer}", "{b: 1, c: x, a: y}", 1}, {"{other: any}", "{b: 1, c: {}}", 0},
		{"{items: {items: integer}}", "[[1], [x, 2], 3]", 2}, {"{type: map}", "{a: 1}", 0},
		{"{type: [string, list], items: integer}", "x", 0}, {"{type: [string, list], items: integer}", "[x]", 1},
		{"{other: {type: string, null: true}}", "{a: ~, b: x}", 0},
		{"{other: {type: string, null: false}}", "{a: ~}", 1},
		{"{type: strin}", "x", 1}, {"{typ: string, mni: 1, values: x}", "x", 3}, {"[]", "x", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct pool p = {.no_memory = abort};
		size_t n = problems(&p, rows[i].schema, rows[i].doc);

		if (n != rows[i].problems)
			fail_msg("%s on %s: %zu problems, expected %zu", rows[i].schema, rows[i].doc, n, rows[i].problems);
		pool_free(&p);
	}
}

/* Every byte of a text replaced by every nasty one, and every prefix of it. */
static void
damaged_texts(void **state)
{
	static const char text[] = "a: &x {q: [1, 'two', \"3\"]}\nb: *x\nc: !!str 4\nd: |\n  x\n? e\n: - f\n";
	static const char bytes[] = "\t\n :-[]{}&*!|>'\"%@`#,?\\\x01\xff\xc3";
	char copy[sizeof text];

	(void)state;
	for (size_t i = 0; i < sizeof text - 1; i++)
		for (size_t b = 0; b < sizeof bytes; b++) {
			struct pool p = {.no_memory = abort};
			struct problem why = {.at.line = 0};
			bool cut = b == sizeof bytes - 1;

			memcpy(copy, text, sizeof text);
			copy[i] = bytes[b];
			if (!yamldoc_parse(&p, (struct pos){"f", 1, 1}, copy, cut ? i : sizeof text - 1, &why)) {
				assert_in_range(why.at.line, 1, 10);
				assert_in_range(why.at.column, 1, 40);
				assert_true(why.text[0]);
			}
			pool_free(&p);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merging_keeps_positions_and_sources),
		cmocka_unit_test(settings_know_their_columns),
		cmocka_unit_test(schemas_hold),
		cmocka_unit_test(damaged_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
