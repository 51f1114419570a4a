/* askedset: the different things that requests asked of their replies; each is read once, however many ask it. */
#ifndef ASKEDSET_H
#define ASKEDSET_H

#include "asked.h"
#include "intern.h"

struct askedset {
	struct intern texts;
	struct asked *asked; /* by number */
	size_t cap;
};

/* The number from 1 of what a response_format and tools (raw JSON values, or absent) ask for; 0: nothing.
 * *why (of size bytes) is empty, or for a new one what asked_read() says.  SIZE_MAX: out of memory. */
size_t askedset_add(struct askedset *set, struct span format, struct span tools, char *why, size_t size);
const struct asked *askedset_get(const struct askedset *set, size_t number); /* NULL for 0 */
void askedset_free(struct askedset *set);

#endif
