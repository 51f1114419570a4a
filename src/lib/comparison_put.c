/* comparison_put: see comparison_put.h. */
#include "comparison_put.h"

#include "put.h"

#include <math.h>
#include <string.h>

/* So many digits that two runs' figures can be told apart, and none of the noise behind them. */
static void
put_figure(FILE *f, const char *key, double v)
{
	fprintf(f, ",\"%s\":", key);
	if (isfinite(v))
		fprintf(f, "%.9g", v + 0.0);
	else
		fputs("null", f);
}

static void
put_text(FILE *f, const char *s)
{
	put_string(f, s, strlen(s));
}

static void
put_side(FILE *f, const char *key, const struct cmpside *s)
{
	size_t requests = 0, ok = 0;

	fprintf(f, "\"%s\":{\"runs\":[", key);
	for (size_t i = 0; i < s->runs; i++) {
		if (i)
			putc(',', f);
		put_text(f, s->run[i].name);
		requests += s->run[i].n;
		ok += s->run[i].totals.ok;
	}
	fprintf(f, "],\"requests\":%zu,\"ok\":%zu}", requests, ok);
}

static void
put_reasons(FILE *f, const struct comparable *c)
{
	bool first = true;

	fputs(",\"reasons\":[", f);
	for (size_t i = 0; i < COMPARABLE_CODES; i++) {
		if (!*c->reason[i])
			continue;
		fprintf(f, "%s{\"code\":\"%s\",\"message\":", first ? "" : ",", comparable_names[i]);
		put_text(f, c->reason[i]);
		putc('}', f);
		first = false;
	}
	fputs("],\"unchecked\":[", f);
	first = true;
	for (size_t i = 0; i < COMPARABLE_CODES; i++)
		if (c->unchecked[i]) {
			fprintf(f, "%s\"%s\"", first ? "" : ",", comparable_names[i]);
			first = false;
		}
	fputs("],\"note\":", f);
	if (*c->note)
		put_text(f, c->note);
	else
		fputs("null", f);
}

static void
put_value(FILE *f, const char *key, const struct cmpside_figure *s)
{
	fprintf(f, ",\"%s\":{\"n\":%zu,\"bad\":%zu", key, s->n, s->bad);
	put_figure(f, "value", s->c.value);
	putc('}', f);
}

static void
put_row(FILE *f, const struct comparison_text *t, size_t i)
{
	const struct figure *g = &t->wanted->figure[i];
	const struct comparison_row *r = &t->comparison->row[i];

	fputs("{\"metric\":", f);
	put_text(f, g->name);
	fprintf(f, ",\"better\":\"%s\"", g->lower ? "lower" : "higher");
	put_value(f, "a", &t->a->of[i]);
	put_value(f, "b", &t->b->of[i]);
	put_figure(f, "diff", r->diff);
	put_figure(f, "diff_lo", r->interval.lo);
	put_figure(f, "diff_hi", r->interval.hi);
	put_figure(f, "change", r->ratio);
	put_figure(f, "change_lo", r->interval.ratio_lo);
	put_figure(f, "change_hi", r->interval.ratio_hi);
	put_figure(f, "shows", r->shows);
	if (g->kind == FIGURE_RANK) {
		put_figure(f, "u", r->ranks.u);
		put_figure(f, "a12", r->ranks.a12);
		put_figure(f, "a12_lo", r->ranks.lo);
		put_figure(f, "a12_hi", r->ranks.hi);
		put_figure(f, "cliffs_delta", 2 * r->ranks.a12 - 1);
	}
	put_figure(f, "p", r->p);
	put_figure(f, "p_holm", r->p_holm);
	fputs(",\"tolerance\":{\"ratio\":", f);
	put_number(f, g->tolerance_ratio);
	put_figure(f, "shift", g->tolerance_shift);
	put_figure(f, "p_holm", r->p_regression);
	fputs("},\"method\":", f);
	if (method_names[r->method])
		put_text(f, method_names[r->method]);
	else
		fputs("null", f);
	fprintf(f, ",\"verdict\":\"%s\",\"regression\":%s,\"why\":", verdict_names[r->verdict],
		r->regression ? "true" : "false");
	if (*r->why)
		put_text(f, r->why);
	else
		fputs("null", f);
	putc('}', f);
}

void
comparison_put(FILE *f, const struct comparison_text *t)
{
	putc('{', f);
	put_side(f, "a", t->a);
	putc(',', f);
	put_side(f, "b", t->b);
	fprintf(f, ",\"verdict\":\"%s\",\"regression\":%s", verdict_names[t->comparison->verdict],
		t->comparison->regression ? "true" : "false");
	put_reasons(f, t->comparable);
	fprintf(f, ",\"forced\":%s,\"unit\":\"%s\",\"tests\":%zu,\"correction\":\"holm\",\"ci\":",
		t->forced ? "true" : "false", t->a->runs > 1 || t->b->runs > 1 ? "run" : "request", t->comparison->tests);
	put_number(f, t->ci);
	fputs(",\"simultaneous\":false,\"seed\":", f);
	put_int(f, (int64_t)t->seed);
	fprintf(f, ",\"resamples\":%zu,\"metrics\":[", t->replicates);
	for (size_t i = 0; i < t->wanted->n; i++) {
		if (i)
			putc(',', f);
		put_row(f, t, i);
	}
	fputs("]}\n", f);
}
