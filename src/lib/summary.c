/* summary: see summary.h. */
#include "summary.h"

#include "put.h"

#include <math.h>
#include <string.h>

static bool
in_ms(const char *field)
{
	size_t n = strlen(field);

	return n > 3 && strcmp(field + n - 3, "_ms") == 0;
}

static void
put_figure(FILE *f, bool ms, double v)
{
	putc(':', f);
	if (ms && isfinite(v))
		fprintf(f, "%.3f", fabs(v) < 0.0005 ? 0 : v);
	else
		put_number(f, v);
}

size_t
summary_need(const struct summary_labels *l, const struct summary *s, size_t k)
{
	bool both = !isnan(s->interval[k].lo) && !isnan(s->interval[k].hi);

	return both || s->pooled || s->n == 0 ? 0 : interval_needed(l->q[k], l->ci / 100);
}

/* A percentile, or an end of its interval: it may lie among the records that count as infinite. */
static void
put_place(FILE *f, const struct summary_labels *l, double v)
{
	if (l->bad_as_inf && isinf(v))
		fputs(":\"inf\"", f);
	else
		put_figure(f, in_ms(l->field), v);
}

static void
put_percentile(FILE *f, const struct summary_labels *l, const struct summary *s, size_t k)
{
	const char *name = l->percentiles[k];
	size_t need = summary_need(l, s, k);

	fprintf(f, ",\"p%s\"", name);
	put_place(f, l, s->quantile[k]);
	fprintf(f, ",\"p%s_lo\"", name);
	put_place(f, l, s->interval[k].lo);
	fprintf(f, ",\"p%s_hi\"", name);
	put_place(f, l, s->interval[k].hi);
	if (need)
		fprintf(f, ",\"p%s_need\":%zu", name, need);
}

static void
put_dependence(FILE *f, const struct dependence *d)
{
	if (isnan(d->r))
		return;
	fputs(",\"autocorr\":", f);
	put_number(f, rint(d->r * 1e4) / 1e4);
	if (!isnan(d->n_eff))
		fprintf(f, ",\"n_eff\":%.0f", d->n_eff);
}

void
summary_put(FILE *f, const struct summary_labels *l, const struct summary *s)
{
	static const char *const names[] = {"mean", "stddev", "min", "max"};
	const double figures[] = {s->mean, s->stddev, s->min, s->max};
	bool ms = in_ms(l->field);

	fprintf(f, "{\"group\":%s,\"field\":", l->group);
	put_string(f, l->field, strlen(l->field));
	fprintf(f, ",\"n\":%zu,\"bad\":%zu", s->n, s->bad);
	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
		fprintf(f, ",\"%s\"", names[i]);
		put_figure(f, ms, figures[i]);
	}
	for (size_t k = 0; k < l->n_percentiles; k++)
		put_percentile(f, l, s, k);
	fprintf(f, ",\"method\":\"%s\",\"ci\":", stats_methods[l->method]);
	put_number(f, l->ci);
	put_dependence(f, &s->dependence);
	if (s->rel_error > 0) {
		fputs(",\"rel_error\":", f);
		put_number(f, s->rel_error);
	}
	if (l->bad_as_inf)
		fputs(",\"bad_as\":\"inf\"", f);
	fputs("}\n", f);
}
