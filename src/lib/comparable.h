/* comparable: whether two runs may be compared at all, by what is known of them.
 *
 * A run directory has run.json, workload.json and runsum.json; of records alone only what is in them is known, and what
 * could not be looked at is said, too. */
#ifndef COMPARABLE_H
#define COMPARABLE_H

#include "cmprun.h"

#include <jansson.h>

enum comparable_code {
	COMPARABLE_SAME,       /* a run stands on both sides */
	COMPARABLE_INCOMPLETE, /* it did not come to its end */
	COMPARABLE_SIMULATED,  /* one side is simulated, the other not */
	COMPARABLE_CLIENT,     /* the client was the limit */
	COMPARABLE_WORKLOAD,
	COMPARABLE_MODEL,
	COMPARABLE_CACHE,      /* another share of the prompts came out of a cache */
	COMPARABLE_DEFINITION, /* latencies or tokens mean something else */
	COMPARABLE_CODES
};

extern const char *const comparable_names[]; /* in that order, then NULL */

struct comparable_run {
	const struct cmprun *records;
	char *directory;                 /* its real path; NULL: only records */
	json_t *run, *workload, *runsum; /* NULL: not there */
};

struct comparable {
	char reason[COMPARABLE_CODES][400]; /* "": nothing against it */
	bool unchecked[COMPARABLE_CODES];   /* not everything that this needs was known */
	char note[400];                     /* what to bear in mind although they may be compared; "": nothing */
};

/* Adds what speaks against comparing a with b. */
void comparable_check(struct comparable *c, const struct comparable_run *a, const struct comparable_run *b);

#endif
