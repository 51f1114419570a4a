/* cmprun: what the metric records of one run hold for a comparison.
 *
 * Feed the lines, then settle it once.  Warm-ups are left out.  Of each wanted field the values are kept (samples.h),
 * and of each record what it adds to the sums that rates and means are made of. */
#ifndef CMPRUN_H
#define CMPRUN_H

#include "figure.h"
#include "path.h"
#include "samples.h"
#include "totals.h"

struct cmprun {
	const char *name; /* as typed */
	size_t n, cap;
	uint64_t *key; /* what each record is resampled by: its id, else its line */
	struct outcome *outcome;
	struct samples *field; /* one for each wanted field; sorted when settled */
	double *sum, *count;   /* [field * n + record]: of its values; when settled */
	double *flight_s;      /* [record]: how long it was on its way; when settled */
	struct totals totals;
	uint64_t by_kind[1]; /* of totals */
	double window_s;     /* NAN: nothing was sent */
	struct span as;      /* the definition that the records are of, decoded; empty: ours */
	bool as_differs;     /* not all records are of the same */
};

struct cmprun_reader {
	struct path path[FIGURE_FIELDS + 2]; /* the fields, the id, as */
	size_t fields;
	struct slo *slo;
	size_t slos;
};

/* NULL, or why a field is no path (*field: which). */
const char *cmprun_paths(struct cmprun_reader *r, const struct figures_wanted *w, size_t *field);
/* NULL, or why the line is bad; *memory turns false when memory ran out. */
const char *cmprun_line(struct cmprun *run, const struct cmprun_reader *r, const char *text, size_t len, size_t *column,
	bool *memory);
/* False when memory ran out. */
bool cmprun_settle(struct cmprun *run, size_t fields);
void cmprun_free(struct cmprun *run, size_t fields);

/* The figure of the run; NAN when it has none.  Of a rank, the mean of what is ranked. */
double cmprun_value(const struct cmprun *run, const struct figure *f);
/* What record i adds to a figure of the run. */
double cmprun_part(const struct cmprun *run, enum figure_of_run f, size_t i);
/* The value of each record that has one (of an array, its mean), sorted, and how many; NULL when memory ran out. */
double *cmprun_ranked(const struct cmprun *run, size_t field, size_t *n);

#endif
