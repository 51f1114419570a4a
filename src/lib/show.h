/* show: summaries for people: a table, and histograms, on a terminal or in a mail.
 *
 * No colours; block characters only where the locale is UTF-8, '#' elsewhere. */
#ifndef SHOW_H
#define SHOW_H

#include "hist.h"
#include "samples.h"

#include <stdio.h>

struct show {
	char *const *percentiles; /* as typed: "99.9" */
	size_t n_percentiles;
	double level;     /* of the intervals: 0.95 */
	unsigned columns; /* of the terminal */
	bool utf8;
};

struct show_row {
	const char *field; /* its last letters say the unit: ttft_ms */
	struct summary summary;
};

/* One line of columns per row, and below it where each percentile's interval begins and ends ('-':
 * the sample cannot say).  Rows of one unit share a header.  False when memory ran out. */
bool show_table(FILE *f, const struct show *how, const struct show_row *rows, size_t n);
/* One line per bin. */
void show_hist(FILE *f, const struct show *how, const char *field, const double *sorted, size_t n,
	enum hist_scale scale);
/* Text of a record on a line: control characters, and outside UTF-8 all that is not ASCII, become '?'. */
void show_text(FILE *f, const struct show *how, const char *s, size_t n);
/* COLUMNS, else the terminal's width, else 80. */
unsigned show_columns(int fd);

#endif
