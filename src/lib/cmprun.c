/* cmprun: see cmprun.h. */
#include "cmprun.h"

#include "hash.h"
#include "window.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *
cmprun_paths(struct cmprun_reader *r, const struct figures_wanted *w, size_t *field)
{
	const char *why;

	r->fields = w->fields;
	for (size_t i = 0; i < w->fields; i++)
		if ((why = path_parse(&r->path[i], w->field[i]))) {
			*field = i;
			return why;
		}
	path_parse(&r->path[w->fields], "id");
	path_parse(&r->path[w->fields + 1], "as");
	return NULL;
}

static bool
grow(struct cmprun *run, size_t fields)
{
	size_t cap = run->cap ? run->cap * 2 : 64;
	uint64_t *key;
	struct outcome *outcome;

	if (!run->field && !(run->field = calloc(fields + 1, sizeof *run->field)))
		return false;
	if (run->n < run->cap)
		return true;
	if (!(key = reallocarray(run->key, cap, sizeof *key)))
		return false;
	run->key = key;
	if (!(outcome = reallocarray(run->outcome, cap, sizeof *outcome)))
		return false;
	run->outcome = outcome;
	run->cap = cap;
	return run->n < UINT32_MAX;
}

/* Remember by which definition the first record was made, and whether another differs. */
static bool
take_definition(struct cmprun *run, struct span as)
{
	char *text;

	if (as.s && (as.n < 2 || *as.s != '"'))
		as = (struct span){0};
	if (run->n > 0) {
		run->as_differs |= as.n != run->as.n || (as.n > 0 && memcmp(as.s, run->as.s, as.n) != 0);
		return true;
	}
	if (!(text = malloc(as.n + 1)))
		return false;
	if (as.n > 0)
		memcpy(text, as.s, as.n);
	run->as = (struct span){text, as.n};
	return true;
}

const char *
cmprun_line(struct cmprun *run, const struct cmprun_reader *r, const char *text, size_t len, size_t *column,
	bool *memory)
{
	struct span found[FIGURE_FIELDS + 2], kind, id;
	struct scan s;
	struct outcome o;
	bool warmup;
	const char *why = outcome_read(&o, text, len, r->slo, r->slos, &kind, &warmup, column);

	if (why || warmup)
		return why;
	scan_start(&s, text, len);
	if (!path_find(&s, r->path, r->fields + 2, found, NULL) || !scan_end(&s)) {
		*column = scan_column(&s);
		return s.why;
	}
	o.kind = 0;
	id = found[r->fields];
	if (!id.s || (*id.s != '"' && *id.s != '-' && (*id.s < '0' || *id.s > '9')))
		id = (struct span){text, len};
	*memory = grow(run, r->fields) && take_definition(run, found[r->fields + 1]);
	for (size_t i = 0; *memory && i < r->fields; i++)
		*memory = samples_take(&run->field[i], found[i], (uint32_t)run->n);
	if (!*memory)
		return NULL;
	run->key[run->n] = hash_bytes(id.s, id.n);
	run->outcome[run->n++] = o;
	run->totals.by_kind = run->by_kind;
	totals_add(&run->totals, &o);
	return NULL;
}

/* The sum of the parts' windows. */
static bool
set_window(struct cmprun *run)
{
	struct outcome *sorted = reallocarray(NULL, run->n + 1, sizeof *sorted);
	int64_t *starts = reallocarray(NULL, run->n + 1, sizeof *starts);
	int64_t *ends = reallocarray(NULL, run->n + 1, sizeof *ends);
	struct window *w = reallocarray(NULL, run->n + 1, sizeof *w);
	bool room = sorted && starts && ends && w;
	int64_t us = 0;

	if (room && run->n > 0) {
		memcpy(sorted, run->outcome, run->n * sizeof *sorted);
		for (size_t i = window_split(sorted, run->n, starts, ends, w); i-- > 0;)
			us += w[i].whole.to_us - w[i].whole.from_us;
	}
	run->window_s = us > 0 ? (double)us / 1e6 : NAN;
	free(sorted);
	free(starts);
	free(ends);
	free(w);
	return room;
}

/* Sorting parts a value from its place: each gets the number of its record. */
static bool
name_records(struct samples *s)
{
	if (s->record || s->n == 0)
		return true;
	if (!(s->record = reallocarray(NULL, s->n, sizeof *s->record)))
		return false;
	for (size_t i = 0; i < s->n; i++)
		s->record[i] = (uint32_t)i;
	return true;
}

