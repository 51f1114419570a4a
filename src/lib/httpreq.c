/* httpreq: see httpreq.h.  The head is cut into NUL-terminated pieces in place; chunks are
 * moved together in place, so that the body is one piece whichever way it came. */
#include "httpreq.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void
httpreq_start(struct httpreq *r, size_t max_body)
{
	*r = (struct httpreq){.max_body = max_body};
}

bool
httpreq_feed(struct httpreq *r, const char *p, size_t n)
{
	size_t cap = r->cap ? r->cap : 1024;

	if (n > SIZE_MAX / 4 - r->n)
		return false;
	while (cap <= r->n + n)
		cap *= 2;
	if (cap != r->cap) {
		char *buf = realloc(r->buf, cap);

		if (!buf)
			return false;
		r->buf = buf;
		r->cap = cap;
	}
	memcpy(r->buf + r->n, p, n);
	r->n += n;
	return true;
}

/* Length of the head with its blank line, 0 while that has not come. */
static size_t
find_head(struct httpreq *r)
{
	size_t i = r->searched > 3 ? r->searched - 3 : 0;
	char *p;

	while ((p = memchr(r->buf + i, '\n', r->n - i))) {
		i = (size_t)(p - r->buf) + 1;
		if (i < r->n && r->buf[i] == '\n')
			return i + 1;
		if (i + 1 < r->n && r->buf[i] == '\r' && r->buf[i + 1] == '\n')
			return i + 2;
	}
	r->searched = r->n;
	return 0;
}

/* Cuts the line at p (within the head, so it has an end); returns the next one. */
static char *
cut_line(char *p)
{
	char *nl = strchr(p, '\n');

	if (nl > p && nl[-1] == '\r')
		nl[-1] = '\0';
	*nl = '\0';
	return nl + 1;
}

static bool
request_line(struct httpreq *r, char *line)
{
	char *path = strchr(line, ' '), *version = path ? strchr(path + 1, ' ') : NULL;

	if (!version || path == line || (path[1] != '/' && path[1] != '*'))
		return false;
	if (strcmp(version, " HTTP/1.1") != 0 && strcmp(version, " HTTP/1.0") != 0)
		return false;
	r->http11 = r->keep_alive = version[8] == '1';
	*path = *version = '\0';
	return true;
}

static bool
content_length(struct httpreq *r, const char *value, bool *seen)
{
	size_t v = 0;

	if (!isdigit((unsigned char)*value) || strspn(value, "0123456789") != strlen(value))
		return false;
	for (; *value; value++)
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, (size_t)(*value - '0'), &v))
			v = SIZE_MAX / 2;
	if (*seen && v != r->length)
		return false;
	*seen = true;
	r->length = v;
	return true;
}

/* One header line; false when it makes the request unreadable. */
static bool
header_line(struct httpreq *r, char *line, bool *length_seen)
{
	char *value = strchr(line, ':'), *end;

	if (!value || value == line)
		return false;
	*value++ = '\0';
	value += strspn(value, " \t");
	for (end = value + strlen(value); end > value && isblank((unsigned char)end[-1]); end--)
		end[-1] = '\0';
	if (strcasecmp(line, "content-length") == 0)
		return content_length(r, value, length_seen);
	if (strcasecmp(line, "transfer-encoding") == 0) {
		r->chunked = true;
		return strcasecmp(value, "chunked") == 0;
	}
	if (strcasecmp(line, "connection") == 0)
		r->keep_alive = strcasestr(value, "close") ? false : strcasestr(value, "keep-alive") ? true : r->keep_alive;
	if (strcasecmp(line, "expect") == 0)
		r->expects = strcasecmp(value, "100-continue") == 0;
	return true;
}

static int
parse_head(struct httpreq *r)
{
	char *p = r->buf, *end = r->buf + r->head_n, *next;
	bool length_seen = false;

	if (memchr(p, '\0', r->head_n))
		return 400;
	next = cut_line(p);
	if (!request_line(r, p))
		return 400;
	r->headers = (size_t)(next - r->buf);
	for (p = next; p < end; p = next) {
		next = cut_line(p);
		if (*p && !header_line(r, p, &length_seen))
			return 400;
	}
	if (r->chunked && length_seen)
		return 400;
	r->in = r->head_n;
	return r->length > r->max_body ? 413 : 0;
}

