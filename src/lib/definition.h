/* definition: what each tool means by TTFT, ITL, TPOT and E2E, as data.
 *
 * One row per tool; metric.c computes any of them from the same events.  Letters are
 * those of ev_kind (docs/RECORDS.md).  In the formulas first and last are the stamps of the
 * first and last of the row's output events, start is the row's start, n the output tokens. */
#ifndef DEFINITION_H
#define DEFINITION_H

#include <stdbool.h>

enum start {
	START_DUE,      /* when it was due; the _sent_ms twins count from sent_us */
	START_SENT,     /* just before the request went to the network layer */
	START_CONNECTED /* when the connection stood */
};

enum end {
	END_OUTPUT, /* the last output event */
	END_LINE,   /* the last event of any kind, [DONE] and usage included */
	END_DONE,   /* [DONE], else the end of the body */
	END_BODY    /* the end of the body */
};

enum rate {
	RATE_NONE,
	RATE_GAPS,   /* last[i] - last[i-1]: one value per gap between output events */
	RATE_TOKENS, /* the same, and a 0 for each token that shared its event with another */
	RATE_SPAN,   /* (last - first) / (n - 1) */
	RATE_REST,   /* (E2E - TTFT) / (n - 1) */
	RATE_ALL     /* (last - start) / n */
};

struct definition {
	const char *name;
	enum start start;
	enum end end;
	const char *output; /* letters of the events that end TTFT, are counted, and have gaps */
	const char *answer; /* letters that end TTFO, or NULL: the tool has no such figure */
	enum rate itl, tpot;
	const char *needs;     /* ok needs an event of one of these letters; "": none */
	bool forgives;         /* an error object inside a 2xx stream does not fail the request */
	bool expects;          /* without usage, the number of tokens asked for stands for those received */
	bool no_thinking;      /* reasoning tokens are not counted */
	unsigned stamps;       /* TTFT needs so many tokens */
	bool zero;             /* without an output event TTFT is 0 */
};

/* The definition of that name, or NULL.  definition_all[0] is ours; the last has no name. */
const struct definition *definition_find(const char *name);
extern const struct definition definition_all[];

#endif
