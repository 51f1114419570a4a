/* transient: see transient.h.
 *
 * Where a step is comes from prefix sums, exactly.  The other shapes are tried on a grid over the
 * means of at most 512 runs of neighbours, and the best of it is refined on all values by a
 * pattern search that halves its steps where none of them helps (Hooke and Jeeves 1961). */
#include "transient.h"

#include <math.h>
#include <stdlib.h>

#define MOST 4096
#define COARSE 512
#define GRID 80      /* edges */
#define LAGS 50
#define REFINE 60    /* steps of the search */
#define LEVEL_DIGITS 1e-6 /* logarithms closer than that are the same */
#define LEAST_EXCESS 0.05
#define SMOOTHED 4 /* what running medians of five do to values that are independent */
#define FITTED 5   /* values that fitting shape, edge, excess and level, the best of many, is worth */

const char *const transient_shapes[] = {"step", "ramp", "exponential", NULL};

struct series {
	double *t, *y;
	size_t n;
};

struct fit {
	double rss, edge, excess;
	enum transient_shape shape;
};

static double
model(enum transient_shape shape, double t, double edge, double excess)
{
	double s = shape == TRANSIENT_EXPONENTIAL ? exp(-3 * t / edge) : t >= edge ? 0 : 1;

	if (shape == TRANSIENT_RAMP && t < edge)
		s = 1 - t / edge;
	return log1p(excess * s);
}

/* About the mean of what the model leaves. */
static double
rss_of(const struct series *s, enum transient_shape shape, double edge, double excess)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < s->n; i++) {
		double d = s->y[i] - model(shape, s->t[i], edge, excess);

		sum += d;
		squares += d * d;
	}
	return fmax(squares - sum * sum / (double)s->n, (double)s->n * LEVEL_DIGITS * LEVEL_DIGITS);
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(const double *v, size_t n, double *room)
{
	for (size_t i = 0; i < n; i++)
		room[i] = v[i];
	qsort(room, n, sizeof *room, by_value);
	return n % 2 ? room[n / 2] : (room[n / 2 - 1] + room[n / 2]) / 2;
}

/* Logarithms of the running medians of five; at the ends those of the outermost five. */
static void
smooth_few(const double *t, const double *v, size_t n, struct series *s, double *room)
{
	for (size_t i = 0; i < n; i++) {
		size_t from = i < 2 ? 0 : i > n - 3 ? n - 5 : i - 2;

		s->t[i] = t[i];
		s->y[i] = log(median(v + from, 5, room));
	}
	s->n = n;
}

static void
smooth_many(const double *t, const double *v, size_t n, struct series *s, double *room)
{
	size_t size = (n + MOST - 1) / MOST;

	size = size < 5 ? 5 : size;
	for (size_t i = 0; i + size <= n; i += size) {
		s->t[s->n] = t[i + size / 2];
		s->y[s->n++] = log(median(v + i, size, room));
	}
}

/* So that sums of squares lose nothing. */
static void
centre(struct series *s)
{
	double sum = 0;

	for (size_t i = 0; i < s->n; i++)
		sum += s->y[i];
	for (size_t i = 0; i < s->n; i++)
		s->y[i] -= sum / (double)s->n;
}

/* Means of neighbours, into to. */
static void
thin(const struct series *from, struct series *to)
{
	size_t size = (from->n + COARSE - 1) / COARSE;

	for (size_t i = 0; i < from->n; i += size) {
		size_t k = from->n - i < size ? from->n - i : size;
		double t = 0, y = 0;

		for (size_t j = i; j < i + k; j++) {
			t += from->t[j];
			y += from->y[j];
		}
		to->t[to->n] = t / (double)k;
		to->y[to->n++] = y / (double)k;
	}
}

static void
best_step(const struct series *s, struct fit *best)
{
	double all = 0, sum = 0, squares = 0, n = (double)s->n;

	for (size_t i = 0; i < s->n; i++) {
		all += s->y[i];
		squares += s->y[i] * s->y[i];
	}
	for (size_t i = 0; i + 1 < s->n; i++) {
		double k = (double)i + 1, rest = all - (sum += s->y[i]);
		double rss = fmax(squares - sum * sum / k - rest * rest / (n - k), n * LEVEL_DIGITS * LEVEL_DIGITS);

		if (s->t[i + 1] > s->t[i] && rss < best->rss)
			*best = (struct fit){rss, s->t[i + 1], expm1(sum / k - rest / (n - k)), TRANSIENT_STEP};
	}
}

static struct fit
on_grid(const struct series *s, enum transient_shape shape)
{
	static const double excess[] = {
		-0.9, -0.75, -0.5, -0.3, -0.15, -0.08, 0.08, 0.15, 0.3, 0.6, 1, 1.7, 3, 5, 9, 16, 30};
	struct fit best = {.rss = INFINITY, .shape = shape};

	for (size_t i = 1; i <= GRID; i++)
		for (size_t k = 0; k < sizeof excess / sizeof *excess; k++) {
			double edge = s->t[s->n - 1] * (double)i / GRID, rss = rss_of(s, shape, edge, excess[k]);

			if (rss < best.rss)
				best = (struct fit){rss, edge, excess[k], shape};
		}
	return best;
}

