/* summaries: the summary records (docs/RECORDS.md) of a run, those without a group, for
 * figures to be looked up in.  Its records are its own until summaries_free(). */
#ifndef SUMMARIES_H
#define SUMMARIES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct summaries {
	json_t **records;
	size_t n, cap;
};

/* Read one record; one with a group is only checked.  NULL, or why it is bad (*column: where, 0: unknown). */
const char *summaries_add(struct summaries *s, const char *text, size_t len, size_t *column);
/* The number at FIELD.KEY: field names may hold dots, and so may keys (p99.9).  False when there is none. */
bool summaries_find(const struct summaries *s, const char *path, double *v);
void summaries_free(struct summaries *s);

#endif
