/* metric: see metric.h. */
#include "metric.h"

#include <string.h>

/* Above this a usage count is not spelled out as zeros between tokens. */
#define MAX_ZEROS 1000000

static const struct metric_latency no_latency = {METRIC_NONE, METRIC_NONE, METRIC_NONE, METRIC_NONE, METRIC_NONE};

static int64_t
plus(int64_t a, int64_t b)
{
	return a == METRIC_NONE || b == METRIC_NONE ? METRIC_NONE : a + b;
}

static int64_t
known(int64_t v)
{
	return v == RESPONSE_NONE ? METRIC_NONE : v;
}

/* a / n to the nearest, halves up; a >= 0, n > 0. */
static int64_t
ratio(int64_t a, int64_t n)
{
	return a / n + (a % n >= n - a % n);
}

static size_t
find(const struct response *r, const char *letters, size_t i)
{
	while (i < r->n_ev && !strchr(letters, r->ev_kind[i]))
		i++;
	return i;
}

size_t
metric_output(const struct response *r, const struct definition *d, size_t i)
{
	return find(r, d->output, i);
}

/* The stamp of the first event of those letters, from sent_us. */
static int64_t
first_of(const struct response *r, const char *letters)
{
	size_t i = find(r, letters, 0);

	return i < r->n_ev ? r->ev_us[i] : METRIC_NONE;
}

static int64_t
last_of(const struct response *r, const char *letters)
{
	for (size_t i = r->n_ev; i > 0; i--)
		if (strchr(letters, r->ev_kind[i - 1]))
			return r->ev_us[i - 1];
	return METRIC_NONE;
}

static int64_t
count_tokens(const struct response *r, const struct definition *d)
{
	int64_t n = 0;

	for (size_t i = 0; i < r->n_ev; i++)
		n += strchr("tcf", r->ev_kind[i]) && strchr(d->output, r->ev_kind[i]);
	return n;
}

static bool
is_ok(const struct response *r, const struct definition *d)
{
	bool error_event = response_has(r, "e");

	if (r->status < 200 || r->status > 299 || (*d->needs && !response_has(r, d->needs)))
		return false;
	if (!r->error.s && !error_event)
		return true;
	return d->forgives && error_event && (!r->error.s || span_is(r->error_kind, "stream"));
}

static void
set_tokens(const struct response *r, const struct definition *d, struct metric *m)
{
	int64_t events = count_tokens(r, d), thinking = d->no_thinking ? r->reasoning_tokens : RESPONSE_NONE;

	if (r->prompt_tokens != RESPONSE_NONE)
		m->input_tokens = r->prompt_tokens, m->input_from = "usage";
	else if (r->expect_input != RESPONSE_NONE)
		m->input_tokens = r->expect_input, m->input_from = "expected";
	m->cached_tokens = known(r->cached_tokens);
	m->reasoning_tokens = known(r->reasoning_tokens);
	if (r->completion_tokens != RESPONSE_NONE) {
		m->output_tokens = r->completion_tokens - (thinking == RESPONSE_NONE ? 0 : thinking);
		m->output_tokens = m->output_tokens < 0 ? 0 : m->output_tokens;
		m->tokens_from = "usage";
	} else if (d->expects && r->expect_output != RESPONSE_NONE) {
		m->output_tokens = r->expect_output, m->tokens_from = "expected";
	} else if (r->streamed && events > 0) {
		m->output_tokens = events, m->tokens_from = "events";
	}
	m->zero_usage = r->completion_tokens == 0 && response_has(r, "tcf");
}

