/* pulse: see pulse.h. */
#include "pulse.h"

#include "scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST ((int64_t)1 << 22) /* seconds: 48 days */

/* Room for the second; false: it cannot be kept. */
static bool
reach(struct pulse *p, int64_t second)
{
	int64_t from, to;
	double *wider;

	if (p->n && second >= p->base && second < p->base + (int64_t)p->cap) {
		p->n = second - p->base >= (int64_t)p->n ? (size_t)(second - p->base) + 1 : p->n;
		return true;
	}
	from = p->n && p->base <= second ? p->base : second - 60;
	to = p->n && p->base + (int64_t)p->n > second ? p->base + (int64_t)p->n : second + 1;
	to += (to - from) / 2 + 60;
	if (to - from > MOST || !(wider = calloc((size_t)(to - from), sizeof *wider)))
		return false;
	if (p->n)
		memcpy(wider + (p->base - from), p->tokens, p->n * sizeof *wider);
	free(p->tokens);
	p->n = (size_t)((p->n && p->base + (int64_t)p->n > second ? p->base + (int64_t)p->n : second + 1) - from);
	p->tokens = wider;
	p->base = from;
	p->cap = (size_t)(to - from);
	return true;
}

static void
put(struct pulse *p, double us, double tokens)
{
	int64_t second = (int64_t)floor(us / 1e6);

	if (p->lost || !reach(p, second))
		p->lost = true;
	else
		p->tokens[second - p->base] += tokens;
}

/* The raw array of gaps; absent when there is none. */
static struct span
gaps_of(const char *text, size_t len)
{
	struct span gaps = {0}, key;
	struct scan s;

	scan_start(&s, text, len);
	if (scan_object(&s))
		while (scan_member(&s, &key))
			scan_value(&s, span_is(key, "itl_ms") && scan_kind(&s) == SCAN_ARRAY ? &gaps : NULL);
	return gaps;
}

static size_t
count(struct span gaps)
{
	struct scan s;
	size_t n = 0;

	scan_start(&s, gaps.s, gaps.n);
	if (scan_array(&s))
		for (; scan_item(&s); n++)
			scan_value(&s, NULL);
	return n;
}

static void
add_events(struct pulse *p, double us, double tokens, struct span gaps)
{
	struct scan s;
	struct span raw;
	double each = tokens / (double)(count(gaps) + 1);

	put(p, us, each);
	scan_start(&s, gaps.s, gaps.n);
	if (scan_array(&s))
		while (scan_item(&s) && scan_kind(&s) == SCAN_NUMBER && scan_number(&s, &raw))
			put(p, us += span_double(raw) * 1e3, each);
}

void
pulse_add(struct pulse *p, const struct outcome *o, const char *text, size_t len)
{
	double first = (double)o->due_us + o->ttft_ms * 1e3, last = (double)o->done_us, n = (double)o->output;
	struct span gaps;

	if (!o->ok || o->output <= 0)
		return;
	if (isnan(o->ttft_ms) || o->due_us == OUTCOME_NONE || first > last) {
		put(p, last, n);
		return;
	}
	gaps = gaps_of(text, len);
	if (gaps.s)
		add_events(p, first, n, gaps);
	else
		for (double i = 0; i < n; i++)
			put(p, n > 1 ? first + (last - first) * i / (n - 1) : first, 1);
}

double
pulse_peak(const struct pulse *p, int64_t *second)
{
	double peak = -1;

	for (size_t i = 0; !p->lost && i < p->n; i++)
		if (p->tokens[i] > peak && p->tokens[i] > 0) {
			peak = p->tokens[i];
			*second = p->base + (int64_t)i;
		}
	return peak;
}
