/* pulse: output tokens over time, by the seconds of the clock.
 *
 * A reply's tokens are spread over its output events, each of which has an equal share of
 * output_tokens: an event may hold several tokens, and what is counted is tokens, not events.  The
 * first event is at due_us + ttft_ms, the next ones follow by itl_ms; where the record has
 * no gaps, one token an event, evenly from the first output to the last; a reply that was not
 * streamed comes all at once.  Seconds are those of Unix time, so that the sums of
 * shards add up. */
#ifndef PULSE_H
#define PULSE_H

#include "outcome.h"

struct pulse {
	double *tokens; /* of each second; free() */
	int64_t base;   /* the first of them, Unix time */
	size_t n, cap;
	bool lost;      /* memory ran out, or the times are too far apart to be kept */
};

/* Add the reply of an ok request; text: its metric record, which is good. */
void pulse_add(struct pulse *p, const struct outcome *o, const char *text, size_t len);
/* The most in one second, and which; -1: there are none. */
double pulse_peak(const struct pulse *p, int64_t *second);

#endif
