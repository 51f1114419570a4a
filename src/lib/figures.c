/* figures: see figures.h. */
#include "figures.h"

static void
add_segment(struct figures *f, struct segment s, const struct window *w)
{
	size_t max = segment_max(s, w);

	if (s.to_us == s.from_us)
		return;
	if (f->parts++ == 0)
		f->from_us = s.from_us;
	f->to_us = s.to_us;
	f->us += s.to_us - s.from_us;
	f->area += segment_area(s, w);
	f->max_in_flight = max > f->max_in_flight ? max : f->max_in_flight;
}

void
figures_add(struct figures *f, const struct window *w, size_t n, bool steady)
{
	for (size_t i = 0; i < n; i++) {
		add_segment(f, steady ? w[i].steady : w[i].whole, &w[i]);
		for (size_t k = 0; k < w[i].n; k++)
			if (!steady || segment_has(w[i].steady, &w[i].first[k]))
				totals_add(&f->totals, &w[i].first[k]);
	}
}
