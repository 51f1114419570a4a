/* groups: which group a record belongs to, by the values of its keys.
 *
 * Values that are the same JSON value are the same group, however the record writes them ("\u0061" and
 * "a", 1.0 and 1); a missing value is null; arrays and objects count by their text. */
#ifndef GROUPS_H
#define GROUPS_H

#include "intern.h"

#define GROUPS_NONE INTERN_NONE

struct groups {
	char **names; /* of the keys, as they are to be written */
	size_t keys;
	struct intern texts; /* texts.n groups; text[i]: {"tags.adapter":"math"}, a JSON object */
	struct intern raw;   /* the same values as the records write them */
	uint32_t *of_raw;
};

/* The number of the group with these values, 0, 1, 2 … in the order of first sight.
 * values[i] is the raw JSON of key i, or absent.  GROUPS_NONE when memory ran out. */
uint32_t groups_find(struct groups *g, const struct span *values);
/* All groups' numbers in order: key by key null, false, true, numbers, strings, arrays, objects (as jq
 * sorts).  The caller frees it; NULL when memory ran out. */
uint32_t *groups_in_order(const struct groups *g);
void groups_free(struct groups *g);

#endif
