/* gather: see gather.h. */
#include "gather.h"

#include "hash.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool
gather_start(struct gather *g, size_t fields, bool bad_is_inf, unsigned digits)
{
	bool ok;

	*g = (struct gather){.n_fields = fields, .fields = calloc(fields, sizeof *g->fields), .counting = digits > 0};
	ok = g->fields != NULL;
	for (size_t i = 0; ok && i < fields; i++) {
		g->fields[i].bad_is_inf = bad_is_inf;
		ok = digits == 0 || samples_sketch(&g->fields[i], digits);
	}
	return ok;
}

void
gather_free(struct gather *g)
{
	for (size_t i = 0; i < g->n_fields; i++)
		samples_free(&g->fields[i]);
	free(g->fields);
	free(g->key);
	free(g->at);
}

static bool
room(struct gather *g)
{
	uint32_t cap = g->cap > UINT32_MAX / 2 ? UINT32_MAX : g->cap ? g->cap * 2 : 8;
	uint64_t *key;

	if (g->records < g->cap)
		return true;
	if (!(key = reallocarray(g->key, cap, sizeof *key)))
		return false;
	g->key = key;
	g->cap = cap;
	return true;
}

static bool
is_number(struct span raw)
{
	return raw.s && (*raw.s == '-' || (*raw.s >= '0' && *raw.s <= '9'));
}

uint64_t
gather_key(struct span id, const char *line, size_t len)
{
	if (id.s && (*id.s == '"' || is_number(id)))
		return hash_bytes(id.s, id.n);
	return hash_bytes(line, len);
}

/* Keep the record's time; one without, or with another field's, ends the order for good. */
static bool
keep_time(struct gather *g, const struct span at[2])
{
	int by = is_number(at[0]) ? 0 : is_number(at[1]) ? 1 : -1;

	if (g->records == 0)
		g->by = by;
	if (g->by < 0)
		return true;
	if (g->by != by) {
		g->by = -1;
		free(g->at);
		g->at = NULL;
		return true;
	}
	if (g->records == g->at_cap) {
		double *more = reallocarray(g->at, g->cap, sizeof *more);

		if (!more)
			return false;
		g->at = more;
		g->at_cap = g->cap;
	}
	g->at[g->records] = span_double(at[by]);
	return true;
}

bool
gather_take(struct gather *g, const struct span *values, uint64_t key, const struct span at[2])
{
	if (!g->counting) {
		if (!room(g) || !keep_time(g, at))
			return false;
		g->key[g->records] = key;
	}
	for (size_t i = 0; i < g->n_fields; i++)
		if (!samples_take(&g->fields[i], values[i], g->records))
			return false;
	g->records += !g->counting;
	return true;
}

const char *
gather_sketch(struct gather *g, size_t i, const struct sketch_record *r)
{
	static const char memory[] = "out of memory";
	struct samples *s = &g->fields[i];

	if (!s->sketch && !samples_sketch(s, (unsigned)r->digits))
		return memory;
	if (s->sketch->digits != r->digits)
		return "a sketch of other digits than those before it, or than --sketch says";
	s->bad += (size_t)r->bad;
	s->pooled = s->pooled || r->pooled;
	return sketch_merge(s->sketch, r) ? NULL : memory;
}

static int
by_key(const void *a, const void *b, void *ctx)
{
	const uint64_t *key = ctx, x = key[*(const uint32_t *)a], y = key[*(const uint32_t *)b];

	return x < y ? -1 : x > y;
}

/* The records in the order of time, those of one time by their keys.  Sorts g->at. */
static bool
sequence(struct gather *g, uint32_t *order)
{
	for (uint32_t i = 0; i < g->records; i++)
		order[i] = i;
	if (!stats_sort(g->at, order, g->records))
		return false;
	for (size_t i = 0, end; i < g->records; i = end) {
		for (end = i + 1; end < g->records && g->at[end] == g->at[i]; end++)
			;
		if (end - i > 1)
			qsort_r(order + i, end - i, sizeof *order, by_key, g->key);
	}
	return true;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* The field's values in that order: ones that nothing tells apart (same time, same key) ascending. */
static size_t
in_sequence(const struct gather *g, const double *of, const uint32_t *order, double *x)
{
	size_t n = 0;

	for (size_t i = 0, end; i < g->records; i = end) {
		size_t from = n;

		for (end = i; end < g->records && g->at[end] == g->at[i] && g->key[order[end]] == g->key[order[i]]; end++)
			if (!isnan(of[order[end]]))
				x[n++] = of[order[end]];
		if (n - from > 1)
			qsort(x + from, n - from, sizeof *x, ascending);
	}
	return n;
}

static bool
dependences(struct gather *g, struct summary *const *out)
{
	uint32_t *order = reallocarray(NULL, g->records, sizeof *order);
	double *of = reallocarray(NULL, g->records, sizeof *of), *x = reallocarray(NULL, g->records, sizeof *x);
	bool ok = order && of && x && sequence(g, order);

	for (size_t i = 0; ok && i < g->n_fields; i++) {
		samples_by_record(&g->fields[i], of, g->records);
		if (!g->fields[i].sketch)
			ok = dependence_of(x, in_sequence(g, of, order, x), &out[i]->dependence);
	}
	free(order);
	free(of);
	free(x);
	return ok;
}

bool
gather_summaries(struct gather *g, const struct interval_bootstrap *want, struct summary *const *out)
{
	bool ok = true;

	for (size_t i = 0; i < g->n_fields; i++)
		out[i]->dependence = (struct dependence){0, NAN, NAN};
	if (g->at && g->records >= DEPENDENCE_MIN)
		ok = dependences(g, out);
	for (size_t i = 0; ok && i < g->n_fields; i++)
		ok = samples_summary(&g->fields[i], g->key, g->records, want, out[i]);
	return ok;
}
