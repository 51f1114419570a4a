/* httpres: see httpres.h. */
#include "httpres.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SIZE_DIGITS 15 /* of a chunk: more would not fit into 63 bits */

static bool
fail(struct httpres *r, const char *why)
{
	r->why = why;
	return false;
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
hex(char c)
{
	if (digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Whether the list of tokens at value (to its NUL) has this one. */
static bool
names(const char *value, const char *token)
{
	size_t n = strlen(token);

	while (*value) {
		size_t len = strcspn(value, ", \t;");

		if (len == n && strncasecmp(value, token, n) == 0)
			return true;
		value += len;
		value += strspn(value, ", \t;");
	}
	return false;
}

static bool
take_length(struct httpres *r, const char *value)
{
	uint64_t n = 0;

	for (const char *p = value; *p || p == value; p++)
		if (!digit(*p) || n > UINT64_MAX / 100)
			return fail(r, "a Content-Length that is no number");
		else
			n = n * 10 + (uint64_t)(*p - '0');
	if (r->state == HTTPRES_LENGTH && n != r->left)
		return fail(r, "two Content-Lengths");
	if (r->state != HTTPRES_SIZE)
		r->state = HTTPRES_LENGTH;
	r->left = n;
	return true;
}

static bool
keep(struct httpres *r, char **field, const char *value)
{
	free(*field);
	return (*field = strdup(value)) || fail(r, "out of memory");
}

static bool
take_encoding(struct httpres *r, const char *value)
{
	if (!*value || strcasecmp(value, "identity") == 0)
		return true;
	r->encoding = HTTPRES_UNKNOWN;
	if (strcasecmp(value, "gzip") == 0 || strcasecmp(value, "x-gzip") == 0 || strcasecmp(value, "deflate") == 0)
		r->encoding = HTTPRES_DEFLATED;
	return keep(r, &r->content, value);
}

static bool
take_header(struct httpres *r, const char *name, const char *value)
{
	if (strcasecmp(name, "content-length") == 0)
		return take_length(r, value);
	if (strcasecmp(name, "transfer-encoding") == 0) {
		if (strcasecmp(value, "chunked") != 0 && strcasecmp(value, "identity") != 0)
			return fail(r, "a Transfer-Encoding that nobody asked for");
		if (strcasecmp(value, "chunked") == 0)
			r->state = HTTPRES_SIZE; /* it overrides a length */
	} else if (strcasecmp(name, "connection") == 0) {
		r->closes = r->closes || names(value, "close");
		r->keep_alive = !r->closes && (r->keep_alive || names(value, "keep-alive"));
	} else if (strcasecmp(name, "content-encoding") == 0) {
		return take_encoding(r, value);
	} else if (strcasecmp(name, "location") == 0) {
		return keep(r, &r->location, value);
	} else if (strcasecmp(name, "retry-after") == 0) {
		return keep(r, &r->retry_after, value);
	}
	return true;
}

/* "HTTP/1.1 200 OK" */
static bool
take_status(struct httpres *r, const char *line)
{
	if (strncmp(line, "HTTP/1.", 7) != 0 || !digit(line[7]) || line[8] != ' ' || !digit(line[9]) || !digit(line[10]) ||
	    !digit(line[11]) || digit(line[12]))
		return fail(r, "not an HTTP/1 answer");
	r->status = atoi(line + 9);
	r->keep_alive = line[7] != '0';
	return true;
}

/* Split the head, which ends with an empty line, into lines; a line that begins with a blank goes on with the one
 * before it, as it was once allowed. */
static bool
take_lines(struct httpres *r, char *p)
{
	char *end, *colon;
	bool first = true;

	for (; (end = strchr(p, '\n')) && *p != '\n' && *p != '\r'; p = end + 1, first = false) {
		char *last = end;

		while (end[1] == ' ' || end[1] == '\t') {
			if (end > p && end[-1] == '\r')
				end[-1] = ' ';
			*end = ' ';
			if (!(last = end = strchr(end, '\n')))
				return fail(r, "a header that does not end");
		}
		while (last > p && (last[-1] == '\r' || last[-1] == ' ' || last[-1] == '\t'))
			last--;
		*last = '\0';
		if (first && !take_status(r, p))
			return false;
		if (first)
			continue;
		if (!(colon = strchr(p, ':')))
			return fail(r, "a header without a colon");
		*colon++ = '\0';
		if (!take_header(r, p, colon + strspn(colon, " \t")))
			return false;
	}
	return r->status || fail(r, "not an HTTP/1 answer");
}

static void
forget_head(struct httpres *r)
{
	text_free(&r->head);
	r->head = (struct text){0};
}

/* The head is whole: what follows it? */
static bool
take_head(struct httpres *r)
{
	r->state = HTTPRES_CLOSE;
	if (memchr(r->head.s, '\0', r->head.n))
		return fail(r, "a NUL in the head of the answer");
	if (!take_lines(r, r->head.s))
		return false;
	forget_head(r);
	if (r->status == 101)
		return fail(r, "an answer of another protocol");
	if (r->status < 200) {
		httpres_free(r);
		*r = (struct httpres){.bodiless = r->bodiless};
	} else if (r->bodiless || r->status == 204 || r->status == 304 || (r->state == HTTPRES_LENGTH && r->left == 0)) {
		r->whole = true;
	} else if (r->state == HTTPRES_SIZE) {
		r->left = 0;
	}
	r->keep_alive &= r->state != HTTPRES_CLOSE || r->whole;
	return true;
}

/* Whether these may be the first bytes of an answer: rather now than after a head that never ends. */
static bool
may_be_http(const struct text *head)
{
	static const char start[] = "HTTP/1.";
	size_t n = head->n < sizeof start - 1 ? head->n : sizeof start - 1;

	return memcmp(head->s, start, n) == 0;
}

/* Add to the head, up to its end; returns how many bytes of p belong to it. */
static size_t
feed_head(struct httpres *r, const char *p, size_t n)
{
	size_t from = r->head.n > 3 ? r->head.n - 3 : 0;
	const char *lf;

	text_add(&r->head, p, n);
	if (r->head.bad) {
		fail(r, "out of memory");
		return 0;
	}
	for (const char *at = r->head.s + from, *end = r->head.s + r->head.n;
	     (lf = memchr(at, '\n', (size_t)(end - at))); at = lf + 1) {
		size_t used = (size_t)(lf + 1 - r->head.s);

		if (!(used >= 2 && lf[-1] == '\n') && !(used >= 3 && lf[-1] == '\r' && lf[-2] == '\n'))
			continue;
		used -= r->head.n - n;
		r->head.n -= n - used;
		r->head.s[r->head.n] = '\0';
		take_head(r);
		return used;
	}
	if (!may_be_http(&r->head))
		fail(r, "not an HTTP/1 answer");
	else if (r->head.n > HTTPRES_MAX_HEAD)
		fail(r, "the head of the answer is too large");
	return n;
}

/* One byte of the lines around the chunks. */
static void
feed_frame(struct httpres *r, char c)
{
	int value;

	switch (r->state) {
	case HTTPRES_SIZE:
		if ((value = hex(c)) >= 0 && r->digits < SIZE_DIGITS) {
			r->left = r->left * 16 + (uint64_t)value;
			r->digits += r->left > 0 || r->digits == 0; /* zeros in front do not count */
			return;
		}
		if (r->digits == 0 || value >= 0 || !strchr("\r\n; \t", c) || c == '\0') {
			fail(r, "a chunk without a size");
			return;
		}
		r->state = HTTPRES_EXTENSION;
		/* fall through */
	case HTTPRES_EXTENSION:
		if (c == '\n') {
			r->state = r->left ? HTTPRES_DATA : HTTPRES_TRAILER;
			r->digits = 0;
		}
		return;
	case HTTPRES_DATA_END:
		if (c == '\n')
			r->state = HTTPRES_SIZE;
		else if (c != '\r')
			fail(r, "a chunk that is longer than its size");
		return;
	case HTTPRES_TRAILER:
		if (c == '\n' && r->digits == 0)
			r->whole = true;
		else if (c == '\n')
			r->digits = 0;
		else if (c != '\r')
			r->digits = 1;
		return;
	default: return;
	}
}

size_t
httpres_feed(struct httpres *r, const char *bytes, size_t n, void (*body)(void *ctx, const char *p, size_t n),
             void *ctx)
{
	const char *p = bytes, *end = bytes + n;

	while (p < end && !r->whole && !r->why) {
		size_t have = (size_t)(end - p), give;

		if (r->state == HTTPRES_HEAD) {
			p += feed_head(r, p, have);
		} else if (r->state == HTTPRES_CLOSE) {
			body(ctx, p, have);
			p = end;
		} else if (r->state == HTTPRES_DATA || r->state == HTTPRES_LENGTH) {
			give = have < r->left ? have : (size_t)r->left;
			r->left -= give;
			if (r->left == 0 && r->state == HTTPRES_LENGTH)
				r->whole = true;
			else if (r->left == 0)
				r->state = HTTPRES_DATA_END;
			body(ctx, p, give);
			p += give;
		} else {
			feed_frame(r, *p++);
		}
	}
	return (size_t)(p - bytes);
}

bool
httpres_close(struct httpres *r)
{
	r->whole |= !r->why && r->state == HTTPRES_CLOSE;
	return r->whole;
}

void
httpres_free(struct httpres *r)
{
	forget_head(r);
	free(r->location);
	free(r->retry_after);
	free(r->content);
	r->location = r->retry_after = r->content = NULL;
}
