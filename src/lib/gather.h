/* gather: what is kept of the records of one group until their summaries are made.
 *
 * A record is known by a key (a hash), and has its place in time by a number that it holds: the first of
 * two fields, or the second where no record has the first.  Where some have one and some the other or none there
 * is no order.  Nothing depends on the order in which records are taken. */
#ifndef GATHER_H
#define GATHER_H

#include "samples.h"
#include "sketch_record.h"

struct gather {
	struct samples *fields;
	size_t n_fields;
	uint32_t records, cap, at_cap;
	uint64_t *key; /* what each record is resampled by */
	double *at;    /* its time; NULL: there is no order */
	bool counting; /* values go into sketches: nothing is kept of a record */
	int by;        /* which field that is, 0 or 1; below 0: none */
};

#define GATHER_FULL UINT32_MAX /* records a group can hold */

/* digits above 0: values go into sketches. */
bool gather_start(struct gather *g, size_t fields, bool bad_is_inf, unsigned digits);
/* A record is resampled by its id, a number or a string, else by its whole line. */
uint64_t gather_key(struct span id, const char *line, size_t len);
/* values[i] is the raw value of field i, or absent; the record must not be one too many.  False when memory ran out. */
bool gather_take(struct gather *g, const struct span *values, uint64_t key, const struct span at[2]);
/* Add a sketch to what there is of field i.  NULL, or why that cannot be (a constant string). */
const char *gather_sketch(struct gather *g, size_t i, const struct sketch_record *r);
/* Into out[i] what is said of field i; sorts the fields' values.  False when memory ran out. */
bool gather_summaries(struct gather *g, const struct interval_bootstrap *want, struct summary *const *out);
void gather_free(struct gather *g);

#endif
