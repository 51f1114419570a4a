/* hash: see hash.h. */
#include "hash.h"

#include <string.h>

uint64_t
hash_mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static uint32_t
word32(const unsigned char *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof word);
	return word;
}

/* Fewer than eight bytes as the low ones of a word; most ids and numbers end in some, so that it is worth that no
 * store has to be waited for. */
static uint64_t
tail(const unsigned char *p, size_t n)
{
	if (n >= 4)
		return word32(p) | (uint64_t)word32(p + n - 4) >> 8 * (8 - n) << 32;
	return n == 0 ? 0 : p[0] | (uint64_t)p[n / 2] << 8 * (n / 2) | (uint64_t)p[n - 1] << 8 * (n - 1);
}

uint64_t
hash_bytes(const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	uint64_t h = n * HASH_STEP, word;

	for (; n >= sizeof word; n -= sizeof word, p += sizeof word) {
		memcpy(&word, p, sizeof word);
		h = (h ^ word) * 0x9fb21c651e98df25u;
		h ^= h >> 32;
	}
	return hash_mix(h ^ tail(p, n));
}
