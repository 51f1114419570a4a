/* salt: where a mark goes, and that salts make different streams. */
#include "lib/salt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
the_first_users_text(void **state)
{
	static const struct {
		const char *messages, *behind; /* behind: what the mark stands before; NULL: no place */
	} table[] = {
		{"[{\"role\":\"user\",\"content\":\"Hi\"}]", "Hi\"}]"},
		{"[{\"role\":\"user\",\"content\":\"\"}]", "\"}]"},
		{"[{\"role\":\"system\",\"content\":\"a\"},{\"content\":\"b\",\"role\":\"user\"},"
		 "{\"role\":\"user\",\"content\":\"c\"}]",
		 "b\",\"role\":\"user\"},{\"role\":\"user\",\"content\":\"c\"}]"},
		{" [ {\"role\" : \"user\", \"content\" : [{\"type\":\"image_url\",\"image_url\":{\"url\":\"u\"}},"
		 " {\"type\":\"text\",\"text\":\"d\"}]}]",
		 "d\"}]}]"},
		{"[{\"role\":\"user\",\"content\":null},{\"role\":\"user\",\"content\":\"e\"}]", "e\"}]"},
		{"[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]", NULL},
		{"[{\"role\":\"assistant\",\"content\":\"f\"}]", NULL},
		{"[{\"content\":\"g\"},3,\"user\",null]", NULL},
		{"[]", NULL},
		{"{}", NULL},
		{"[{\"role\":\"user\",\"content\":\"h", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		size_t at = 0;
		bool there = salt_place((struct span){table[i].messages, strlen(table[i].messages)}, &at);

		assert_int_equal(there, table[i].behind != NULL);
		if (there)
			assert_string_equal(table[i].messages + at, table[i].behind);
	}
}

static void
marks(void **state)
{
	uint64_t none = salt_stream(1, "marks", NULL), a = salt_stream(1, "marks", "a");
	char one[SALT_MARK], two[SALT_MARK];

	(void)state;
	assert_true(none == salt_stream(1, "marks", "") && none != a);
	assert_true(a != salt_stream(1, "marks", "b"));
	assert_true(a != salt_stream(2, "marks", "a"));
	assert_true(a != salt_stream(1, "words", "a"));
	salt_mark(a, 0, one);
	salt_mark(a, 0, two);
	assert_string_equal(one, two);
	assert_int_equal(strlen(one), SALT_MARK - 1);
	salt_mark(a, 1, two);
	assert_string_not_equal(one, two);
	assert_true(one[0] == '[' && strspn(one + 1, "0123456789") == 8 && strcmp(one + 9, "] ") == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_users_text),
		cmocka_unit_test(marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
