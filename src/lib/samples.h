/* samples: the values of one field in one group, kept as they are, and their summary.
 *
 * Every value is kept (8 bytes, and 4 more for the record it came from once that is not the one of the same
 * number), so that percentiles are exact; or they are counted in a sketch.  The summary is the same in
 * whatever order the values came. */
#ifndef SAMPLES_H
#define SAMPLES_H

#include "sketch.h"
#include "span.h"
#include "summary.h"

struct samples {
	double *x;
	uint32_t *record; /* the number of the record within its group; NULL: x[i] is of record i */
	size_t n, cap;
	size_t bad;      /* records without a usable value */
	bool pooled;     /* some record held an array: its values are not independent */
	bool bad_is_inf; /* set it first: a record without a usable value has one that is infinite */
	struct sketch *sketch; /* NULL: values are kept */
};

/* Take what a record has for the field: a finite number, or an array of them, all or none.
 * Anything else, an absent value too, is bad.  False when memory ran out. */
bool samples_take(struct samples *s, struct span raw, uint32_t record);
/* The value of each record, or the mean of those it has, into of[records]; NAN where it has none. */
void samples_by_record(const struct samples *s, double *of, size_t records);
/* From now on values are counted, and the finite ones taken so far.  False when memory ran out. */
bool samples_sketch(struct samples *s, unsigned digits);
/* The values of the sketch, as far as it knows them, into s->x, ascending.  False when memory ran out. */
bool samples_unfold(struct samples *s);
void samples_free(struct samples *s);

/* Sorts s->x (and leaves s->record without meaning).  key[i] stands for record i < records of
 * the group, see interval.h.  Intervals are of independent values unless s->pooled.  False when memory ran out. */
bool samples_summary(struct samples *s, const uint64_t *key, size_t records, const struct interval_bootstrap *want,
	struct summary *out);

#endif