static void
refine(const struct series *s, struct fit *f)
{
	double last = s->t[s->n - 1], by = last / GRID / 2, grow = 0.2;

	f->rss = rss_of(s, f->shape, f->edge, f->excess);
	for (int step = 0; step < REFINE && by > last * 1e-5; step++) {
		const struct fit at = *f;

		for (int i = 0; i < 9; i++) {
			double edge = at.edge + (i / 3 - 1) * by, excess = at.excess * (1 + (i % 3 - 1) * grow), rss;

			if (edge <= last / 500 || edge > last || excess <= -0.99)
				continue;
			rss = rss_of(s, f->shape, edge, excess);
			if (rss < f->rss)
				*f = (struct fit){rss, edge, excess, f->shape};
		}
		if (f->rss == at.rss) {
			by /= 2;
			grow /= 2;
		}
	}
}

/* By how much autocorrelated residuals are worth fewer; left: them, centred. */
static double
inflation(const double *left, size_t n)
{
	size_t lags = (size_t)sqrt((double)n);
	double variance = 0, f = 1;

	lags = lags > LAGS ? LAGS : lags;
	for (size_t i = 0; i < n; i++)
		variance += left[i] * left[i];
	for (size_t lag = 1; lag <= lags && variance > 0; lag++) {
		double sum = 0;

		for (size_t i = lag; i < n; i++)
			sum += left[i] * left[i - lag];
		f += 2 * (1 - (double)lag / ((double)lags + 1)) * sum / variance;
	}
	return f > 1 ? f : 1;
}

static double
mean_between(const struct series *s, double from, double to, const double *of)
{
	double sum = 0, n = 0;

	for (size_t i = 0; i < s->n; i++)
		if (s->t[i] >= from && s->t[i] < to) {
			sum += of[i];
			n++;
		}
	return n > 0 ? sum / n : NAN;
}

/* Does it look like a beginning?  fitted: the model; level: what is added to it. */
static bool
is_beginning(const struct series *s, const struct fit *f, const double *fitted, double level)
{
	double last = s->t[s->n - 1], excess = mean_between(s, 0, f->edge, fitted);
	double first = mean_between(s, 0, f->edge / 4, s->y) - level, there = mean_between(s, 0, f->edge / 4, fitted);
	double late = mean_between(s, (f->edge + last) / 2, INFINITY, s->y) - level;

	if (!(fabs(excess) >= log1p(LEAST_EXCESS)))
		return false;
	if (isnan(there)) /* its few values have no first quarter */
		return true;
	return first / there >= 0.5 && !(fabs(late) > fabs(excess) / 2);
}

/* rest: as many values as the series has. */
static void
judge(const struct series *s, const struct fit *f, double least_inflation, double *fitted, double *rest,
	struct transient *out)
{
	double level = 0, n = (double)s->n, worth;

	for (size_t i = 0; i < s->n; i++)
		level += (s->y[i] - (fitted[i] = model(f->shape, s->t[i], f->edge, f->excess))) / n;
	for (size_t i = 0; i < s->n; i++)
		rest[i] = s->y[i] - fitted[i] - level;
	worth = n / fmax(inflation(rest, s->n), least_inflation) - FITTED;
	out->gain = fmax(0, worth) * log(rss_of(s, TRANSIENT_STEP, INFINITY, 0) / f->rss);
	if (out->gain <= 3 * log(n) || !is_beginning(s, f, fitted, level))
		return;
	out->edge = f->edge;
	out->excess = f->excess;
	out->shape = f->shape;
}

bool
transient_find(const double *t, const double *v, size_t n, struct transient *out)
{
	size_t size = (n + MOST - 1) / MOST, most = n < MOST ? n : size < MOST ? MOST : size; /* also room for a median */
	double *room = reallocarray(NULL, most + 5, 4 * sizeof *room);
	struct series s = {.t = room, .y = room + most}, few = {.t = room + 2 * most, .y = room + 3 * most};
	struct fit best = {.rss = INFINITY};

	*out = (struct transient){0};
	if (room && n >= TRANSIENT_LEAST && t[n - 1] > 0) {
		(n > MOST ? smooth_many : smooth_few)(t, v, n, &s, few.t);
		centre(&s);
		best_step(&s, &best);
		thin(&s, &few);
		for (enum transient_shape shape = TRANSIENT_RAMP; shape < TRANSIENT_SHAPES; shape++) {
			struct fit f = on_grid(&few, shape);

			refine(&s, &f);
			if (f.rss < best.rss)
				best = f;
		}
		if (isfinite(best.rss))
			judge(&s, &best, n > MOST ? 1 : SMOOTHED, few.t, few.y, out);
	}
	free(room);
	return room;
}
