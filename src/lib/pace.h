/* pace: which request goes out now, and when to look again.
 *
 * Closed loop (no at_us): as many in flight as slots are open; a request's due time is the
 * moment its slot became free.  Open loop: due at the run's start + at_us, whatever is in
 * flight; only max_in_flight makes it wait, and that shows, for due stays due.  Warm-up
 * requests go first, closed loop; the run's clock starts when the last of them is back, or later at not_before_us.
 *
 * A session's first turn is due as any request; a later one think_us after the turn before it
 * ended.  In the closed loop it keeps its slot until its last turn is over.  When a turn
 * fails, those after it are skipped: they can no longer be what they were. */
#ifndef PACE_H
#define PACE_H

#include "intake.h"
#include "resume.h"
#include "session_queue.h"
#include "slots.h"
#include "watch.h"
#include "wire.h"

struct pace {
	/* The caller's, set before pace_open(). */
	const struct slots *slots;
	int64_t duration_us;   /* 0: until the input ends */
	int64_t max_in_flight; /* of open-loop requests; 0: no bound */
	const struct resume *resume; /* NULL: a new run */
	const struct clock *clock;
	struct wire *wire;
	struct intake *in;
	struct watch *watch;
	struct shards *shards; /* NULL: this process alone */
	int64_t not_before_us; /* the run's clock does not start earlier; 0: as soon as it can */
	/* A turn that is never sent, as an exchange with the error "skipped". */
	void (*skipped)(void *ctx, struct exchange *x);
	void *ctx;

	int64_t sent;
	int64_t wake_us; /* when to look again at the latest; INT64_MAX: when something has happened */
	bool stopped, out_of_memory;

	int64_t start_us; /* the run's clock; 0: warm-ups are still on their way */
	int64_t shift_us; /* of a resumed run: the first unsent request is due at its start; -1: not known yet */
	int64_t *free_at; /* when each free slot became free: a queue of n_free from first_free */
	int64_t most, first_free, n_free;
	int64_t slots_us; /* the slots are opened and closed up to here, from start_us */
	struct session_queue talks;
	int64_t ticket;   /* the closed-loop arrival that this process has taken and not begun; -1: none */
	int64_t held;     /* slots of sessions that have nothing in flight */
};

bool pace_open(struct pace *p); /* false: out of memory */
/* Send one request, if it is its time; else false, and wake_us says when to look again. */
bool pace_send(struct pace *p);
/* That exchange is over (inside the wire's done(), its record made): frees a slot, or makes its session go on. */
void pace_done(struct pace *p, struct exchange *x);
/* Send nothing more. */
void pace_stop(struct pace *p);
/* Whether nothing is left to be sent. */
bool pace_idle(const struct pace *p);
/* Requests that are due but held back by max_in_flight. */
int64_t pace_waiting(const struct pace *p, int64_t now_us);
void pace_close(struct pace *p);

#endif
