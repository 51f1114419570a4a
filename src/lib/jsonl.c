/* jsonl: see jsonl.h.  buf[from,to) is unread; buf[from,seen) holds no newline. */
#include "jsonl.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE ((size_t)64 << 10)

void
jsonl_open(struct jsonl *r, int fd, size_t max_line)
{
	*r = (struct jsonl){.fd = fd, .max_line = max_line};
}

void
jsonl_close(struct jsonl *r)
{
	free(r->buf);
	r->buf = NULL;
}

static char *
newline(const struct jsonl *r)
{
	return r->to > r->seen ? memchr(r->buf + r->seen, '\n', r->to - r->seen) : NULL;
}

bool
jsonl_empty(const struct jsonl *r)
{
	return !newline(r);
}

/* Make room for one read behind the unread bytes, and for a NUL. */
static bool
make_room(struct jsonl *r)
{
	size_t want;
	char *p;

	if (r->from > 0) {
		memmove(r->buf, r->buf + r->from, r->to - r->from);
		r->to -= r->from;
		r->seen -= r->from;
		r->from = 0;
	}
	if (r->cap > r->to + READ_SIZE)
		return true;
	want = r->cap ? r->cap * 2 : 2 * READ_SIZE;
	if (want > r->max_line + 2 * READ_SIZE)
		want = r->max_line + 2 * READ_SIZE;
	if (!(p = realloc(r->buf, want)))
		return false;
	r->buf = p;
	r->cap = want;
	return true;
}

/* One read; JSONL_LINE means that there may be more to look at now. */
static enum jsonl_status
fill(struct jsonl *r)
{
	struct pollfd ready = {.fd = r->fd, .events = POLLIN};
	ssize_t n;

	if (!make_room(r))
		return JSONL_ERROR;
	if (r->no_wait && poll(&ready, 1, 0) == 0)
		return JSONL_AGAIN;
	while ((n = read(r->fd, r->buf + r->to, READ_SIZE)) < 0) {
		bool empty = errno == EAGAIN || errno == EWOULDBLOCK;

		if (empty && r->no_wait)
			return JSONL_AGAIN;
		if (empty)
			poll(&ready, 1, -1);
		else if (errno != EINTR)
			return JSONL_ERROR;
	}
	r->eof = n == 0;
	r->to += (size_t)n;
	return JSONL_LINE;
}

enum jsonl_status
jsonl_more(struct jsonl *r)
{
	enum jsonl_status got = r->eof ? JSONL_END : fill(r);

	return got == JSONL_LINE && r->eof ? JSONL_END : got;
}

static enum jsonl_status
give(struct jsonl *r, size_t end, char **line, size_t *len)
{
	bool too_long = r->skipping || end - r->from > r->max_line;

	*line = r->buf + r->from;
	*len = end - r->from;
	r->buf[end] = '\0';
	r->from = r->seen = end < r->to ? end + 1 : end;
	r->skipping = false;
	r->number++;
	return too_long ? JSONL_TOO_LONG : JSONL_LINE;
}

enum jsonl_status
jsonl_next(struct jsonl *r, char **line, size_t *len)
{
	for (;;) {
		char *nl = newline(r);
		enum jsonl_status got;

		if (nl)
			return give(r, (size_t)(nl - r->buf), line, len);
		r->seen = r->to;
		if (r->to - r->from > r->max_line) {
			r->skipping = true;
			r->from = r->to;
		}
		if (r->eof)
			return r->to > r->from || r->skipping ? give(r, r->to, line, len) : JSONL_END;
		if ((got = fill(r)) != JSONL_LINE)
			return got;
	}
}
