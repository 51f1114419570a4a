/* batch: continuous batching as discrete events, exact to the microsecond; touches no clock.
 *
 * At most max_running sequences run, the others wait first come, first served.  A sequence
 * starts when it arrives and a place is free, else at the very time at which one becomes
 * free.  Planned times follow from arrival times by latency.h alone, however late the
 * caller asks for them.  The caller's one duty: before batch_arrive() and batch_cancel() at
 * `now`, batch_next(b, now) has been called until it returned false. */
#ifndef BATCH_H
#define BATCH_H

#include "latency.h"

#include <stddef.h>

struct batch;

struct batch_job {
	uint64_t number; /* of the request, from 1: the key of its jitter, and the order of ties */
	int64_t prompt;  /* tokens */
	int64_t tokens;  /* to make, at least 1 */
	void *user;
};

struct batch_event {
	void *user;
	int64_t plan_us;
	int64_t token; /* from 1 */
	bool last;     /* with this one the sequence is over and its place is free */
};

/* Called when a sequence starts at start_us: returns how many tokens of its prompt are
 * cached.  Must not call back into the batch. */
typedef int64_t batch_start_fn(void *ctx, void *user, int64_t start_us);

/* NULL: out of memory.  The model is copied. */
struct batch *batch_new(const struct latency *model, size_t max_waiting, batch_start_fn *start, void *ctx);
void batch_free(struct batch *b);
enum batch_status { BATCH_OK, BATCH_FULL, BATCH_MEMORY };
/* *id names the sequence until its last event or its cancelling. */
enum batch_status batch_arrive(struct batch *b, int64_t now, const struct batch_job *job, size_t *id);
void batch_cancel(struct batch *b, int64_t now, size_t id);
/* The earliest event planned at or before now, if any. */
bool batch_next(struct batch *b, int64_t now, struct batch_event *e);
int64_t batch_due(const struct batch *b); /* when the next event is planned; INT64_MAX: none */
unsigned batch_running(const struct batch *b);
size_t batch_waiting(const struct batch *b);

#endif
