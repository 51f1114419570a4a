/* join: what request records say of each id, to be looked up when a response does not.
 *
 * Ids are compared by their JSON text: 17 and "17" differ.  The first record of an id counts. */
#ifndef JOIN_H
#define JOIN_H

#include "span.h"

#include <stdbool.h>
#include <stddef.h>

struct join {
	struct span id, tags, expect, session, turn, phase; /* into the line kept for it; absent: s is NULL */
	struct span format, tools; /* the body's response_format and tools; no tools with tool_choice none */
	size_t asked; /* the caller's */
	size_t order; /* of reading: the caller's */
	bool seen;    /* the caller's */
};

/* Read one request record in place.  NULL, or why it is bad (*column: where, 0: unknown). */
const char *join_read(struct join *r, const char *text, size_t len, size_t *column);
/* Sort n of them by id, with later ones of an id behind all others; returns how many ids there are. */
size_t join_sort(struct join *r, size_t n);
/* Of a sorted array: that id's, or NULL. */
struct join *join_find(struct join *r, size_t n, struct span id);
bool join_is_warmup(const struct join *r);

#endif
