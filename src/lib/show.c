/* show: see show.h.  A table is made as text cells first, so that its columns can be aligned. */
#include "show.h"

#include "units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define CELL 28
#define FIXED 7 /* the label, n, bad, mean, stddev, min, max */

struct table {
	const struct show *how;
	size_t columns, rows;
	char (*cell)[CELL]; /* [rows][columns] */
};

static const char *
unit_of(const char *field)
{
	static const char *const units[] = {"us", "ms", "s", "bytes", "tokens", "usd", "w", "j", "wh", "rps", "tps",
		"hz", "c", "ratio", NULL};
	const char *end = strrchr(field, '_');

	for (const char *const *u = units; end && *u; u++)
		if (strcmp(end + 1, *u) == 0)
			return *u;
	return "";
}

void
show_text(FILE *f, const struct show *how, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < 0x20 || c == 0x7f)
			putc('?', f);
		else if (c < 0x80 || how->utf8)
			putc(c, f);
		else if (c >= 0xc0) /* once per character */
			putc('?', f);
	}
}

unsigned
show_columns(int fd)
{
	const char *text = getenv("COLUMNS");
	struct winsize w;
	int64_t n;

	if (text && !units_count(text, 20, 1000, &n))
		return (unsigned)n;
	return ioctl(fd, TIOCGWINSZ, &w) == 0 && w.ws_col >= 20 ? w.ws_col : 80;
}

static char *
cell(const struct table *t, size_t row, size_t column)
{
	return t->cell[row * t->columns + column];
}

static void
set_number(char *out, double v, int decimals)
{
	if (isinf(v))
		strcpy(out, "inf");
	else if (!isfinite(v))
		strcpy(out, "-");
	else if (fabs(v) >= 1e9)
		snprintf(out, CELL, "%.4g", v);
	else
		snprintf(out, CELL, "%.*f", decimals, v + 0.0);
}

/* So many that four digits or more can be seen of the larger values, and none without need. */
static int
decimals_of(const struct summary *s)
{
	double most = fmax(fabs(s->min), fabs(isnan(s->max) ? s->min : s->max));

	if (s->n == 0 || (s->min == floor(s->min) && s->max == floor(s->max) && most < 1e9 && s->stddev == 0))
		return 0;
	return most < 0.01 ? 6 : most < 10 ? 3 : most < 1000 ? 2 : 1;
}

static void
fill_header(const struct table *t, size_t row, const char *unit)
{
	static const char *const names[FIXED] = {"", "n", "bad", "mean", "stddev", "min", "max"};

	for (size_t c = 0; c < FIXED; c++)
		snprintf(cell(t, row, c), CELL, "%s", c ? names[c] : unit);
	for (size_t k = 0; k < t->how->n_percentiles; k++)
		snprintf(cell(t, row, FIXED + k), CELL, "p%.20s", t->how->percentiles[k]);
}

/* Three lines: the figures, the intervals' lower ends, their upper ends. */
static void
fill_row(const struct table *t, size_t row, const struct show_row *r)
{
	const struct summary *s = &r->summary;
	double moments[] = {s->mean, s->stddev, s->min, s->max};
	int decimals = decimals_of(s);

	snprintf(cell(t, row, 1), CELL, "%zu", s->n);
	snprintf(cell(t, row, 2), CELL, "%zu", s->bad);
	for (size_t i = 0; i < 4; i++)
		set_number(cell(t, row, 3 + i), moments[i], decimals);
	snprintf(cell(t, row + 1, 0), CELL, "  %.4g%% from", 100 * t->how->level);
	snprintf(cell(t, row + 2, 0), CELL, "  %.4g%% to", 100 * t->how->level);
	for (size_t k = 0; k < t->how->n_percentiles; k++) {
		set_number(cell(t, row, FIXED + k), s->quantile[k], decimals);
		set_number(cell(t, row + 1, FIXED + k), s->interval[k].lo, decimals);
		set_number(cell(t, row + 2, FIXED + k), s->interval[k].hi, decimals);
	}
}

