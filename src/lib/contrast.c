/* contrast: see contrast.h. */
#include "contrast.h"

#include "stats.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static const struct contrast_interval unknown = {NAN, NAN, NAN, NAN};

static size_t
pairs(const struct contrast_side *a, const struct contrast_side *b)
{
	return a->replicates < b->replicates ? a->replicates : b->replicates;
}

static struct contrast_tails
counted(const struct contrast_side *a, const struct contrast_side *b, struct contrast_margin m)
{
	size_t n = pairs(a, b), above = 1, below = 1;

	for (size_t i = 0; i < n; i++) {
		double over = b->replicate[i] - (m.scale * a->replicate[i] + m.shift);

		above += over <= 0;
		below += over >= 0;
	}
	return (struct contrast_tails){(double)above / (double)(n + 1), (double)below / (double)(n + 1)};
}

struct contrast_tails
contrast_replicates(const struct contrast_side *a, const struct contrast_side *b, struct contrast_margin m)
{
	struct contrast_tails t = counted(a, b, m);

	t.above = fmin(1, fmax(t.above, fmax(a->highest, b->lowest)));
	t.below = fmin(1, fmax(t.below, fmax(a->lowest, b->highest)));
	return t;
}

/* The sample's own spread is too small by (n - 1) / n, and an estimate: both go together for the smaller sample. */
struct widening {
	double factor, df;
};

static struct widening
widening(const struct contrast_side *a, const struct contrast_side *b)
{
	double n = fmin(a->n, b->n);

	return (struct widening){sqrt(n / (n - 1)), a->n + b->n - 2};
}

static double
widened(double tail, struct widening w)
{
	return tail >= 1 ? 1 : gsl_cdf_tdist_P(gsl_cdf_ugaussian_Pinv(tail) / w.factor, w.df);
}

struct contrast_tails
contrast_means(const struct contrast_side *a, const struct contrast_side *b, struct contrast_margin m)
{
	struct contrast_tails t = counted(a, b, m);
	struct widening w = widening(a, b);

	return (struct contrast_tails){widened(t.above, w), widened(t.below, w)};
}

/* The quantiles of the differences (of the ratios) at tail and 1 - tail. */
static struct contrast_interval
interval_at(const struct contrast_side *a, const struct contrast_side *b, double tail, double *room)
{
	struct contrast_interval i = unknown;
	size_t n = pairs(a, b), ratios = 0;

	for (size_t k = 0; k < n; k++)
		room[k] = b->replicate[k] - a->replicate[k] + 0.0;
	if (!stats_sort(room, NULL, n))
		return i;
	i.lo = stats_quantile(STATS_LINEAR, room, n, tail);
	i.hi = stats_quantile(STATS_LINEAR, room, n, 1 - tail);
	for (size_t k = 0; k < n; k++)
		if (a->replicate[k] > 0)
			room[ratios++] = b->replicate[k] / a->replicate[k] - 1 + 0.0;
	if (ratios < n || !stats_sort(room, NULL, n))
		return i;
	i.ratio_lo = stats_quantile(STATS_LINEAR, room, n, tail);
	i.ratio_hi = stats_quantile(STATS_LINEAR, room, n, 1 - tail);
	return i;
}

struct contrast_interval
contrast_replicates_interval(const struct contrast_side *a, const struct contrast_side *b, double level, double *room)
{
	double tail = (1 - level) / 2;
	struct contrast_interval i = interval_at(a, b, tail, room);

	if (a->highest > tail || b->lowest > tail)
		i.lo = i.ratio_lo = NAN;
	if (a->lowest > tail || b->highest > tail)
		i.hi = i.ratio_hi = NAN;
	return i;
}

struct contrast_interval
contrast_means_interval(const struct contrast_side *a, const struct contrast_side *b, double level, double *room)
{
	struct widening w = widening(a, b);
	double far = gsl_cdf_tdist_Qinv((1 - level) / 2, w.df) * w.factor;

	return interval_at(a, b, gsl_cdf_ugaussian_Q(far), room);
}

struct spread {
	double variance, df; /* of one run; NAN below two */
};

static struct spread
spread_of(const struct contrast_side *s)
{
	double squares = 0;

	for (size_t i = 0; i < s->runs; i++)
		squares += (s->run[i] - s->value) * (s->run[i] - s->value);
	return (struct spread){s->runs < 2 ? NAN : squares / (double)(s->runs - 1), (double)s->runs - 1};
}

