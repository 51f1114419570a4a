/* figure: see figure.h. */
#include "figure.h"

#include "nearest.h"
#include "units.h"

#include <stdio.h>
#include <string.h>

static const char *const of_run[] = {"slot.output_tps", "rate.output_tps", "rate.total_tps", "rate.ok_rps",
	"goodput.rps", "requests.success_ratio", "goodput.ratio", NULL};

static bool
ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n > m && strcmp(text + n - m, end) == 0;
}

static bool
is_stat(const char *text, double *q)
{
	double percent;

	*q = 0;
	if (strcmp(text, "mean") == 0 || strcmp(text, "rank") == 0)
		return true;
	if (*text != 'p' || !text[1] || text[1 + strspn(text + 1, "0123456789.")] || strlen(text) > 20 ||
		units_number(text + 1, 0, 100, &percent))
		return false;
	*q = percent / 100;
	return true;
}

bool
figure_stats(struct figures_wanted *w, char *list, struct key_error *why)
{
	double q;

	w->stats = 0;
	for (char *item; (item = strsep(&list, ","));) {
		if (!is_stat(item, &q))
			return key_fail(why, "%.80s: not a statistic (mean, rank, or a percentile such as p99)", item);
		if (w->stats == FIGURE_FIELDS)
			return key_fail(why, "more than %d", FIGURE_FIELDS);
		w->stat[w->stats++] = item;
	}
	return true;
}

/* Which direction is better, by the unit at the name's end. */
static bool
direction_of(const char *field, bool *lower)
{
	static const char *const less[] = {"_ms", "_s", "_us", "_usd", "_j", "_wh", "_bytes", NULL};
	static const char *const more[] = {"_tps", "_rps", "_ok", "_ratio", NULL};

	for (const char *const *u = less; *u; u++)
		if (ends_with(field, *u))
			return *lower = true;
	for (const char *const *u = more; *u; u++)
		if (ends_with(field, *u)) {
			*lower = false;
			return true;
		}
	return false;
}

static bool
add(struct figures_wanted *w, struct figure f, struct key_error *why)
{
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->figure[i].name, f.name) == 0)
			return key_fail(why, "%.80s: named twice", f.name);
	if (w->n == FIGURE_MAX)
		return key_fail(why, "more than %d figures", FIGURE_MAX);
	w->figure[w->n++] = f;
	return true;
}

static bool
add_stat(struct figures_wanted *w, struct figure f, const char *field, const char *stat, struct key_error *why)
{
	f.kind = *stat == 'p' ? FIGURE_QUANTILE : *stat == 'r' ? FIGURE_RANK : FIGURE_MEAN;
	is_stat(stat, &f.q);
	snprintf(f.name, sizeof f.name, "%s.%s", field, stat);
	return add(w, f, why);
}

static bool
add_of_run(struct figures_wanted *w, struct figure f, const char *name, struct key_error *why)
{
	const char *near = nearest(name, of_run);

	f.of = 0;
	while (f.of < FIGURES_OF_RUN && strcmp(of_run[f.of], name) != 0)
		f.of++;
	if (f.of == FIGURES_OF_RUN)
		return key_fail(why, "%.80s: unknown%s%s%s", name, near ? " (did you mean " : "", near ? near : "",
			near ? "?)" : "");
	f.kind = f.of >= FIGURE_SUCCESS ? FIGURE_SHARE : f.of == FIGURE_SLOT_TPS ? FIGURE_SLOT : FIGURE_RATE;
	f.lower = false;
	snprintf(f.name, sizeof f.name, "%s", name);
	return add(w, f, why);
}

static bool
is_of_run(const char *item)
{
	static const char *const sections[] = {"slot.", "rate.", "requests.", "goodput.", NULL};

	for (const char *const *s = sections; *s; s++)
		if (strncmp(item, *s, strlen(*s)) == 0)
			return true;
	return false;
}

static bool
field_number(struct figures_wanted *w, const char *field, size_t *number, struct key_error *why)
{
	for (*number = 0; *number < w->fields; ++*number)
		if (strcmp(w->field[*number], field) == 0)
			return true;
	if (w->fields == FIGURE_FIELDS)
		return key_fail(why, "more than %d fields", FIGURE_FIELDS);
	w->field[w->fields++] = field;
	return true;
}

