/* prompt: see prompt.h. */
#include "prompt.h"

#include <stdlib.h>

struct prompt *
entry_add(struct entry *e)
{
	static const struct prompt none = {.think_us = -1};

	if (e->turns == e->cap) {
		size_t cap = e->cap ? e->cap * 2 : 8;
		struct prompt *t = reallocarray(e->turn, cap, sizeof *t);

		if (!t)
			return NULL;
		e->turn = t;
		e->cap = cap;
	}
	e->turn[e->turns] = none;
	return &e->turn[e->turns++];
}

void
entry_clear(struct entry *e)
{
	free(e->made);
	*e = (struct entry){.turn = e->turn, .cap = e->cap};
}

void
entry_free(struct entry *e)
{
	free(e->made);
	free(e->turn);
	*e = (struct entry){0};
}
