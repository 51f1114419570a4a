/* idset: a set of request ids (non-negative 64-bit integers), 8 bytes a slot. */
#ifndef IDSET_H
#define IDSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct idset {
	int64_t *slots; /* an empty slot is -1 */
	size_t cap, n;
};

/* A zeroed struct is an empty set.  idset_add: false when out of memory. */
bool idset_add(struct idset *s, int64_t id);
bool idset_has(const struct idset *s, int64_t id);
void idset_free(struct idset *s);

#endif
