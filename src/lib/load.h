/* load: decides when each request goes out, and when the run is over.
 *
 * Closed loop (no at_us): as many in flight as slots are open; a request's due time is the
 * moment its slot became free.  Open loop: due at the run's start + at_us, whatever is in
 * flight; only max_in_flight makes it wait, and that shows, for due stays due.  Warm-up
 * requests go first, closed loop; the run's clock starts when the last of them is back. */
#ifndef LOAD_H
#define LOAD_H

#include "clock.h"
#include "intake.h"
#include "slots.h"
#include "watch.h"
#include "wire.h"

struct load_options {
	struct slots slots;
	int64_t duration_us;   /* 0: until the input ends */
	int64_t max_in_flight; /* of open-loop requests; 0: no bound */
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

/* Run to the end.  The intake is filled as needed; w.done and w.ctx are set here. */
struct load_result load_run(const struct load_options *o, struct wire_options *w, struct intake *in,
                            const char **why, const char **bad_url);

#endif
