/* pace: see pace.h. */
#include "pace.h"

#include "pace_share.h"

#include <stdlib.h>
#include <string.h>

static int64_t
now_us(const struct pace *p)
{
	return clock_us(p->clock);
}

/* What takes a slot: requests on the wire, and sessions between two turns. */
static int64_t
taken(const struct pace *p)
{
	return wire_in_flight(p->wire) + p->held;
}

static void
free_slot(struct pace *p, int64_t t_us)
{
	p->free_at[(p->first_free + p->n_free++) % p->most] = t_us;
}

static int64_t
take_slot(struct pace *p)
{
	int64_t t_us = p->free_at[p->first_free];

	p->first_free = (p->first_free + 1) % p->most;
	p->n_free--;
	return t_us;
}

/* Open and close slots up to now: each at its own time, however late we are. */
static void
adjust_slots(struct pace *p, int64_t now)
{
	int64_t t = p->slots_us, want;

	do {
		p->slots_us = t;
		want = slots_at(p->slots, t) - taken(p);
		while (p->n_free < want)
			free_slot(p, p->start_us + t);
		if (p->n_free > want)
			p->n_free = want > 0 ? want : 0;
	} while ((t = slots_next(p->slots, t)) >= 0 && p->start_us + t <= now);
}

static void
wake_at(struct pace *p, int64_t t_us)
{
	if (t_us < p->wake_us)
		p->wake_us = t_us;
}

void
pace_stop(struct pace *p)
{
	p->stopped = true;
}

static void
no_memory(struct pace *p)
{
	p->out_of_memory = true;
	pace_stop(p);
}

static void
put_on_wire(struct pace *p, struct request *q, int64_t due_us)
{
	/* Only a session's first turn has an at_us of its own. */
	if (p->start_us && (q->talk ? q->talk->at_us : q->at_us) < 0 && !q->warmup)
		q->stage = slots_stage(p->slots, due_us > p->start_us ? due_us - p->start_us : 0);
	watch_send(p->watch, now_us(p) - due_us);
	if (!wire_send(p->wire, q, due_us)) {
		session_free(q->talk);
		request_free(q);
		no_memory(p);
		return;
	}
	p->sent++;
}

/* Its remaining turns get their records without being sent; then it is over. */
static void
give_up(struct pace *p, struct session *s, int64_t t_us, const char *why)
{
	struct request q;

	for (; s->next < s->n; request_free(&q)) {
		struct exchange x = {.request = &q, .due_us = t_us, .end_us = t_us, .retry_after_s = -1, .final = true};
		bool done = s->turn[s->next].done;

		if (!session_take(s, &q)) {
			no_memory(p);
			break;
		}
		if (done)
			continue;
		reply_start(&x.reply, q.api->read, false);
		reply_fail(&x.reply, "skipped", why, strlen(why));
		p->skipped(p->ctx, &x);
		reply_free(&x.reply);
		free(x.record);
	}
	session_free(s);
}

/* The turns that an earlier part of the run has done are history.  NULL, or why nothing can follow them. */
static const char *
catch_up(struct pace *p, struct session *s)
{
	const char *why = NULL;

	while (!why && s->next < s->n && s->turn[s->next].done) {
		size_t len;
		char *record = resume_record(p->resume, s->turn[s->next].id, &len);
		struct request q;

		if (!session_take(s, &q))
			why = "out of memory";
		else if (record)
			why = session_reply(s, record, len);
		else
			why = "the record of an earlier turn cannot be read";
		request_free(&q);
		free(record);
	}
	return why;
}

/* Until its next turn is due it waits, with its slot. */
static void
hold(struct pace *p, struct session *s, int64_t due_us)
{
	s->due_us = due_us;
	if (!session_queue_push(&p->talks, s)) {
		session_free(s);
		no_memory(p);
		return;
	}
	p->held += s->at_us < 0;
}

/* Go on after the turn that ended at t_us.  False: the session is over, and freed. */
static bool
go_on(struct pace *p, struct session *s, int64_t t_us)
{
	const char *why = catch_up(p, s);

	if (why) {
		give_up(p, s, t_us, why);
	} else if (s->next == s->n || p->stopped) {
		session_free(s);
	} else {
		hold(p, s, t_us + s->turn[s->next].think_us);
		return true;
	}
	return false;
}

/* A turn of a session is over.  False: so is the session. */
static bool
turn_done(struct pace *p, struct exchange *x)
{
	struct session *s = x->request->talk;
	const char *why = NULL;

	if (!x->final || !x->record) { /* a resume sends it again */
		session_free(s);
		return false;
	}
	if (exchange_ok(x))
		why = session_reply(s, x->record, x->record_len);
	else
		why = "an earlier turn of its session failed";
	if (!why)
		return go_on(p, s, x->end_us);
	give_up(p, s, x->end_us, why);
	return false;
}

void
pace_done(struct pace *p, struct exchange *x)
{
	int64_t open;

	if (x->request->talk && turn_done(p, x))
		return;
	if (!p->start_us)
		return;
	/* This slot became free when its exchange ended, not when we came to see it. */
	open = slots_at(p->slots, now_us(p) - p->start_us);
	if (p->n_free + taken(p) < open)
		free_slot(p, x->end_us);
}

/* A session that an earlier part of the run began goes on, its user thinking anew. */
static bool
is_begun(const struct request *q)
{
	return q->talk && q->talk->turn[0].done;
}

