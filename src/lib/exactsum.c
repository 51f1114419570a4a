/* exactsum: see exactsum.h. */
#include "exactsum.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define LOWEST 1152 /* digit 0 counts 2^-LOWEST; nothing a double can hold is below digit 2 */
#define CARRY_EVERY (1u << 30)

__extension__ typedef unsigned __int128 uint128;

/* Every digit but the last into [0, 2^32). */
static void
carry(struct exactsum *s)
{
	int64_t over = 0;

	for (size_t i = 0; i + 1 < EXACTSUM_DIGITS; i++) {
		int64_t d = s->digit[i] + over;

		over = d >> 32; /* towards minus infinity */
		s->digit[i] = d & 0xffffffff;
	}
	s->digit[EXACTSUM_DIGITS - 1] += over;
	s->since = 0;
}

void
exactsum_add(struct exactsum *s, double v)
{
	int64_t sign = v < 0 ? -1 : 1;
	unsigned exponent, at;
	uint64_t bits;
	uint128 wide;

	memcpy(&bits, &v, sizeof bits);
	exponent = bits >> 52 & 0x7ff;
	bits &= ((uint64_t)1 << 52) - 1;
	if (exponent > 0)
		bits |= (uint64_t)1 << 52;
	at = LOWEST - 1074 + (exponent > 0 ? exponent - 1 : 0); /* what the lowest bit counts */
	wide = (uint128)bits << at % 32;
	at /= 32;
	s->digit[at] += sign * (int64_t)(wide & 0xffffffff);
	s->digit[at + 1] += sign * (int64_t)(wide >> 32 & 0xffffffff);
	s->digit[at + 2] += sign * (int64_t)(wide >> 64);
	if (++s->since == CARRY_EVERY)
		carry(s);
}

static void
negate(struct exactsum *s)
{
	for (size_t i = 0; i < EXACTSUM_DIGITS; i++)
		s->digit[i] = -s->digit[i];
	carry(s);
}

/* The highest 53 bits at most, from digit `top` down, taken out of the number. */
static double
take(struct exactsum *s, size_t top)
{
	uint64_t word = (uint64_t)s->digit[top] << 32 | (uint64_t)s->digit[top - 1], kept;
	unsigned unused = (unsigned)__builtin_clzll(word);

	if (unused > 11) { /* there is room for bits of the digit below */
		unsigned more = unused - 11;
		uint64_t below = (uint64_t)s->digit[top - 2] >> (32 - more);

		s->digit[top] = s->digit[top - 1] = 0;
		s->digit[top - 2] &= ((int64_t)1 << (32 - more)) - 1;
		return ldexp((double)(word << more | below), 32 * ((int)top - 1) - LOWEST - (int)more);
	}
	kept = word & ~(((uint64_t)1 << (11 - unused)) - 1);
	s->digit[top] = 0;
	s->digit[top - 1] = (int64_t)(word - kept);
	return ldexp((double)kept, 32 * ((int)top - 1) - LOWEST);
}

size_t
exactsum_parts(struct exactsum *s, double parts[EXACTSUM_PARTS])
{
	struct exactsum rest;
	size_t n = 0, top = EXACTSUM_DIGITS - 1;
	bool minus;

	carry(s);
	rest = *s;
	if ((minus = rest.digit[top] < 0))
		negate(&rest);
	while (top >= 2 && n < EXACTSUM_PARTS) {
		if (rest.digit[top] == 0) {
			top--;
			continue;
		}
		parts[n] = take(&rest, top);
		if (minus)
			parts[n] = -parts[n];
		n++;
	}
	return n;
}
