/* live: see live.h. */
#include "live.h"

#include <string.h>

/* What is shown of one reply; offsets from sent_us. */
struct shown {
	int64_t first, last; /* the first token event, the last output event; -1: none */
	int64_t events;      /* t, c and f */
};

static struct shown
shown(const struct response *r)
{
	struct shown s = {-1, -1, 0};

	for (size_t i = 0; i < r->n_ev; i++) {
		bool token = strchr("tcf", r->ev_kind[i]);

		if (token && s.events++ == 0)
			s.first = r->ev_us[i];
		if (token || r->ev_kind[i] == 'o')
			s.last = r->ev_us[i];
	}
	return s;
}

/* Absurd records can add up to more than there is room for. */
static void
add_to(int64_t *sum, int64_t n)
{
	if (__builtin_add_overflow(*sum, n, sum))
		*sum = INT64_MAX;
}

static void
add(struct live_mean *m, int64_t us)
{
	m->n++;
	add_to(&m->sum_us, us);
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
fold_ok(struct live *l, const struct response *r, struct shown s)
{
	int64_t lag = r->sent_us == RESPONSE_NONE ? 0 : r->sent_us - r->due_us;

	l->ok++;
	l->part_ok++;
	add_to(&l->part_tokens, r->completion_tokens == RESPONSE_NONE ? s.events : r->completion_tokens);
	widen(l, r->due_us, r->due_us + lag + s.last);
	add(&l->e2e, lag + s.last);
	if (r->streamed && s.first >= 0)
		add(&l->ttft, lag + s.first);
}

const char *
live_response(struct live *l, const struct response *r)
{
	struct shown s = shown(r);

	if (r->due_us == RESPONSE_NONE || r->end_us == RESPONSE_NONE)
		return "not a response record: due_us or end_us is missing";
	if (r->part > l->part) {
		l->part = r->part;
		l->begun = false;
		l->part_done = l->part_ok = l->part_tokens = l->events = 0;
	}
	if (!l->records) {
		l->done = l->before.done;
		l->ok = l->before.ok;
		l->failed = l->before.failed;
		l->part_done = l->part_ok = 0;
	}
	l->records = true;
	l->newest_us = r->end_us > l->newest_us ? r->end_us : l->newest_us;
	l->events += s.events;
	if (response_is_warmup(r))
		return NULL;
	l->begun = l->begun && !l->guessed;
	l->guessed = false;
	l->done++;
	l->part_done++;
	if (r->status / 100 == 2 && !r->error.s && s.last >= 0) {
		fold_ok(l, r, s);
	} else {
		l->failed++;
		widen(l, r->due_us, r->end_us);
	}
	return NULL;
}

static int64_t
at_least_0(int64_t n)
{
	return n > 0 ? n : 0;
}

/* What the senders have done: all that is known where the records themselves come later. */
static void
count_shard(struct live *l, const struct live_shard *before, const struct live_shard *now)
{
	static const struct live_shard none;

	if (l->records)
		return;
	if (now->done < before->done) /* another process has followed it */
		before = &none;
	add_to(&l->done, now->done - before->done);
	add_to(&l->ok, now->ok - before->ok);
	add_to(&l->failed, now->failed - before->failed);
	l->part_done = l->done - l->before.done;
	l->part_ok = l->ok - l->before.ok;
}

/* The records that are there are of a part before: the next ones may come later than what the senders say. */
static void
begin_part(struct live *l)
{
	l->records = l->begun = false;
	l->before = (struct live_counts){l->done, l->ok, l->failed};
	l->part_done = l->part_ok = l->part_tokens = l->events = 0;
}

/* Each of several processes speaks for itself. */
static void
add_shard(struct live *l, const struct progress *p)
{
	struct live_shard *s = &l->shard[p->shard > 0 && p->shard <= SHARDS_MOST ? p->shard : 0];
	struct live_shard before = *s;

	l->in_flight -= s->in_flight;
	l->waiting -= s->waiting;
	l->out_tokens -= s->out_tokens;
	*s = (struct live_shard){at_least_0(p->in_flight), at_least_0(p->waiting), at_least_0(p->out_tokens),
		at_least_0(p->done), at_least_0(p->ok), at_least_0(p->failed)};
	count_shard(l, &before, s);
	add_to(&l->in_flight, s->in_flight);
	add_to(&l->waiting, s->waiting);
	add_to(&l->out_tokens, s->out_tokens);
}

void
live_progress(struct live *l, const struct progress *p)
{
	if (!l->progress && l->records && l->newest_us < p->t_us - 1000000)
		begin_part(l);
	if (!l->begun) { /* the first one comes a second after the start */
		widen(l, p->t_us - 1000000, p->t_us);
		l->guessed = true;
	}
	if (l->guessed)
		widen(l, p->t_us, p->t_us);
	l->progress = true;
	l->t_us = p->t_us;
	add_shard(l, p);
}

double
live_seconds(const struct live *l)
{
	int64_t to = l->progress && l->t_us > l->to_us ? l->t_us : l->to_us;

	return l->begun ? (double)(to - l->from_us) / 1e6 : 0;
}

static double
rate(const struct live *l, double count)
{
	double s = live_seconds(l);

	return s > 0 ? count / s : 0;
}

double
live_rps(const struct live *l)
{
	return rate(l, (double)l->part_ok);
}

double
live_tps(const struct live *l)
{
	int64_t streaming = l->progress && l->out_tokens > l->events ? l->out_tokens - l->events : 0;

	return rate(l, (double)l->part_tokens + (double)streaming);
}

double
live_left(const struct live *l, int64_t total)
{
	double pace = rate(l, (double)l->part_done);

	return pace > 0 && total > l->done ? (double)(total - l->done) / pace : total > l->done ? -1 : 0;
}

void
live_end(struct live *l)
{
	if (!l->records)
		l->part_tokens = l->out_tokens;
	l->progress = false;
}