bool
cmprun_settle(struct cmprun *run, size_t fields)
{
	run->sum = calloc(fields * run->n + 1, sizeof *run->sum);
	run->count = calloc(fields * run->n + 1, sizeof *run->count);
	run->flight_s = calloc(run->n + 1, sizeof *run->flight_s);
	if (!run->field)
		run->field = calloc(fields + 1, sizeof *run->field);
	if (!run->sum || !run->count || !run->flight_s || !run->field || !set_window(run))
		return false;
	for (size_t f = 0; f < fields; f++) {
		struct samples *s = &run->field[f];

		if (!name_records(s))
			return false;
		for (size_t i = 0; i < s->n; i++) {
			run->sum[f * run->n + s->record[i]] += s->x[i];
			run->count[f * run->n + s->record[i]]++;
		}
		if (!stats_sort(s->x, s->record, s->n))
			return false;
	}
	for (size_t i = 0; i < run->n; i++)
		if (run->outcome[i].sent_us != OUTCOME_NONE && run->outcome[i].end_us > run->outcome[i].sent_us)
			run->flight_s[i] = (double)(run->outcome[i].end_us - run->outcome[i].sent_us) / 1e6;
	return true;
}

void
cmprun_free(struct cmprun *run, size_t fields)
{
	for (size_t f = 0; run->field && f < fields; f++)
		samples_free(&run->field[f]);
	free(run->field);
	free(run->key);
	free(run->outcome);
	free(run->sum);
	free(run->count);
	free(run->flight_s);
	free((char *)run->as.s);
}

static double
known(int64_t tokens)
{
	return tokens == OUTCOME_NONE ? 0 : (double)tokens;
}

double
cmprun_part(const struct cmprun *run, enum figure_of_run f, size_t i)
{
	const struct outcome *o = &run->outcome[i];

	switch (f) {
	case FIGURE_SLOT_TPS:
	case FIGURE_OUTPUT_TPS: return o->ok ? known(o->output) : 0;
	case FIGURE_TOTAL_TPS: return o->ok ? known(o->output) + known(o->input) : 0;
	case FIGURE_OK_RPS:
	case FIGURE_SUCCESS: return o->ok;
	case FIGURE_GOODPUT_RPS:
	case FIGURE_GOODPUT: return o->good;
	case FIGURES_OF_RUN: break;
	}
	return NAN;
}

static double
of_run(const struct cmprun *run, enum figure_of_run f)
{
	double sum = 0, flight_s = 0;

	if ((f <= FIGURE_OUTPUT_TPS && run->totals.output.n == 0) ||
		(f == FIGURE_TOTAL_TPS && (run->totals.output.n == 0 || run->totals.input.n == 0)))
		return NAN;
	for (size_t i = 0; i < run->n; i++) {
		sum += cmprun_part(run, f, i);
		flight_s += run->flight_s[i];
	}
	if (f == FIGURE_SLOT_TPS)
		return sum / flight_s;
	return f >= FIGURE_SUCCESS ? run->n ? sum / (double)run->n : NAN : sum / run->window_s;
}

static double
mean_of_ranked(const struct cmprun *run, size_t field)
{
	const double *sum = run->sum + field * run->n, *count = run->count + field * run->n;
	double all = 0, n = 0;

	for (size_t i = 0; i < run->n; i++)
		if (count[i] > 0) {
			all += sum[i] / count[i];
			n++;
		}
	return n > 0 ? all / n : NAN;
}

double
cmprun_value(const struct cmprun *run, const struct figure *f)
{
	switch (f->kind) {
	case FIGURE_MEAN: return stats_moments(run->field[f->of].x, run->field[f->of].n).mean;
	case FIGURE_QUANTILE: return stats_quantile(STATS_LINEAR, run->field[f->of].x, run->field[f->of].n, f->q);
	case FIGURE_RANK: return mean_of_ranked(run, f->of);
	case FIGURE_SLOT:
	case FIGURE_RATE:
	case FIGURE_SHARE: return of_run(run, (enum figure_of_run)f->of);
	}
	return NAN;
}

double *
cmprun_ranked(const struct cmprun *run, size_t field, size_t *n)
{
	const double *sum = run->sum + field * run->n, *count = run->count + field * run->n;
	double *x = reallocarray(NULL, run->n + 1, sizeof *x);

	*n = 0;
	for (size_t i = 0; x && i < run->n; i++)
		if (count[i] > 0)
			x[(*n)++] = sum[i] / count[i] + 0.0;
	if (x && !stats_sort(x, NULL, *n)) {
		free(x);
		return NULL;
	}
	return x;
}
