/* comparison_show: a comparison for people: see comparison_show.h.  Colour only underlines a verdict
 * that is there in words. */
#include "comparison_show.h"

#include <math.h>
#include <string.h>

#define CELL 40

static const char *const titles[] = {"", "A", "B", "change", "from", "to", "p", "verdict"};
enum { NAME, OF_A, OF_B, CHANGE, FROM, TO, P, VERDICT, COLUMNS };

static void
set_value(char *out, double v, double scale)
{
	if (!isfinite(v))
		strcpy(out, "-");
	else
		snprintf(out, CELL, "%.*f", scale < 0.01 ? 6 : scale < 10 ? 3 : scale < 1000 ? 2 : 1, v + 0.0);
}

static void
set_change(char *out, double ratio)
{
	double percent = 100 * ratio;

	if (!isfinite(ratio))
		strcpy(out, "-");
	else if (fabs(percent) < 0.05)
		strcpy(out, "0.0 %");
	else
		snprintf(out, CELL, "%+.1f %%", percent);
}

/* A share's change is shown in points: 0.99 to 0.98 is -0.010. */
static void
set_diff(char *out, double diff)
{
	if (isfinite(diff))
		snprintf(out, CELL, "%+.3f", diff + 0.0);
	else
		strcpy(out, "-");
}

static void
set_p(char *out, double p)
{
	if (isnan(p))
		strcpy(out, "-");
	else if (p < 0.001)
		strcpy(out, "<0.001");
	else
		snprintf(out, CELL, "%.3f", p);
}

static void
set_verdict(char *out, size_t size, const struct comparison_row *r, bool share)
{
	const struct contrast_interval *i = &r->interval;
	double half = (i->ratio_hi - i->ratio_lo) / 2;

	if (r->verdict == VERDICT_CANNOT)
		snprintf(out, size, "cannot compare: %s", r->why);
	else if (r->verdict == VERDICT_NONE && share && isfinite(r->shows))
		snprintf(out, size, "no difference shown, %.3f would be", r->shows);
	else if (r->verdict == VERDICT_NONE && isfinite(half))
		snprintf(out, size, "no difference shown, %.1f %% would be", 100 * half);
	else
		snprintf(out, size, "%s%s", verdict_names[r->verdict],
			r->verdict == VERDICT_WORSE && !r->regression ? ", within the tolerance" : "");
}

static void
fill(char cell[COLUMNS][CELL], const struct comparison_text *t, size_t i)
{
	const struct figure *g = &t->wanted->figure[i];
	const struct comparison_row *r = &t->comparison->row[i];
	double a = t->a->of[i].c.value, b = t->b->of[i].c.value, scale = fmax(fabs(a), fabs(b));

	if (g->kind == FIGURE_RANK) {
		strcpy(cell[OF_A], "");
		strcpy(cell[OF_B], "A12");
		set_value(cell[CHANGE], r->ranks.a12, 1);
		set_value(cell[FROM], r->ranks.lo, 1);
		set_value(cell[TO], r->ranks.hi, 1);
	} else {
		set_value(cell[OF_A], a, scale);
		set_value(cell[OF_B], b, scale);
		if (g->kind == FIGURE_SHARE) {
			set_diff(cell[CHANGE], r->diff);
			set_diff(cell[FROM], r->interval.lo);
			set_diff(cell[TO], r->interval.hi);
		} else {
			set_change(cell[CHANGE], r->ratio);
			set_change(cell[FROM], r->interval.ratio_lo);
			set_change(cell[TO], r->interval.ratio_hi);
		}
	}
	set_p(cell[P], r->p_holm);
}

static void
show_side(FILE *f, char letter, const struct cmpside *s, const struct show *how)
{
	for (size_t i = 0; i < s->runs; i++) {
		fprintf(f, "%c  ", i ? ' ' : letter);
		show_text(f, how, s->run[i].name, strlen(s->run[i].name));
		fprintf(f, "  %zu requests, %zu ok\n", s->run[i].n, (size_t)s->run[i].totals.ok);
	}
}

static const char *
colour_of(const struct comparison_text *t, enum verdict v)
{
	static const char *const colours[] = {"\033[31m", "\033[32m", "", "\033[33m"};

	return t->colour ? colours[v] : "";
}

static void
show_verdict(FILE *f, const struct comparison_text *t, enum verdict v, const char *text)
{
	const char *colour = colour_of(t, v);

	fprintf(f, "%s%s%s", colour, text, *colour ? "\033[0m" : "");
}

static void
show_rows(FILE *f, const struct comparison_text *t)
{
	char cell[COLUMNS][CELL], verdict[200];
	int width[COLUMNS] = {0};

	for (int c = 1; c < VERDICT; c++)
		width[c] = (int)strlen(titles[c]);
	for (size_t i = 0; i < t->wanted->n; i++) {
		fill(cell, t, i);
		for (int c = 1; c < VERDICT; c++)
			width[c] = (int)strlen(cell[c]) > width[c] ? (int)strlen(cell[c]) : width[c];
		if ((int)strlen(t->wanted->figure[i].name) > width[NAME])
			width[NAME] = (int)strlen(t->wanted->figure[i].name);
	}
	for (int c = 0; c < VERDICT; c++)
		fprintf(f, "%*s%s", width[c], titles[c], "  ");
	fprintf(f, "%s\n", titles[VERDICT]);
	for (size_t i = 0; i < t->wanted->n; i++) {
		const struct comparison_row *r = &t->comparison->row[i];

		fill(cell, t, i);
		fprintf(f, "%-*s", width[NAME], t->wanted->figure[i].name);
		for (int c = 1; c < VERDICT; c++)
			fprintf(f, "  %*s", width[c], cell[c]);
		fputs("  ", f);
		set_verdict(verdict, sizeof verdict, r, t->wanted->figure[i].kind == FIGURE_SHARE);
		show_verdict(f, t, r->verdict, verdict);
		putc('\n', f);
	}
}

static void
show_unchecked(FILE *f, const struct comparable *c)
{
	bool any = false;

	for (size_t i = 0; i < COMPARABLE_CODES; i++)
		if (c->unchecked[i]) {
			fprintf(f, "%s%s", any ? ", " : "  not known whether they may be compared: ", comparable_names[i]);
			any = true;
		}
	if (any)
		putc('\n', f);
}

void
comparison_show(FILE *f, const struct comparison_text *t)
{
	const struct show how = {.utf8 = t->utf8};
	const struct comparison *c = t->comparison;

	show_side(f, 'A', t->a, &how);
	show_side(f, 'B', t->b, &how);
	show_rows(f, t);
	fprintf(f, "B is: ");
	show_verdict(f, t, c->verdict, verdict_names[c->verdict]);
	if (c->verdict == VERDICT_WORSE && !c->regression)
		fprintf(f, ", within the tolerance");
	putc('\n', f);
	for (size_t i = 0; i < COMPARABLE_CODES; i++)
		if (*t->comparable->reason[i]) {
			fprintf(f, "  %s%s: ", t->forced ? "overruled: " : "", comparable_names[i]);
			show_text(f, &how, t->comparable->reason[i], strlen(t->comparable->reason[i]));
			putc('\n', f);
		}
	if (*t->comparable->note)
		fprintf(f, "  %s\n", t->comparable->note);
	show_unchecked(f, t->comparable);
	fprintf(f, "  p corrected by Holm over %zu test%s; intervals %.4g %%, each by itself\n", c->tests,
		c->tests == 1 ? "" : "s", t->ci);
	if (t->a->runs == 1 && t->b->runs == 1)
		fputs("  one run a side: how much the same thing differs from run to run is not known\n", f);
}
