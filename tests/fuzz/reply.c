/* reply: any body, fed whole, byte by byte and in pieces of any size, gives the same record, and each
 * event has the time of the piece in which its last byte came.  The first byte of the input says how
 * it is cut; the second whether it is an HTTP error, and how its events are read. */
#include "lib/reply.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WHOLE, BYTES, PIECES };

/* How many bytes come next: mostly few, at times many. */
static size_t
piece(uint32_t *seed, int how, size_t most)
{
	uint32_t r = 1;

	if (how == WHOLE)
		return most;
	if (how == PIECES) {
		*seed ^= *seed << 13;
		*seed ^= *seed >> 17;
		*seed ^= *seed << 5;
		r = *seed >> 8;
		r = r & 7 ? r % 9 + 1 : r % 300 + 1;
	}
	return r < most ? r : most;
}

/* Times are offsets: each piece comes at that of its end.  behind[i]: when byte i came. */
static void
run(struct reply *r, const uint8_t *data, size_t size, int how, int64_t *behind)
{
	uint32_t seed = data[0] * 0x9e3779b1u + 1;
	const uint8_t *body = data + 2;

	reply_start(r, data[1] & 2 ? event_items : event_openai, true);
	r->http_error = data[1] & 1;
	size -= 2;
	for (size_t at = 0, n; at < size; at += n) {
		char *copy;

		n = piece(&seed, how, size - at);
		copy = malloc(n); /* its own block: the sanitizer sees every byte too far */
		memcpy(copy, body + at, n);
		for (size_t i = 0; i < n; i++)
			behind[at + i] = (int64_t)(at + n);
		reply_feed(r, copy, n, (int64_t)(at + n));
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
same_bytes(const char *a, size_t n, const char *b, size_t m)
{
	return n == m && (n == 0 || memcmp(a, b, n) == 0);
}

static bool
same_calls(const struct calls *a, const struct calls *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct call *x = &a->call[i], *y = &b->call[i];

		if (x->index != y->index || !same_bytes(x->name.s, x->name.n, y->name.s, y->name.n) ||
		    !same_bytes(x->arguments.s, x->arguments.n, y->arguments.s, y->arguments.n))
			return false;
	}
	return true;
}

static bool
same(const struct reply *a, const struct reply *b)
{
	return same_bytes(a->ev_kind, a->n, b->ev_kind, b->n) && a->output == b->output && a->streamed == b->streamed &&
	       a->done == b->done && a->bytes == b->bytes && memcmp(&a->usage, &b->usage, sizeof a->usage) == 0 &&
	       same_text(a->error, b->error) && same_text(a->message, b->message) && same_text(a->finish, b->finish) &&
	       same_text(a->timings, b->timings) && same_bytes(a->text, a->text_len, b->text, b->text_len) &&
	       same_calls(&a->calls, &b->calls);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reply bytes, other;
	int64_t *behind;

	if (size < 2 || !(behind = calloc(size, sizeof *behind)))
		return 0;
	run(&bytes, data, size, BYTES, behind);
	for (int how = WHOLE; how <= PIECES; how += PIECES - WHOLE) {
		run(&other, data, size, how, behind);
		if (!same(&bytes, &other))
			abort();
		for (size_t i = 0; i < other.n; i++)
			if (other.ev_us[i] != behind[bytes.ev_us[i] - 1])
				abort();
		reply_free(&other);
	}
	reply_free(&bytes);
	free(behind);
	return 0;
}
