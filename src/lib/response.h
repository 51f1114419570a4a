/* response: reads one response record (docs/RECORDS.md) in place.
 *
 * Pure: spans point into the caller's line and live as long as it.  Numbers that are absent,
 * null, not integers or negative are RESPONSE_NONE.  What is checked: that the record is
 * an object, that ev_us never decreases, and that ev_kind has one known letter per entry. */
#ifndef RESPONSE_H
#define RESPONSE_H

#include "span.h"

#include <stddef.h>
#include <stdint.h>

#define RESPONSE_NONE (-1)
/* Times and counts above this are no times and counts; sums and differences of a few cannot overflow. */
#define RESPONSE_MAX ((int64_t)1 << 53)

struct response {
	struct span id, tags, finish, error, error_kind, phase, expect, session, turn;
	struct span text, calls; /* of a reply that was kept: a raw string without its quotes, a raw array */
	int64_t due_us, sent_us, end_us;         /* Unix epoch */
	int64_t connect_us, first_byte_us;       /* from sent_us */
	int64_t status;
	bool streamed;                           /* true when the record does not say */
	int64_t prompt_tokens, completion_tokens, cached_tokens, reasoning_tokens;
	int64_t expect_input, expect_output;
	int64_t part;                            /* of a resumed run */
	int64_t *ev_us;                          /* from sent_us */
	const char *ev_kind;
	size_t n_ev;
	struct span *rest; /* members that are no part of the above, as "key":value; tags and finish are not in it */
	size_t n_rest;
};

/* Read len bytes of text.  The caller lends ev_us and rest: room for len / 2 and len / 4
 * entries.  Returns NULL, or why the record is bad and, in *column, where (0: unknown). */
const char *response_read(struct response *r, const char *text, size_t len, int64_t *ev_us, struct span *rest,
	size_t *column);
/* "expect":{"input_tokens":…,"output_tokens":…}, for a record that gets its expectation from elsewhere. */
void response_expect(struct response *r, struct span expect);

/* The room that response_read() is lent; a zeroed struct has none. */
struct response_room {
	int64_t *ev_us;
	struct span *rest;
	size_t len; /* of the longest text that it is large enough for, and one more */
};

/* Room for a text of len bytes; what lay there is lost.  False: out of memory. */
bool response_room(struct response_room *m, size_t len);
void response_room_free(struct response_room *m);

bool response_is_warmup(const struct response *r);
/* Whether an event of one of these letters came. */
bool response_has(const struct response *r, const char *letters);

#endif
