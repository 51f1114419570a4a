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
	for (size_t k = 0; k < l->n_percentiles; k++) {
		fprintf(f, ",\"p%s\"", l->percentiles[k]);
		put_figure(f, ms, s->quantile[k]);
		fprintf(f, ",\"p%s_lo\"", l->percentiles[k]);
		put_figure(f, ms, s->interval[k].lo);
		fprintf(f, ",\"p%s_hi\"", l->percentiles[k]);
		put_figure(f, ms, s->interval[k].hi);
	}
	fprintf(f, ",\"method\":\"%s\",\"ci\":", stats_methods[l->method]);
	put_number(f, l->ci);
	fputs("}\n", f);
}
