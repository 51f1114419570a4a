/* reqhead: the head of a request, and what is left to libcurl. */
#include "lib/reqhead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PATH(s) ((struct span){s, sizeof s - 1})

static bool
opens(struct reqhead *h, struct target *t, const char *url)
{
	struct curl_slist expect = {(char[]){"Expect:"}, NULL};
	struct curl_slist type = {(char[]){"Content-Type: application/json"}, &expect};
	bool good;

	assert_null(target_read(url, t));
	good = reqhead_open(h, t, &type);
	if (!good) {
		assert_false(h->bad);
		target_free(t);
	}
	return good;
}

static void
head(void **state)
{
	static const struct {
		const char *base, *first, *host;
	} rows[] = {
		{"http://127.0.0.1:8000", "POST /v1/chat/completions HTTP/1.1", "127.0.0.1:8000"},
		{"http://Host.example/v1/", "POST /v1/chat/completions HTTP/1.1", "Host.example"},
		{"http://[::1]:80/api", "POST /api/v1/chat/completions HTTP/1.1", "[::1]:80"},
		{"HTTP://v1", "POST /v1/chat/completions HTTP/1.1", "v1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct request q = {.path = PATH("/v1/chat/completions"), .body = PATH("{}")};
		struct text out = {0}, want = {0};
		struct reqhead h;
		struct target t;

		assert_true(opens(&h, &t, rows[i].base));
		assert_true(reqhead_write(&h, &out, &q, "X-Request-Id: 1"));
		text_printf(&want, "%s\r\nHost: %s\r\nX-Request-Id: 1\r\nUser-Agent: tokpipe/" VERSION "\r\nAccept: */*\r\n"
		            "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n", rows[i].first, rows[i].host);
		assert_string_equal(out.s, want.s);
		q = (struct request){.path = PATH("/health")};
		assert_true(reqhead_write(&h, &out, &q, "X-Request-Id: 2"));
		assert_memory_equal(out.s, "GET /", 5);
		assert_null(strstr(out.s, "Content-Length"));
		q.method = PATH("DELETE");
		assert_true(reqhead_write(&h, &out, &q, "X-Request-Id: 2"));
		assert_memory_equal(out.s, "DELETE /", 8);
		text_free(&out);
		text_free(&want);
		reqhead_free(&h);
		target_free(&t);
	}
}

/* A value may end with a colon: an API key does. */
static void
colon(void **state)
{
	struct curl_slist out = {(char[]){"Expect:"}, NULL}, key = {(char[]){"Authorization: Bearer sk:"}, &out};
	struct target t;
	struct reqhead h;

	(void)state;
	assert_null(target_read("http://h", &t));
	assert_true(reqhead_open(&h, &t, &key));
	assert_non_null(strstr(h.headers.s, "\r\nAuthorization: Bearer sk:\r\n"));
	assert_null(strstr(h.headers.s, "Expect"));
	reqhead_free(&h);
	target_free(&t);
}

static void
left_to_libcurl(void **state)
{
	static const char *const bases[] = {"https://h", "http://user:pass@h", "http://h/a%20b/../c", "http://h/./v1",
		"http://h\xc3\xbc.example", "http://h:"};
	static const char *const paths[] = {"", "v1", "/a b", "/a\r\nX: y", "/../x", "//x", "/x#y", "/\xc3\xbc", "/a\\b"};
	struct reqhead h;
	struct target t;

	(void)state;
	for (size_t i = 0; i < sizeof bases / sizeof *bases; i++)
		assert_false(opens(&h, &t, bases[i]));
	assert_true(opens(&h, &t, "http://h"));
	assert_true(reqhead_takes(&h, PATH("/v1/x?a=b%20c&d=1")));
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		assert_false(reqhead_takes(&h, (struct span){paths[i], strlen(paths[i])}));
	assert_false(reqhead_takes(&h, PATH("/a\0b")));
	reqhead_free(&h);
	target_free(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(head),
		cmocka_unit_test(colon),
		cmocka_unit_test(left_to_libcurl),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