/* The size line of the chunk at r->in: 0 more is needed, 1 read, else the status. */
static int
chunk_size(struct httpreq *r)
{
	char *p = r->buf + r->in, *nl = memchr(p, '\n', r->n - r->in);
	size_t v = 0, digits = 0;

	if (!nl)
		return r->n - r->in > 1024 ? 400 : 0;
	for (; isxdigit((unsigned char)*p); p++, digits++)
		v = v << 4 | (size_t)(isdigit((unsigned char)*p) ? *p - '0' : tolower((unsigned char)*p) - 'a' + 10);
	if (digits == 0 || digits > 12 || (*p != '\r' && *p != '\n' && *p != ';' && !isblank((unsigned char)*p)))
		return 400;
	if (v > r->max_body || r->length + v > r->max_body)
		return 413;
	r->in = (size_t)(nl - r->buf) + 1;
	r->left = v;
	r->in_chunk = true;
	return 1;
}

/* What follows the last chunk: trailers and a blank line.  0 more, 1 all there. */
static int
trailers(struct httpreq *r)
{
	for (;;) {
		char *p = r->buf + r->in, *nl = memchr(p, '\n', r->n - r->in);

		if (!nl)
			return r->n - r->in > HTTPREQ_MAX_HEAD ? 431 : 0;
		r->in = (size_t)(nl - r->buf) + 1;
		if (nl == p || (nl == p + 1 && *p == '\r'))
			return 1;
	}
}

/* Moves the chunks that are whole behind the body so far; 0 more, 200 complete, else the status. */
static int
chunks(struct httpreq *r)
{
	int got;

	for (;;) {
		if (!r->in_chunk && (got = chunk_size(r)) != 1)
			return got;
		if (r->left == 0) {
			got = trailers(r);
			return got == 1 ? 200 : got;
		}
		if (r->n - r->in < r->left + 1)
			return 0;
		char *end = r->buf + r->in + r->left;
		if (*end == '\r' && r->n - r->in < r->left + 2)
			return 0;
		if (*end != '\n' && !(*end == '\r' && end[1] == '\n'))
			return 400;
		size_t newline = *end == '\r' ? 2 : 1;
		memmove(r->buf + r->head_n + r->length, r->buf + r->in, r->left);
		r->length += r->left;
		r->in += r->left + newline;
		r->in_chunk = false;
	}
}

static void
give_out(struct httpreq *r)
{
	r->method = r->buf;
	r->path = r->buf + strlen(r->buf) + 1;
	char *query = strchr(r->path, '?');
	if (query)
		*query++ = '\0';
	r->query = query;
	r->body = r->buf + r->head_n;
	r->body_n = r->length;
}

int
httpreq_next(struct httpreq *r)
{
	int bad;

	if (!r->head_n) {
		size_t blank = 0;

		while (blank < r->n && (r->buf[blank] == '\r' || r->buf[blank] == '\n'))
			blank++;
		if (blank) {
			memmove(r->buf, r->buf + blank, r->n -= blank);
			r->searched = 0;
		}
		if (r->n == 0)
			return 0;
		if (!(r->head_n = find_head(r)))
			return r->n > HTTPREQ_MAX_HEAD ? 431 : 0;
		if (r->head_n > HTTPREQ_MAX_HEAD)
			return 431;
		if ((bad = parse_head(r)))
			return bad;
	}
	if (r->chunked) {
		if ((bad = chunks(r)) != 200)
			return bad;
	} else {
		if (r->n - r->head_n < r->length)
			return 0;
		r->in = r->head_n + r->length;
	}
	give_out(r);
	return 200;
}

bool
httpreq_wants_continue(struct httpreq *r)
{
	bool wants = r->head_n && r->expects && r->n == r->head_n && (r->chunked || r->length > 0);

	if (wants)
		r->expects = false;
	return wants;
}

const char *
httpreq_header(const struct httpreq *r, const char *name)
{
	const char *p = r->buf + r->headers, *end = r->buf + r->head_n;

	while (p < end) {
		const char *key = p, *value = p + strlen(p) + 1;

		if (!*key) { /* the blank line, or what is left of a CR LF */
			p++;
			continue;
		}
		value += strspn(value, " \t");
		if (strcasecmp(key, name) == 0)
			return value;
		p = value + strlen(value) + 1;
	}
	return NULL;
}

void
httpreq_drop(struct httpreq *r)
{
	char *buf = r->buf;
	size_t rest = r->n - r->in, cap = r->cap, max_body = r->max_body;

	memmove(buf, buf + r->in, rest);
	httpreq_start(r, max_body);
	if (rest == 0) {
		free(buf);
		return;
	}
	r->buf = buf;
	r->cap = cap;
	r->n = rest;
}

void
httpreq_free(struct httpreq *r)
{
	free(r->buf);
	*r = (struct httpreq){0};
}
