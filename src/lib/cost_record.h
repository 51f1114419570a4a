/* cost_record: the cost record (docs/RECORDS.md) as a document. */
#ifndef COST_RECORD_H
#define COST_RECORD_H

#include "cost.h"

#include <jansson.h>

struct cost_of {
	const struct server *server;
	const struct prices *prices;
	const struct entry *row; /* that the GPU is priced by, or NULL */
	const struct usage *usage;
	const struct cost *cost;
	const json_t *tokens;    /* of the run record: where the counts come from */
	const char *unclear;     /* why telemetry does not say what the GPU is, or NULL */
	double util;             /* mean use of the GPUs that telemetry is of, NAN when not measured */
	const char *not_idle;    /* why those are not the server's, or NULL */
};

/* The caller's. */
json_t *cost_record(const struct cost_of *of);
/* What a run record says; NULL, or why it is none (a constant string). */
const char *cost_usage(struct usage *u, const json_t *run);

#endif
