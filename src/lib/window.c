/* window: see window.h. */
#include "window.h"

#include <stdlib.h>

static int
by_part(const void *a, const void *b)
{
	int64_t x = ((const struct outcome *)a)->part, y = ((const struct outcome *)b)->part;

	return (x > y) - (x < y);
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static bool
has_times(const struct outcome *o)
{
	return o->sent_us != OUTCOME_NONE && o->done_us != OUTCOME_NONE;
}

static void
extend(struct segment *s, const struct outcome *o, bool first)
{
	int64_t from = o->due_us != OUTCOME_NONE ? o->due_us : o->sent_us;

	if (first || from < s->from_us)
		s->from_us = from;
	if (first || o->done_us > s->to_us)
		s->to_us = o->done_us;
}

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* The times of one part's requests, sorted. */
static void
fill(struct window *w, int64_t *starts, int64_t *ends)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		if (has_times(&w->first[i]))
			extend(&w->whole, &w->first[i], n++ == 0);
	n = 0;
	for (size_t i = 0; i < w->n; i++)
		if (has_times(&w->first[i])) {
			starts[n] = w->first[i].sent_us;
			ends[n++] = least(most(w->first[i].end_us, w->first[i].done_us), w->whole.to_us);
		}
	if (n) {
		qsort(starts, n, sizeof *starts, by_value);
		qsort(ends, n, sizeof *ends, by_value);
	}
	w->in_flight = (struct inflight){starts, ends, n};
}

static int
by_number(const void *a, const void *b)
{
	return by_part(((const struct window *)a)->first, ((const struct window *)b)->first);
}

static int
by_time(const void *a, const void *b)
{
	int64_t x = ((const struct window *)a)->whole.from_us, y = ((const struct window *)b)->whole.from_us;

	return (x > y) - (x < y);
}

/* Its requests are of that part.  outcome.part is what the windows are made of, and nothing else asks for it. */
static void
rename_part(const struct window *w, struct outcome *o, int64_t part)
{
	size_t at = (size_t)(w->first - o);

	for (size_t i = 0; i < w->n; i++)
		o[at + i].part = part;
}

/* How many of the windows, sorted by time, from the first on overlap: each one of those before it. */
static size_t
overlapping(const struct window *w, size_t n)
{
	int64_t to_us = w[0].whole.to_us;
	size_t k = 1;

	for (; k < n && w[k].whole.from_us < to_us; k++)
		to_us = most(to_us, w[k].whole.to_us);
	return k;
}

/* Make one part of those that overlap.  Returns whether there were any. */
static bool
join_parts(struct outcome *o, struct window *w, size_t parts)
{
	bool any = false;

	qsort(w, parts, sizeof *w, by_time);
	for (size_t i = 0, k; i < parts; i += k) {
		int64_t lowest = w[i].first->part;

		k = overlapping(w + i, parts - i);
		for (size_t m = 1; m < k; m++)
			lowest = least(lowest, w[i + m].first->part);
		for (size_t m = 0; k > 1 && m < k; m++)
			rename_part(&w[i + m], o, lowest);
		any |= k > 1;
	}
	return any;
}

static size_t
split(struct outcome *o, size_t n, int64_t *starts, int64_t *ends, struct window *w)
{
	size_t parts = 0;

	if (n)
		qsort(o, n, sizeof *o, by_part);
	for (size_t i = 0; i < n; i += w[parts++].n) {
		struct window *p = &w[parts];

		*p = (struct window){.first = &o[i]};
		while (i + p->n < n && o[i + p->n].part == o[i].part)
			p->n++;
		fill(p, starts + i, ends + i);
	}
	return parts;
}

size_t
window_split(struct outcome *o, size_t n, int64_t *starts, int64_t *ends, struct window *w)
{
	size_t parts = split(o, n, starts, ends, w);

	if (parts > 1 && join_parts(o, w, parts))
		return split(o, n, starts, ends, w);
	if (parts > 1)
		qsort(w, parts, sizeof *w, by_number);
	return parts;
}

bool
segment_has(struct segment s, const struct outcome *o)
{
	return has_times(o) && o->done_us >= s.from_us && o->done_us <= s.to_us;
}

int64_t
segment_area(struct segment s, const struct window *w)
{
	int64_t area = 0;

	for (size_t i = 0; i < w->in_flight.n; i++) {
		area += most(0, s.to_us - most(s.from_us, w->in_flight.starts[i]));
		area -= most(0, s.to_us - most(s.from_us, w->in_flight.ends[i]));
	}
	return area;
}

size_t
segment_max(struct segment s, const struct window *w)
{
	struct inflight_step step = {0};
	size_t max = 0;

	while (inflight_next(&w->in_flight, &step))
		if (step.to > s.from_us && step.from < s.to_us && step.count > max)
			max = step.count;
	return max;
}
