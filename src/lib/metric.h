/* metric: the token metrics of one response, by one definition.  Pure: integers in, integers out.
 *
 * All values are microseconds or counts; METRIC_NONE is what cannot be known, and every
 * latency of a request that is not ok.  Averages are rounded to the nearest microsecond. */
#ifndef METRIC_H
#define METRIC_H

#include "asked.h"
#include "definition.h"
#include "response.h"

#define METRIC_NONE INT64_MIN

struct metric_latency {
	int64_t ttfb, ttft, ttfo, e2e, e2e_done;
};

struct metric {
	bool ok;
	int64_t send_lag; /* sent - due; known of failed requests too */
	int64_t connect;
	struct metric_latency head; /* from the definition's start */
	struct metric_latency sent; /* the same from sent_us; only where start is START_DUE */
	int64_t tpot;
	int64_t itl;        /* where the definition has one value per request */
	bool gaps;          /* the gaps between metric_output() events are the ITL … */
	int64_t itl_zeros;  /* … and so many zeros */
	int64_t last_us;    /* last output event, Unix epoch */
	int64_t input_tokens, output_tokens, cached_tokens, reasoning_tokens;
	const char *input_from, *tokens_from; /* "usage", "events", "expected", or NULL */
	enum asked_verdict structured, call; /* of an ok reply; the caller's to set */
	bool zero_usage;    /* the server reported 0 tokens, but output came */
};

/* Returns NULL, or why the record is bad: an ok reply needs its sent_us. */
const char *metric_of(const struct response *r, const struct definition *d, struct metric *m);
/* The index of the first output event at or after i; r->n_ev when there is none. */
size_t metric_output(const struct response *r, const struct definition *d, size_t i);

#endif