/* Characters of a UTF-8 text, or bytes. */
static size_t
length(const struct show *how, const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += !how->utf8 || ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static size_t
width_of(const struct table *t, size_t column)
{
	size_t most = 0;

	for (size_t r = 0; r < t->rows; r++) {
		size_t n = strlen(cell(t, r, column));

		most = n > most ? n : most;
	}
	return most;
}

/* first: what stands in the first column, when it is not the cell (a field's name may be long). */
static void
print_row(FILE *f, const struct table *t, size_t row, const size_t *width, const char *first)
{
	size_t end = t->columns;

	if (!first)
		first = cell(t, row, 0);
	while (end > 1 && !*cell(t, row, end - 1))
		end--; /* no blanks at the end of a line */
	show_text(f, t->how, first, strlen(first));
	fprintf(f, "%*s", (int)(width[0] - length(t->how, first)), "");
	for (size_t c = 1; c < end; c++)
		fprintf(f, "  %*s", (int)width[c], cell(t, row, c));
	putc('\n', f);
}

static bool
new_unit(const struct show_row *rows, size_t i)
{
	return i == 0 || strcmp(unit_of(rows[i].field), unit_of(rows[i - 1].field)) != 0;
}

static void
print_table(FILE *f, struct table *t, const struct show_row *rows, size_t n, size_t *width)
{
	size_t line = 0;

	for (size_t i = 0; i < n; i++) {
		if (new_unit(rows, i))
			fill_header(t, line++, unit_of(rows[i].field));
		fill_row(t, line, &rows[i]);
		line += 3;
	}
	t->rows = line;
	for (size_t c = 0; c < t->columns; c++)
		width[c] = width_of(t, c);
	for (size_t i = 0; i < n; i++)
		if (length(t->how, rows[i].field) > width[0])
			width[0] = length(t->how, rows[i].field);
	line = 0;
	for (size_t i = 0; i < n; i++) {
		if (new_unit(rows, i))
			print_row(f, t, line++, width, NULL);
		print_row(f, t, line++, width, rows[i].field);
		print_row(f, t, line++, width, NULL);
		print_row(f, t, line++, width, NULL);
	}
}

bool
show_table(FILE *f, const struct show *how, const struct show_row *rows, size_t n)
{
	struct table t = {.how = how, .columns = FIXED + how->n_percentiles};
	size_t *width = calloc(t.columns, sizeof *width);

	t.cell = calloc(4 * n * t.columns, sizeof *t.cell);
	if (width && t.cell)
		print_table(f, &t, rows, n, width);
	free(width);
	free(t.cell);
	return width && t.cell;
}

static int
edge_text(char *out, const struct hist *h, size_t i)
{
	if (h->decimals < 0 || fabs(h->edge[i]) >= 1e12)
		return snprintf(out, CELL, "%.6g", h->edge[i]);
	return snprintf(out, CELL, "%.*f", h->decimals > 12 ? 12 : h->decimals, h->edge[i] + 0.0);
}

/* Eighths of a column in UTF-8, whole columns elsewhere; what is there is seen. */
static void
print_bar(FILE *f, const struct show *how, size_t count, size_t most, size_t width)
{
	static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
	size_t parts = how->utf8 ? 8 : 1, n = (size_t)((double)count / (double)most * (double)(width * parts) + 0.5);

	if (count > 0 && n == 0)
		n = 1;
	for (size_t i = 0; i < n / parts; i++)
		fputs(how->utf8 ? "█" : "#", f);
	fputs(eighths[how->utf8 ? n % parts : 0], f);
}

void
show_hist(FILE *f, const struct show *how, const char *field, const double *sorted, size_t n, enum hist_scale scale)
{
	struct hist h;
	char text[CELL];
	size_t most = 0, label = 0, digits, width;

	while (n > 0 && isinf(sorted[n - 1]))
		n--; /* what is infinite has no bin */
	hist_make(&h, sorted, n, scale);
	for (size_t i = 0; i < h.bins; i++)
		most = h.count[i] > most ? h.count[i] : most;
	for (size_t i = 0; i <= h.bins && h.bins; i++) {
		size_t len = (size_t)edge_text(text, &h, i);

		label = len > label ? len : label;
	}
	digits = (size_t)snprintf(text, sizeof text, "%zu", most);
	width = 2 * label + digits + 6;
	width = how->columns > width + 10 ? how->columns - width : 10;
	show_text(f, how, field, strlen(field));
	fprintf(f, ": %zu value%s\n", n, n == 1 ? "" : "s");
	for (size_t i = 0; i < h.bins; i++) {
		edge_text(text, &h, i);
		fprintf(f, "%*s", (int)label, text);
		edge_text(text, &h, i + 1);
		fprintf(f, " .. %*s %*zu%s", (int)label, text, (int)digits, h.count[i], h.count[i] ? " " : "");
		print_bar(f, how, h.count[i], most, width - 1);
		putc('\n', f);
	}
}
