/* response: see response.h. */
#include "response.h"

#include "scan.h"

#include <stdlib.h>
#include <string.h>

static const char letters[] = "rtcfuoxed";

static void
take_count(struct scan *s, int64_t *v)
{
	int64_t x;

	*v = scan_take_int(s, &x) && x >= 0 && x <= RESPONSE_MAX ? x : RESPONSE_NONE;
}

static void
take_events(struct scan *s, struct response *r)
{
	int64_t x, last = 0;

	r->n_ev = 0;
	if (!scan_array(s))
		return;
	while (scan_item(s)) {
		if (!scan_take_int(s, &x) || x < 0 || x > RESPONSE_MAX)
			scan_fail(s, "ev_us: not a time");
		else if (x < last)
			scan_fail(s, "ev_us decreases");
		else
			r->ev_us[r->n_ev++] = last = x;
	}
}

/* An object of counts, or null: each name's value goes where the pointer beside it says. */
struct count {
	const char *name;
	int64_t *to;
};

static void
take_counts(struct scan *s, const struct count *counts, size_t n)
{
	struct span key;
	size_t i;

	if (!scan_take_object(s))
		return;
	while (scan_member(s, &key)) {
		for (i = 0; i < n && !span_is(key, counts[i].name); i++)
			;
		if (i < n)
			take_count(s, counts[i].to);
		else
			scan_value(s, NULL);
	}
}

static void
take_usage(struct scan *s, struct response *r)
{
	const struct count counts[] = {{"prompt_tokens", &r->prompt_tokens},
		{"completion_tokens", &r->completion_tokens}, {"cached_tokens", &r->cached_tokens},
		{"reasoning_tokens", &r->reasoning_tokens}};

	take_counts(s, counts, sizeof counts / sizeof *counts);
}

void
response_expect(struct response *r, struct span expect)
{
	const struct count counts[] = {{"input_tokens", &r->expect_input}, {"output_tokens", &r->expect_output}};
	struct scan s;

	r->expect = expect;
	scan_start(&s, expect.s, expect.n);
	take_counts(&s, counts, sizeof counts / sizeof *counts);
}

/* A value as it stands; null is absent. */
static void
take_raw(struct scan *s, struct span *raw)
{
	bool null = scan_kind(s) == SCAN_NULL;

	if (!scan_value(s, raw) || null)
		*raw = (struct span){0};
}

static void
take_error(struct scan *s, struct response *r)
{
	struct scan inner;

	take_raw(s, &r->error);
	if (s->why || !r->error.s)
		return;
	scan_start(&inner, r->error.s, r->error.n);
	scan_take_member_string(&inner, "kind", &r->error_kind);
}

static void
take_streamed(struct scan *s, struct response *r)
{
	struct span raw = {0};

	scan_value(s, &raw);
	r->streamed = !(raw.n == 5 && memcmp(raw.s, "false", 5) == 0);
}

/* The members that become fields of a metric record, or are too long to go into one. */
static bool
take_own(struct scan *s, struct response *r, struct span key, struct span *kinds)
{
	const struct count counts[] = {{"due_us", &r->due_us}, {"sent_us", &r->sent_us}, {"end_us", &r->end_us},
		{"connect_us", &r->connect_us}, {"first_byte_us", &r->first_byte_us}};
	const struct {
		const char *name;
		struct span *to;
	} raws[] = {{"id", &r->id}, {"tags", &r->tags}, {"finish", &r->finish}};

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		if (span_is(key, counts[i].name))
			return take_count(s, counts[i].to), true;
	for (size_t i = 0; i < sizeof raws / sizeof *raws; i++)
		if (span_is(key, raws[i].name))
			return take_raw(s, raws[i].to), true;
	if (span_is(key, "ev_us"))
		take_events(s, r);
	else if (span_is(key, "ev_kind"))
		scan_string(s, kinds);
	else if (span_is(key, "usage"))
		take_usage(s, r);
	else if (span_is(key, "error"))
		take_error(s, r);
	else if (span_is(key, "text"))
		scan_take_string(s, &r->text);
	else if (span_is(key, "calls"))
		take_raw(s, &r->calls);
	else
		return false;
	return true;
}

/* The others pass through; some are looked at on the way. */
static void
take_other(struct scan *s, struct response *r, struct span key)
{
	const char *from = key.s - 1;
	struct span raw = {0};

	if (span_is(key, "status")) {
		take_count(s, &r->status);
	} else if (span_is(key, "part")) {
		take_count(s, &r->part);
	} else if (span_is(key, "streamed")) {
		take_streamed(s, r);
	} else if (span_is(key, "phase")) {
		scan_take_string(s, &r->phase);
	} else if (span_is(key, "session")) {
		take_raw(s, &r->session);
	} else if (span_is(key, "turn")) {
		take_raw(s, &r->turn);
	} else if (span_is(key, "expect")) {
		take_raw(s, &raw);
		if (raw.s)
			response_expect(r, raw);
	} else {
		scan_value(s, NULL);
	}
	if (!s->why)
		r->rest[r->n_rest++] = (struct span){from, (size_t)(s->p - from)};
}

static const char *
check_kinds(struct response *r, struct span kinds)
{
	if (kinds.n != r->n_ev)
		return "ev_us and ev_kind differ in length";
	for (size_t i = 0; i < kinds.n; i++)
		if (!kinds.s[i] || !strchr(letters, kinds.s[i]))
			return "ev_kind: unknown letter";
	r->ev_kind = kinds.s;
	return NULL;
}

const char *
response_read(struct response *r, const char *text, size_t len, int64_t *ev_us, struct span *rest, size_t *column)
{
	struct scan s;
	struct span key, kinds = {0};

	*r = (struct response){.due_us = RESPONSE_NONE, .sent_us = RESPONSE_NONE, .end_us = RESPONSE_NONE,
		.connect_us = RESPONSE_NONE, .first_byte_us = RESPONSE_NONE, .status = RESPONSE_NONE, .streamed = true,
		.prompt_tokens = RESPONSE_NONE, .completion_tokens = RESPONSE_NONE, .cached_tokens = RESPONSE_NONE,
		.reasoning_tokens = RESPONSE_NONE, .expect_input = RESPONSE_NONE, .expect_output = RESPONSE_NONE,
		.part = RESPONSE_NONE, .ev_us = ev_us, .rest = rest};
	*column = 0;
	scan_start(&s, text, len);
	if (scan_object(&s))
		while (scan_member(&s, &key))
			if (!take_own(&s, r, key, &kinds))
				take_other(&s, r, key);
	if (!scan_end(&s)) {
		*column = scan_column(&s);
		return s.why;
	}
	if (!kinds.s && !r->error.s)
		return "not a response record: it has neither events nor an error";
	return check_kinds(r, kinds);
}

bool
response_room(struct response_room *m, size_t len)
{
	if (len < m->len)
		return true;
	response_room_free(m);
	len += len / 2 + 1024;
	m->ev_us = reallocarray(NULL, len / 2, sizeof *m->ev_us);
	m->rest = reallocarray(NULL, len / 4, sizeof *m->rest);
	if (!m->ev_us || !m->rest)
		return false;
	m->len = len;
	return true;
}

void
response_room_free(struct response_room *m)
{
	free(m->ev_us);
	free(m->rest);
	*m = (struct response_room){0};
}

bool
response_is_warmup(const struct response *r)
{
	return r->phase.s && span_is(r->phase, "warmup");
}

bool
response_has(const struct response *r, const char *set)
{
	for (size_t i = 0; i < r->n_ev; i++)
		if (strchr(set, r->ev_kind[i]))
			return true;
	return false;
}
