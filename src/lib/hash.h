/* hash: bytes and numbers spread over 64 bits, the same in every run (not secret, not
 * against an adversary). */
#ifndef HASH_H
#define HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(const void *bytes, size_t n);

/* The output step of splitmix64 (Steele, Lea, Flood 2014): hash_mix(x + i * HASH_STEP) for
 * i = 1, 2, 3 … is that generator, seeded with x. */
#define HASH_STEP 0x9e3779b97f4a7c15u
uint64_t hash_mix(uint64_t x);

#endif
