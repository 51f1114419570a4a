/* figures: what a run, or the steady part of it, comes to in counts, sums and time.  Pure. */
#ifndef FIGURES_H
#define FIGURES_H

#include "totals.h"
#include "window.h"

struct figures {
	struct totals totals;
	int64_t from_us, to_us; /* of the first and the last part */
	int64_t us;             /* sum of the parts; 0: there is no window */
	size_t parts;
	int64_t area;           /* requests in flight times microseconds */
	size_t max_in_flight;
};

/* Add up all requests of the windows, or those that ended in their steady segments.  *f is
 * zeroed but for totals.by_kind, which has room for every kind of error. */
void figures_add(struct figures *f, const struct window *w, size_t n, bool steady);

#endif
