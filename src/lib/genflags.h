/* genflags: the options of genload that stand for a key of the workload, one row each, and the help.
 *
 * A flag that is the same as a key needs nothing but its row and its words, here and in the
 * manual. */
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
extern const char genflags_help[];                     /* what --help says about all options */

#endif
