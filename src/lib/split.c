/* split: see split.h.  buf[0,len) is the beginning of a line whose newline has not come yet. */
#include "split.h"

#include <stdlib.h>
#include <string.h>

static bool
keep(struct split *s, const char *bytes, size_t n)
{
	size_t room = s->max_line > s->len ? s->max_line - s->len : 0;

	if (n > room) {
		s->too_long = true;
		n = room;
	}
	if (s->len + n > s->cap) {
		size_t want = s->len + n < 4096 ? 8192 : (s->len + n) * 2;
		char *p = realloc(s->buf, want);

		if (!p)
			return false;
		s->buf = p;
		s->cap = want;
	}
	if (n > 0)
		memcpy(s->buf + s->len, bytes, n);
	s->len += n;
	return true;
}

static void
give(struct split *s, const char *text, size_t len, split_fn *fn, void *ctx)
{
	s->number++;
	if (len > s->max_line) {
		s->too_long = true;
		len = s->max_line;
	}
	fn(ctx, s, text, len);
	s->too_long = false;
	s->len = 0;
}

bool
split_feed(struct split *s, const char *bytes, size_t n, split_fn *fn, void *ctx)
{
	const char *end = bytes + n, *nl;

	while (bytes < end && (nl = memchr(bytes, '\n', (size_t)(end - bytes)))) {
		size_t len = (size_t)(nl - bytes);

		if (s->len == 0 && !s->too_long) {
			give(s, bytes, len, fn, ctx); /* whole within what came: no copy */
		} else {
			if (!keep(s, bytes, len))
				return false;
			give(s, s->buf ? s->buf : "", s->len, fn, ctx);
		}
		bytes = nl + 1;
	}
	return keep(s, bytes, (size_t)(end - bytes));
}

void
split_end(struct split *s, split_fn *fn, void *ctx)
{
	if (s->len > 0 || s->too_long)
		give(s, s->buf ? s->buf : "", s->len, fn, ctx);
	free(s->buf);
	s->buf = NULL;
	s->cap = 0;
}
