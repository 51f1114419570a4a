/* exactsum: the sum of any doubles without a rounding, the same in whatever order they come.
 *
 * A fixed-point number wide enough for every double, in digits of 32 bits that are carried now and then (Kulisch's
 * accumulator).  As text it is the few doubles that add up to it exactly, the largest first. */
#ifndef EXACTSUM_H
#define EXACTSUM_H

#include <stddef.h>
#include <stdint.h>

#define EXACTSUM_DIGITS 70
#define EXACTSUM_PARTS 48 /* doubles that any sum can be written as */

struct exactsum {
	int64_t digit[EXACTSUM_DIGITS]; /* digit[i] counts 2^(32 i - 1152) */
	uint32_t since;                 /* additions since digits were last carried */
};

void exactsum_add(struct exactsum *s, double v); /* v is finite */
/* The doubles that add up to the sum; returns how many (0: it is zero).  Equal sums give equal parts. */
size_t exactsum_parts(struct exactsum *s, double parts[EXACTSUM_PARTS]);

#endif
