/* sse: the events of a stream are those that the steps of WHATWG HTML, section 9.2.6, give, however
 * its bytes are cut, and each comes with the piece in which its last byte is.  The first byte of the
 * input says how the rest is cut. */
#include "lib/sse.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Events one behind the other, and the offset behind the piece that completed each. */
struct events {
	char *text;
	size_t *at;
	size_t len, n, now;
};

static void
note(void *ctx, const char *name, const char *data, size_t len)
{
	struct events *o = ctx;
	size_t name_len = strlen(name) + 1;

	if (!(o->text = realloc(o->text, o->len + name_len + sizeof len + len)) ||
	    !(o->at = realloc(o->at, (o->n + 1) * sizeof *o->at)))
		abort();
	memcpy(o->text + o->len, name, name_len);
	memcpy(o->text + o->len + name_len, &len, sizeof len);
	memcpy(o->text + o->len + name_len + sizeof len, data, len);
	o->len += name_len + sizeof len + len;
	o->at[o->n++] = o->now;
}

static void
free_events(struct events *o)
{
	free(o->text);
	free(o->at);
}

/* What the standard's steps keep between two lines. */
struct plain {
	char name[32], *data;
	size_t len;
	struct events *out;
};

static void
plain_line(struct plain *p, const char *line, size_t n)
{
	const char *colon = memchr(line, ':', n);
	size_t field = colon ? (size_t)(colon - line) : n, from = colon ? field + 1 : n;

	from += from < n && line[from] == ' ';
	if (n == 0) {
		if (p->len > 1) /* more than the newline behind an empty line of data */
			note(p->out, p->name, p->data, p->len - 1);
		p->len = 0;
		memset(p->name, 0, sizeof p->name);
	} else if (field == 4 && memcmp(line, "data", 4) == 0) {
		memcpy(p->data + p->len, line + from, n - from);
		p->len += n - from;
		p->data[p->len++] = '\n';
	} else if (field == 5 && memcmp(line, "event", 5) == 0) {
		memset(p->name, 0, sizeof p->name);
		memcpy(p->name, line + from, n - from < 31 ? n - from : 31);
	}
}

/* The standard, read literally: the whole text, line by line.  A last line needs no end, a last
 * event no blank line. */
static void
plainly(const char *text, size_t n, struct events *out)
{
	struct plain p = {.data = malloc(n + 1), .out = out};
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		if (text[i] != '\n' && text[i] != '\r')
			continue;
		out->now = i + 1;
		if (text[i] == '\r' || i == 0 || text[i - 1] != '\r')
			plain_line(&p, text + from, i - from);
		from = i + 1;
	}
	out->now = n;
	if (from < n)
		plain_line(&p, text + from, n - from);
	plain_line(&p, "", 0);
	free(p.data);
}

/* How many bytes come next: mostly few, at times many. */
static size_t
piece(uint32_t *seed, size_t most)
{
	uint32_t r;

	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	r = *seed >> 8;
	r = r & 7 ? r % 5 + 1 : r % 200 + 1;
	return r < most ? r : most;
}

/* behind[i]: where the piece ends that holds byte i. */
static void
cut(const char *text, size_t n, uint32_t seed, struct events *out, size_t *behind)
{
	struct sse p = {0};

	for (size_t at = 0, len; at < n; at += len) {
		char *copy;

		len = seed ? piece(&seed, n - at) : n;
		copy = malloc(len); /* its own block: the sanitizer sees every byte too far */
		memcpy(copy, text + at, len);
		for (size_t i = 0; i < len; i++)
			behind[at + i] = at + len;
		out->now = at + len;
		if (!sse_feed(&p, copy, len, note, out))
			abort();
		free(copy);
	}
	if (!sse_end(&p, note, out))
		abort();
	sse_free(&p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;
	size_t n = size - 1, *behind;

	if (size < 1 || !(behind = calloc(n + 1, sizeof *behind)))
		return 0;
	for (int way = 0; way < 3; way++) { /* in one piece, and in two ways of many */
		struct events want = {0}, got = {0};

		plainly(text, n, &want);
		cut(text, n, way ? data[0] * 0x9e3779b1u + (uint32_t)way : 0, &got, behind);
		if (want.n != got.n || want.len != got.len || (want.len && memcmp(want.text, got.text, want.len) != 0))
			abort();
		for (size_t i = 0; i < want.n; i++)
			if (got.at[i] != behind[want.at[i] - 1])
				abort();
		free_events(&want);
		free_events(&got);
	}
	free(behind);
	return 0;
}
