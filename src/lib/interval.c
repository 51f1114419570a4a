/* interval: see interval.h.
 *
 * The bootstrap goes over the sorted values once for a tile of replicates: a row of weights per
 * record, a byte each, is added up value by value; the running sums are kept at every
 * BLOCK-th value, and a replicate's quantile is then found by bisection and a short walk. */
#include "interval.h"

#include "poisson.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TILE POISSON_ROW
#define BLOCK 256
#define SUM 16   /* weights (at most 8) that a byte can add up */

/* Near the middle of a huge distribution GSL gives up and says NAN: not <= a, which is right. */
static bool
too_low(size_t rank, size_t n, double q, double a)
{
	return gsl_cdf_binomial_P((unsigned)(rank - 1), q, (unsigned)n) <= a;
}

static bool
high_enough(size_t rank, size_t n, double q, double a)
{
	return gsl_cdf_binomial_Q((unsigned)(rank - 1), q, (unsigned)n) <= a;
}

struct interval_ranks
interval_ranks(size_t n, double q, double level)
{
	double a = (1 - level) / 2;
	struct interval_ranks r = {0, 0};
	size_t from = 0, to = n;

	if (n >= UINT32_MAX)
		return r; /* beyond what GSL counts */
	while (from < to) { /* ranks 1..from are too low, above `to` are not */
		size_t mid = from + (to - from + 1) / 2;

		if (too_low(mid, n, q, a))
			from = mid;
		else
			to = mid - 1;
	}
	r.lo = from;
	from = 1;
	to = n + 1;
	while (from < to) { /* ranks below `from` are not high enough, from `to` on they are */
		size_t mid = from + (to - from) / 2;

		if (high_enough(mid, n, q, a))
			to = mid;
		else
			from = mid + 1;
	}
	r.hi = from <= n ? from : 0;
	return r;
}

size_t
interval_needed(double q, double level)
{
	double rarest = fmax(q, 1 - q), need = ceil(log((1 - level) / 2) / log(rarest));

	if (!(rarest < 1) || !(need < UINT32_MAX))
		return 0;
	while (need > 1 && pow(rarest, need - 1) <= (1 - level) / 2)
		need--; /* rounded too far */
	while (pow(rarest, need) > (1 - level) / 2)
		need++;
	return (size_t)need;
}

struct interval
interval_of_values(const double *sorted, size_t n, double q, double level)
{
	struct interval_ranks r = interval_ranks(n, q, level);

	return (struct interval){r.lo ? sorted[r.lo - 1] : NAN, r.hi ? sorted[r.hi - 1] : NAN};
}

struct tile {
	uint8_t *weight; /* [records][TILE] */
	uint64_t *below; /* [blocks + 1][TILE]: the sum of weights before each block */
	size_t blocks;
};

static void
draw_tile(struct tile *t, const struct interval_sample *s, uint64_t seed, size_t number)
{
	for (size_t r = 0; r < s->records; r++)
		poisson_row(t->weight + r * TILE, s->key[r], seed, number);
}

/* Add the weights of the values in [i, end) to sum[]. */
static void
add_up(const struct tile *t, const struct interval_sample *s, size_t i, size_t end, uint64_t *sum)
{
	while (i < end) {
		uint8_t few[TILE] = {0};
		size_t stop = end - i < SUM ? end : i + SUM;

		for (; i < stop; i++) {
			const uint8_t *row = t->weight + (size_t)s->record[i] * TILE;

			for (unsigned b = 0; b < TILE; b++)
				few[b] = (uint8_t)(few[b] + row[b]);
		}
		for (unsigned b = 0; b < TILE; b++)
			sum[b] += few[b];
	}
}

static void
sum_tile(struct tile *t, const struct interval_sample *s)
{
	memset(t->below, 0, TILE * sizeof *t->below);
	for (size_t k = 0; k < t->blocks; k++) {
		uint64_t *next = t->below + (k + 1) * TILE;
		size_t end = (k + 1) * BLOCK;

		memcpy(next, next - TILE, TILE * sizeof *next);
		add_up(t, s, k * BLOCK, end < s->n ? end : s->n, next);
	}
}

