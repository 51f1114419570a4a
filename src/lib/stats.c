/* stats: see stats.h. */
#include "stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS 8 /* of eight bits in a key */
#define FEW 32   /* sorted by insertion */

__extension__ typedef __int128 int128;

const char *const stats_methods[] = {"linear", "inverted_cdf", "lower", "higher", "midpoint", "nearest", NULL};

/* The rank, from 0 and with a fraction; the same operations as NumPy's _quantile. */
static double
rank_of(enum stats_method m, size_t n, double q)
{
	double r = m == STATS_INVERTED_CDF ? (double)n * q - 1 : (double)(n - 1) * q, low = floor(r);

	switch (m) {
	case STATS_INVERTED_CDF:
	case STATS_HIGHER: return fmax(ceil(r), 0);
	case STATS_LOWER: return low;
	case STATS_MIDPOINT: return r > low ? low + 0.5 : low;
	case STATS_NEAREST: return r - low > 0.5 || (r - low == 0.5 && fmod(low, 2) != 0) ? low + 1 : low;
	default: return r;
	}
}

struct stats_place
stats_place(enum stats_method m, size_t n, double q)
{
	double r = rank_of(m, n, q), low = floor(r);
	size_t lo = low < (double)(n - 1) ? (size_t)low : n - 1;

	return (struct stats_place){lo, lo + 1 < n ? lo + 1 : lo, r - low};
}

double
stats_between(double a, double b, double t)
{
	double d = b - a;

	if (!isfinite(d))
		return a * (1 - t) + b * t;
	return t < 0.5 ? a + d * t : b - d * (1 - t);
}

double
stats_quantile(enum stats_method m, const double *sorted, size_t n, double q)
{
	struct stats_place p;

	if (n == 0)
		return NAN;
	p = stats_place(m, n, q);
	return p.t == 0 ? sorted[p.lo] : stats_between(sorted[p.lo], sorted[p.hi], p.t);
}

static void
insertion_sort(double *x, uint32_t *tag, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		double v = x[i];
		uint32_t t = tag ? tag[i] : 0;
		size_t j = i;

		for (; j > 0 && x[j - 1] > v; j--) {
			x[j] = x[j - 1];
			if (tag)
				tag[j] = tag[j - 1];
		}
		x[j] = v;
		if (tag)
			tag[j] = t;
	}
}

/* The key orders as an unsigned integer like the double does as a number. */
static uint64_t
key_of(double v)
{
	uint64_t u;

	memcpy(&u, &v, sizeof u);
	return u >> 63 ? ~u : u | (uint64_t)1 << 63;
}

static double
value_of(uint64_t u)
{
	double v;

	u = u >> 63 ? u & ~((uint64_t)1 << 63) : ~u;
	memcpy(&v, &u, sizeof v);
	return v;
}

struct half {
	uint64_t *key;
	uint32_t *tag; /* or NULL */
};

/* One stable pass; count[] becomes where the next key with each digit goes. */
static void
pass(struct half from, struct half to, size_t n, size_t *count, unsigned shift)
{
	size_t at = 0;

	for (size_t d = 0; d < 256; d++) {
		size_t here = count[d];

		count[d] = at;
		at += here;
	}
	for (size_t i = 0; i < n; i++) {
		size_t j = count[from.key[i] >> shift & 255]++;

		to.key[j] = from.key[i];
		if (from.tag)
			to.tag[j] = from.tag[i];
	}
}

static void
radix_sort(double *x, uint32_t *tag, size_t n, struct half a, struct half b)
{
	size_t count[DIGITS][256] = {{0}};

	for (size_t i = 0; i < n; i++) {
		a.key[i] = key_of(x[i]);
		for (unsigned d = 0; d < DIGITS; d++)
			count[d][a.key[i] >> (8 * d) & 255]++;
	}
	if (tag)
		memcpy(a.tag, tag, n * sizeof *tag);
	for (unsigned d = 0; d < DIGITS; d++) {
		struct half other = b;

		if (count[d][a.key[0] >> (8 * d) & 255] == n)
			continue; /* all have the same digit here */
		pass(a, b, n, count[d], 8 * d);
		b = a;
		a = other;
	}
	for (size_t i = 0; i < n; i++)
		x[i] = value_of(a.key[i]);
	if (tag)
		memcpy(tag, a.tag, n * sizeof *tag);
}

/* v in whole micro-units, when it is that many to the last bit. */
static bool
micro(double v, int64_t *u)
{
	double s = v * 1e6;

	if (!(fabs(s) <= 0x1p50))
		return false;
	s = (s + 0x1.8p52) - 0x1.8p52; /* the nearest integer */
	*u = (int64_t)s;
	return s / 1e6 == v;
}

