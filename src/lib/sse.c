/* sse: see sse.h. */
#include "sse.h"

#include <stdlib.h>
#include <string.h>

static bool
append(char **buf, size_t *len, size_t *cap, const char *bytes, size_t n)
{
	if (n > SSE_MAX_EVENT - *len)
		return false;
	if (*len + n > *cap) {
		size_t want = *cap ? *cap : 1024;
		char *p;

		while (want < *len + n)
			want *= 2;
		if (!(p = realloc(*buf, want)))
			return false;
		*buf = p;
		*cap = want;
	}
	if (n)
		memcpy(*buf + *len, bytes, n);
	*len += n;
	return true;
}

/* Move the held data line into our own buffer. */
static bool
keep(struct sse *p)
{
	const char *held = p->held;

	p->held = NULL;
	return !held || append(&p->data, &p->data_len, &p->data_cap, held, p->held_len);
}

static void
dispatch(struct sse *p, sse_event *fn, void *ctx)
{
	const char *data = p->held ? p->held : p->data;
	size_t len = p->held ? p->held_len : p->data_len;

	if (p->has_data && len > 0)
		fn(ctx, p->name, data, len);
	p->held = NULL;
	p->data_len = 0;
	p->has_data = false;
	p->name[0] = '\0';
}

static bool
data_line(struct sse *p, const char *value, size_t n)
{
	if (!p->has_data) {
		p->has_data = true;
		p->held = value;
		p->held_len = n;
		return true;
	}
	return keep(p) && append(&p->data, &p->data_len, &p->data_cap, "\n", 1) &&
	       append(&p->data, &p->data_len, &p->data_cap, value, n);
}

static bool
field_is(const char *line, size_t n, const char *name)
{
	return n == strlen(name) && memcmp(line, name, n) == 0;
}

static bool
take_line(struct sse *p, const char *line, size_t n, sse_event *fn, void *ctx)
{
	const char *colon, *value;
	size_t name_len, len;

	if (n == 0) {
		dispatch(p, fn, ctx);
		return true;
	}
	colon = memchr(line, ':', n);
	name_len = colon ? (size_t)(colon - line) : n;
	value = colon ? colon + 1 : line + n;
	len = n - (size_t)(value - line);
	if (len > 0 && *value == ' ') {
		value++;
		len--;
	}
	if (field_is(line, name_len, "data"))
		return data_line(p, value, len);
	if (field_is(line, name_len, "event")) {
		if (len >= sizeof p->name)
			len = sizeof p->name - 1;
		memcpy(p->name, value, len);
		p->name[len] = '\0';
	}
	return true;
}

static const char *
line_end(const char *s, const char *end)
{
	const char *lf = memchr(s, '\n', (size_t)(end - s));
	const char *cr = memchr(s, '\r', (size_t)((lf ? lf : end) - s));

	return cr ? cr : lf;
}

bool
sse_feed(struct sse *p, const char *bytes, size_t n, sse_event *fn, void *ctx)
{
	const char *s = bytes, *end = bytes + n, *eol;

	if (p->skip_lf && n > 0) {
		s += *s == '\n';
		p->skip_lf = false;
	}
	while (s < end && (eol = line_end(s, end))) {
		bool whole = p->line_len == 0, good;

		if (!whole && !append(&p->line, &p->line_len, &p->line_cap, s, (size_t)(eol - s)))
			return false;
		good = whole ? take_line(p, s, (size_t)(eol - s), fn, ctx)
		             : take_line(p, p->line, p->line_len, fn, ctx);
		p->line_len = 0;
		s = eol + 1;
		if (*eol == '\r') {
			p->skip_lf = s == end;
			s += s < end && *s == '\n';
		}
		if (!good)
			return false;
	}
	return keep(p) && append(&p->line, &p->line_len, &p->line_cap, s, (size_t)(end - s));
}

bool
sse_end(struct sse *p, sse_event *fn, void *ctx)
{
	bool good = p->line_len == 0 || take_line(p, p->line, p->line_len, fn, ctx);

	p->line_len = 0;
	dispatch(p, fn, ctx);
	return good;
}

void
sse_free(struct sse *p)
{
	free(p->line);
	free(p->data);
	*p = (struct sse){0};
}
