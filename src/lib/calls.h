/* calls: the tool calls of one reply, put together from their deltas by index. */
#ifndef CALLS_H
#define CALLS_H

#include "span.h"
#include "text.h"

#include <stdio.h>

struct call {
	int64_t index;
	struct text name, arguments;
};

struct calls {
	struct call *call; /* in the order of their first delta */
	size_t n;
	bool no_memory;
};

/* What one event has of them: a raw JSON array of tool_calls, of deltas or whole ones (an item without
 * an index has that of its place), or the raw object of a function_call. */
void calls_add(struct calls *c, struct span raw);
/* [{"name":…,"arguments":"…"},…] */
void calls_put(FILE *f, const struct calls *c);
void calls_free(struct calls *c);

#endif
