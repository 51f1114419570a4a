/* request: one request record, read in place from its line (docs/RECORDS.md). */
#ifndef REQUEST_H
#define REQUEST_H

#include "api.h"
#include "span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REQUEST_FIELDS 32 /* fields that are passed into the response record */

struct request {
	char *line; /* owned; every span points into it */
	size_t len;
	int64_t id;
	int64_t at_us; /* -1: closed loop */
	bool warmup;
	int64_t arrival; /* of several processes: the number of this, or of its session, from 0; see intake.h */
	bool stream; /* body.stream is true: events are expected */
	const struct api *api;
	struct span path;   /* decoded: a path on the server */
	struct span method; /* absent: POST with a body, GET without */
	struct span body;   /* the JSON text that goes on the wire; absent: none */
	struct span session;  /* raw: a string or a number; absent: by itself */
	int64_t turn, turns;  /* of a session, from 1; turns: 0: not said */
	int64_t think_us;     /* before this turn */
	struct span messages; /* of a session's turn: the text of body.messages, an array */
	struct span tags;
	const char *stage;    /* the closed loop's stage that it was sent in, not owned; or NULL */
	struct {
		struct span key, value;
	} pass[REQUEST_FIELDS]; /* raw key and value of every field that passes through */
	int n_pass;
	char *history_body;   /* owned: what body points to when it is not in line; or NULL */
	struct session *talk; /* the session that it is a turn of (session.h), not owned; or NULL */
};

/* Read the record in line (len bytes and a NUL), which the request takes over: free it
 * with request_free().  NULL, or the reason why it is none; then *column is where, from 1
 * (0: unknown), and the line stays the caller's. */
const char *request_read(struct request *q, char *line, size_t len, size_t *column);
void request_free(struct request *q);

#endif
