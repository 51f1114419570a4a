/* remarks: see remarks.h.  The first summary is named, the rest are counted. */
#include "remarks.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#define ROOM 960 /* the rest is for remarks_end() */

static void __attribute__((format(printf, 2, 3)))
add(char *line, const char *fmt, ...)
{
	size_t n = strlen(line);
	va_list ap;

	va_start(ap, fmt);
	if (n < ROOM)
		vsnprintf(line + n, ROOM - n, fmt, ap);
	va_end(ap);
}

static void
name(char *line, const struct summary_labels *l)
{
	add(line, "%.100s", l->field);
	if (strcmp(l->group, "{}") != 0)
		add(line, " of %.200s", l->group);
}

void
remarks_take(struct remarks *r, const struct summary_labels *l, const struct summary *s)
{
	const struct dependence *d = &s->dependence;
	size_t n = s->n + (l->bad_as_inf ? s->bad : 0);
	bool few = false;

	for (size_t k = 0; k < l->n_percentiles; k++) {
		size_t need = summary_need(l, s, k);

		if (need && r->n_few == 0 && !few) {
			name(r->few, l);
			add(r->few, ": %zu value%s too few for the interval of ", n, n == 1 ? " is" : "s are");
		}
		if (need && r->n_few == 0)
			add(r->few, "%sp%s (it takes %zu)", few ? ", " : "", l->percentiles[k], need);
		few = few || need;
	}
	r->n_few += few;
	if (isnan(d->n_eff))
		return;
	if (r->n_dependent++ == 0) {
		name(r->dependent, l);
		add(r->dependent,
			": values depend on those before them (rank autocorrelation %.2f): "
			"%zu are worth %.0f, and the intervals are too narrow",
			d->r, d->n, d->n_eff);
	}
}

static void
count(char *line, size_t n)
{
	size_t len = strlen(line);

	if (n > 1)
		snprintf(line + len, sizeof ((struct remarks *)0)->few - len, "; the same of %zu more", n - 1);
}

void
remarks_end(struct remarks *r)
{
	count(r->few, r->n_few);
	count(r->dependent, r->n_dependent);
}
