/* samples: see samples.h. */
#include "samples.h"

#include "scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Room for another value, and for its record where records are kept. */
static bool
grow(struct samples *s)
{
	size_t cap = s->cap ? s->cap * 2 : 8;
	double *x = reallocarray(s->x, cap, sizeof *x);

	if (!x)
		return false;
	s->x = x;
	if (s->record) {
		uint32_t *r = reallocarray(s->record, cap, sizeof *r);

		if (!r)
			return false;
		s->record = r;
	}
	s->cap = cap;
	return true;
}

/* Values and records part ways: from now on each value's record is kept. */
static bool
keep_records(struct samples *s)
{
	if (!(s->record = reallocarray(NULL, s->cap, sizeof *s->record)))
		return false;
	for (size_t i = 0; i < s->n; i++)
		s->record[i] = (uint32_t)i;
	return true;
}

static bool
push(struct samples *s, double v, uint32_t record)
{
	if (s->n == s->cap && !grow(s))
		return false;
	if (!s->record && record != s->n && !keep_records(s))
		return false;
	if (s->record)
		s->record[s->n] = record;
	s->x[s->n++] = v + 0.0; /* no negative zero */
	return true;
}

static size_t
record_of(const struct samples *s, size_t i)
{
	return s->record ? s->record[i] : i;
}

static bool
finite_number(struct span raw, double *v)
{
	if (*raw.s != '-' && (*raw.s < '0' || *raw.s > '9'))
		return false;
	*v = span_double(raw);
	return isfinite(*v);
}

static bool
take_bad(struct samples *s, uint32_t record)
{
	s->bad++;
	return !s->bad_is_inf || s->sketch || push(s, INFINITY, record);
}

static bool
take_array(struct samples *s, struct span raw, uint32_t record)
{
	struct scan items;
	struct span item;
	size_t before = s->n;
	double v;

	scan_start(&items, raw.s, raw.n);
	scan_array(&items);
	while (scan_item(&items)) {
		if (!scan_value(&items, &item) || !finite_number(item, &v)) {
			s->n = before;
			break;
		}
		if (!push(s, v, record))
			return false;
	}
	if (s->n == before)
		return take_bad(s, record);
	s->pooled = true;
	return true;
}

/* What was kept goes into the sketch. */
static bool
drain(struct samples *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (isfinite(s->x[i]) && !sketch_add(s->sketch, s->x[i]))
			return false;
	s->n = 0;
	return true;
}

static bool
take(struct samples *s, struct span raw, uint32_t record)
{
	double v;

	if (raw.s && *raw.s == '[')
		return take_array(s, raw, record);
	if (raw.s && finite_number(raw, &v))
		return push(s, v, record);
	return take_bad(s, record);
}

bool
samples_take(struct samples *s, struct span raw, uint32_t record)
{
	return take(s, raw, record) && (!s->sketch || drain(s));
}

bool
samples_sketch(struct samples *s, unsigned digits)
{
	return (s->sketch = sketch_make(digits)) && drain(s);
}

bool
samples_unfold(struct samples *s)
{
	uint64_t count;
	double middle;

	for (size_t at = 0; sketch_next(s->sketch, &at, &middle, &count);)
		while (count-- > 0)
			if (!push(s, fmin(fmax(middle, s->sketch->min), s->sketch->max), 0))
				return false;
	return true;
}

void
samples_by_record(const struct samples *s, double *of, size_t records)
{
	for (size_t r = 0; r < records; r++)
		of[r] = NAN;
	for (size_t i = 0, end; i < s->n; i = end) { /* a record's values stand together */
		size_t r = record_of(s, i);
		double sum = 0;

		for (end = i; end < s->n && record_of(s, end) == r; end++)
			sum += s->x[end];
		of[r] = end - i == 1 ? s->x[i] : sum / (double)(end - i);
	}
}

void
samples_free(struct samples *s)
{
	free(s->x);
	free(s->record);
	sketch_free(s->sketch);
	*s = (struct samples){0};
}

struct used {
	uint64_t key;
	uint32_t record;
	size_t n; /* how many values; then where the next of them goes */
};

