/* poisson: see poisson.h. */
#include "poisson.h"

#include "hash.h"

/* Four draws a word.  The bounds are 2^16 times the Poisson(1) cumulated. */
void
poisson_row(uint8_t *row, uint64_t key, uint64_t seed, size_t number)
{
	static const unsigned bound[] = {24109, 48219, 60273, 64292, 65296, 65497, 65531, 65535};
	uint64_t stream = hash_mix(key ^ hash_mix(seed + HASH_STEP)) + number * (POISSON_ROW / 4) * HASH_STEP;

	for (unsigned i = 0; i < POISSON_ROW; i += 4) {
		uint64_t word = hash_mix(stream + (i / 4 + 1) * HASH_STEP);

		for (unsigned j = 0; j < 4; j++) {
			unsigned u = word >> (16 * j) & 0xffff, w = 0;

			for (unsigned k = 0; k < sizeof bound / sizeof *bound; k++)
				w += u >= bound[k];
			row[i + j] = (uint8_t)w;
		}
	}
}
