/* genflags: the options of genload that stand for a key of the workload, one row each.
 *
 * A flag that is the same as a key needs nothing but its row here and its words in genload's
 * help and manual. */
#ifndef GENFLAGS_H
#define GENFLAGS_H

#include <stdbool.h>

struct genflag {
	const char *name;
	const char *section, *key;
	const char *value; /* NULL: the option's argument */
	int letter;        /* 0: the long name only */
	bool json;         /* the argument is a JSON file, the value what is in it */
};

#define GENFLAGS_MOST 63
extern const struct genflag genflags[GENFLAGS_MOST + 1]; /* ends with a row without a name */

#endif
