/* progress: see progress.h. */
#include "progress.h"

#include "scan.h"

#include <math.h>

static double
number(struct scan *s)
{
	struct span raw;

	if (scan_kind(s) == SCAN_NUMBER && scan_number(s, &raw))
		return span_double(raw) + 0.0; /* no negative zero */
	scan_value(s, NULL);
	return NAN;
}

static void
take_member(struct scan *s, struct span key, struct progress *p)
{
	if (span_is(key, "t_us"))
		scan_take_int(s, &p->t_us);
	else if (span_is(key, "in_flight"))
		scan_take_int(s, &p->in_flight);
	else if (span_is(key, "waiting"))
		scan_take_int(s, &p->waiting);
	else if (span_is(key, "out_tokens"))
		scan_take_int(s, &p->out_tokens);
	else if (span_is(key, "done"))
		scan_take_int(s, &p->done);
	else if (span_is(key, "ok"))
		scan_take_int(s, &p->ok);
	else if (span_is(key, "failed"))
		scan_take_int(s, &p->failed);
	else if (span_is(key, "shard"))
		scan_take_int(s, &p->shard);
	else if (span_is(key, "first"))
		scan_take_int(s, &p->first);
	else if (span_is(key, "first_lag_ms"))
		p->first_lag_ms = number(s);
	else if (span_is(key, "loop_lag_ms"))
		p->loop_lag_ms = number(s);
	else if (span_is(key, "stamp_lag_ms"))
		p->stamp_lag_ms = number(s);
	else if (span_is(key, "cpu_ratio"))
		p->cpu_ratio = number(s);
	else
		scan_value(s, NULL);
}

const char *
progress_read(struct progress *p, const char *text, size_t len, size_t *column)
{
	struct scan s;
	struct span key;

	*p = (struct progress){.t_us = -1, .in_flight = -1, .waiting = -1, .out_tokens = -1,
		.done = -1, .ok = -1, .failed = -1, .loop_lag_ms = NAN,
		.stamp_lag_ms = NAN, .first_lag_ms = NAN, .cpu_ratio = NAN};
	*column = 0;
	scan_start(&s, text, len);
	if (scan_object(&s))
		while (scan_member(&s, &key))
			take_member(&s, key, p);
	if (!scan_end(&s)) {
		*column = scan_column(&s);
		return s.why;
	}
	return p->t_us < 0 ? "not a progress record: t_us is missing" : NULL;
}
