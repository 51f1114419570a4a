/* node: see node.h. */
#include "node.h"

#include "hash.h"

#include <string.h>

#define FEW 8 /* keys that are looked through one by one */

struct node *
node_new(struct pool *p, enum node_kind kind, struct pos at)
{
	struct node *n = pool_alloc(p, 1, sizeof *n);

	n->kind = kind;
	n->at = at;
	n->weight = 1;
	n->height = kind >= NODE_LIST;
	return n;
}

/* The slot that holds the key, or the free one where it belongs.  Slots hold entry + 1. */
static size_t *
slot_of(const struct node *map, const char *key)
{
	size_t i = hash_bytes(key, strlen(key)) & (map->n_slots - 1);

	while (map->slots[i] && strcmp(map->entries[map->slots[i] - 1].key, key) != 0)
		i = (i + 1) & (map->n_slots - 1);
	return &map->slots[i];
}

struct entry *
node_find(const struct node *map, const char *key)
{
	if (map->slots) {
		size_t slot = *slot_of(map, key);

		return slot ? &map->entries[slot - 1] : NULL;
	}
	for (size_t i = 0; i < map->n; i++)
		if (strcmp(map->entries[i].key, key) == 0)
			return &map->entries[i];
	return NULL;
}

/* Twice the room; the old array stays in the pool. */
static void *
grow(struct pool *p, const void *old, struct node *n, size_t size)
{
	void *new;

	n->cap = n->cap ? 2 * n->cap : 4;
	new = pool_alloc(p, n->cap, size);
	if (n->n)
		memcpy(new, old, n->n * size);
	return new;
}

/* At least half of the slots stay free. */
static void
index_last(struct pool *p, struct node *map)
{
	if (map->n <= FEW)
		return;
	if (2 * map->n <= map->n_slots) {
		*slot_of(map, map->entries[map->n - 1].key) = map->n;
		return;
	}
	map->n_slots = map->n_slots ? 2 * map->n_slots : 4 * FEW;
	map->slots = pool_alloc(p, map->n_slots, sizeof *map->slots);
	for (size_t i = 0; i < map->n; i++)
		*slot_of(map, map->entries[i].key) = i + 1;
}

static void
outgrow(struct node *parent, const struct node *child)
{
	if (!child)
		return;
	parent->weight += child->weight;
	if (parent->height <= child->height)
		parent->height = child->height + 1;
}

struct entry *
node_put(struct pool *p, struct node *map, struct pos at, const char *key, struct node *value)
{
	if (map->n == map->cap)
		map->entries = grow(p, map->entries, map, sizeof *map->entries);
	map->entries[map->n++] = (struct entry){at, key, value};
	index_last(p, map);
	map->weight += strlen(key) + 1;
	outgrow(map, value);
	return &map->entries[map->n - 1];
}

void
node_add(struct pool *p, struct node *list, struct node *value)
{
	if (list->n == list->cap)
		list->items = grow(p, list->items, list, sizeof(struct node *));
	list->items[list->n++] = value;
	outgrow(list, value);
}

struct node *
node_copy(struct pool *p, const struct node *map)
{
	struct node *copy = node_new(p, NODE_MAP, map->at);

	for (size_t i = 0; i < map->n; i++)
		node_put(p, copy, map->entries[i].at, map->entries[i].key, map->entries[i].value);
	return copy;
}
