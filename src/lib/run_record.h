/* run_record: the run record (docs/RECORDS.md) as a document, and looking figures up in one. */
#ifndef RUN_RECORD_H
#define RUN_RECORD_H

#include "figures.h"
#include "pulse.h"
#include "steady.h"

#include <jansson.h>

struct run_names {
	char **kinds; /* of errors */
	size_t n_kinds;
	const struct slo *slos;
	size_t n_slos;
};

/* window, requests, tokens, rate, in_flight, quality and goodput, set in the object doc. */
void run_record_set(json_t *doc, const struct figures *f, const struct run_names *names);
/* The second with the most output tokens, or null. */
json_t *run_record_peak(const struct pulse *p);
/* warmup and drain of a steady part: how much was cut off at the parts' beginnings and ends, and by what. */
void run_record_edges(json_t *steady, const struct window *w, const struct steady_edge *edges, size_t n);
/* A number, or null for NAN and infinities. */
json_t *run_record_number(double v);
/* The number at a dotted path; false when there is none. */
bool run_record_find(const json_t *doc, const char *path, double *v);

#endif
