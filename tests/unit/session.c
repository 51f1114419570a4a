/* session, session_queue: what goes on the wire in each turn, and in which order turns are due. */
#include "lib/session_queue.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A turn's record: its id and turn, what else it says, its messages. */
#define TURN(k, more, messages) \
	"{\"id\":" #k ",\"session\":\"a\",\"turn\":" #k more ",\"body\":{\"messages\":" messages

static struct request
request(const char *text)
{
	struct request q;
	size_t column;
	char *copy = strdup(text);
	const char *why = request_read(&q, copy, strlen(copy), &column);

	if (why)
		fail_msg("%s: %s", text, why);
	return q;
}

/* A session of the turns in texts, which ends with NULL. */
static struct session *
session(const char *const *texts)
{
	struct request q = request(*texts);
	struct session *s = session_new(&q, false);

	while (*++texts) {
		q = request(*texts);
		assert_null(session_add(s, &q, false));
	}
	return s;
}

/* The next turn's body is this JSON value. */
static void
takes(struct session *s, const char *body)
{
	struct request q;
	json_t *is, *want = json_loads(body, 0, NULL);

	assert_true(session_take(s, &q));
	is = json_loadb(q.body.s, q.body.n, JSON_REJECT_DUPLICATES, NULL);
	if (!is || !json_equal(is, want))
		fail_msg("%.*s\nis not %s", (int)q.body.n, q.body.s, body);
	json_decref(is);
	json_decref(want);
	request_free(&q);
}

static const char *
reply(struct session *s, const char *record)
{
	return session_reply(s, record, strlen(record));
}

static void
history_goes_in_front(void **state)
{
	static const char *const texts[] = {
		TURN(1, ",\"turns\":4,\"at_us\":5", "[{\"role\":\"system\"},{\"c\":1}],\"n\":1}}"),
		TURN(2, ",\"turns\":4,\"think_us\":7", " [ {\"c\":\"]\"}\n] ,\"n\":1.50,\"z\":[]}}"),
		TURN(3, ",\"turns\":4", "[ ]}}"),
		TURN(4, ",\"turns\":4", "[{\"c\":4}]}}"), NULL};
	static const char said[] = "{\"role\":\"assistant\",\"content\":\"x\\n\\\"\\u0000\xc3\xa9\"}";
	struct session *s = session(texts);
	struct request q;

	(void)state;
	assert_true(session_complete(s) && !session_done(s));
	assert_int_equal(s->at_us, 5);
	assert_int_equal(s->turn[1].think_us, 7);
	takes(s, "{\"messages\":[{\"role\":\"system\"},{\"c\":1}],\"n\":1}");
	assert_null(reply(s, "{\"id\":1,\"text\":\"x\\n\\\"\\u0000\xc3\xa9\",\"error\":null}"));
	assert_true(session_take(s, &q));
	/* jansson refuses \u0000 in a value, so this one is compared as text */
	assert_non_null(memmem(q.body.s, q.body.n, said, strlen(said)));
	request_free(&q);
	session_free(s);
	s = session(texts);
	takes(s, "{\"messages\":[{\"role\":\"system\"},{\"c\":1}],\"n\":1}");
	assert_null(reply(s, "{\"text\":\"one\",\"error\":null}"));
	takes(s, "{\"n\":1.50,\"z\":[],\"messages\":[{\"role\":\"system\"},{\"c\":1},"
	         "{\"role\":\"assistant\",\"content\":\"one\"},{\"c\":\"]\"}]}");
	assert_null(reply(s, "{\"text\":\"\",\"calls\":["
	         "{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"},{\"name\":\"g\",\"arguments\":\"\"}],\"error\":null}"));
	takes(s, "{\"messages\":[{\"role\":\"system\"},{\"c\":1},"
	         "{\"role\":\"assistant\",\"content\":\"one\"},{\"c\":\"]\"},"
	         "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":["
	         "{\"id\":\"call_2_0\",\"type\":\"function\","
	         "\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}},"
	         "{\"id\":\"call_2_1\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"\"}}]}]}");
	assert_null(reply(s, "{\"text\":\"three\",\"calls\":[],\"error\":null}"));
	assert_int_equal(s->next, 3);
	assert_non_null(memmem(s->history, s->len, "\"content\":\"three\"}", 18));
	session_free(s);
}

static void
what_ends_a_session(void **state)
{
	static const char *const texts[] = {"{\"id\":1,\"session\":7,\"turn\":1,\"body\":{\"messages\":[]}}", NULL};
	struct session *s = session(texts);

	(void)state;
	takes(s, "{\"messages\":[]}");
	assert_non_null(strstr(reply(s, "{\"text\":\"x\",\"error\":{\"kind\":\"http\"}}"), "failed"));
	assert_non_null(strstr(reply(s, "{\"error\":null}"), "not kept"));
	assert_non_null(strstr(reply(s, "{\"text\":\"x\"}"), "cannot be read"));
	assert_non_null(strstr(reply(s, "{\"text\":\"x\",\"error\":nul"), "cannot be read"));
	assert_null(reply(s, "{\"text\":\"x\",\"error\":null}"));
	session_free(s);
}

static void
order(void **state)
{
	static const char *const texts[] = {TURN(1, ",\"turns\":3", "[]}}"), NULL};
	static const struct {
		const char *text, *why;
	} table[] = {
		{"{\"id\":2,\"session\":\"b\",\"turn\":2,\"turns\":3,\"body\":{\"messages\":[]}}", ""},
		{"{\"id\":2,\"session\":\"aa\",\"turn\":2,\"turns\":3,\"body\":{\"messages\":[]}}", ""},
		{TURN(1, ",\"turns\":3", "[]}}"), "a turn that was there before"},
		{TURN(3, ",\"turns\":3", "[]}}"),
		 "a turn of its session is missing before it"},
		{TURN(2, ",\"turns\":4", "[]}}"),
		 "turns is not what the turn before it says"},
		{TURN(2, "", "[]}}"), "turns is not what the turn before it says"},
	};
	struct session *s = session(texts);

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct request q = request(table[i].text);

		assert_string_equal(session_add(s, &q, false), table[i].why);
		assert_non_null(q.line);
		request_free(&q);
	}
	assert_int_equal(s->n, 1);
	assert_false(session_complete(s));
	session_free(s);
}

static void
queue(void **state)
{
	struct session_queue q = {0};
	struct session s[100];
	struct session_turn turn[100];
	int64_t last = -1;

	(void)state;
	assert_null(session_queue_first(&q));
	for (int i = 0; i < 100; i++) {
		turn[i] = (struct session_turn){.id = i};
		s[i] = (struct session){.due_us = i * 37 % 50, .turn = &turn[i], .n = 1};
		assert_true(session_queue_push(&q, &s[i]));
	}
	for (int i = 0; i < 100; i++) {
		const struct session *f = session_queue_first(&q);

		assert_true(f->due_us * 1000 + f->turn->id > last);
		last = f->due_us * 1000 + f->turn->id;
		session_queue_pop(&q);
	}
	assert_null(session_queue_first(&q));
	session_queue_free(&q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(history_goes_in_front),
		cmocka_unit_test(what_ends_a_session),
		cmocka_unit_test(order),
		cmocka_unit_test(queue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
