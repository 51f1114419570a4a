/* hist: see hist.h. */
#include "hist.h"

#include "stats.h"

#include <math.h>
#include <string.h>

bool
hist_scale_of(const char *name, enum hist_scale *scale)
{
	*scale = !name ? HIST_AUTO : strcmp(name, "log") == 0 ? HIST_LOG : HIST_LINEAR;
	return *scale != HIST_LINEAR || strcmp(name, "linear") == 0;
}

static double
power_of_ten(int e)
{
	return e < 0 ? 1 / pow(10, -e) : pow(10, e);
}

/* The smallest of 1, 2, 5 times a power of ten with which max - min needs at most `most` bins. */
static void
linear_edges(struct hist *h, double most, double min, double max)
{
	static const double steps[] = {1, 2, 5};
	double range = max / 2 - min / 2; /* half of it: the whole may overflow */
	double largest = fmax(fabs(min), fabs(max));
	int e = range > 0 ? (int)floor(log10(range / most)) - 1 : 0;
	int least = largest > 0 ? (int)floor(log10(largest)) - 14 : 0; /* a step must show beside the value */

	if (least < -300)
		least = -300; /* 1e-300 is a number, its inverse too */
	for (e = e < least ? least : e;; e++)
		for (size_t i = 0; i < 3; i++) {
			double step = steps[i] * power_of_ten(e), first = floor(min / step), end = floor(max / step) + 1;

			first -= first * step > min; /* the division rounds */
			end += end * step <= max;
			if (end - first > most)
				continue;
			h->bins = (size_t)(end - first);
			for (size_t k = 0; k <= h->bins; k++)
				h->edge[k] = (first + (double)k) * step;
			h->decimals = e < 0 ? -e : 0;
			return;
		}
}

struct series {
	size_t n;
	double step[10];
};

static double
series_edge(const struct series *s, int e, size_t i)
{
	return s->step[i % s->n] * power_of_ten(e + (int)(i / s->n));
}

/* Edges from the last one that is not above `from` to the first one above max; a value
 * below `from` (zero) gets a bin of its own in front.  False when they are too many. */
static bool
series_edges(struct hist *h, const struct series *s, size_t most, double min, double from, double max)
{
	int e = (int)floor(log10(from)) - 1;
	size_t i = 0;

	while (series_edge(s, e, i + 1) <= from)
		i++;
	h->bins = 0;
	if (min < from)
		h->edge[h->bins++] = 0;
	for (;; i++) {
		if (h->bins > most)
			return false;
		h->edge[h->bins] = series_edge(s, e, i);
		if (h->edge[h->bins] > max)
			return true;
		h->bins++;
	}
}

static bool
log_edges(struct hist *h, size_t most, double min, double from, double max)
{
	static const struct series all[] = {
		{10, {1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8}},
		{3, {1, 2, 5}},
		{1, {1}},
	};

	h->decimals = -1;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (series_edges(h, &all[i], most, min, from, max))
			return true;
	return false;
}

static bool
squeezed(const double *x, size_t n)
{
	return stats_quantile(STATS_LINEAR, x, n, 0.95) / 2 - x[0] / 2 < (x[n - 1] / 2 - x[0] / 2) / 10;
}

static void
count(struct hist *h, const double *x, size_t n)
{
	size_t bin = 0;

	memset(h->count, 0, sizeof h->count);
	for (size_t i = 0; i < n; i++) {
		while (bin + 1 < h->bins && x[i] >= h->edge[bin + 1])
			bin++;
		h->count[bin]++;
	}
}

void
hist_make(struct hist *h, const double *sorted, size_t n, enum hist_scale scale)
{
	double few = fmax(2 * sqrt((double)n), 5);
	size_t positive = 0, most = few < HIST_BINS ? (size_t)few : HIST_BINS;

	h->bins = 0;
	if (n == 0)
		return;
	while (positive < n && sorted[positive] <= 0)
		positive++;
	if (scale == HIST_AUTO)
		scale = squeezed(sorted, n) ? HIST_LOG : HIST_LINEAR;
	if (scale == HIST_LINEAR || sorted[0] < 0 || positive == n ||
	    !log_edges(h, most, sorted[0], sorted[positive], sorted[n - 1]))
		linear_edges(h, (double)most, sorted[0], sorted[n - 1]);
	count(h, sorted, n);
}
