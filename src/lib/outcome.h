/* outcome: what a metric record (docs/RECORDS.md) says that the run as a whole needs.
 *
 * Pure: reads in place.  Whether a request was good is settled here, so that the record
 * itself need not be kept. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "span.h"

#include <stddef.h>
#include <stdint.h>

#define OUTCOME_NONE (-1)
#define OUTCOME_SLOS 32 /* most bounds at once */

/* A bound on one field of each request: "ttft_ms=500", "output_tokens>=100", "itl_ms.max=80". */
struct slo {
	const char *field; /* the member's name */
	double bound;
	bool seen; /* some ok request had a value */
	bool at_least;
	bool largest;     /* of an array that is bounded, its largest value, not its mean */
	const char *name; /* as the run record has it; NULL: the field */
};

enum source {
	SOURCE_NONE,
	SOURCE_USAGE,
	SOURCE_EVENTS,
	SOURCE_EXPECTED,
	SOURCES
};

struct outcome {
	int64_t due_us, sent_us, end_us; /* OUTCOME_NONE: unknown; sent_us: never sent */
	int64_t done_us;                 /* ok: the last output event; failed: end_us */
	int64_t input, output, cached;   /* tokens, or OUTCOME_NONE */
	unsigned char input_from, output_from; /* enum source */
	bool ok;
	signed char structured, call; /* 1: as asked, 0: not, -1: not asked, or not known */
	bool good;       /* ok, and within every slo */
	bool unmeasured; /* ok, but a field with an slo has no value */
	double ttft_ms, tpot_ms; /* NAN: not measured */
	int64_t part;    /* of a resumed run; 1 when the record does not say */
	size_t kind;     /* the caller's number for the error kind */
};

/* Read one metric record.  *kind: the error's kind, absent when there is none.  Returns NULL
 * or why it is bad (*column: where, 0: unknown).  A warm-up sets *warmup and nothing else. */
const char *outcome_read(struct outcome *o, const char *text, size_t len, struct slo *slos, size_t n_slos,
	struct span *kind, bool *warmup, size_t *column);

#endif
