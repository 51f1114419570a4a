/* sketch: see sketch.h. */
#include "sketch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bits of the mantissa that tell bins apart, by digits. */
static const unsigned bits_of[SKETCH_DIGITS + 1] = {0, 3, 6, 9, 13};

double
sketch_error(unsigned digits)
{
	return ldexp(1, -(int)bits_of[digits] - 1);
}

struct sketch *
sketch_make(unsigned digits)
{
	struct sketch *s = calloc(1, sizeof *s);

	if (s) {
		s->digits = digits;
		s->bits = bits_of[digits];
		s->min = s->max = NAN;
	}
	return s;
}

void
sketch_free(struct sketch *s)
{
	for (size_t i = 0; s && i < 2 * SKETCH_OCTAVES; i++)
		free(s->bin[i / SKETCH_OCTAVES][i % SKETCH_OCTAVES]);
	free(s);
}

bool
sketch_count(struct sketch *s, double v, uint64_t count)
{
	uint64_t u, *bin;
	size_t octave;
	bool minus = v < 0;

	s->n += count;
	memcpy(&u, &v, sizeof u);
	octave = u >> 52 & 0x7ff;
	if (octave == 0) {
		s->zeros += count;
		return true;
	}
	octave--;
	if (!(bin = s->bin[minus][octave]))
		bin = s->bin[minus][octave] = calloc((size_t)1 << s->bits, sizeof *bin);
	if (!bin)
		return false;
	bin[(u & (((uint64_t)1 << 52) - 1)) >> (52 - s->bits)] += count;
	return true;
}

bool
sketch_add(struct sketch *s, double v)
{
	double square = v * v;

	s->min = s->min <= v ? s->min : v;
	s->max = s->max >= v ? s->max : v;
	exactsum_add(&s->sum, v);
	if (isfinite(square)) {
		exactsum_add(&s->squares, square);
		exactsum_add(&s->squares, fma(v, v, -square)); /* what the square was rounded by */
	}
	return sketch_count(s, v, 1);
}

static double
middle_of(const struct sketch *s, bool minus, size_t octave, size_t k)
{
	uint64_t u = (uint64_t)(octave + 1) << 52 | (uint64_t)k << (52 - s->bits) | (uint64_t)1 << (51 - s->bits);
	double v;

	memcpy(&v, &u, sizeof v);
	return minus ? -v : v;
}

/* Bins from the most negative one to the most positive one: place i of all there could be. */
bool
sketch_next(const struct sketch *s, size_t *at, double *middle, uint64_t *count)
{
	size_t size = (size_t)1 << s->bits, half = SKETCH_OCTAVES * size;

	while (*at < 2 * half + 1) {
		bool minus = *at < half;
		size_t i = minus ? half - 1 - *at : *at - half - 1, octave = i / size;

		if (*at == half) {
			*middle = 0;
			*count = s->zeros;
			(*at)++;
		} else if (!s->bin[minus][octave]) {
			*at += minus ? i % size + 1 : size;
			continue;
		} else {
			*middle = middle_of(s, minus, octave, i % size);
			*count = s->bin[minus][octave][i % size];
			(*at)++;
		}
		if (*count > 0)
			return true;
	}
	return false;
}

double
sketch_value(const struct sketch *s, uint64_t rank)
{
	uint64_t seen = 0, count;
	size_t at = 0;
	double middle;

	if (rank == 0)
		return s->min;
	while (rank + 1 < s->n && sketch_next(s, &at, &middle, &count))
		if ((seen += count) > rank)
			return fmin(fmax(middle, s->min), s->max);
	return s->max;
}

struct pair {
	long double high, low;
};

static struct pair
value_of(struct exactsum *sum)
{
	double part[EXACTSUM_PARTS];
	size_t n = exactsum_parts(sum, part);
	struct pair p = {0, 0};

	for (size_t i = 0; i < n; i++) { /* descending: nothing is lost but what is far below both */
		long double t = p.high + part[i];

		p.low += part[i] - (t - p.high);
		p.high = t;
	}
	return p;
}

/* The squared distances from the mean are squares - sum^2 / n, in twice the precision. */
struct stats_moments
sketch_moments(struct sketch *s)
{
	struct pair sum = value_of(&s->sum), squares = value_of(&s->squares);
	long double n = (long double)s->n, square = sum.high * sum.high, share, rest, left;

	if (s->n == 0)
		return (struct stats_moments){NAN, NAN};
	rest = fmal(sum.high, sum.high, -square) + 2 * sum.high * sum.low;
	share = square / n;
	rest = (rest + fmal(-share, n, square)) / n;
	left = (squares.high - share) + (squares.low - rest);
	return (struct stats_moments){(double)((sum.high + sum.low) / n),
		s->n > 1 && fmax(fabs(s->min), fabs(s->max)) < 1e150 ? (double)sqrtl(fmaxl(left, 0) / (n - 1)) : (double)NAN};
}