static int64_t
due(const struct pace *p, const struct request *q)
{
	return is_begun(q) ? p->start_us : p->start_us + q->at_us - (p->shift_us > 0 ? p->shift_us : 0);
}

/* Send the request at the head, or begin its session. */
static void
begin(struct pace *p, int64_t due_us)
{
	struct request q = *intake_next(p->in);
	struct session *s = q.talk;

	intake_pop(p->in);
	if (s && is_begun(&q)) {
		if (!go_on(p, s, due_us) && q.at_us < 0 && p->start_us)
			free_slot(p, due_us);
		return;
	}
	if (s && !session_take(s, &q)) {
		session_free(s);
		no_memory(p);
		return;
	}
	put_on_wire(p, &q, due_us);
}

/* Send the closed-loop request at the head, if a slot is free; else false. */
static bool
send_closed(struct pace *p, int64_t now)
{
	int64_t next;

	if (now < p->start_us) {
		wake_at(p, p->start_us);
		return false;
	}
	adjust_slots(p, now);
	if (p->n_free == 0) {
		if ((next = slots_next(p->slots, p->slots_us)) >= 0)
			wake_at(p, p->start_us + next);
		return false;
	}
	if (!pace_share_claim(p))
		return false;
	begin(p, take_slot(p));
	return true;
}

static bool
may_not(const struct pace *p)
{
	return p->max_in_flight && wire_in_flight(p->wire) >= p->max_in_flight;
}

/* Send the open-loop request at the head, if it is due and may; else false. */
static bool
send_open(struct pace *p, const struct request *q, int64_t now)
{
	if (p->shift_us < 0 && !is_begun(q))
		p->shift_us = p->in->first_at_us;
	if (due(p, q) > now) {
		wake_at(p, due(p, q));
		return false;
	}
	if (may_not(p) && !is_begun(q))
		return false;
	begin(p, due(p, q));
	return true;
}

/* False: other processes still have warm-ups on their way. */
static bool
start_clock(struct pace *p)
{
	p->start_us = pace_share_start(p, now_us(p));
	p->shift_us = p->in->done && p->in->done->n > 0 ? -1 : 0;
	p->n_free = 0;
	return p->start_us;
}

/* Send the request at the head of the input, if it is its time; else false. */
static bool
send_head(struct pace *p, const struct request *q, int64_t now)
{
	if (!p->start_us && q && q->warmup) {
		if (taken(p) >= p->most || (q->at_us < 0 && !pace_share_claim(p)))
			return false;
		begin(p, now);
		return true;
	}
	if (!p->start_us && p->in->measured) {
		if (wire_in_flight(p->wire) > 0 || p->talks.n > 0)
			return false; /* the last warm-ups */
		if (!start_clock(p))
			return false;
		now = p->shards || p->start_us > now ? now : p->start_us;
	}
	if (!q)
		return false;
	return q->at_us >= 0 ? send_open(p, q, now) : send_closed(p, now);
}

/* Send the turn that is due first, if it is and may; else false. */
static bool
send_turn(struct pace *p, struct session *s, int64_t now)
{
	struct request q;
	int64_t due_us = s->due_us;

	if (due_us > now) {
		wake_at(p, due_us);
		return false;
	}
	if (s->at_us >= 0 && may_not(p))
		return false;
	session_queue_pop(&p->talks);
	p->held -= s->at_us < 0;
	if (!session_take(s, &q)) {
		session_free(s);
		no_memory(p);
		return true;
	}
	put_on_wire(p, &q, due_us);
	return true;
}

bool
pace_send(struct pace *p)
{
	struct request *q = pace_share_head(p);
	struct session *s = session_queue_first(&p->talks);
	int64_t now = now_us(p), end_us = p->start_us && p->duration_us ? p->start_us + p->duration_us : INT64_MAX;

	p->wake_us = end_us;
	if (now >= end_us)
		pace_stop(p);
	if (p->stopped)
		return false;
	if (!s)
		return send_head(p, q, now);
	/* Those that have been due for longest go first. */
	if (q && p->start_us && q->at_us >= 0 && p->shift_us >= 0 && due(p, q) < s->due_us)
		return send_head(p, q, now) || send_turn(p, s, now);
	return send_turn(p, s, now) || send_head(p, q, now);
}

bool
pace_idle(const struct pace *p)
{
	return p->stopped || (p->in->ended && p->in->n == 0 && p->talks.n == 0);
}

int64_t
pace_waiting(const struct pace *p, int64_t now)
{
	int64_t n = 0;

	for (size_t i = 0; p->start_us && p->shift_us >= 0 && i < p->in->n; i++) {
		const struct request *q = &p->in->ring[(p->in->first + i) % INTAKE_AHEAD];

		if (q->at_us < 0 || due(p, q) > now)
			break;
		n++;
	}
	for (size_t i = 0; i < p->talks.n; i++)
		n += p->talks.heap[i]->due_us <= now;
	return n;
}

bool
pace_open(struct pace *p)
{
	p->most = slots_max(p->slots);
	p->most = p->most > 0 ? p->most : 1; /* of several processes some may have none */
	p->ticket = -1;
	p->wake_us = INT64_MAX;
	return (p->free_at = calloc((size_t)p->most, sizeof *p->free_at));
}

void
pace_close(struct pace *p)
{
	session_queue_free(&p->talks);
	free(p->free_at);
}
