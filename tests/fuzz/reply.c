/* reply: any body, fed whole and fed in pieces, gives the same record.  The first byte of
 * the input says how large the pieces are; the second whether it is an HTTP error. */
#include "lib/reply.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
run(struct reply *r, const uint8_t *data, size_t size, size_t piece, bool http_error)
{
	reply_start(r, event_openai, true);
	r->http_error = http_error;
	for (size_t at = 0; at < size; at += piece) {
		size_t n = size - at < piece ? size - at : piece;
		char *copy = malloc(n); /* its own block: the sanitizer sees every byte too far */

		memcpy(copy, data + at, n);
		reply_feed(r, copy, n, (int64_t)at + 1);
		free(copy);
	}
	reply_end(r, (int64_t)size + 2);
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool
same(const struct reply *a, const struct reply *b)
{
	return a->n == b->n && (a->n == 0 || memcmp(a->ev_kind, b->ev_kind, a->n) == 0) && a->output == b->output &&
	       a->streamed == b->streamed && a->done == b->done && a->bytes == b->bytes &&
	       memcmp(&a->usage, &b->usage, sizeof a->usage) == 0 && same_text(a->error, b->error) &&
	       same_text(a->message, b->message) && same_text(a->finish, b->finish) &&
	       same_text(a->timings, b->timings) && a->text_len == b->text_len &&
	       (a->text_len == 0 || memcmp(a->text, b->text, a->text_len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reply whole, pieces;

	if (size < 2)
		return 0;
	run(&whole, data + 2, size - 2, size, data[1] & 1);
	run(&pieces, data + 2, size - 2, (size_t)data[0] % 16 + 1, data[1] & 1);
	if (!same(&whole, &pieces))
		abort();
	for (size_t i = 1; i < pieces.n; i++)
		if (pieces.ev_us[i] < pieces.ev_us[i - 1])
			abort();
	reply_free(&whole);
	reply_free(&pieces);
	return 0;
}
