/* comparison: see comparison.h. */
#include "comparison.h"

#include "holm.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FEWEST 20 /* records that a bootstrap needs */
#define UNEVEN 1.1 /* runs whose sizes differ by more have tails of another kind */

const char *const verdict_names[] = {"worse", "better", "no difference shown", "cannot compare"};
const char *const method_names[] = {NULL, "bootstrap", "welch-t", "score", "mann-whitney"};

static const struct contrast_margin none = {1, 0};

/* How many values it takes until the sample reaches beyond the quantile on both sides. */
static double
needed(double q, double level)
{
	double tail = log((1 - level) / 2);

	return ceil(fmax(q > 0 ? tail / log(q) : INFINITY, q < 1 ? tail / log(1 - q) : INFINITY) - 1e-9);
}

static void __attribute__((format(printf, 2, 3)))
cannot(struct comparison_row *r, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(r->why, sizeof r->why, fmt, args);
	va_end(args);
	r->method = METHOD_NONE;
}

/* Whether runs that are short of that many values differ in how many they have: their percentiles then lean
 * differently. */
static bool
uneven(const struct cmpside_figure *a, const struct cmpside_figure *b, double enough)
{
	double least = fmin(a->n_least, b->n_least);

	return least < enough && fmax(a->n_most, b->n_most) > UNEVEN * least;
}

/* The largest share of a side's replicates that took its first or last value. */
static double
outermost(const struct contrast_side *a, const struct contrast_side *b)
{
	return fmax(fmax(a->lowest, a->highest), fmax(b->lowest, b->highest));
}

/* By which method, or why by none. */
static void
choose(struct comparison_row *r, const struct figure *f, const struct cmpside_figure *a, const struct cmpside_figure *b,
	double level)
{
	bool single = a->c.runs == 1 && b->c.runs == 1;
	const double tail = (1 - level) / 2;

	if (isnan(a->c.value) || isnan(b->c.value))
		cannot(r, "%s has no value of it", isnan(a->c.value) ? "the baseline" : "the other side");
	else if (a->runs_without || b->runs_without)
		cannot(r, "a run has no value of it");
	else if (f->kind == FIGURE_RANK)
		r->method = METHOD_RANKS;
	else if (!single && f->kind == FIGURE_QUANTILE && uneven(a, b, needed(f->q, level)))
		cannot(r, "too few requests: it takes some %.0f in each run, or as many in all", needed(f->q, level));
	else if (!single)
		r->method = METHOD_T;
	else if (f->kind == FIGURE_RATE)
		cannot(r, "one number a run: it takes two runs on a side");
	else if (f->kind == FIGURE_SHARE)
		r->method = METHOD_SCORE;
	else if (fmin(a->c.replicates, b->c.replicates) < 2)
		cannot(r, "no replicate has a value of it");
	else if (f->kind == FIGURE_QUANTILE && outermost(&a->c, &b->c) > tail)
		cannot(r, "too few requests: it takes some %.0f on each side", needed(f->q, level));
	else if (fmin(a->c.n, b->c.n) < FEWEST)
		cannot(r, "too few requests: it takes %d on each side", FEWEST);
	else
		r->method = METHOD_BOOTSTRAP;
}

/* The values of a, moved to where the margin is, against those of b: of the requests, or of the runs where a side has
 * several. */
static struct ranks
ranks_at(const struct cmpside_figure *a, const struct cmpside_figure *b, struct contrast_margin m, double level,
	double *room)
{
	bool runs = a->c.runs > 1 || b->c.runs > 1;
	const double *x = runs && a->c.runs == 1 ? a->c.run : a->ranked, *y = runs && b->c.runs == 1 ? b->c.run : b->ranked;
	size_t n = runs ? a->c.runs : a->n_ranked;

	for (size_t i = 0; i < n; i++)
		room[i] = m.scale * x[i] + m.shift + 0.0;
	return ranks_of(room, n, y, runs ? b->c.runs : b->n_ranked, level);
}

static struct contrast_tails
rank_tails(const struct cmpside_figure *a, const struct cmpside_figure *b, struct contrast_margin m, double *room)
{
	struct ranks r = ranks_at(a, b, m, 0.95, room);

	return (struct contrast_tails){r.above, r.below};
}

static struct contrast_tails
tails_of(const struct comparison_row *r, const struct figure *f, const struct cmpside_figure *a,
	const struct cmpside_figure *b, struct contrast_margin m, double *room)
{
	switch (r->method) {
	case METHOD_T: return contrast_runs(&a->c, &b->c, m);
	case METHOD_SCORE: return contrast_shares(&a->c, &b->c, m);
	case METHOD_RANKS: return rank_tails(a, b, m, room);
	case METHOD_BOOTSTRAP:
		return f->kind == FIGURE_QUANTILE ? contrast_replicates(&a->c, &b->c, m) : contrast_means(&a->c, &b->c, m);
	case METHOD_NONE: break;
	}
	return (struct contrast_tails){NAN, NAN};
}

