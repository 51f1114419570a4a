/* idset: open addressing, linear probing, at most half full; see idset.h. */
#include "idset.h"

#include <stdlib.h>

static size_t
find(const struct idset *s, int64_t id)
{
	size_t i = (size_t)((uint64_t)id * 0x9e3779b97f4a7c15u >> 20) & (s->cap - 1);

	while (s->slots[i] != -1 && s->slots[i] != id)
		i = (i + 1) & (s->cap - 1);
	return i;
}

static bool
grow(struct idset *s)
{
	struct idset bigger = {.cap = s->cap ? s->cap * 2 : 1024, .n = s->n};

	if (!(bigger.slots = malloc(bigger.cap * sizeof *bigger.slots)))
		return false;
	for (size_t i = 0; i < bigger.cap; i++)
		bigger.slots[i] = -1;
	for (size_t i = 0; i < s->cap; i++)
		if (s->slots[i] != -1)
			bigger.slots[find(&bigger, s->slots[i])] = s->slots[i];
	free(s->slots);
	*s = bigger;
	return true;
}

bool
idset_add(struct idset *s, int64_t id)
{
	size_t i;

	if (2 * (s->n + 1) > s->cap && !grow(s))
		return false;
	i = find(s, id);
	s->n += s->slots[i] == -1;
	s->slots[i] = id;
	return true;
}

bool
idset_has(const struct idset *s, int64_t id)
{
	return s->n > 0 && s->slots[find(s, id)] == id;
}

void
idset_free(struct idset *s)
{
	free(s->slots);
	*s = (struct idset){0};
}
