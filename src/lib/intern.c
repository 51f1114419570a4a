/* intern: see intern.h.  The table is at most half full. */
#include "intern.h"

#include "hash.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 64

static bool
grow_texts(struct intern *t)
{
	size_t cap = t->cap ? t->cap * 2 : 16;
	struct span *text = reallocarray(t->text, cap, sizeof *text);
	uint64_t *hash;

	if (!text)
		return false;
	t->text = text;
	if (!(hash = reallocarray(t->hash, cap, sizeof *hash)))
		return false;
	t->hash = hash;
	t->cap = cap;
	return true;
}

static void
place(struct intern *t, uint32_t number)
{
	size_t i = t->hash[number] & (t->slots - 1);

	while (t->slot[i] != INTERN_NONE)
		i = (i + 1) & (t->slots - 1);
	t->slot[i] = number;
}

static bool
grow_slots(struct intern *t)
{
	size_t slots = t->slots ? t->slots * 2 : FIRST_SLOTS;
	uint32_t *slot = malloc(slots * sizeof *slot);

	if (!slot)
		return false;
	memset(slot, 0xff, slots * sizeof *slot);
	free(t->slot);
	t->slot = slot;
	t->slots = slots;
	for (size_t i = 0; i < t->n; i++)
		place(t, (uint32_t)i);
	return true;
}

static uint32_t
add(struct intern *t, const char *s, size_t n, uint64_t hash)
{
	char *copy;

	if (t->n == INTERN_NONE || (t->n == t->cap && !grow_texts(t)) || (2 * t->n >= t->slots && !grow_slots(t)) ||
	    !(copy = malloc(n + 1)))
		return INTERN_NONE;
	memcpy(copy, s, n);
	copy[n] = '\0';
	t->text[t->n] = (struct span){copy, n};
	t->hash[t->n] = hash;
	place(t, (uint32_t)t->n);
	return (uint32_t)t->n++;
}

uint32_t
intern(struct intern *t, const char *s, size_t n)
{
	uint64_t hash = hash_bytes(s, n);

	for (size_t i = hash; t->slots; i++) {
		uint32_t number = t->slot[i & (t->slots - 1)];

		if (number == INTERN_NONE)
			break;
		if (t->hash[number] == hash && t->text[number].n == n && memcmp(t->text[number].s, s, n) == 0)
			return number;
	}
	return add(t, s, n, hash);
}

void
intern_free(struct intern *t)
{
	for (size_t i = 0; i < t->n; i++)
		free((char *)t->text[i].s);
	free(t->text);
	free(t->hash);
	free(t->slot);
	*t = (struct intern){0};
}
