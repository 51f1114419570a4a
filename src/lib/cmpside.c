/* cmpside: see cmpside.h. */
#include "cmpside.h"

#include "resample.h"

#include <math.h>
#include <stdlib.h>

static double
mean_of(const double *x, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += x[i];
	return n ? sum / (double)n : NAN;
}

/* How many records have a part in the figure. */
static double
records_in(const double *y, size_t n)
{
	size_t in = 0;

	for (size_t i = 0; i < n; i++)
		in += y[i] > 0;
	return (double)in;
}

/* The runs' values, and how much they rest on. */
static bool
set_values(const struct cmpside *s, const struct figure *f, struct cmpside_figure *to)
{
	if (!(to->c.run = reallocarray(NULL, s->runs, sizeof *to->c.run)))
		return false;
	for (size_t i = 0; i < s->runs; i++) {
		const struct cmprun *run = &s->run[i];
		double v = cmprun_value(run, f);
		double in = f->kind <= FIGURE_RANK ? records_in(run->count + f->of * run->n, run->n) : (double)run->n;

		to->n_least = i ? fmin(to->n_least, in) : in;
		to->n_most = fmax(to->n_most, in);
		to->n += f->kind <= FIGURE_RANK ? run->field[f->of].n : run->n;
		to->bad += f->kind <= FIGURE_RANK ? run->field[f->of].bad : 0;
		if (isfinite(v))
			to->c.run[to->c.runs++] = v;
		else
			to->runs_without++;
	}
	to->c.value = mean_of(to->c.run, to->c.runs);
	return true;
}

static bool
set_ranked(const struct cmpside *s, const struct figure *f, struct cmpside_figure *to)
{
	if (s->runs == 1) {
		to->ranked = cmprun_ranked(s->run, f->of, &to->n_ranked);
		return to->ranked;
	}
	if (!(to->ranked = reallocarray(NULL, s->runs, sizeof *to->ranked)))
		return false;
	for (to->n_ranked = 0; to->n_ranked < to->c.runs; to->n_ranked++)
		to->ranked[to->n_ranked] = to->c.run[to->n_ranked] + 0.0;
	return stats_sort(to->ranked, NULL, to->n_ranked);
}

static void
set_hits(const struct cmprun *run, const struct figure *f, struct contrast_side *c)
{
	c->trials = (double)run->n;
	for (size_t i = 0; i < run->n; i++)
		c->hits += cmprun_part(run, (enum figure_of_run)f->of, i);
}

static bool
replicate_quantile(const struct cmprun *run, const struct figure *f, const struct interval_bootstrap *want,
	struct contrast_side *c)
{
	const struct samples *s = &run->field[f->of];
	const struct interval_sample sample = {s->x, s->record, s->n, run->key, run->n};
	struct interval_bootstrap b = *want;
	struct interval_replicates r = {.value = c->replicate};

	b.q = &f->q;
	b.quantiles = 1;
	if (!interval_replicate(&sample, &b, &r))
		return false;
	c->replicates = r.count;
	c->lowest = r.count ? (double)r.lowest / (double)r.count : 1;
	c->highest = r.count ? (double)r.highest / (double)r.count : 1;
	return true;
}

/* What record by record adds to a figure of the run. */
static double *
parts_of(const struct cmprun *run, const struct figure *f)
{
	double *x = reallocarray(NULL, run->n, sizeof *x);

	for (size_t i = 0; x && i < run->n; i++)
		x[i] = cmprun_part(run, (enum figure_of_run)f->of, i);
	return x;
}

/* Means, and sums by the time in flight, all by the same weights. */
static bool
replicate_ratios(struct cmpside *s, const struct figures_wanted *w, const struct interval_bootstrap *want)
{
	const struct cmprun *run = s->run;
	struct resample_ratio ratio[FIGURE_MAX];
	size_t figure[FIGURE_MAX], n = 0;
	bool room = true;

	for (size_t i = 0; i < w->n && room; i++) {
		const struct figure *f = &w->figure[i];
		struct contrast_side *c = &s->of[i].c;
		double *parts = NULL;

		if (!c->replicate || (f->kind != FIGURE_MEAN && f->kind != FIGURE_SLOT))
			continue;
		ratio[n] = (struct resample_ratio){run->sum + f->of * run->n, run->count + f->of * run->n, c->replicate, 0};
		if (f->kind == FIGURE_SLOT) {
			room = (parts = parts_of(run, f));
			ratio[n].x = parts;
			ratio[n].y = run->flight_s;
		}
		figure[n++] = i;
	}
	room = room && resample_ratios(ratio, n, run->key, run->n, want->seed, want->replicates);
	for (size_t k = 0; k < n; k++) {
		s->of[figure[k]].c.replicates = ratio[k].count;
		if (w->figure[figure[k]].kind == FIGURE_SLOT)
			free((double *)ratio[k].x);
	}
	return room;
}

static bool
replicate(struct cmpside *s, const struct figures_wanted *w, const struct interval_bootstrap *want)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct figure *f = &w->figure[i];
		struct contrast_side *c = &s->of[i].c;

		if ((f->kind != FIGURE_MEAN && f->kind != FIGURE_QUANTILE && f->kind != FIGURE_SLOT) || isnan(c->value))
			continue;
		c->n = s->of[i].n_least;
		if (!(c->replicate = reallocarray(NULL, want->replicates, sizeof *c->replicate)))
			return false;
		if (f->kind == FIGURE_QUANTILE && !replicate_quantile(s->run, f, want, c))
			return false;
	}
	return replicate_ratios(s, w, want);
}

bool
cmpside_settle(struct cmpside *s, const struct figures_wanted *w, uint64_t seed, size_t replicates)
{
	const struct interval_bootstrap want = {.method = STATS_LINEAR, .seed = seed, .replicates = replicates};

	if (!(s->of = calloc(w->n + 1, sizeof *s->of)))
		return false;
	for (size_t i = 0; i < w->n; i++) {
		const struct figure *f = &w->figure[i];

		if (!set_values(s, f, &s->of[i]))
			return false;
		if (f->kind == FIGURE_RANK && !set_ranked(s, f, &s->of[i]))
			return false;
		if (f->kind == FIGURE_SHARE && s->runs == 1)
			set_hits(s->run, f, &s->of[i].c);
	}
	return s->runs > 1 || replicates == 0 || replicate(s, w, &want);
}

void
cmpside_free(struct cmpside *s, const struct figures_wanted *w)
{
	for (size_t i = 0; s->of && i < w->n; i++) {
		free(s->of[i].c.replicate);
		free(s->of[i].c.run);
		free(s->of[i].ranked);
	}
	free(s->of);
	for (size_t i = 0; i < s->runs; i++)
		cmprun_free(&s->run[i], w->fields);
	free(s->run);
}