/* All from sent_us. */
static struct metric_latency
latencies(const struct response *r, const struct definition *d, const struct metric *m)
{
	struct metric_latency l = no_latency;
	int64_t body = r->end_us == RESPONSE_NONE ? METRIC_NONE : r->end_us - r->sent_us, done = first_of(r, "d");

	switch (d->end) {
	case END_OUTPUT:
		l.e2e = last_of(r, d->output);
		if (l.e2e == METRIC_NONE)
			l.e2e = last_of(r, "o");
		break;
	case END_LINE: l.e2e = r->n_ev ? r->ev_us[r->n_ev - 1] : body; break;
	case END_DONE: l.e2e = done == METRIC_NONE ? body : done; break;
	case END_BODY: l.e2e = body; break;
	}
	if (d->start == START_DUE) {
		l.ttfb = known(r->first_byte_us);
		l.e2e_done = body;
	}
	if (!r->streamed)
		return l;
	if (d->stamps <= 1 || m->output_tokens >= d->stamps || count_tokens(r, d) >= d->stamps)
		l.ttft = first_of(r, d->output);
	if (d->zero && l.ttft == METRIC_NONE)
		l.ttft = 0;
	if (d->answer)
		l.ttfo = first_of(r, d->answer);
	return l;
}

static struct metric_latency
shifted(struct metric_latency l, int64_t by)
{
	return (struct metric_latency){plus(l.ttfb, by), plus(l.ttft, by), plus(l.ttfo, by), plus(l.e2e, by),
		plus(l.e2e_done, by)};
}

/* The value of a rate that has one per request. */
static int64_t
rate(enum rate how, const struct response *r, const struct definition *d, const struct metric *m)
{
	int64_t n = m->output_tokens, first = first_of(r, d->output), last = last_of(r, d->output), over = METRIC_NONE;

	if (how == RATE_SPAN && first != METRIC_NONE)
		over = last - first;
	else if (how == RATE_REST && m->head.e2e != METRIC_NONE && m->head.ttft != METRIC_NONE)
		over = m->head.e2e - m->head.ttft;
	else if (how == RATE_ALL && last != METRIC_NONE)
		over = last - (d->start == START_CONNECTED && r->connect_us > 0 ? r->connect_us : 0);
	if (over == METRIC_NONE || over < 0 || n == METRIC_NONE)
		return METRIC_NONE;
	n -= how != RATE_ALL;
	return n < 1 ? METRIC_NONE : ratio(over, n);
}

static void
set_rates(const struct response *r, const struct definition *d, struct metric *m)
{
	int64_t n = m->output_tokens == METRIC_NONE ? 0 : m->output_tokens, events = count_tokens(r, d);

	m->tpot = rate(d->tpot, r, d, m);
	m->gaps = (d->itl == RATE_GAPS || d->itl == RATE_TOKENS) && metric_output(r, d, 0) < r->n_ev;
	if (!m->gaps) {
		m->itl = rate(d->itl, r, d, m);
	} else if (d->itl == RATE_TOKENS && n > events) {
		m->itl_zeros = n - events;
		m->gaps = m->itl_zeros <= MAX_ZEROS;
	}
}

static const char *
set_latencies(const struct response *r, const struct definition *d, struct metric *m)
{
	int64_t last = last_of(r, "tcfo");

	if (r->sent_us == RESPONSE_NONE)
		return "sent_us is missing";
	m->connect = known(r->connect_us);
	m->last_us = last != METRIC_NONE ? r->sent_us + last : known(r->end_us);
	m->head = latencies(r, d, m);
	if (d->start == START_DUE) {
		m->sent = m->head;
		m->head = shifted(m->sent, m->send_lag);
	} else if (d->start == START_CONNECTED && r->connect_us > 0) {
		m->head = shifted(m->head, -r->connect_us);
	}
	if (r->streamed)
		set_rates(r, d, m);
	return NULL;
}

const char *
metric_of(const struct response *r, const struct definition *d, struct metric *m)
{
	*m = (struct metric){.ok = is_ok(r, d), .send_lag = METRIC_NONE, .connect = METRIC_NONE, .head = no_latency,
		.sent = no_latency, .tpot = METRIC_NONE, .itl = METRIC_NONE, .last_us = METRIC_NONE,
		.input_tokens = METRIC_NONE, .output_tokens = METRIC_NONE, .cached_tokens = METRIC_NONE,
		.reasoning_tokens = METRIC_NONE};
	if (r->sent_us != RESPONSE_NONE && r->due_us != RESPONSE_NONE)
		m->send_lag = r->sent_us - r->due_us;
	set_tokens(r, d, m);
	return m->ok ? set_latencies(r, d, m) : NULL;
}
