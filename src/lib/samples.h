/* samples: the values of one field in one group, kept as they are, and their summary.
 *
 * Every value is kept (8 bytes, and 4 for the record it came from), so that percentiles are exact.  The
 * summary is the same in whatever order the values came. */
#ifndef SAMPLES_H
#define SAMPLES_H

#include "span.h"
#include "summary.h"

struct samples {
	double *x;
	uint32_t *record; /* the number of the record within its group */
	size_t n, cap;
	size_t bad;  /* records without a usable value */
	bool pooled; /* some record held an array: its values are not independent */
};

/* Take what a record has for the field: a finite number, or an array of them, all or none.
 * Anything else, an absent value too, is bad.  False when memory ran out. */
bool samples_take(struct samples *s, struct span raw, uint32_t record);
void samples_free(struct samples *s);

/* Sorts s->x (and leaves s->record without meaning).  key[i] stands for record i < records of
 * the group, see interval.h.  Intervals are of independent values unless s->pooled.  False when memory ran out. */
bool samples_summary(struct samples *s, const uint64_t *key, size_t records, const struct interval_bootstrap *want,
	struct summary *out);

#endif