struct error {
	double se, df;
};

/* The standard error of b - scale * a, and its degrees of freedom. */
static struct error
error_of(const struct contrast_side *a, const struct contrast_side *b, double scale)
{
	struct spread x = spread_of(a), y = spread_of(b);
	double va, vb, df;

	if (isnan(x.variance))
		x.variance = y.variance;
	if (isnan(y.variance))
		y.variance = x.variance;
	va = scale * scale * x.variance / (double)a->runs;
	vb = y.variance / (double)b->runs;
	if (x.df > 0 && y.df > 0 && va + vb > 0)
		df = (va + vb) * (va + vb) / (va * va / x.df + vb * vb / y.df);
	else
		df = x.df + y.df;
	return (struct error){sqrt(va + vb), df};
}

struct contrast_tails
contrast_runs(const struct contrast_side *a, const struct contrast_side *b, struct contrast_margin m)
{
	struct error e = error_of(a, b, m.scale);
	double over = b->value - (m.scale * a->value + m.shift);

	if (over == 0)
		return (struct contrast_tails){0.5, 0.5};
	return (struct contrast_tails){gsl_cdf_tdist_Q(over / e.se, e.df), gsl_cdf_tdist_P(over / e.se, e.df)};
}

struct contrast_interval
contrast_runs_interval(const struct contrast_side *a, const struct contrast_side *b, double level)
{
	struct contrast_interval i = unknown;
	double diff = b->value - a->value, ratio = b->value / a->value, tail = (1 - level) / 2;
	struct error e = error_of(a, b, 1);

	i.lo = diff - gsl_cdf_tdist_Qinv(tail, e.df) * e.se;
	i.hi = diff + gsl_cdf_tdist_Qinv(tail, e.df) * e.se;
	if (a->value > 0) {
		e = error_of(a, b, ratio);
		i.ratio_lo = ratio - 1 - gsl_cdf_tdist_Qinv(tail, e.df) * e.se / a->value;
		i.ratio_hi = ratio - 1 + gsl_cdf_tdist_Qinv(tail, e.df) * e.se / a->value;
	}
	return i;
}

struct ends {
	double lo, hi;
};

/* Wilson's interval, z standard errors wide on each side. */
static struct ends
wilson(const struct contrast_side *s, double z)
{
	double n = s->trials, p = s->hits / n, middle = p + z * z / (2 * n);
	double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)), all = 1 + z * z / n;

	return (struct ends){(middle - half) / all, (middle + half) / all};
}

static struct contrast_interval
score_interval(const struct contrast_side *a, const struct contrast_side *b, struct contrast_margin m, double z)
{
	struct ends x = wilson(a, z), y = wilson(b, z);
	double pa = a->hits / a->trials, pb = b->hits / b->trials, over = pb - (m.scale * pa + m.shift);
	struct contrast_interval i = unknown;

	i.lo = over - hypot(pb - y.lo, m.scale * (x.hi - pa));
	i.hi = over + hypot(y.hi - pb, m.scale * (pa - x.lo));
	return i;
}

/* The largest z at which the interval is still above 0 (below 0, when sign is negative). */
static double
z_where_it_touches(const struct contrast_side *a, const struct contrast_side *b, struct contrast_margin m, int sign)
{
	double from = 0, to = 38;

	for (int i = 0; i < 60; i++) {
		double mid = (from + to) / 2;
		struct contrast_interval s = score_interval(a, b, m, mid);

		if (sign > 0 ? s.lo > 0 : s.hi < 0)
			from = mid;
		else
			to = mid;
	}
	return from;
}

struct contrast_tails
contrast_shares(const struct contrast_side *a, const struct contrast_side *b, struct contrast_margin m)
{
	double over = b->hits / b->trials - (m.scale * a->hits / a->trials + m.shift), tail;

	if (over == 0)
		return (struct contrast_tails){0.5, 0.5};
	tail = gsl_cdf_ugaussian_Q(z_where_it_touches(a, b, m, over > 0 ? 1 : -1));
	return over > 0 ? (struct contrast_tails){tail, 1 - tail} : (struct contrast_tails){1 - tail, tail};
}

struct contrast_interval
contrast_shares_interval(const struct contrast_side *a, const struct contrast_side *b, double level)
{
	return score_interval(a, b, (struct contrast_margin){1, 0}, gsl_cdf_ugaussian_Qinv((1 - level) / 2));
}
