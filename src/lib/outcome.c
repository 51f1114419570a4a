/* outcome: see outcome.h. */
#include "outcome.h"

#include "scan.h"

#include <math.h>

/* Above this a number is no time and no count; sums of many cannot overflow. */
#define MAX_VALUE ((int64_t)1 << 53)

/* What is read before it can be judged. */
struct reading {
	struct outcome *o;
	int64_t last_us;
	struct span ok, phase, *kind;
	struct span input_from, tokens_from;
};

static int64_t
count(struct scan *s)
{
	int64_t v;

	return scan_take_int(s, &v) && v >= 0 && v <= MAX_VALUE ? v : OUTCOME_NONE;
}

/* A number, or of an array of numbers the mean or the largest; anything else is NAN. */
static double
value(struct scan *s, bool largest)
{
	struct span raw = {0};
	double sum = 0, top = -INFINITY;
	size_t n = 0;

	if (scan_kind(s) == SCAN_NUMBER && scan_number(s, &raw))
		return span_double(raw);
	if (!scan_take_array(s))
		return NAN;
	while (scan_item(s)) {
		double v = value(s, largest);

		sum += v;
		top = fmax(top, v);
		n++;
	}
	return n == 0 || isnan(sum) ? NAN : largest ? top : sum / (double)n;
}

static bool
take_number(struct scan *s, struct reading *r, struct span key)
{
	const struct {
		const char *name;
		int64_t *to;
	} wanted[] = {{"due_us", &r->o->due_us}, {"sent_us", &r->o->sent_us}, {"end_us", &r->o->end_us},
		{"last_us", &r->last_us}, {"input_tokens", &r->o->input}, {"output_tokens", &r->o->output},
		{"cached_tokens", &r->o->cached}, {"part", &r->o->part}};

	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (span_is(key, wanted[i].name)) {
			*wanted[i].to = count(s);
			return true;
		}
	return false;
}

/* A true or false; anything else is neither. */
static signed char
yes_or_no(struct scan *s)
{
	struct span raw = {0};
	bool known = scan_kind(s) == SCAN_BOOL;

	return scan_value(s, &raw) && known ? *raw.s == 't' : -1;
}

static void
take(struct scan *s, struct reading *r, struct span key)
{
	if (take_number(s, r, key))
		return;
	if (span_is(key, "ttft_ms"))
		r->o->ttft_ms = value(s, false);
	else if (span_is(key, "tpot_ms"))
		r->o->tpot_ms = value(s, false);
	else if (span_is(key, "ok"))
		scan_value(s, &r->ok);
	else if (span_is(key, "structured_ok"))
		r->o->structured = yes_or_no(s);
	else if (span_is(key, "tool_call_ok"))
		r->o->call = yes_or_no(s);
	else if (span_is(key, "phase"))
		scan_take_string(s, &r->phase);
	else if (span_is(key, "error"))
		scan_take_member_string(s, "kind", r->kind);
	else if (span_is(key, "input_from"))
		scan_take_string(s, &r->input_from);
	else if (span_is(key, "tokens_from"))
		scan_take_string(s, &r->tokens_from);
	else
		scan_value(s, NULL);
}

static enum source
source(struct span from)
{
	static const char *const names[SOURCES] = {"", "usage", "events", "expected"};

	for (int i = SOURCE_USAGE; i < SOURCES; i++)
		if (from.s && span_is(from, names[i]))
			return (enum source)i;
	return SOURCE_NONE;
}

/* The values of the fields that have a bound, wherever else the member is read too. */
static void
look_ahead(const struct scan *s, struct span key, const struct slo *slos, double *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_is(key, slos[i].field)) {
			struct scan ahead = *s;

			values[i] = value(&ahead, slos[i].largest);
		}
}

static void
judge(struct outcome *o, const double *values, struct slo *slos, size_t n)
{
	o->good = o->ok;
	for (size_t i = 0; o->ok && i < n; i++) {
		bool measured = !isnan(values[i]);

		slos[i].seen |= measured;
		o->unmeasured |= !measured;
		o->good &= measured && (slos[i].at_least ? values[i] >= slos[i].bound : values[i] <= slos[i].bound);
	}
}

static const char *
settle(struct reading *r, bool *warmup)
{
	struct outcome *o = r->o;

	if (!r->ok.s || (*r->ok.s != 't' && *r->ok.s != 'f'))
		return "not a metric record: ok is missing (of response records tokstat makes them)";
	*warmup = r->phase.s && span_is(r->phase, "warmup");
	o->ok = *r->ok.s == 't';
	o->input_from = source(r->input_from);
	o->output_from = source(r->tokens_from);
	o->done_us = o->ok && r->last_us != OUTCOME_NONE ? r->last_us : o->end_us;
	if (o->part < 0)
		o->part = 1;
	if (o->ok && (o->sent_us == OUTCOME_NONE || o->done_us == OUTCOME_NONE))
		return "an ok request without sent_us or an end";
	if (o->done_us != OUTCOME_NONE && o->done_us < o->sent_us)
		return "it ends before it was sent";
	return NULL;
}

const char *
outcome_read(struct outcome *o, const char *text, size_t len, struct slo *slos, size_t n_slos, struct span *kind,
	bool *warmup, size_t *column)
{
	struct reading r = {.o = o, .last_us = OUTCOME_NONE, .kind = kind};
	double values[OUTCOME_SLOS];
	struct scan s;
	struct span key;
	const char *why;

	*o = (struct outcome){.due_us = OUTCOME_NONE, .sent_us = OUTCOME_NONE, .end_us = OUTCOME_NONE,
		.input = OUTCOME_NONE, .output = OUTCOME_NONE, .cached = OUTCOME_NONE, .structured = -1, .call = -1,
		.ttft_ms = NAN, .tpot_ms = NAN, .part = 1};
	*kind = (struct span){0};
	*warmup = false;
	*column = 0;
	for (size_t i = 0; i < n_slos; i++)
		values[i] = NAN;
	scan_start(&s, text, len);
	if (scan_object(&s))
		while (scan_member(&s, &key)) {
			look_ahead(&s, key, slos, values, n_slos);
			take(&s, &r, key);
		}
	if (!scan_end(&s)) {
		*column = scan_column(&s);
		return s.why;
	}
	if ((why = settle(&r, warmup)) || *warmup)
		return why;
	judge(o, values, slos, n_slos);
	return NULL;
}
