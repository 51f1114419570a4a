/* live: see live.h. */
#include "live.h"

#include "scan.h"

#include <string.h>

struct reply {
	int64_t due, sent, end, status, part, tokens;
	int64_t first, last; /* offsets of the first token event and of the last output event; -1: none */
	int64_t events;      /* t, c and f */
	struct span kinds, times, phase, error, streamed;
};

static void
read_usage(struct scan *s, struct reply *r)
{
	struct span key;

	if (!scan_take_object(s))
		return;
	while (scan_member(s, &key))
		if (span_is(key, "completion_tokens"))
			scan_take_int(s, &r->tokens);
		else
			scan_value(s, NULL);
}

/* ev_kind may stand behind ev_us: the array's text is kept and read at the end. */
static void
read_events(struct reply *r)
{
	struct scan s;
	int64_t at = 0;

	scan_start(&s, r->times.s, r->times.n);
	scan_array(&s);
	for (size_t i = 0; scan_item(&s) && scan_take_int(&s, &at); i++) {
		char kind = i < r->kinds.n ? r->kinds.s[i] : '\0';

		if (kind == '\0' || !strchr("tcfo", kind))
			continue;
		r->last = at;
		if (kind == 'o')
			continue;
		r->events++;
		if (r->first < 0)
			r->first = at;
	}
}

static void
read_member(struct scan *s, struct span key, struct reply *r)
{
	const struct {
		const char *name;
		int64_t *to;
	} ints[] = {
		{"due_us", &r->due}, {"sent_us", &r->sent}, {"end_us", &r->end}, {"status", &r->status}, {"part", &r->part},
	};

	for (size_t i = 0; i < sizeof ints / sizeof *ints; i++)
		if (span_is(key, ints[i].name)) {
			scan_take_int(s, ints[i].to);
			return;
		}
	if (span_is(key, "ev_kind"))
		scan_take_string(s, &r->kinds);
	else if (span_is(key, "phase"))
		scan_take_string(s, &r->phase);
	else if (span_is(key, "ev_us"))
		scan_value(s, &r->times);
	else if (span_is(key, "error"))
		scan_value(s, &r->error);
	else if (span_is(key, "streamed"))
		scan_value(s, &r->streamed);
	else if (span_is(key, "usage"))
		read_usage(s, r);
	else
		scan_value(s, NULL);
}

static bool
says(struct span raw, const char *word)
{
	return raw.n == strlen(word) && memcmp(raw.s, word, raw.n) == 0;
}

static const char *
read_reply(struct scan *s, struct reply *r)
{
	struct span key;

	*r = (struct reply){.due = -1, .sent = -1, .end = -1, .tokens = -1, .first = -1, .last = -1};
	if (scan_object(s))
		while (scan_member(s, &key))
			read_member(s, key, r);
	if (!scan_end(s))
		return s->why;
	if (r->due < 0 || r->end < 0 || !r->kinds.s || !r->times.s || *r->times.s != '[')
		return "not a response record (due_us, end_us, ev_us or ev_kind is missing)";
	if (r->sent < 0)
		r->sent = r->due; /* never sent: an earlier turn of its session failed */
	read_events(r);
	return NULL;
}

static void
add(struct live_mean *m, int64_t us)
{
	m->n++;
	m->sum_us += us;
}

static void
widen(struct live *l, int64_t from, int64_t to)
{
	if (!l->begun || from < l->from_us)
		l->from_us = from;
	if (!l->begun || to > l->to_us)
		l->to_us = to;
	l->begun = true;
}

static void
fold(struct live *l, const struct reply *r)
{
	bool ok = r->status / 100 == 2 && (!r->error.s || says(r->error, "null")) && r->last >= 0;
	int64_t lag = r->sent - r->due;

	if (r->part > l->part) {
		l->part = r->part;
		l->begun = false;
		l->part_done = l->part_ok = l->part_tokens = l->events = 0;
	}
	l->events += r->events;
	if (r->phase.s && span_is(r->phase, "warmup"))
		return;
	l->done++;
	l->part_done++;
	if (!ok) {
		l->failed++;
		widen(l, r->due, r->end);
		return;
	}
	l->ok++;
	l->part_ok++;
	l->part_tokens += r->tokens >= 0 ? r->tokens : r->events;
	widen(l, r->due, r->sent + r->last);
	add(&l->e2e, lag + r->last);
	if (says(r->streamed, "true") && r->first >= 0)
		add(&l->ttft, lag + r->first);
}

const char *
live_response(struct live *l, const char *text, size_t len, size_t *column)
{
	struct scan s;
	struct reply r;
	const char *why;

	*column = 0;
	scan_start(&s, text, len);
	if ((why = read_reply(&s, &r)))
		*column = s.why ? scan_column(&s) : 0;
	else
		fold(l, &r);
	return why;
}

void
live_progress(struct live *l, const struct progress *p)
{
	if (!l->begun)
		widen(l, p->t_us, p->t_us);
	l->progress = true;
	l->t_us = p->t_us;
	l->in_flight = p->in_flight > 0 ? p->in_flight : 0;
	l->waiting = p->waiting > 0 ? p->waiting : 0;
	l->out_tokens = p->out_tokens;
}

double
live_seconds(const struct live *l)
{
	int64_t to = l->progress && l->t_us > l->to_us ? l->t_us : l->to_us;

	return l->begun ? (double)(to - l->from_us) / 1e6 : 0;
}

static double
rate(const struct live *l, int64_t count)
{
	double s = live_seconds(l);

	return s > 0 ? (double)count / s : 0;
}

double
live_rps(const struct live *l)
{
	return rate(l, l->part_ok);
}

double
live_tps(const struct live *l)
{
	int64_t streaming = l->progress && l->out_tokens > l->events ? l->out_tokens - l->events : 0;

	return rate(l, l->part_tokens + streaming);
}

double
live_left(const struct live *l, int64_t total)
{
	double pace = rate(l, l->part_done);

	return pace > 0 && total > l->done ? (double)(total - l->done) / pace : total > l->done ? -1 : 0;
}

void
live_end(struct live *l)
{
	l->progress = false;
}
