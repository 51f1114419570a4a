/* prefix: see prefix.h.  Blocks lie in one array, chained by bucket and by age. */
#include "prefix.h"

#include <stdbool.h>
#include <stdlib.h>

#define NONE SIZE_MAX

struct block {
	uint64_t hash;
	size_t chain;        /* the next one of its bucket */
	size_t newer, older; /* neighbours by age */
};

struct prefix {
	struct block *blocks;
	size_t *buckets, mask;
	size_t n, cap;
	size_t newest, oldest;
};

struct prefix *
prefix_new(size_t blocks)
{
	struct prefix *p = calloc(1, sizeof *p);
	size_t buckets = 16;

	while (buckets < 2 * blocks)
		buckets *= 2;
	if (!p)
		return NULL;
	p->blocks = calloc(blocks, sizeof *p->blocks);
	p->buckets = calloc(buckets, sizeof *p->buckets);
	if (!p->blocks || !p->buckets) {
		prefix_free(p);
		return NULL;
	}
	p->mask = buckets - 1;
	p->cap = blocks;
	p->newest = p->oldest = NONE;
	for (size_t i = 0; i < buckets; i++)
		p->buckets[i] = NONE;
	return p;
}

void
prefix_free(struct prefix *p)
{
	if (!p)
		return;
	free(p->blocks);
	free(p->buckets);
	free(p);
}

void
prefix_hashes(uint64_t salt, const uint32_t *ids, size_t n, size_t block, uint64_t *out)
{
	uint64_t h = salt * 0x9e3779b97f4a7c15u + 0x2545f4914f6cdd1du;

	for (size_t i = 0; i < n / block * block; i++) {
		h = (h ^ ids[i]) * 0xbf58476d1ce4e5b9u;
		h ^= h >> 29;
		if ((i + 1) % block == 0)
			out[i / block] = h;
	}
}

static size_t
find(const struct prefix *p, uint64_t hash)
{
	size_t i = p->buckets[hash & p->mask];

	while (i != NONE && p->blocks[i].hash != hash)
		i = p->blocks[i].chain;
	return i;
}

static void
unlink_age(struct prefix *p, size_t i)
{
	struct block *b = &p->blocks[i];

	*(b->newer == NONE ? &p->newest : &p->blocks[b->newer].older) = b->older;
	*(b->older == NONE ? &p->oldest : &p->blocks[b->older].newer) = b->newer;
}

static void
make_newest(struct prefix *p, size_t i)
{
	struct block *b = &p->blocks[i];

	b->newer = NONE;
	b->older = p->newest;
	*(p->newest == NONE ? &p->oldest : &p->blocks[p->newest].newer) = i;
	p->newest = i;
}

/* A place for one more block: a free one, or that of the oldest. */
static size_t
make_room(struct prefix *p)
{
	size_t i = p->oldest, *at;

	if (p->n < p->cap)
		return p->n++;
	unlink_age(p, i);
	for (at = &p->buckets[p->blocks[i].hash & p->mask]; *at != i; at = &p->blocks[*at].chain)
		;
	*at = p->blocks[i].chain;
	return i;
}

static void
use(struct prefix *p, uint64_t hash)
{
	size_t i = find(p, hash);

	if (i != NONE) {
		unlink_age(p, i);
	} else {
		i = make_room(p);
		p->blocks[i].hash = hash;
		p->blocks[i].chain = p->buckets[hash & p->mask];
		p->buckets[hash & p->mask] = i;
	}
	make_newest(p, i);
}

size_t
prefix_take(struct prefix *p, const uint64_t *hashes, size_t n, size_t most)
{
	size_t hits = 0;

	while (hits < n && hits < most && find(p, hashes[hits]) != NONE)
		hits++;
	for (size_t i = n < p->cap ? n : p->cap; i-- > 0;)
		use(p, hashes[i]);
	return hits;
}
