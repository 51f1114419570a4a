/* inflight: how many requests were in flight, by a sweep over their starts and ends.
 *
 * A request is in flight in [start, end): at the microsecond where one ends and the next
 * begins there is one.  Pure; the arrays are the caller's. */
#ifndef INFLIGHT_H
#define INFLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inflight {
	const int64_t *starts, *ends; /* n each, sorted ascending, each for itself; end >= start */
	size_t n;
};

/* A stretch of time in which the count does not change. */
struct inflight_step {
	int64_t from, to;
	size_t count;
	size_t s, e; /* how many starts and ends lie behind */
};

/* The next stretch of positive length, beginning with a zeroed step; false at the end. */
bool inflight_next(const struct inflight *f, struct inflight_step *step);
size_t inflight_max(const struct inflight *f);
/* Add to time[count] the microseconds with that count; time has inflight_max() + 1 entries. */
void inflight_times(const struct inflight *f, int64_t *time);
/* The smallest count of 1 or more such that half of the time with any is spent at or below
 * it; 0 when nothing ever was in flight. */
size_t inflight_median(const int64_t *time, size_t max);
/* The first and the last moment with at least that count; false when it never was. */
bool inflight_reach(const struct inflight *f, double count, int64_t *from, int64_t *to);

#endif
