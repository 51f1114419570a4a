/* gunzip: what zlib compressed comes back, however it is cut; what is broken is refused. */
#include "lib/gunzip.h"
#include "lib/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#define SAID 100000

static void
collect(void *ctx, const char *p, size_t n)
{
	text_add(ctx, p, n);
}

/* Compress it, window says how: 15 zlib, 31 gzip. */
static size_t
squeeze(int window, const char *text, char *out, size_t size)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)text, .avail_in = SAID, .next_out = (Bytef *)out,
		.avail_out = (uInt)size};

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(deflateEnd(&z), Z_OK);
	return z.total_out;
}

static void
comes_back(void **state)
{
	static const int windows[] = {15, 31};
	static char said[SAID], sent[SAID];

	(void)state;
	for (size_t i = 0; i < SAID; i++)
		said[i] = (char)('a' + i * i / 7 % 26);
	for (size_t w = 0; w < 2; w++) {
		size_t n = squeeze(windows[w], said, sent, sizeof sent);

		for (size_t piece = 1; piece <= n; piece = piece * 3 + 1) {
			struct gunzip *g = gunzip_new();
			struct text got = {0};

			for (size_t at = 0; at < n; at += piece)
				assert_true(gunzip_feed(g, sent + at, n - at < piece ? n - at : piece, collect, &got));
			assert_int_equal(got.n, SAID);
			assert_memory_equal(got.s, said, SAID);
			assert_true(gunzip_feed(g, "more", 4, collect, &got));
			assert_int_equal(got.n, SAID);
			text_free(&got);
			gunzip_free(g);
		}
	}
}

/* A gzip file may be several, one behind the other. */
static void
members(void **state)
{
	static char said[SAID], sent[2 * SAID];
	size_t n = squeeze(31, memset(said, 'a', SAID), sent, SAID);
	size_t all = n + squeeze(31, memset(said, 'b', SAID), sent + n, SAID);

	(void)state;
	for (size_t piece = 1; piece <= all; piece = piece * 3 + 1) {
		struct gunzip *g = gunzip_new();
		struct text got = {0};

		for (size_t at = 0; at < all; at += piece)
			assert_true(gunzip_feed(g, sent + at, all - at < piece ? all - at : piece, collect, &got));
		assert_int_equal(got.n, 2 * SAID);
		assert_int_equal(got.s[SAID - 1], 'a');
		assert_memory_equal(got.s + SAID, said, SAID);
		text_free(&got);
		gunzip_free(g);
	}
}

static void
broken(void **state)
{
	struct gunzip *g = gunzip_new();
	struct text got = {0};

	(void)state;
	assert_false(gunzip_feed(g, "no such thing", 13, collect, &got));
	assert_int_equal(got.n, 0);
	gunzip_free(g);
	gunzip_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back),
		cmocka_unit_test(members),
		cmocka_unit_test(broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
