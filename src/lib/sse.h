/* sse: bytes of a text/event-stream in, events out (WHATWG HTML, section 9.2.6).
 *
 * Pure: it never touches a socket and keeps no clock.  Bytes may be cut anywhere; LF, CR
 * and CRLF end a line; the data lines of one event are joined by LF; comments, `id:` and
 * `retry:` are dropped.  An event whose lines lie in one piece of input is not copied. */
#ifndef SSE_H
#define SSE_H

#include <stdbool.h>
#include <stddef.h>

#define SSE_MAX_EVENT ((size_t)256 << 20)

/* One event with data.  name is its `event:` field, cut at 31 bytes ("" without one).
 * data (len bytes, no NUL) is valid during the call only. */
typedef void sse_event(void *ctx, const char *name, const char *data, size_t len);

struct sse {
	char *line, *data; /* an unfinished line; the data of the current event */
	size_t line_len, line_cap, data_len, data_cap;
	const char *held; /* the event's only data line so far, still in the caller's bytes */
	size_t held_len;
	char name[32];
	bool has_data, skip_lf;
};

/* A zeroed struct is a fresh parser.  False: out of memory, or an event larger than
 * SSE_MAX_EVENT; the parser is then of no further use. */
bool sse_feed(struct sse *p, const char *bytes, size_t n, sse_event *fn, void *ctx);
/* The stream ended cleanly: an event that lacks only its blank line is dispatched. */
bool sse_end(struct sse *p, sse_event *fn, void *ctx);
void sse_free(struct sse *p);

#endif
