/* seed: see seed.h. */
#include "seed.h"

#include "hash.h"

uint64_t
seed_stream(uint64_t seed, const char *name)
{
	uint64_t h = hash_mix(seed + HASH_STEP);

	for (; *name; name++)
		h = hash_mix((h ^ (unsigned char)*name) + HASH_STEP);
	return h;
}

uint64_t
seed_item(uint64_t stream, uint64_t i)
{
	return hash_mix(stream + (i + 1) * HASH_STEP);
}

uint32_t
seed_below(uint64_t bits, uint32_t n)
{
	return (uint32_t)((bits >> 32) * n >> 32);
}
