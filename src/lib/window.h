/* window: from when to when a run lasted, part by part, and what of it is in a segment.  Pure.
 *
 * A run that was resumed has parts; its windows are summed, so that the pause between them
 * counts nowhere.  Parts that overlap (of a run by several senders one was started again, while the
 * others went on) are one window, so that no moment counts twice.  A part's window goes from the
 * first due_us of a request that was sent (its sent_us when it has none) to the last output event
 * of an ok request or the end of a failed one. */
#ifndef WINDOW_H
#define WINDOW_H

#include "inflight.h"
#include "outcome.h"

struct segment {
	int64_t from_us, to_us; /* equal: nothing */
};

struct window {
	const struct outcome *first; /* its requests */
	size_t n;
	struct segment whole, steady;
	struct inflight in_flight; /* from sent_us to end_us, at most to the window's end */
};

/* Sort the outcomes by part (those of parts that overlap then are of the first of these), and split
 * them.  starts and ends have room for n each, w for n windows; the steady segments (steady.h) are
 * still empty.  Returns the number of windows. */
size_t window_split(struct outcome *o, size_t n, int64_t *starts, int64_t *ends, struct window *w);

/* Whether a request ended in the segment. */
bool segment_has(struct segment s, const struct outcome *o);
/* Requests times microseconds in flight within the segment. */
int64_t segment_area(struct segment s, const struct window *w);
/* The most in flight at once within the segment. */
size_t segment_max(struct segment s, const struct window *w);

#endif
