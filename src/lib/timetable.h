/* timetable: the arrivals of a whole run: one process, or stages that follow each other.
 *
 * A stage begins where the one before it ends, with a process of its own that starts anew;
 * what that has due at the stage's end or later is not sent.  Each stage draws from a stream of
 * random numbers of its own, the first one from the stream of a run without stages. */
#ifndef TIMETABLE_H
#define TIMETABLE_H

#include "arrival.h"

#include <stddef.h>

struct stage {
	const char *name;    /* NULL: a run without stages */
	int64_t duration_us; /* 0: no end */
	struct arrival_process arrival;
};

struct timetable {
	const struct stage *stages;
	size_t n, now;
	int64_t from_us; /* the current stage's start */
	uint64_t seed;
	gsl_rng *rng;
	struct arrival a;
};

/* The n >= 1 stages stay the caller's.  False: out of memory. */
bool timetable_start(struct timetable *t, const struct stage *stages, size_t n, uint64_t seed);
/* When the next request is due, never before the last one, and in which stage; false: the last
 * stage is over.  A closed process has ARRIVAL_CLOSED_US for ever. */
bool timetable_next(struct timetable *t, int64_t *at_us, const char **stage);
void timetable_end(struct timetable *t);

#endif
