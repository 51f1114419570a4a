/* reply: the body of one answer, from its bytes to event times, letters and totals.
 *
 * Pure: fed with bytes and the time at which they came, it never touches a socket or a
 * clock.  What a body is shows in its first bytes (event stream, JSON, or neither), not
 * in its Content-Type.  The rules are those of docs/RECORDS.md, "Response record". */
#ifndef REPLY_H
#define REPLY_H

#include "calls.h"
#include "event.h"
#include "sse.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPLY_MESSAGE 4096 /* bytes of a server's own message that are kept */

typedef void reply_reader(const char *name, const char *text, size_t len, struct event *e);

struct reply {
	reply_reader *read;     /* how the API's events are read */
	bool http_error;        /* the status is not 2xx: the body is a message, not events */
	bool keep_text;
	int64_t *ev_us;         /* n times, as they were passed in */
	char *ev_kind;          /* n letters */
	size_t n, cap, output;  /* output: the events among them that are t, c or f */
	int64_t first_us, last_us; /* of the first and the last body bytes; 0: none came */
	int64_t bytes;
	bool streamed, done;    /* an event stream; [DONE] was seen: later bytes are ignored */
	struct usage usage;
	char *finish, *timings; /* raw JSON string without quotes, raw JSON object; or NULL */
	char *text;             /* the pieces of choice 0's text, decoded; if keep_text */
	size_t text_len, text_cap;
	struct calls calls;     /* of choice 0; if keep_text */
	const char *error;      /* NULL, "stream", "protocol" or "http": the first error */
	char *message;          /* its words, at most REPLY_MESSAGE bytes */
	bool no_memory;

	enum { REPLY_UNKNOWN, REPLY_SSE, REPLY_JSON, REPLY_OTHER } shape;
	struct sse sse;
	char *body; /* the start of an unknown body, all of a JSON body, some of an error's */
	size_t body_len, body_cap;
	int64_t now_us;
};

void reply_start(struct reply *r, reply_reader *read, bool keep_text);
/* Bytes that arrived at t_us. */
void reply_feed(struct reply *r, const char *bytes, size_t n, int64_t t_us);
/* The body ended cleanly.  (After a broken one just do not call it.) */
void reply_end(struct reply *r, int64_t t_us);
/* Record an error unless there is one already; kind is a constant string. */
void reply_fail(struct reply *r, const char *kind, const char *message, size_t len);
void reply_free(struct reply *r);

#endif
