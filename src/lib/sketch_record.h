/* sketch_record: a sketch as a line of JSON (docs/RECORDS.md), which pctl reads again and adds to others. */
#ifndef SKETCH_RECORD_H
#define SKETCH_RECORD_H

#include "scan.h"
#include "sketch.h"

#include <stdio.h>

struct sketch_record {
	int64_t digits, n, bad;
	bool pooled;
	double min, max; /* NAN of none */
	struct span group, field, sum, squares, bins; /* raw, into the line */
};

/* The record and a newline; group is a JSON object. */
void sketch_put(FILE *f, const char *group, const char *field, struct sketch *s, size_t bad, bool pooled);
/* Whether a line begins as ours do. */
bool sketch_is_record(const char *text, size_t len);
/* False and an error in s when the text is no such record. */
bool sketch_read(struct scan *s, struct sketch_record *r);
/* The raw value of the key of that name in the record's group, or absent. */
struct span sketch_key(const struct sketch_record *r, const char *name);
/* Add the record to a sketch of the same digits.  False when memory ran out. */
bool sketch_merge(struct sketch *into, const struct sketch_record *r);

#endif