/* The statistic at the end of FIELD.STAT, which may have a point of its own (p99.9), or NULL. */
static char *
stat_of(char *item)
{
	double q;

	for (char *dot = strchr(item + 1, '.'); dot; dot = strchr(dot + 1, '.'))
		if (is_stat(dot + 1, &q))
			return dot + 1;
	return NULL;
}

static bool
add_item(struct figures_wanted *w, char *item, struct key_error *why)
{
	char *way = strrchr(item, ':'), *stat;
	struct figure f = {0};

	if (way)
		*way++ = '\0';
	if (!*item || strlen(item) > FIGURE_NAME - 30)
		return key_fail(why, "\"%.80s\": not a figure", item);
	if (is_of_run(item))
		return add_of_run(w, f, item, why);
	if ((stat = stat_of(item)))
		stat[-1] = '\0';
	if (way && strcmp(way, "lower") != 0 && strcmp(way, "higher") != 0)
		return key_fail(why, "%.80s:%.80s: expected lower or higher", item, way);
	if (way)
		f.lower = strcmp(way, "lower") == 0;
	else if (!direction_of(item, &f.lower))
		return key_fail(why, "%.80s: is less of it better, or more?  Say %.80s:lower or %.80s:higher", item, item,
			item);
	if (!field_number(w, item, &f.of, why))
		return false;
	if (stat)
		return add_stat(w, f, item, stat, why);
	for (size_t i = 0; i < w->stats; i++)
		if (!add_stat(w, f, item, w->stat[i], why))
			return false;
	return true;
}

bool
figure_add(struct figures_wanted *w, char *list, struct key_error *why)
{
	for (char *item; (item = strsep(&list, ","));)
		if (!add_item(w, item, why))
			return false;
	return true;
}

/* Whether `name`, n characters, is the figure or its field. */
static bool
names(const struct figures_wanted *w, const struct figure *f, const char *name, size_t n)
{
	const char *field = f->kind <= FIGURE_RANK ? w->field[f->of] : f->name;

	return (strlen(f->name) == n && strncmp(f->name, name, n) == 0) ||
		(strlen(field) == n && strncmp(field, name, n) == 0);
}

static bool
no_such(const struct figures_wanted *w, const char *text, size_t n, struct key_error *why)
{
	const char *known[2 * FIGURE_MAX + 1] = {NULL}, *near;
	char name[80];
	size_t k = 0;

	for (size_t i = 0; i < w->n; i++) {
		known[k++] = w->figure[i].name;
		if (w->figure[i].kind <= FIGURE_RANK)
			known[k++] = w->field[w->figure[i].of];
	}
	snprintf(name, sizeof name, "%.*s", (int)n, text);
	near = nearest(name, known);
	return key_fail(why, "%.80s: no such figure is compared%s%s%s", text, near ? " (did you mean " : "",
		near ? near : "", near ? "?)" : "");
}

bool
figure_tolerance(struct figures_wanted *w, const char *text, struct key_error *why)
{
	const char *equals = strrchr(text, '='), *number = equals ? equals + 1 : text;
	char digits[40];
	size_t n = strlen(number), name = equals ? (size_t)(equals - text) : 0;
	bool percent = n > 0 && number[n - 1] == '%', any = false;
	double v;

	snprintf(digits, sizeof digits, "%.*s", (int)(n - percent), number);
	if (n >= sizeof digits || units_number(digits, 0, percent ? 1000 : 1e15, &v))
		return key_fail(why, "%.80s: not a tolerance (try 5%% or ttft_ms=5%%)", text);
	if (!percent && v > 0 && !equals)
		return key_fail(why, "%.80s: of which figure?  Say 5%% for all, or FIGURE=%.40s in its own unit", text, digits);
	for (size_t i = 0; i < w->n; i++)
		if (!equals || names(w, &w->figure[i], text, name)) {
			w->figure[i].tolerance_ratio = percent ? v / 100 : 0;
			w->figure[i].tolerance_shift = percent ? 0 : v;
			any = true;
		}
	return any || no_such(w, text, name, why);
}
