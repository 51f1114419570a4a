/* words: lengths, distinct beginnings, and that prompt i needs none of those before it. */
#include "lib/words.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static json_t *
prompt(struct words *w, uint64_t i, int64_t n)
{
	size_t len = 0;
	const char *text = words_prompt(w, i, n, &len);
	json_t *v = json_loadb(text, len, JSON_DECODE_ANY, NULL);

	assert_non_null(v);
	return v;
}

static void
neighbours_begin_differently(void **state)
{
	struct words w;

	(void)state;
	words_ids(&w, 7, 100, 119);
	for (uint64_t i = 0; i < 400; i++) /* 20 ids: 400 pairs */
		for (uint64_t j = 0; j < i; j++) {
			json_t *a = prompt(&w, i, 2), *b = prompt(&w, j, 2);

			assert_false(json_equal(a, b));
			if (i - j < 20)
				assert_false(json_equal(json_array_get(a, 0), json_array_get(b, 0)));
			json_decref(a);
			json_decref(b);
		}
	words_free(&w);
}

static void
ids_cover_their_range_and_no_more(void **state)
{
	struct words w;
	int seen[10] = {0};

	(void)state;
	words_ids(&w, 1, 5, 14);
	for (uint64_t i = 0; i < 100; i++) {
		json_t *v = prompt(&w, i, 50);

		assert_int_equal(json_array_size(v), 50);
		for (size_t k = 0; k < 50; k++) {
			json_int_t id = json_integer_value(json_array_get(v, k));

			assert_in_range(id, 5, 14);
			seen[id - 5]++;
		}
		json_decref(v);
	}
	for (int i = 0; i < 10; i++)
		assert_in_range(seen[i], 350, 650); /* 500 expected, 7 standard deviations */
	words_free(&w);
}

static void
any_prompt_in_any_order(void **state)
{
	struct words w, v;
	size_t n;
	char first[1000];

	(void)state;
	words_builtin(&w, 3);
	words_builtin(&v, 3);
	memcpy(first, words_prompt(&w, 12345, 20, &n), 100);
	assert_in_range(n, 100, sizeof first);
	words_prompt(&v, 1, 500, &n);
	words_prompt(&v, UINT64_MAX, 1, &n);
	assert_memory_equal(first, words_prompt(&v, 12345, 20, &n), 100);
	words_free(&w);
	words_free(&v);
}

static void
added_words(void **state)
{
	struct words w;
	json_t *v;

	(void)state;
	words_start(&w, 1);
	assert_null(words_add(&w, "#one-token", 10));
	assert_true(w.one_token);
	assert_int_equal(w.count, 0);
	assert_null(words_add(&w, "ol\xc3\xa9 \r", 6));
	assert_string_equal(words_add(&w, "two words", 9), "more than one word");
	assert_string_equal(words_add(&w, "a\"b", 3), "not a plain word");
	assert_string_equal(words_add(&w, "a\\", 2), "not a plain word");
	assert_string_equal(words_add(&w, "a\0b", 3), "not a plain word");
	assert_string_equal(words_add(&w, "\xff", 1), "not UTF-8");
	assert_int_equal(w.count, 1);
	v = prompt(&w, 9, 3);
	assert_string_equal(json_string_value(v), "ol\xc3\xa9 ol\xc3\xa9 ol\xc3\xa9");
	json_decref(v);
	words_free(&w);
}

static void
what_is_shared_is_no_prompt_and_no_other_beginning(void **state)
{
	struct words w;
	size_t len, same;
	const char *text;
	char *first, *own;

	(void)state;
	words_builtin(&w, 3);
	text = words_prompt(&w, 1, 5, &len);
	own = strndup(text, len);
	text = words_behind(&w, (struct words_beginning){.number = 1, .n = 4}, 1, 5, &len);
	first = strndup(text, len);
	same = len - strlen(own) + 2; /* its quote and a blank, then the prompt itself */
	assert_int_equal(first[same - 2], ' ');
	assert_string_equal(first + same - 1, own + 1);
	assert_memory_not_equal(first, own, 8);
	assert_memory_equal(first, words_behind(&w, (struct words_beginning){.number = 1, .n = 4}, 9, 5, &len), same - 1);
	assert_memory_not_equal(first, words_behind(&w, (struct words_beginning){.number = 2, .n = 4}, 1, 5, &len), 8);
	free(own);
	free(first);
	words_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neighbours_begin_differently),
		cmocka_unit_test(ids_cover_their_range_and_no_more),
		cmocka_unit_test(any_prompt_in_any_order),
		cmocka_unit_test(added_words),
		cmocka_unit_test(what_is_shared_is_no_prompt_and_no_other_beginning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
