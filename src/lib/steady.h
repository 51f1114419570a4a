/* steady: which part of a run was steady, by a rule.  Pure.
 *
 *	in-flight:RATIO  from the first to the last moment with RATIO times the median in flight
 *	trim:DURATION    without that much at each end
 *	auto             as in-flight:0.95, and not before the server has warmed up
 *	none             nothing
 *
 * Under auto, where the count in flight fluctuates, as under Poisson arrivals, two of its standard
 * deviations below its median are enough, if that is less (the deviation from the median absolute one over time).
 *
 * A server has warmed up when the latencies have come to their level (transient.h): ttft_ms of the
 * ok requests over when each was sent, and tpot_ms over the middle between its first and last
 * output; where fewer than 20 requests have either, last output minus due over sent.  The
 * clearest transient counts, or one of another field that ends later, if that field still has
 * one in the requests sent from the clearest's edge on.  An edge in the last quarter of the time in
 * which requests were sent means that the part never was steady. */
#ifndef STEADY_H
#define STEADY_H

#include "transient.h"
#include "window.h"

enum steady {
	STEADY_NONE,
	STEADY_IN_FLIGHT,
	STEADY_TRIM,
	STEADY_AUTO
};

struct steady_rule {
	enum steady how;
	double ratio;
	int64_t trim_us;
};

/* What cut a part's beginning off. */
struct steady_edge {
	const char *by;           /* "in-flight", "trim", or the field whose latencies had not come to their level */
	struct transient warmup;  /* edge 0: none */
	bool unsettled;           /* the latencies never came to a level */
};

/* NULL, or why the text is no rule. */
const char *steady_parse(struct steady_rule *rule, const char *text);
/* Fill in the steady segments, and one edge for each.  time: the run's, by inflight_times();
 * max: its last index.  False when memory ran out. */
bool steady_find(struct window *w, size_t n, const struct steady_rule *rule, const int64_t *time, size_t max,
	struct steady_edge *edges);

#endif
