/* reply: whole bodies, cut at every byte, to letters, times and errors. */
#include "lib/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define C "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n"
#define R "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n"
#define STOP "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
#define U "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":2}}\n\n"
#define D "data: [DONE]\n\n"
#define ERR "data: {\"error\":{\"message\":\"boom\"}}\n\n"
#define BAD "data: {\"choices\":[{\n\n"

static const struct {
	const char *body, *letters, *error, *message; /* message: a part of it */
	bool streamed;
} table[] = {
	{R C C STOP U D, "rccrud", NULL, NULL, true},
	{C STOP, "cr", NULL, NULL, true},
	{C, "c", "stream", "truncated", true},
	{C ERR D, "ced", "stream", "boom", true},
	{ERR, "e", "stream", "boom", true},
	{"event: error\ndata: late\n\n" D, "ed", "stream", "late", true},
	{C BAD C D, "cecd", "protocol", "could not be read", true},
	{C D "garbage\n\n" C, "cd", NULL, NULL, true},
	{": hello\n\n" C D, "cd", NULL, NULL, true},
	{"\n" C D, "cd", NULL, NULL, true},
	{"\xef\xbb\xbf" C D, "cd", NULL, NULL, true},
	{"id: 1\n" C "data: [DONE]", "cd", NULL, NULL, true},
	{"{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}", "c", NULL, NULL, false},
	{"  {\"choices\":[{\"text\":\"x\"}]}\n", "c", NULL, NULL, false},
	{"{\"error\":{\"message\":\"boom\"}}", "e", "stream", "boom", false},
	{"{\"choices\":[", "e", "protocol", "could not be read", false},
	{"<html><body>Hello</body></html>", "", "protocol", "neither", false},
	{"OK", "", "protocol", "neither", false},
	{"", "", "protocol", "empty", false},
	{": only a comment\n\n", "", "stream", "truncated", true},
};

/* Feed the body in two pieces at the times 1000 and 2000; end it at 3000. */
static void
expect(size_t t, size_t cut)
{
	struct reply r;
	const char *body = table[t].body;

	reply_start(&r, event_openai, false);
	reply_feed(&r, body, cut, 1000);
	reply_feed(&r, body + cut, strlen(body) - cut, 2000);
	reply_end(&r, 3000);
	if (r.n != strlen(table[t].letters) || (r.n && memcmp(r.ev_kind, table[t].letters, r.n) != 0))
		fail_msg("%s cut at %zu: %.*s", body, cut, (int)r.n, r.n ? r.ev_kind : "");
	if ((r.error == NULL) != (table[t].error == NULL) || (r.error && strcmp(r.error, table[t].error) != 0))
		fail_msg("%s cut at %zu: error %s", body, cut, r.error ? r.error : "none");
	if (table[t].message && !strstr(r.message, table[t].message))
		fail_msg("%s: message %s", body, r.message);
	assert_int_equal(r.streamed, table[t].streamed);
	assert_int_equal(r.bytes, strlen(body));
	for (size_t i = 0; i < r.n; i++)
		assert_true(r.ev_us[i] == 1000 || (r.ev_us[i] == 2000 && cut < strlen(body)));
	reply_free(&r);
}

static void
cut_anywhere(void **state)
{
	(void)state;
	for (size_t t = 0; t < sizeof table / sizeof *table; t++)
		for (size_t cut = 0; cut <= strlen(table[t].body); cut++)
			expect(t, cut);
}

static void
stamps_and_totals(void **state)
{
	struct reply r;
	static const char first[] = R C, second[] = C STOP U D;

	(void)state;
	reply_start(&r, event_openai, true);
	reply_feed(&r, first, strlen(first), 10);
	reply_feed(&r, second, strlen(second), 20);
	reply_end(&r, 30);
	assert_int_equal(r.n, 6);
	assert_int_equal(r.ev_us[1], 10);
	assert_int_equal(r.ev_us[2], 20);
	assert_int_equal(r.output, 2);
	assert_int_equal(r.first_us, 10);
	assert_int_equal(r.usage.completion, 2);
	assert_string_equal(r.finish, "stop");
	assert_int_equal(r.text_len, 2);
	assert_memory_equal(r.text, "xx", 2);
	assert_true(r.done);
	reply_free(&r);
}

static void
http_errors(void **state)
{
	static const struct {
		const char *body, *message;
	} cases[] = {
		{"{\"error\":{\"message\":\"no \\\"key\\\"\"}}", "no \"key\""},
		{"{\"object\":\"error\",\"message\":\"old form\"}", "old form"},
		{"<h1>502</h1>", "<h1>502</h1>"},
		{"", ""},
	};
	struct reply r;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		reply_start(&r, event_openai, false);
		r.http_error = true;
		reply_feed(&r, cases[i].body, strlen(cases[i].body), 1);
		reply_end(&r, 2);
		assert_string_equal(r.error, "http");
		assert_string_equal(r.message, cases[i].message);
		assert_int_equal(r.n, 0);
		reply_free(&r);
	}
	char *large = calloc(1, 100001);

	memset(large, 'x', 100000);
	reply_start(&r, event_openai, false);
	r.http_error = true;
	reply_feed(&r, large, 100000, 1);
	reply_end(&r, 2);
	assert_int_equal(strlen(r.message), REPLY_MESSAGE);
	reply_free(&r);
	free(large);
}

/* More in the first delivery than an error's message may be long: nothing of it is lost. */
static void
large_at_once(void **state)
{
	static const char json[] = "{\"choices\":[{\"message\":{\"content\":\"%0*d\"},\"finish_reason\":\"stop\"}]}";
	struct reply r;
	char *body = NULL;
	size_t n = 0;

	(void)state;
	reply_start(&r, event_openai, false);
	for (n = 0; n < 1000; n++)
		assert_true((body = realloc(body, (n + 1) * strlen(C))) && memcpy(body + n * strlen(C), C, strlen(C)));
	reply_feed(&r, body, n * strlen(C), 1);
	assert_int_equal(r.n, 1000);
	reply_free(&r);
	assert_non_null(body = realloc(body, 20000));
	n = (size_t)snprintf(body, 20000, json, 15000, 0);
	reply_start(&r, event_openai, true);
	reply_feed(&r, body, n, 1);
	reply_end(&r, 2);
	assert_null(r.error);
	assert_int_equal(r.text_len, 15000);
	reply_free(&r);
	free(body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(large_at_once),
		cmocka_unit_test(stamps_and_totals),
		cmocka_unit_test(http_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