static int
by_key(const void *a, const void *b)
{
	const struct used *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

/* The records that have values, ascending by key, and each one's count of values. */
static size_t
used_records(const struct samples *s, const uint64_t *key, size_t records, struct used *used)
{
	size_t n = 0;

	for (size_t r = 0; r < records; r++)
		used[r] = (struct used){key[r], (uint32_t)r, 0};
	for (size_t i = 0; i < s->n; i++)
		used[record_of(s, i)].n++;
	for (size_t r = 0; r < records; r++)
		if (used[r].n > 0)
			used[n++] = used[r];
	qsort(used, n, sizeof *used, by_key);
	return n;
}

/* Put the values in the order of their records' keys, into x and rank; keys becomes those
 * keys, and rank[i] says which of them x[i] belongs to. */
static void
arrange(const struct samples *s, struct used *used, size_t n, uint32_t *rank_of, double *x, uint32_t *rank,
	uint64_t *keys)
{
	size_t at = 0;

	for (size_t r = 0; r < n; r++) {
		size_t count = used[r].n;

		used[r].n = at;
		at += count;
		keys[r] = used[r].key;
		rank_of[used[r].record] = (uint32_t)r;
	}
	for (size_t i = 0; i < s->n; i++) {
		uint32_t r = rank_of[record_of(s, i)];

		x[used[r].n] = s->x[i];
		rank[used[r].n++] = r;
	}
}

static bool
pooled_intervals(struct samples *s, const uint64_t *key, size_t records, const struct interval_bootstrap *want,
	struct interval *out)
{
	struct used *used = reallocarray(NULL, records, sizeof *used);
	uint32_t *rank_of = reallocarray(NULL, records, sizeof *rank_of);
	uint32_t *rank = reallocarray(NULL, s->n, sizeof *rank);
	uint64_t *keys = reallocarray(NULL, records, sizeof *keys);
	double *x = reallocarray(NULL, s->n, sizeof *x);
	bool ok = used && rank_of && rank && keys && x;

	if (ok) {
		size_t n = used_records(s, key, records, used);

		arrange(s, used, n, rank_of, x, rank, keys);
		ok = stats_sort(x, rank, s->n);
		if (ok)
			ok = interval_of_records(&(struct interval_sample){x, rank, s->n, keys, n}, want, out);
	}
	free(used);
	free(rank_of);
	free(rank);
	free(keys);
	free(x);
	return ok;
}

/* What is said of the finite values; with infinite ones among them there is no mean, and no largest. */
static void
moments(const struct samples *s, struct summary *out)
{
	size_t n = s->n - (s->bad_is_inf ? s->bad : 0);
	struct stats_moments m = {NAN, NAN};

	if (n == s->n)
		m = stats_moments(s->x, n);
	out->n = n;
	out->bad = s->bad;
	out->mean = m.mean;
	out->stddev = m.stddev;
	out->min = n ? s->x[0] : NAN;
	out->max = n && n == s->n ? s->x[n - 1] : NAN;
}

/* The value at a rank; behind those of the sketch stand infinite ones. */
static double
sketched(const struct samples *s, uint64_t rank)
{
	return rank < s->sketch->n ? sketch_value(s->sketch, rank) : INFINITY;
}

static void
sketch_summary(const struct samples *s, const struct interval_bootstrap *want, struct summary *out)
{
	uint64_t infinite = s->bad_is_inf ? s->bad : 0, n = s->sketch->n + infinite;
	struct stats_moments m = {NAN, NAN};

	if (!infinite)
		m = sketch_moments(s->sketch);
	*out = (struct summary){s->sketch->n, s->bad, m.mean, m.stddev, s->sketch->min, infinite ? NAN : s->sketch->max,
		out->quantile, out->interval, s->pooled, {0, NAN, NAN}, sketch_error(s->sketch->digits)};
	for (size_t k = 0; k < want->quantiles; k++) {
		struct interval_ranks r = {0, 0}; /* none, of arrays: there are no records to resample */
		struct stats_place p = {0, 0, 0};

		if (!s->pooled)
			r = interval_ranks(n, want->q[k], want->level);
		if (n > 0)
			p = stats_place(want->method, n, want->q[k]);
		out->quantile[k] = n == 0 ? NAN : sketched(s, p.lo);
		if (p.t != 0)
			out->quantile[k] = stats_between(out->quantile[k], sketched(s, p.hi), p.t);
		out->interval[k] = (struct interval){r.lo ? sketched(s, r.lo - 1) : NAN, r.hi ? sketched(s, r.hi - 1) : NAN};
	}
}

bool
samples_summary(struct samples *s, const uint64_t *key, size_t records, const struct interval_bootstrap *want,
	struct summary *out)
{
	if (s->sketch) {
		sketch_summary(s, want, out);
		return true;
	}
	if (s->pooled && s->n > 0 && !pooled_intervals(s, key, records, want, out->interval))
		return false;
	if (!stats_sort(s->x, NULL, s->n))
		return false;
	moments(s, out);
	out->pooled = s->pooled;
	out->rel_error = 0;
	for (size_t k = 0; k < want->quantiles; k++) {
		out->quantile[k] = stats_quantile(want->method, s->x, s->n, want->q[k]);
		if (!s->pooled || s->n == 0)
			out->interval[k] = interval_of_values(s->x, s->n, want->q[k], want->level);
	}
	return true;
}
