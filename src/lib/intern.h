/* intern: gives each different text a number, 0, 1, 2 … in the order of first sight. */
#ifndef INTERN_H
#define INTERN_H

#include "span.h"

#include <stdint.h>

#define INTERN_NONE UINT32_MAX

struct intern {
	struct span *text; /* by number; the bytes are kept here, each followed by a NUL */
	uint64_t *hash;    /* by number */
	uint32_t *slot;    /* open addressing; INTERN_NONE is free */
	size_t n, cap, slots;
};

/* The number of these bytes, which are copied when they are new: then the number is the
 * old t->n.  INTERN_NONE when memory ran out. */
uint32_t intern(struct intern *t, const char *s, size_t n);
void intern_free(struct intern *t);

#endif
