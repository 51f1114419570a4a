/* event: the letter, the counts and the words of one event. */
#include "lib/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct event
read_event(const char *text)
{
	struct event e;

	event_openai("", text, strlen(text), &e);
	return e;
}

#define DELTA(d) "{\"choices\":[{\"index\":0,\"delta\":" d "}]}"

static void
letters(void **state)
{
	static const struct {
		char kind;
		const char *text;
	} table[] = {
		{'r', DELTA("{\"role\":\"assistant\",\"content\":\"\"}")},
		{'r', DELTA("{\"role\":\"assistant\",\"content\":null}")},
		{'r', DELTA("{}")},
		{'r', DELTA("null")},
		{'r', "{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\"}]}"},
		{'c', DELTA("{\"content\":\"x\"}")},
		{'c', DELTA("{\"content\":\" \"}")},
		{'c', DELTA("{\"content\":\"\\n\"}")},
		{'c', DELTA("{\"refusal\":\"no\"}")},
		{'c', DELTA("{\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}")},
		{'c', "{\"choices\":[{\"text\":\"x\"}]}"},
		{'r', "{\"choices\":[{\"text\":\"\"}]}"},
		{'c', "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"x\"}}]}"},
		{'t', DELTA("{\"reasoning_content\":\"x\",\"content\":null}")},
		{'t', DELTA("{\"reasoning\":\"x\"}")},
		{'r', DELTA("{\"reasoning\":\"\"}")},
		{'f', DELTA("{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}")},
		{'r', DELTA("{\"tool_calls\":[]}")},
		{'f', DELTA("{\"function_call\":{\"name\":\"f\"}}")},
		{'c', DELTA("{\"tool_calls\":[{}],\"content\":\"x\",\"reasoning\":\"y\"}")},
		{'f', DELTA("{\"reasoning\":\"y\",\"tool_calls\":[{}]}")},
		{'c', "{\"choices\":[{\"delta\":{}},{\"index\":1,\"delta\":{\"content\":\"x\"}}]}"},
		{'u', "{\"choices\":[],\"usage\":{\"prompt_tokens\":1}}"},
		{'u', "{\"usage\":{}}"},
		{'x', "{\"choices\":[]}"},
		{'x', "{\"choices\":[],\"usage\":null}"},
		{'x', "{\"type\":\"ping\"}"},
		{'x', "{\"choices\":[],\"prompt_filter_results\":[]}"},
		{'e', "{\"error\":{\"message\":\"m\"}}"},
		{'e', "{\"error\":\"m\"}"},
		{'e', "{\"object\":\"error\",\"message\":\"m\"}"},
		{'c', "{\"error\":null,\"choices\":[{\"delta\":{\"content\":\"x\"}}]}"},
		{'c', "{\"error\":{},\"choices\":[{\"delta\":{\"content\":\"x\"}}]}"},
		{'e', "{\"choices\":[{\"delta\":{\"content\":\"x\"}}"},
		{'e', "not json"},
		{'e', "[]"},
		{'d', "[DONE]"},
		{'d', " [DONE] "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (read_event(table[i].text).kind != table[i].kind)
			fail_msg("%s: %c, expected %c", table[i].text, read_event(table[i].text).kind, table[i].kind);
}

static void
usage_is_flat(void **state)
{
	struct event e = read_event("{\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7,\"total_tokens\":12,"
	                            "\"prompt_tokens_details\":{\"cached_tokens\":3},"
	                            "\"completion_tokens_details\":{\"reasoning_tokens\":2}}}");

	(void)state;
	assert_true(e.has_usage);
	assert_int_equal(e.usage.prompt, 5);
	assert_int_equal(e.usage.completion, 7);
	assert_int_equal(e.usage.cached, 3);
	assert_int_equal(e.usage.reasoning, 2);
	e = read_event("{\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":null,\"prompt_tokens_details\":null}}");
	assert_int_equal(e.usage.completion, -1);
	assert_int_equal(e.usage.cached, -1);
}

static void
is_text(struct span s, const char *text)
{
	assert_non_null(s.s);
	assert_int_equal(s.n, strlen(text));
	assert_memory_equal(s.s, text, s.n);
}

static void
words_and_finish(void **state)
{
	struct event e = read_event("{\"error\":{\"code\":1,\"message\":\"too long\"}}");

	(void)state;
	is_text(e.message, "too long");
	assert_true(e.message_is_text);
	is_text(read_event("{\"error\":\"plain\"}").message, "plain");
	e = read_event("{\"error\":{\"code\":42}}");
	is_text(e.message, "{\"code\":42}");
	assert_false(e.message_is_text);
	event_openai("error", "overloaded", 10, &e);
	assert_int_equal(e.kind, 'e');
	assert_false(e.broken);
	is_text(e.message, "overloaded");
	e = read_event("{\"choices\":[{\"index\":1,\"finish_reason\":\"stop\",\"delta\":{\"content\":\"b\"}},"
	               "{\"index\":0,\"finish_reason\":\"length\",\"delta\":{\"content\":\"a\"}}],\"timings\":{\"n\":1}}");
	is_text(e.finish, "length");
	is_text(e.text, "a");
	is_text(e.timings, "{\"n\":1}");
	assert_null(read_event("{\"choices\":[{\"finish_reason\":null}]}").finish.s);
}

static void
what_is_not_read_may_be_odd(void **state)
{
	(void)state;
	assert_int_equal(read_event("{\"id\":\"\xff\",\"n\":99999999999999999999999,\"s\":\"\\ud800\",\"z\":\"\\u0000\","
	                            "\"choices\":[{\"delta\":{\"content\":\"x\"}}]}").kind, 'c');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters),
		cmocka_unit_test(usage_is_flat),
		cmocka_unit_test(words_and_finish),
		cmocka_unit_test(what_is_not_read_may_be_odd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
