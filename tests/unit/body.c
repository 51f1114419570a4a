/* body: its pieces around the gaps, and JSON Merge Patch by the examples of RFC 7396. */
#include "lib/body.h"
#include "lib/merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static json_t *
parse(const char *text)
{
	json_t *v = json_loads(text, 0, NULL);

	assert_non_null(v);
	return v;
}

/* RFC 7396, appendix A: those where original and patch are objects. */
static void
merge(void **state)
{
	static const char *const cases[][3] = {
		{"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
		{"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
		{"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
		{"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
		{"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
		{"{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"},
		{"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
		{"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
		{"{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"},
		{"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *target = parse(cases[i][0]), *patch = parse(cases[i][1]), *want = parse(cases[i][2]);

		assert_true(merge_patch(target, patch));
		assert_true(json_equal(target, want));
		json_decref(target);
		json_decref(patch);
		json_decref(want);
	}
}

static void
make(struct body *b, const char *request, const char *patch)
{
	json_t *r = parse(request), *patches = parse(patch);

	assert_true(body_make(b, api_named((struct span){"openai-chat", 11}), r, patches));
	json_decref(r);
	json_decref(patches);
}

static void
the_gaps(void **state)
{
	struct body b;

	(void)state;
	make(&b, "{\"model\":\"m\",\"stream\":false,\"temperature\":0.8}", "[]");
	assert_string_equal(b.piece[0].text, "{");
	assert_int_equal(b.piece[0].gap, BODY_MODEL);
	assert_string_equal(b.model, "\"m\"");
	assert_string_equal(b.piece[1].text, "\"messages\":");
	assert_int_equal(b.piece[1].gap, BODY_PROMPT);
	assert_string_equal(b.piece[2].text, ",\"max_tokens\":");
	assert_int_equal(b.piece[2].gap, BODY_MAX_TOKENS);
	assert_string_equal(b.piece[3].text, ",\"temperature\":0.8,\"stream\":false}");
	assert_int_equal(b.piece[3].gap, BODY_NO_GAP);
	assert_true(b.own_prompt && b.own_max_tokens && b.max_tokens == 128);
	body_free(&b);
}

static void
what_is_said_is_no_gap(void **state)
{
	struct body b;

	(void)state;
	make(&b, "{\"max_tokens\":128,\"body\":{\"stream\":null}}",
	    "[{\"messages\":\"prompt\"},{\"stream_options\":null}]");
	assert_int_equal(b.piece[0].gap, BODY_MODEL);
	assert_null(b.model);
	assert_string_equal(b.piece[1].text, "\"messages\":\"prompt\",\"max_tokens\":128}");
	assert_int_equal(b.piece[1].gap, BODY_NO_GAP);
	assert_false(b.own_prompt || b.own_max_tokens);
	body_free(&b);
}

/* A patch that names a model, or takes it away, means it for all requests. */
static void
a_patched_model(void **state)
{
	struct body b;

	(void)state;
	make(&b, "{\"model\":\"m\"}", "[{\"model\":\"p\"}]");
	assert_string_equal(b.piece[0].text, "{\"model\":\"p\",\"messages\":");
	assert_int_equal(b.piece[0].gap, BODY_PROMPT);
	assert_null(b.model);
	body_free(&b);
	make(&b, "{\"model\":\"m\"}", "[{\"model\":null}]");
	assert_string_equal(b.piece[0].text, "{\"messages\":");
	body_free(&b);
	make(&b, "{\"model\":\"m\"}", "[{\"messages\":null,\"max_tokens\":null,\"stream\":null,\"stream_options\":null}]");
	assert_string_equal(b.piece[0].text, "{\"model\":\"m\"}");
	body_free(&b);
}

static void
lengths_that_are_known(void **state)
{
	struct body b;

	(void)state;
	make(&b, "{\"max_tokens\":9,\"min_tokens\":9}", "[]");
	assert_int_equal(body_output_tokens(&b, 9), 9);
	body_free(&b);
	make(&b, "{\"max_tokens\":9}", "[{\"ignore_eos\":true,\"max_tokens\":5}]");
	assert_int_equal(b.max_tokens, 5);
	assert_int_equal(body_output_tokens(&b, 5), 5);
	body_free(&b);
	make(&b, "{\"max_tokens\":9}", "[]");
	assert_int_equal(body_output_tokens(&b, 9), 0);
	body_free(&b);
}

static void
an_empty_body(void **state)
{
	struct body b;

	(void)state;
	make(&b, "{}", "[{\"messages\":null,\"max_tokens\":null,\"stream\":null,\"stream_options\":null}]");
	assert_string_equal(b.piece[0].text, "{}");
	assert_int_equal(b.max_tokens, 0);
	body_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merge),
		cmocka_unit_test(the_gaps),
		cmocka_unit_test(what_is_said_is_no_gap),
		cmocka_unit_test(a_patched_model),
		cmocka_unit_test(lengths_that_are_known),
		cmocka_unit_test(an_empty_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
