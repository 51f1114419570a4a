/* sse: every stream, cut at every byte, gives the same events. */
#include "lib/sse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Events are noted as "name|data;" one after the other. */
struct notes {
	char text[512];
	size_t n;
};

static void
note(void *ctx, const char *name, const char *data, size_t len)
{
	struct notes *o = ctx;

	o->n += (size_t)snprintf(o->text + o->n, sizeof o->text - o->n, "%s|%.*s;", name, (int)len, data);
}

static const struct {
	const char *stream, *events;
} table[] = {
	{"data: a\n\ndata: b\n\n", "|a;|b;"},
	{"data: a\r\n\r\ndata: b\r\n\r\n", "|a;|b;"},
	{"data: a\r\rdata: b\r\r", "|a;|b;"},
	{"data:{\"x\":1}\n\n", "|{\"x\":1};"},
	{"data:  two blanks\n\n", "| two blanks;"},
	{": ping\n\ndata: a\n\n", "|a;"},
	{"data: a\n: ping inside\n\n", "|a;"},
	{"event: error\ndata: a\n\ndata: b\n\n", "error|a;|b;"},
	{"event: ping\n\ndata: b\n\n", "|b;"},
	{"id: 7\nretry: 10\ndata: a\n\n", "|a;"},
	{"data: a\ndata: b\ndata: c\n\n", "|a\nb\nc;"},
	{"data: a\nevent: late\n\n", "late|a;"},
	{"data\n\n", ""},
	{"data:\n\ndata: \n\n", ""},
	{"data:\ndata:\n\n", "|\n;"},
	{"\n\n\ndata: a\n\n\n\n", "|a;"},
	{"data: no blank line", "|no blank line;"},
	{"data: one\n", "|one;"},
	{"data: [DONE]\n\n", "|[DONE];"},
	{"nonsense\ndatax: 1\ndata: a\n\n", "|a;"},
	{"event: an-event-name-that-is-longer-than-thirty-one-bytes\ndata: a\n\n", "an-event-name-that-is-longer-th|a;"},
	{"", ""},
};

/* Feed the stream in pieces that end at the given offsets. */
static void
expect(const char *stream, const char *events, size_t cut1, size_t cut2)
{
	struct notes o = {.text = ""};
	struct sse p = {0};
	size_t n = strlen(stream), cuts[] = {cut1, cut2, n}, from = 0;

	for (int i = 0; i < 3; i++) {
		/* A buffer of exactly that size, gone after the call: nothing may point into it. */
		char *piece = malloc(cuts[i] - from + 1);

		memcpy(piece, stream + from, cuts[i] - from);
		assert_true(sse_feed(&p, piece, cuts[i] - from, note, &o));
		free(piece);
		from = cuts[i];
	}
	assert_true(sse_end(&p, note, &o));
	if (strcmp(o.text, events) != 0)
		fail_msg("%s cut at %zu, %zu: %s, expected %s", stream, cut1, cut2, o.text, events);
	sse_free(&p);
}

static void
cut_anywhere(void **state)
{
	(void)state;
	for (size_t t = 0; t < sizeof table / sizeof *table; t++)
		for (size_t i = 0; i <= strlen(table[t].stream); i++)
			for (size_t j = i; j <= strlen(table[t].stream); j++)
				expect(table[t].stream, table[t].events, i, j);
}

static void
count(void *ctx, const char *name, const char *data, size_t len)
{
	(void)name, (void)data;
	*(size_t *)ctx += len;
}

static void
a_large_event(void **state)
{
	size_t n = (size_t)16 << 20, seen = 0;
	char *block = malloc(1 << 14);
	struct sse p = {0};

	(void)state;
	memset(block, 'x', 1 << 14);
	assert_true(sse_feed(&p, "data: ", 6, count, &seen));
	for (size_t i = 0; i < n; i += 1 << 14)
		assert_true(sse_feed(&p, block, 1 << 14, count, &seen));
	assert_int_equal(seen, 0);
	assert_true(sse_feed(&p, "\n\n", 2, count, &seen));
	assert_int_equal(seen, n);
	sse_free(&p);
	free(block);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(a_large_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
