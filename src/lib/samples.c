/* samples: see samples.h. */
#include "samples.h"

#include "scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool
push(struct samples *s, double v, uint32_t record)
{
	if (s->n == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 8;
		double *x = reallocarray(s->x, cap, sizeof *x);
		uint32_t *r;

		if (!x)
			return false;
		s->x = x;
		if (!(r = reallocarray(s->record, cap, sizeof *r)))
			return false;
		s->record = r;
		s->cap = cap;
	}
	s->x[s->n] = v + 0.0; /* no negative zero */
	s->record[s->n++] = record;
	return true;
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
	if (s->n > before)
		s->pooled = true;
	else
		s->bad++;
	return true;
}

bool
samples_take(struct samples *s, struct span raw, uint32_t record)
{
	double v;

	if (raw.s && *raw.s == '[')
		return take_array(s, raw, record);
	if (raw.s && finite_number(raw, &v))
		return push(s, v, record);
	s->bad++;
	return true;
}

void
samples_free(struct samples *s)
{
	free(s->x);
	free(s->record);
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
		used[s->record[i]].n++;
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
		uint32_t r = rank_of[s->record[i]];

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

bool
samples_summary(struct samples *s, const uint64_t *key, size_t records, const struct interval_bootstrap *want,
	struct summary *out)
{
	struct stats_moments m;

	if (s->pooled && s->n > 0 && !pooled_intervals(s, key, records, want, out->interval))
		return false;
	if (!stats_sort(s->x, NULL, s->n))
		return false;
	m = stats_moments(s->x, s->n);
	out->n = s->n;
	out->bad = s->bad;
	out->mean = m.mean;
	out->stddev = m.stddev;
	out->min = s->n ? s->x[0] : NAN;
	out->max = s->n ? s->x[s->n - 1] : NAN;
	for (size_t k = 0; k < want->quantiles; k++) {
		out->quantile[k] = stats_quantile(want->method, s->x, s->n, want->q[k]);
		if (!s->pooled || s->n == 0)
			out->interval[k] = interval_of_values(s->x, s->n, want->q[k], want->level);
	}
	return true;
}
