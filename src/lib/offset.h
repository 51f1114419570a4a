/* offset: how far another machine's clock is ahead of ours, from questions that were asked of it.  Pure.
 *
 * A question leaves here at t1, arrives there at t2, its answer leaves there at t3 and is here at t4, each by the
 * clock of where it happens.  The way there and the way back take (t4 - t1) - (t3 - t2) together; however they
 * share it, the offset is within half of that of ((t2 - t1) + (t3 - t4)) / 2.  So the question that was under way
 * for the least time tells most; of the last few, since clocks drift. */
#ifndef OFFSET_H
#define OFFSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OFFSET_LAST 16

struct offset_sample {
	int64_t t1, t2, t3, t4;
};

struct offset {
	size_t n; /* asked so far; the last OFFSET_LAST are kept */
	struct offset_sample last[OFFSET_LAST];
};

struct offset_found {
	int64_t us, error_us, rtt_us; /* to be added to our clock; at most so wrong; on the way there and back */
};

/* False: no such question can have been (it took less than no time), and it is left out. */
bool offset_add(struct offset *o, struct offset_sample s);
/* False: there is none yet. */
bool offset_find(const struct offset *o, struct offset_found *f);

#endif
