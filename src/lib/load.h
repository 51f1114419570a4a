/* load: a run from its first request to its last record: the event loop, the signals, and when it is over.
 *
 * When each request goes out is pace.c's, what happens to it wire.c's. */
#ifndef LOAD_H
#define LOAD_H

#include "clock.h"
#include "intake.h"
#include "resume.h"
#include "slots.h"
#include "watch.h"
#include "wire.h"

struct load_options {
	struct slots slots;
	int64_t duration_us;   /* 0: until the input ends */
	int64_t max_in_flight; /* of open-loop requests; 0: no bound */
	const struct resume *resume; /* NULL: a new run */
	struct shards *shards; /* NULL: this process alone */
	int shard;             /* what its progress records say it is; 0: the only one */
	int64_t start_us;      /* the run's clock does not start before it */
	int64_t into_us;       /* of the slots' times and of the duration so much has passed then */
	int64_t grace_us;      /* for those in flight after the first interrupt */
	/* A finished exchange, which it may change.  After it has returned false nothing more is sent. */
	bool (*emit)(void *ctx, struct exchange *x);
	/* Once a second and at the end; NULL: nobody asks. */
	void (*progress)(void *ctx, struct watch *w, int64_t now_us, const struct watch_counts *p);
	/* What somebody at the terminal should know. */
	void (*say)(void *ctx, const char *message);
	void *ctx;
};

struct load_result {
	struct watch_counts total;
	int64_t answered; /* requests that got an HTTP answer */
	bool interrupted, out_of_files, out_of_memory, cut_short; /* cut_short: emit() said no */
};

/* An event loop whose timers are exact to the microsecond; NULL: errno says why. */
struct event_base *load_base(void);
/* Run to the end.  The intake is filled as needed; w.done and w.ctx are set here. */
struct load_result load_run(const struct load_options *o, struct wire_options *w, struct intake *in,
                            const char **why, const char **bad_url);

#endif
