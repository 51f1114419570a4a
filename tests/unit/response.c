/* response: what is read of a record, what is refused, and damaged texts. */
#include "lib/response.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char whole[] = "{\"id\":17,\"tags\":{\"a\":1},\"due_us\":10,\"sent_us\":20,\"connect_us\":1,"
	"\"first_byte_us\":2,\"end_us\":99,\"status\":200,\"streamed\":false,\"ev_us\":[3,3,7],\"ev_kind\":\"rcd\","
	"\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":null,\"cached_tokens\":-4},\"finish\":null,"
	"\"expect\":{\"output_tokens\":8},\"phase\":\"warmup\",\"new\":[1,{}],\"text\":\"long\","
	"\"error\":{\"message\":\"m\",\"kind\":\"http\"}}";

/* Each text gets exactly the room that response.h promises, so that a sanitizer sees one entry too many. */
static const char *
read_text(struct response *r, const char *text, size_t len, size_t *column)
{
	char *copy = malloc(len + 1);
	int64_t *ev = malloc(len / 2 * sizeof *ev + 1);
	struct span *rest = malloc(len / 4 * sizeof *rest + 1);
	const char *why;

	memcpy(copy, text, len);
	why = response_read(r, copy, len, ev, rest, column);
	free(copy);
	free(ev);
	free(rest);
	return why;
}

static void
reads_the_fields(void **state)
{
	int64_t ev[sizeof whole];
	struct span rest[sizeof whole];
	struct response r;
	size_t column;

	(void)state;
	assert_null(response_read(&r, whole, sizeof whole - 1, ev, rest, &column));
	assert_int_equal(r.due_us, 10);
	assert_int_equal(r.end_us, 99);
	assert_int_equal(r.status, 200);
	assert_false(r.streamed);
	assert_int_equal(r.n_ev, 3);
	assert_int_equal(r.ev_us[2], 7);
	assert_int_equal(r.prompt_tokens, 5);
	assert_int_equal(r.completion_tokens, RESPONSE_NONE);
	assert_int_equal(r.cached_tokens, RESPONSE_NONE);
	assert_int_equal(r.expect_input, RESPONSE_NONE);
	assert_int_equal(r.expect_output, 8);
	assert_null(r.finish.s);
	assert_true(span_is(r.error_kind, "http"));
	assert_true(response_is_warmup(&r));
	assert_true(response_has(&r, "tcf"));
	assert_false(response_has(&r, "tf"));
	assert_int_equal(r.n_rest, 5); /* status, streamed, expect, phase, new */
	assert_memory_equal(r.rest[4].s, "\"new\":[1,{}]", r.rest[4].n);
}

static void
refuses(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"[]", "not an object"},
		{"{\"id\":1}", "not a response record: it has neither events nor an error"},
		{"{\"ev_us\":[1],\"ev_kind\":\"\"}", "ev_us and ev_kind differ in length"},
		{"{\"ev_us\":[2,1],\"ev_kind\":\"cc\"}", "ev_us decreases"},
		{"{\"ev_us\":[-1],\"ev_kind\":\"c\"}", "ev_us: not a time"},
		{"{\"ev_us\":[9007199254740993],\"ev_kind\":\"c\"}", "ev_us: not a time"},
		{"{\"ev_us\":[1],\"ev_kind\":\"q\"}", "ev_kind: unknown letter"},
		{"{\"ev_us\":null,\"ev_kind\":\"\"}", "not an array"},
		{"{\"ev_us\":[],\"ev_kind\":[]}", "not a string"},
	};
	struct response r;
	size_t column;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *why = read_text(&r, bad[i].text, strlen(bad[i].text), &column);

		assert_non_null(why);
		assert_string_equal(why, bad[i].why);
	}
}

static void
damaged_texts(void **state)
{
	char text[sizeof whole];
	struct response r;
	size_t column;

	(void)state;
	for (size_t n = 0; n < sizeof whole - 1; n++)
		assert_non_null(read_text(&r, whole, n, &column));
	for (unsigned seed = 1; seed < 20000; seed++) {
		memcpy(text, whole, sizeof whole);
		srand(seed);
		for (int i = 0; i < 3; i++)
			text[(size_t)rand() % (sizeof whole - 1)] = "\"{}[],:0\\x"[rand() % 10];
		read_text(&r, text, sizeof whole - 1, &column);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_fields),
		cmocka_unit_test(refuses),
		cmocka_unit_test(damaged_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
