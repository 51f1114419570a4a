/* httpres: any bytes, fed whole and fed in pieces, give the same reply.  The first byte of the input says how large the
 * pieces are. */
#include "lib/httpres.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct said {
	struct httpres r;
	struct text content;
	size_t used;
};

static void
collect(void *ctx, const char *p, size_t n)
{
	struct said *s = ctx;

	text_add(&s->content, p, n);
}

static void
run(struct said *s, const uint8_t *data, size_t size, size_t piece)
{
	*s = (struct said){0};
	while (s->used < size && !s->r.whole && !s->r.why) {
		size_t n = size - s->used < piece ? size - s->used : piece;
		char *copy = malloc(n); /* its own block: the sanitizer sees every byte too far */

		memcpy(copy, data + s->used, n);
		s->used += httpres_feed(&s->r, copy, n, collect, s);
		free(copy);
	}
	httpres_close(&s->r);
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool
same(const struct said *a, const struct said *b)
{
	if (!a->r.why != !b->r.why)
		return false;
	if (a->r.why)
		return true; /* it may be seen earlier or later, and for another reason */
	return a->used == b->used && a->r.status == b->r.status && a->r.whole == b->r.whole &&
	       a->r.keep_alive == b->r.keep_alive && a->r.encoding == b->r.encoding &&
	       same_text(a->r.location, b->r.location) && same_text(a->r.retry_after, b->r.retry_after) &&
	       a->content.n == b->content.n &&
	       (a->content.n == 0 || memcmp(a->content.s, b->content.s, a->content.n) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct said whole, pieces;

	if (size < 1)
		return 0;
	run(&whole, data + 1, size - 1, size);
	run(&pieces, data + 1, size - 1, (size_t)data[0] % 16 + 1);
	if (!same(&whole, &pieces))
		abort();
	httpres_free(&whole.r);
	httpres_free(&pieces.r);
	text_free(&whole.content);
	text_free(&pieces.content);
	return 0;
}
