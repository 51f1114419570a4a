/* figure: what of two runs is compared: names, which direction is better, what worsening is tolerated.
 *
 * A figure of the requests is FIELD.STAT: any field of metric records, a number or an array of numbers, and mean, a
 * percentile (p99) or rank (whether the values of one side tend to be larger).  Others are of the run as a whole and
 * have the names that runsum gives them.  Pure; the texts that are taken apart are the caller's and have to stay. */
#ifndef FIGURE_H
#define FIGURE_H

#include "keys.h"

#include <stdbool.h>
#include <stddef.h>

#define FIGURE_MAX 200
#define FIGURE_FIELDS 40
#define FIGURE_NAME 300

enum figure_kind {
	FIGURE_MEAN,
	FIGURE_QUANTILE,
	FIGURE_RANK,
	FIGURE_SLOT, /* of a run: a sum over its requests by the time for which they were on their way */
	FIGURE_RATE, /* of a run: the same by its window */
	FIGURE_SHARE /* of a run: the share of its requests */
};

/* The figures of a run, in the order of their names. */
enum figure_of_run {
	FIGURE_SLOT_TPS,
	FIGURE_OUTPUT_TPS,
	FIGURE_TOTAL_TPS,
	FIGURE_OK_RPS,
	FIGURE_GOODPUT_RPS,
	FIGURE_SUCCESS,
	FIGURE_GOODPUT,
	FIGURES_OF_RUN
};

struct figure {
	char name[FIGURE_NAME]; /* "ttft_ms.p99" */
	enum figure_kind kind;
	size_t of;   /* which field, or enum figure_of_run */
	double q;    /* of a quantile */
	bool lower;  /* less is better */
	double tolerance_ratio, tolerance_shift; /* how much worse is no regression: a share of a, or in the unit */
};

struct figures_wanted {
	struct figure figure[FIGURE_MAX];
	size_t n;
	const char *field[FIGURE_FIELDS];
	size_t fields;
	const char *stat[FIGURE_FIELDS]; /* of a field that is named without one */
	size_t stats;
};

/* "mean,p50,rank".  False and why when one is none. */
bool figure_stats(struct figures_wanted *w, char *list, struct key_error *why);
/* Append "FIELD[.STAT][:lower|:higher],…". */
bool figure_add(struct figures_wanted *w, char *list, struct key_error *why);
/* "5%", "FIGURE=5%", "FIELD=2": of those figures, or of all. */
bool figure_tolerance(struct figures_wanted *w, const char *text, struct key_error *why);

#endif
