/* sketch: any number of values in little memory, as counts of log-linear bins.
 *
 * Each octave [2^k, 2^(k+1)) is cut into 2^bits bins of equal width, and a value is taken for the middle of
 * its bin (but never beyond the smallest and the largest value, which are exact): off by 2^-(bits + 1) of
 * itself at most, which is below 10^-digits.  Zero, and what is nearer to it than 2.3e-308, is exact.
 * Memory: 8 bytes a bin for each octave (and sign) that values fall in: 4 KiB with 3 digits, and there are 4092.
 * Count, sum and sum of squares are exact.  Sketches of the same digits are added without a loss: those of
 * parts make that of the whole, to the bit. */
#ifndef SKETCH_H
#define SKETCH_H

#include "exactsum.h"
#include "stats.h"

#define SKETCH_DIGITS 4 /* at most; 1 at least */
#define SKETCH_OCTAVES 2046

struct sketch {
	unsigned digits, bits;
	uint64_t n, zeros;
	double min, max; /* NAN of none */
	struct exactsum sum, squares;
	uint64_t *bin[2][SKETCH_OCTAVES]; /* of positive, of negative values; NULL: none fell there */
};

struct sketch *sketch_make(unsigned digits); /* NULL: memory ran out */
void sketch_free(struct sketch *s);
double sketch_error(unsigned digits); /* 2^-(bits + 1) */
/* False when memory ran out. */
bool sketch_add(struct sketch *s, double v);
/* The same value `count` times, but for sums and extremes. */
bool sketch_count(struct sketch *s, double v, uint64_t count);
/* The next bin with values in it, ascending from *at == 0 on; false at the end. */
bool sketch_next(const struct sketch *s, size_t *at, double *middle, uint64_t *count);
/* The value at a rank, from 0 to n - 1. */
double sketch_value(const struct sketch *s, uint64_t rank);
struct stats_moments sketch_moments(struct sketch *s);

#endif