/* Whether all are whole micro-units within 2^32 of the least. */
static bool
narrow(const double *x, size_t n, int64_t *least, uint32_t *range)
{
	int64_t u, most = INT64_MIN;

	*least = INT64_MAX;
	for (size_t i = 0; i < n; i++) {
		if (!micro(x[i], &u))
			return false;
		*least = u < *least ? u : *least;
		most = u > most ? u : most;
	}
	if (most - *least > UINT32_MAX)
		return false;
	*range = (uint32_t)(most - *least);
	return true;
}

#define WIDE 11 /* bits of a digit of the keys below */

/* Milliseconds with a few decimals, as most of our values are, have short keys: half the memory, and three
 * passes at most where a double takes up to eight. */
static void
narrow_sort(double *x, size_t n, int64_t least, uint32_t range, uint32_t *a, uint32_t *b)
{
	for (size_t i = 0; i < n; i++) {
		int64_t u = 0;

		micro(x[i], &u);
		a[i] = (uint32_t)(u - least);
	}
	for (unsigned shift = 0; shift < 32 && range >> shift; shift += WIDE) {
		size_t count[1 << WIDE] = {0}, at = 0;
		uint32_t *other = b, mask = (1 << WIDE) - 1;

		for (size_t i = 0; i < n; i++)
			count[a[i] >> shift & mask]++;
		for (size_t d = 0; d <= mask; d++) {
			size_t here = count[d];

			count[d] = at;
			at += here;
		}
		for (size_t i = 0; i < n; i++)
			b[count[a[i] >> shift & mask]++] = a[i];
		b = a;
		a = other;
	}
	for (size_t i = 0; i < n; i++)
		x[i] = (double)(least + a[i]) / 1e6;
}

bool
stats_sort(double *x, uint32_t *tag, size_t n)
{
	uint64_t *keys;
	uint32_t *tags = NULL, range;
	int64_t least;

	if (n <= FEW) {
		insertion_sort(x, tag, n);
		return true;
	}
	if (!tag && narrow(x, n, &least, &range)) {
		uint32_t *narrow_keys = reallocarray(NULL, n, 2 * sizeof *narrow_keys);

		if (narrow_keys)
			narrow_sort(x, n, least, range, narrow_keys, narrow_keys + n);
		free(narrow_keys);
		return narrow_keys != NULL;
	}
	keys = reallocarray(NULL, n, 2 * sizeof *keys);
	if (keys && tag && !(tags = reallocarray(NULL, n, 2 * sizeof *tags))) {
		free(keys);
		keys = NULL;
	}
	if (keys)
		radix_sort(x, tag, n, (struct half){keys, tags}, (struct half){keys + n, tags ? tags + n : NULL});
	free(keys);
	free(tags);
	return keys != NULL;
}

/* False when a value is not a number of micro-units, or a sum does not fit.  Squares are
 * of distances from the smallest value, which keeps them small. */
static bool
exact_moments(const double *x, size_t n, struct stats_moments *m)
{
	int64_t least, u;
	int128 sum = 0, squares = 0, scaled, square;

	if (!micro(x[0], &least))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!micro(x[i], &u))
			return false;
		u -= least;
		sum += u;
		if (__builtin_add_overflow(squares, (int128)u * u, &squares))
			return false;
	}
	if (__builtin_mul_overflow(squares, (int128)n, &scaled) || __builtin_mul_overflow(sum, sum, &square))
		return false;
	m->mean = (double)((long double)(sum + (int128)least * (int128)n) / ((long double)n * 1e6L));
	if (n > 1)
		m->stddev = (double)(sqrtl((long double)(scaled - square) / n / (n - 1)) / 1e6L);
	return true;
}

/* Neumaier (1974): *sum + *rest is the sum to about twice the precision. */
static void
add(long double *sum, long double *rest, long double v)
{
	long double t = *sum + v;

	*rest += fabsl(*sum) >= fabsl(v) ? (*sum - t) + v : (v - t) + *sum;
	*sum = t;
}

static struct stats_moments
ordered_moments(const double *x, size_t n)
{
	long double sum = 0, rest = 0, mean;
	struct stats_moments m = {NAN, NAN};

	for (size_t i = 0; i < n; i++)
		add(&sum, &rest, x[i]);
	mean = (sum + rest) / n;
	m.mean = (double)mean;
	sum = rest = 0;
	for (size_t i = 0; i < n; i++)
		add(&sum, &rest, (x[i] - mean) * (x[i] - mean));
	if (n > 1)
		m.stddev = (double)sqrtl((sum + rest) / (n - 1));
	return m;
}

struct stats_moments
stats_moments(const double *sorted, size_t n)
{
	struct stats_moments m = {NAN, NAN};

	if (n == 0 || exact_moments(sorted, n, &m))
		return m;
	return ordered_moments(sorted, n);
}
