/* httpreq: requests cut at every offset, pipelined ones, and what must be refused. */
#include "lib/httpreq.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GET "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
#define POST "POST /v1/x?a=b HTTP/1.1\r\nContent-Length: 5\r\nX-Request-Id:  r-1 \r\nEmpty:\r\n\r\nhello"
#define CHUNKED "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" \
	"3;ext=1\r\nabc\r\n000A\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n"
#define OLD "\r\nPOST /o HTTP/1.0\nConnection: keep-alive\nContent-Length: 2\n\nok"

/* Writes what was read of each request behind the last, so that two ways of feeding compare. */
static void
take_all(struct httpreq *r, char *log, size_t size, int *refused)
{
	int got;

	while ((got = httpreq_next(r)) == 200) {
		const char *id = httpreq_header(r, "x-request-id"), *empty = httpreq_header(r, "EMPTY");
		size_t n = strlen(log);

		snprintf(log + n, size - n, "%s %s %s %.*s %d %s %s\n", r->method, r->path, r->query ? r->query : "-",
			(int)r->body_n, r->body, r->keep_alive, id ? id : "-", empty ? "empty" : "-");
		httpreq_drop(r);
	}
	*refused = got;
}

static void
cut_anywhere(void **state)
{
	const char text[] = GET POST CHUNKED OLD POST;
	const char *want = "GET /health -  1 - -\nPOST /v1/x a=b hello 1 r-1 empty\nPOST /c - abc0123456789 1 - -\n"
		"POST /o - ok 1 - -\nPOST /v1/x a=b hello 1 r-1 empty\n";
	size_t n = sizeof text - 1;

	(void)state;
	for (size_t i = 0; i <= n; i++)
		for (size_t j = i; j <= n; j += i % 7 + 1) {
			struct httpreq r;
			char log[512] = "";
			int got = 0;

			httpreq_start(&r, 1000);
			assert_true(httpreq_feed(&r, text, i));
			take_all(&r, log, sizeof log, &got);
			assert_true(httpreq_feed(&r, text + i, j - i));
			take_all(&r, log, sizeof log, &got);
			assert_true(httpreq_feed(&r, text + j, n - j));
			take_all(&r, log, sizeof log, &got);
			assert_int_equal(got, 0);
			assert_string_equal(log, want);
			httpreq_free(&r);
		}
}

static void
byte_by_byte(void **state)
{
	const char text[] = CHUNKED POST;
	struct httpreq r;
	char log[512] = "";
	int got = 0;

	(void)state;
	httpreq_start(&r, 1000);
	for (size_t i = 0; i + 1 < sizeof text; i++) {
		assert_true(httpreq_feed(&r, text + i, 1));
		take_all(&r, log, sizeof log, &got);
	}
	assert_string_equal(log, "POST /c - abc0123456789 1 - -\nPOST /v1/x a=b hello 1 r-1 empty\n");
	httpreq_free(&r);
}

static void
refused(void **state)
{
	static const struct {
		const char *text;
		int status;
	} bad[] = {
		{"hello\r\n\r\n", 400}, {"GET / HTTP/2.0\r\n\r\n", 400}, {"GET nowhere HTTP/1.1\r\n\r\n", 400},
		{"GET  HTTP/1.1\r\n\r\n", 400}, {"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\n: v\r\n\r\n", 400}, {"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n", 400}, {"GET / HTTP/1.1\r\nContent-Length:\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n", 413},
		{"GET / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n", 413},
		{"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
		{"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabX", 400},
		{"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n", 413},
		{"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffff\r\n", 400},
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct httpreq r;

		httpreq_start(&r, 1000);
		assert_true(httpreq_feed(&r, bad[i].text, strlen(bad[i].text)));
		if (httpreq_next(&r) != bad[i].status)
			fail_msg("%s", bad[i].text);
		httpreq_free(&r);
	}
}

static void
long_and_nul_heads(void **state)
{
	struct httpreq r;
	char *text = malloc(HTTPREQ_MAX_HEAD + 100);

	(void)state;
	memset(text, 'a', HTTPREQ_MAX_HEAD + 100);
	httpreq_start(&r, 10);
	assert_true(httpreq_feed(&r, text, HTTPREQ_MAX_HEAD));
	assert_int_equal(httpreq_next(&r), 0);
	assert_true(httpreq_feed(&r, text, 1));
	assert_int_equal(httpreq_next(&r), 431);
	httpreq_free(&r);
	free(text);
	httpreq_start(&r, 10);
	assert_true(httpreq_feed(&r, "GET / HTTP/1.1\r\nA: \0\r\n\r\n", 24));
	assert_int_equal(httpreq_next(&r), 400);
	httpreq_free(&r);
}

static void
expects_continue_once(void **state)
{
	struct httpreq r;
	const char *head = "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";

	(void)state;
	httpreq_start(&r, 10);
	assert_true(httpreq_feed(&r, head, strlen(head)));
	assert_int_equal(httpreq_next(&r), 0);
	assert_true(httpreq_wants_continue(&r));
	assert_false(httpreq_wants_continue(&r));
	assert_true(httpreq_feed(&r, "ab", 2));
	assert_int_equal(httpreq_next(&r), 200);
	httpreq_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(byte_by_byte),
		cmocka_unit_test(refused),
		cmocka_unit_test(long_and_nul_heads),
		cmocka_unit_test(expects_continue_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