/* The value at a rank (from 0) of the replicate, in which each counts as often as its record. */
static size_t
value_at(const struct tile *t, const struct interval_sample *s, unsigned b, uint64_t rank)
{
	size_t from = 0, to = t->blocks - 1, i;
	uint64_t sum;

	while (from < to) { /* the block is in [from, to] */
		size_t mid = from + (to - from) / 2;

		if (t->below[(mid + 1) * TILE + b] > rank)
			to = mid;
		else
			from = mid + 1;
	}
	sum = t->below[from * TILE + b];
	for (i = from * BLOCK; sum + t->weight[(size_t)s->record[i] * TILE + b] <= rank; i++)
		sum += t->weight[(size_t)s->record[i] * TILE + b];
	return i;
}

static void
add_replicate(struct interval_replicates *r, const struct tile *t, const struct interval_sample *s, unsigned b,
	enum stats_method method, double q)
{
	uint64_t total = t->below[t->blocks * TILE + b];
	struct stats_place p;
	size_t lo, hi;

	if (total == 0)
		return; /* no record was drawn */
	p = stats_place(method, total, q);
	lo = value_at(t, s, b, p.lo);
	hi = p.t == 0 ? lo : value_at(t, s, b, p.hi);
	r->value[r->count++] = p.t == 0 ? s->x[lo] : stats_between(s->x[lo], s->x[hi], p.t);
	r->lowest += lo == 0;
	r->highest += hi == s->n - 1;
}

static struct interval
ends(struct interval_replicates *r, double level)
{
	double a = (1 - level) / 2, share = a * (double)r->count;
	struct interval out = {NAN, NAN};

	if (!stats_sort(r->value, NULL, r->count))
		return out;
	if ((double)r->lowest <= share)
		out.lo = stats_quantile(STATS_LINEAR, r->value, r->count, a);
	if ((double)r->highest <= share)
		out.hi = stats_quantile(STATS_LINEAR, r->value, r->count, 1 - a);
	return out;
}

static void
resample(struct tile *t, const struct interval_sample *s, const struct interval_bootstrap *b,
	struct interval_replicates *r)
{
	for (size_t done = 0; done < b->replicates; done += TILE) {
		draw_tile(t, s, b->seed, done / TILE);
		sum_tile(t, s);
		for (unsigned i = 0; i < TILE && done + i < b->replicates; i++)
			for (size_t k = 0; k < b->quantiles; k++)
				add_replicate(&r[k], t, s, i, b->method, b->q[k]);
	}
}

bool
interval_replicate(const struct interval_sample *s, const struct interval_bootstrap *b, struct interval_replicates *r)
{
	size_t blocks = (s->n + BLOCK - 1) / BLOCK;
	struct tile t = {.blocks = blocks};
	bool room;

	t.weight = reallocarray(NULL, s->records, TILE);
	t.below = reallocarray(NULL, blocks + 1, TILE * sizeof *t.below);
	room = t.weight && t.below;
	if (room)
		resample(&t, s, b, r);
	free(t.weight);
	free(t.below);
	return room;
}

bool
interval_of_records(const struct interval_sample *s, const struct interval_bootstrap *b, struct interval *out)
{
	struct interval_replicates *r = calloc(b->quantiles, sizeof *r);
	double *values = reallocarray(NULL, b->replicates, b->quantiles * sizeof *values);
	bool done = r && values;

	for (size_t k = 0; k < b->quantiles; k++)
		out[k] = (struct interval){NAN, NAN};
	if (done && interval_ranks(s->records, 0.5, b->level).lo > 0) {
		for (size_t k = 0; k < b->quantiles; k++)
			r[k].value = values + k * b->replicates;
		done = interval_replicate(s, b, r);
		for (size_t k = 0; done && k < b->quantiles; k++)
			out[k] = ends(&r[k], b->level);
	}
	free(r);
	free(values);
	return done;
}
