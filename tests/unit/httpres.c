/* httpres: replies cut at every offset, one after the other on a connection, and what is wrong. */
#include "lib/httpres.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CHUNKS "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
#define CHUNKED CHUNKS "3;ext=1\r\nabc\r\n000A\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n"
#define LENGTH "HTTP/1.1 429 Too Many\r\nContent-Length: 5\r\nRetry-After:  7 \r\nlocation:/x\r\n\r\nhello"
#define EMPTY "HTTP/1.1 204 No Content\r\n\r\n"
#define OLD "HTTP/1.0 200 OK\nConnection: Keep-Alive\nContent-Length: 2\n\nok"
#define CONTINUE "HTTP/1.1 100 Continue\r\nContent-Length: 9\r\n\r\n"
#define FOLDED "HTTP/1.1 200 OK\r\nLocation: a\r\n  b\r\nContent-Length: 0\r\n\r\n"

static void
collect(void *ctx, const char *p, size_t n)
{
	char *log = ctx;

	snprintf(log + strlen(log), 1000 - strlen(log), "%.*s", (int)n, p);
}

/* Feed these bytes, in pieces of `piece`, to one reader after the other; log what they read. */
static void
take_all(const char *text, size_t n, size_t first, size_t piece, char *log)
{
	struct httpres r = {0};
	size_t size = first;

	for (size_t at = 0; at < n;) {
		char *copy;

		if (size > n - at)
			size = n - at;
		copy = malloc(size); /* its own block: valgrind and the sanitizers see every byte too far */
		memcpy(copy, text + at, size);
		at += httpres_feed(&r, copy, size, collect, log);
		free(copy);
		size = piece;
		assert_null(r.why);
		if (!r.whole)
			continue;
		snprintf(log + strlen(log), 1000 - strlen(log), " %d %d %s %s\n", r.status, r.keep_alive,
		         r.retry_after ? r.retry_after : "-", r.location ? r.location : "-");
		httpres_free(&r);
		r = (struct httpres){0};
	}
	assert_int_equal(r.status, 0);
	httpres_free(&r);
}

static void
cut_anywhere(void **state)
{
	static const char text[] = CHUNKED LENGTH EMPTY CONTINUE OLD FOLDED CHUNKED;

	(void)state;
	for (size_t first = 1; first < sizeof text; first++)
		for (size_t piece = 1; piece < sizeof text; piece += first % 5 + 1) {
			char log[1000] = "";

			take_all(text, sizeof text - 1, first, piece, log);
			assert_string_equal(log, "abc0123456789 200 1 - -\nhello 429 1 7 /x\n 204 1 - -\nok 200 1 - -\n"
			                         " 200 1 - a    b\nabc0123456789 200 1 - -\n");
		}
}

static void
until_it_closes(void **state)
{
	struct httpres r = {0};
	char log[1000] = "";
	const char text[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nsome";

	(void)state;
	assert_int_equal(httpres_feed(&r, text, sizeof text - 1, collect, log), sizeof text - 1);
	assert_false(r.whole || r.keep_alive);
	assert_int_equal(r.encoding, HTTPRES_DEFLATED);
	assert_true(httpres_close(&r));
	assert_string_equal(log, "some");
	httpres_free(&r);
}

static void
closed_too_early(void **state)
{
	static const char *const text[] = {"", "HTTP/1.1 200 OK\r\nConte", CHUNKED, LENGTH};

	(void)state;
	for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
		struct httpres r = {0};
		char log[1000] = "";
		size_t n = strlen(text[i]);

		httpres_feed(&r, text[i], n ? n - 1 : 0, collect, log);
		assert_false(r.whole);
		assert_false(httpres_close(&r));
		httpres_free(&r);
	}
}

/* Each alone, whole and byte by byte. */
static void
wrong(void **state)
{
	static const char *const text[] = {
		"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
		"\r\n\r\n",
		"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "HTTP/1.1 101 Switching\r\n\r\n",
		CHUNKS "x\r\n", CHUNKS "\r\n", CHUNKS "1000000000000000\r\n", CHUNKS "2\r\nabc\r\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		for (size_t piece = 1; piece < 100; piece += 98) {
			struct httpres r = {0};
			char log[1000] = "";
			size_t n = strlen(text[i]);

			for (size_t at = 0; at < n && !r.why; at += piece)
				httpres_feed(&r, text[i] + at, n - at < piece ? n - at : piece, collect, log);
			if (!r.why)
				print_error("taken: %s\n", text[i]);
			assert_non_null(r.why);
			assert_false(r.whole);
			httpres_free(&r);
		}
}

static void
a_head_without_end(void **state)
{
	struct httpres r = {0};
	char line[1000];
	size_t n = 0;

	(void)state;
	memset(line, 'a', sizeof line);
	httpres_feed(&r, "HTTP/1.1 200 OK\r\n", 17, collect, line);
	for (; !r.why && n < 10 * HTTPRES_MAX_HEAD; n += sizeof line)
		httpres_feed(&r, line, sizeof line, collect, line);
	assert_non_null(r.why);
	assert_true(n <= HTTPRES_MAX_HEAD + sizeof line);
	httpres_free(&r);
}

static void
connections(void **state)
{
	static const struct {
		const char *lines;
		bool keeps;
	} rows[] = {{"HTTP/1.1 200 OK\r\n", true}, {"HTTP/1.1 200 OK\r\nConnection: close\r\n", false},
		{"HTTP/1.1 200 OK\r\nConnection: x, Close\r\n", false}, {"HTTP/1.0 200 OK\r\n", false},
		{"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n", true}, {"HTTP/1.1 200 OK\r\nConnection: closed\r\n", true},
		{"HTTP/1.1 200 OK\r\nConnection: close\r\nConnection: keep-alive\r\n", false},
		{"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nConnection: close\r\n", false}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct httpres r = {0};
		char text[200], log[1000] = "";
		int n = snprintf(text, sizeof text, "%sContent-Length: 2\r\n\r\nok", rows[i].lines);

		httpres_feed(&r, text, (size_t)n, collect, log);
		assert_true(r.whole);
		assert_int_equal(r.keep_alive, rows[i].keeps);
		httpres_free(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(until_it_closes),
		cmocka_unit_test(closed_too_early),
		cmocka_unit_test(wrong),
		cmocka_unit_test(a_head_without_end),
		cmocka_unit_test(connections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