static void
set_interval(struct comparison_row *r, const struct figure *f, const struct cmpside_figure *a,
	const struct cmpside_figure *b, double level, double *room)
{
	switch (r->method) {
	case METHOD_T: r->interval = contrast_runs_interval(&a->c, &b->c, level); break;
	case METHOD_SCORE: r->interval = contrast_shares_interval(&a->c, &b->c, level); break;
	case METHOD_RANKS: r->ranks = ranks_at(a, b, none, level, room); break;
	case METHOD_BOOTSTRAP:
		r->interval = f->kind == FIGURE_QUANTILE ? contrast_replicates_interval(&a->c, &b->c, level, room)
												 : contrast_means_interval(&a->c, &b->c, level, room);
		break;
	case METHOD_NONE: break;
	}
	r->shows = (r->interval.hi - r->interval.lo) / 2;
}

/* The doubled tail on the worse side of what is tolerated. */
static double
regression_p(const struct comparison_row *r, const struct figure *f, const struct cmpside_figure *a,
	const struct cmpside_figure *b, double *room)
{
	int sign = f->lower ? 1 : -1;
	struct contrast_margin m = {1 + sign * f->tolerance_ratio, sign * f->tolerance_shift};
	struct contrast_tails t = tails_of(r, f, a, b, m, room);

	return fmin(1, 2 * (f->lower ? t.above : t.below));
}

static void
compare_figure(struct comparison_row *r, const struct figure *f, const struct cmpside_figure *a,
	const struct cmpside_figure *b, double level, double *room)
{
	struct contrast_tails t;

	*r = (struct comparison_row){.diff = NAN, .ratio = NAN, .interval = {NAN, NAN, NAN, NAN}, .p = NAN, .p_holm = NAN,
		.p_regression = NAN, .shows = NAN, .ranks = {NAN, NAN, NAN, NAN, NAN, NAN}, .verdict = VERDICT_CANNOT};
	if (f->kind != FIGURE_RANK) {
		r->diff = b->c.value - a->c.value;
		r->ratio = a->c.value > 0 ? b->c.value / a->c.value - 1 : NAN;
	}
	choose(r, f, a, b, level);
	if (r->method == METHOD_NONE)
		return;
	set_interval(r, f, a, b, level, room);
	t = tails_of(r, f, a, b, none, room);
	r->p = fmin(1, 2 * fmin(t.above, t.below));
	r->p_regression = regression_p(r, f, a, b, room);
}

static void
judge(struct comparison_row *r, const struct figure *f, double level, bool allowed)
{
	bool above = r->method == METHOD_RANKS ? r->ranks.a12 > 0.5 : r->diff > 0;

	if (!allowed && r->method != METHOD_NONE)
		snprintf(r->why, sizeof r->why, "the runs are not comparable");
	if (!allowed || r->method == METHOD_NONE)
		return;
	r->verdict = VERDICT_NONE;
	if (r->p_holm <= 1 - level)
		r->verdict = above == f->lower ? VERDICT_WORSE : VERDICT_BETTER;
	r->regression = r->verdict == VERDICT_WORSE && r->p_regression <= 1 - level;
}

/* Holm's correction of one of the rows' p-values, in place. */
static bool
correct(struct comparison *c, size_t n)
{
	double *p = calloc(4 * n + 1, sizeof *p), *worse = p + n, *p_holm = p + 2 * n, *worse_holm = p + 3 * n;
	bool room = p;

	for (size_t i = 0; room && i < n; i++) {
		p[i] = c->row[i].p;
		worse[i] = c->row[i].p_regression;
		c->tests += !isnan(p[i]);
	}
	room = room && holm_adjust(p, p_holm, n) && holm_adjust(worse, worse_holm, n);
	for (size_t i = 0; room && i < n; i++) {
		c->row[i].p_holm = p_holm[i];
		c->row[i].p_regression = worse_holm[i];
	}
	free(p);
	return room;
}

static size_t
room_for(const struct figures_wanted *w, const struct cmpside *a)
{
	size_t most = 1;

	for (size_t i = 0; i < w->n; i++) {
		most = a->of[i].c.replicates > most ? a->of[i].c.replicates : most;
		most = a->of[i].n_ranked > most ? a->of[i].n_ranked : most;
	}
	return most;
}

bool
comparison_make(struct comparison *c, const struct figures_wanted *w, const struct cmpside *a, const struct cmpside *b,
	double level, bool allowed)
{
	double *room = calloc(room_for(w, a), sizeof *room);

	*c = (struct comparison){.row = calloc(w->n + 1, sizeof *c->row), .verdict = VERDICT_CANNOT};
	if (!room || !c->row) {
		free(room);
		return false;
	}
	for (size_t i = 0; i < w->n; i++)
		compare_figure(&c->row[i], &w->figure[i], &a->of[i], &b->of[i], level, room);
	free(room);
	if (!correct(c, w->n))
		return false;
	for (size_t i = 0; i < w->n; i++) {
		judge(&c->row[i], &w->figure[i], level, allowed);
		c->regression |= c->row[i].regression;
		if (c->row[i].verdict < c->verdict)
			c->verdict = c->row[i].verdict;
	}
	return true;
}

void
comparison_free(struct comparison *c)
{
	free(c->row);
}
