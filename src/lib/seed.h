/* seed: one seed, many independent streams of random numbers.
 *
 * A named stream depends on the seed and its name alone, and each of its items
 * on its own index alone: to draw more for one purpose changes nothing for another, and
 * any item can be had without those before it. */
#ifndef SEED_H
#define SEED_H

#include <stdint.h>

/* The seed of the stream of that name. */
uint64_t seed_stream(uint64_t seed, const char *name);
/* Item i of a stream: splitmix64 seeded with it.  It may seed a stream of its own. */
uint64_t seed_item(uint64_t stream, uint64_t i);
/* A value below n (n > 0) from 64 scattered bits; its bias is below n / 2^32. */
uint32_t seed_below(uint64_t bits, uint32_t n);

#endif
