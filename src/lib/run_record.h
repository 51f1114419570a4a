/* run_record: the run record (docs/RECORDS.md) as a document, and looking figures up in one. */
#ifndef RUN_RECORD_H
#define RUN_RECORD_H

#include "totals.h"

#include <jansson.h>

/* The figures of the run, or of its steady segments. */
struct figures {
	struct totals totals;
	int64_t from_us, to_us; /* of the first and the last part */
	int64_t us;             /* sum of the parts; 0: there is no window */
	size_t parts;
	int64_t area;           /* requests in flight times microseconds */
	size_t max_in_flight;
};

struct run_names {
	char **kinds; /* of errors */
	size_t n_kinds;
	const struct slo *slos;
	size_t n_slos;
};

/* window, requests, tokens, rate, in_flight, quality and goodput, set in the object doc. */
void run_record_set(json_t *doc, const struct figures *f, const struct run_names *names);
/* A number, or null for NAN and infinities. */
json_t *run_record_number(double v);
/* The number at a dotted path; false when there is none. */
bool run_record_find(const json_t *doc, const char *path, double *v);

#endif
