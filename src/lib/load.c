/* load: see load.h. */
#include "load.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND ((int64_t)1000000)
#define BEAT_US 20000 /* how often the loop proves that it is alive */
#define BATCH 8       /* sends, and records written, before the sockets are looked at again */

struct load {
	const struct load_options *o;
	const struct clock *clock;
	struct event_base *base;
	struct wire *wire;
	struct intake *in;
	struct watch watch;
	struct load_result r;
	int64_t start_us; /* the run's clock; 0: warm-ups are still on their way */
	int64_t shift_us; /* of a resumed run: the first unsent request is due at its start */
	int64_t *free_at; /* when each free slot became free: a queue of n_free from first_free */
	int64_t most, first_free, n_free;
	int64_t slots_us; /* the slots are opened and closed up to here, from start_us */
	int64_t beat_us;
	bool stopping, waiting_for_input;
	struct event *wake, *input, *second, *beat, *grace, *sigint, *sigterm;
};

static int64_t
now_us(const struct load *l)
{
	return clock_us(l->clock);
}

static void
set_timer(struct event *e, int64_t us)
{
	struct timeval tv = {us / SECOND, us % SECOND};

	if (us < 0)
		tv = (struct timeval){0, 0};
	evtimer_add(e, &tv);
}

static void
free_slot(struct load *l, int64_t t_us)
{
	l->free_at[(l->first_free + l->n_free++) % l->most] = t_us;
}

/* Open and close slots up to now: each at its own time, however late we are. */
static void
adjust_slots(struct load *l, int64_t now)
{
	const struct slots *s = &l->o->slots;
	int64_t t = l->slots_us, want;

	do {
		l->slots_us = t;
		want = slots_at(s, t) - wire_in_flight(l->wire);
		while (l->n_free < want)
			free_slot(l, l->start_us + t);
		if (l->n_free > want)
			l->n_free = want > 0 ? want : 0;
	} while ((t = slots_next(s, t)) >= 0 && l->start_us + t <= now);
}

static void
stop(struct load *l)
{
	l->stopping = true;
	if (l->input)
		event_del(l->input);
	evtimer_del(l->wake);
}

static void
send_next(struct load *l, int64_t due_us)
{
	struct request q = *intake_next(l->in);

	intake_pop(l->in);
	watch_send(&l->watch, now_us(l) - due_us);
	if (!wire_send(l->wire, &q, due_us)) {
		request_free(&q);
		l->r.out_of_memory = true;
		stop(l);
		return;
	}
	l->r.total.sent++;
}

static int64_t
due(const struct load *l, const struct request *q)
{
	return l->start_us + q->at_us - l->shift_us;
}

static void
start_clock(struct load *l, const struct request *first)
{
	l->start_us = now_us(l);
	l->shift_us = first->at_us >= 0 && l->in->done && l->in->done->n > 0 ? first->at_us : 0;
	l->n_free = 0;
}

/* Sleep until t_us, or until the run's duration is over. */
static void
wake_at(struct load *l, int64_t t_us)
{
	int64_t end = l->o->duration_us ? l->start_us + l->o->duration_us : INT64_MAX;

	set_timer(l->wake, (t_us < end ? t_us : end) - now_us(l));
}

/* Send the closed-loop request at the head, if a slot is free; else false. */
static bool
send_closed(struct load *l, int64_t now)
{
	int64_t due_us, next;

	adjust_slots(l, now);
	if (l->n_free == 0) {
		if ((next = slots_next(&l->o->slots, l->slots_us)) >= 0)
			wake_at(l, l->start_us + next);
		return false;
	}
	due_us = l->free_at[l->first_free];
	l->first_free = (l->first_free + 1) % l->most;
	l->n_free--;
	send_next(l, due_us);
	return true;
}

/* Send the open-loop request at the head, if it is due and may; else false. */
static bool
send_open(struct load *l, const struct request *q, int64_t now)
{
	if (due(l, q) > now) {
		wake_at(l, due(l, q));
		return false;
	}
	if (l->o->max_in_flight && wire_in_flight(l->wire) >= l->o->max_in_flight)
		return false;
	send_next(l, due(l, q));
	return true;
}

/* Send the request at the head, if it is its time; else false. */
static bool
send_one(struct load *l)
{
	struct request *q = intake_next(l->in);
	int64_t now = now_us(l);

	if (l->start_us && l->o->duration_us && now >= l->start_us + l->o->duration_us)
		stop(l);
	if (!q || l->stopping)
		return false;
	if (!l->start_us && q->warmup) {
		if (wire_in_flight(l->wire) >= slots_max(&l->o->slots))
			return false;
		send_next(l, now);
		return true;
	}
	if (!l->start_us) {
		if (wire_in_flight(l->wire) > 0)
			return false; /* the last warm-ups */
		start_clock(l, q);
		now = l->start_us;
	}
	return q->at_us >= 0 ? send_open(l, q, now) : send_closed(l, now);
}

/* Take in what is complete, and send what may go now: a little of each, so that nobody's
 * stamps wait for it.  True: there is more to do at once. */
static bool
pump(struct load *l)
{
	bool more = wire_poll(l->wire, BATCH);
	int sent = 0;

	l->waiting_for_input = !l->stopping && intake_fill(l->in);
	while (sent < BATCH && send_one(l))
		sent++;
	if (l->waiting_for_input && l->input)
		event_add(l->input, NULL);
	if (!l->stopping && l->start_us && l->o->duration_us && !evtimer_pending(l->wake, NULL))
		wake_at(l, INT64_MAX);
	return more || sent == BATCH || (sent > 0 && !l->in->ended && !l->waiting_for_input);
}

static bool
finished(const struct load *l)
{
	return wire_in_flight(l->wire) == 0 && (l->stopping || (l->in->ended && l->in->n == 0));
}

static void
on_done(void *ctx, struct exchange *x, bool out_of_files)
{
	struct load *l = ctx;
	struct watch_counts *p = &l->r.total;

	p->done++;
	p->ok += exchange_ok(x);
	p->failed = p->done - p->ok;
	l->r.answered += x->status != 0;
	l->r.out_of_files |= out_of_files;
	if (l->start_us) {
		/* This slot became free when its exchange ended, not when we came to see it. */
		int64_t open = slots_at(&l->o->slots, now_us(l) - l->start_us);

		if (l->n_free + wire_in_flight(l->wire) < open)
			free_slot(l, x->end_us);
	}
	if (!l->o->emit(l->o->ctx, x)) {
		l->r.cut_short = true;
		stop(l);
	}
}

static void
woke(struct load *l)
{
	int64_t *t = wire_woke(l->wire);

	if (!*t)
		*t = now_us(l);
}

static void
on_wake(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what;
	woke(ctx); /* that is all: what is to be done is found out after each turn */
}

/* Requests that are due but held back by max_in_flight. */
static int64_t
count_waiting(const struct load *l, int64_t now)
{
	int64_t n = 0;

	for (size_t i = 0; l->start_us && i < l->in->n; i++) {
		const struct request *q = &l->in->ring[(l->in->first + i) % INTAKE_AHEAD];

		if (q->at_us < 0 || due(l, q) > now)
			break;
		n++;
	}
	return n;
}

static void
report(struct load *l)
{
	int64_t now = now_us(l);
	struct watch_counts p = l->r.total;

	p.in_flight = wire_in_flight(l->wire);
	p.waiting = count_waiting(l, now);
	p.out_tokens = wire_output(l->wire);
	l->r.total = p;
	if (l->o->progress)
		l->o->progress(l->o->ctx, &l->watch, now, &p);
}

static void
on_second(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what;
	woke(ctx);
	report(ctx);
}

/* The moments of a fixed grid, those included that passed while we were away. */
static void
on_beat(evutil_socket_t fd, short what, void *ctx)
{
	struct load *l = ctx;
	int64_t now = now_us(l);

	(void)fd, (void)what;
	woke(l);
	for (; l->beat_us <= now; l->beat_us += BEAT_US)
		watch_beat(&l->watch, now - l->beat_us);
	set_timer(l->beat, l->beat_us - now);
}

static void
on_grace(evutil_socket_t fd, short what, void *ctx)
{
	struct load *l = ctx;

	(void)fd, (void)what;
	wire_cancel(l->wire);
}

static void
on_signal(evutil_socket_t sig, short what, void *ctx)
{
	struct load *l = ctx;
	char words[128];

	(void)what;
	if (l->r.interrupted && sig == SIGTERM)
		return; /* it may come twice for one wish */
	if (l->r.interrupted) {
		on_grace(-1, 0, l);
		return;
	}
	l->r.interrupted = true;
	stop(l);
	if (wire_in_flight(l->wire) > 0) {
		snprintf(words, sizeof words, "interrupted: waiting up to %gs for %" PRId64 " in flight%s",
		         (double)l->o->grace_us / 1e6, wire_in_flight(l->wire),
		         sig == SIGINT ? " (Ctrl-C again: cancel them)" : "");
		l->o->say(l->o->ctx, words);
		set_timer(l->grace, l->o->grace_us);
	}
}

static bool
set_up(struct load *l, struct event_base *base)
{
	l->wake = evtimer_new(base, on_wake, l);
	l->second = event_new(base, -1, EV_PERSIST, on_second, l);
	l->beat = evtimer_new(base, on_beat, l);
	l->grace = evtimer_new(base, on_grace, l);
	l->sigint = evsignal_new(base, SIGINT, on_signal, l);
	l->sigterm = evsignal_new(base, SIGTERM, on_signal, l);
	l->input = event_new(base, l->in->in.fd, EV_READ, on_wake, l);
	l->most = slots_max(&l->o->slots);
	l->free_at = calloc((size_t)l->most, sizeof *l->free_at);
	if (!l->wake || !l->second || !l->beat || !l->grace || !l->sigint || !l->sigterm || !l->free_at)
		return false;
	event_add(l->sigint, NULL);
	event_add(l->sigterm, NULL);
	event_add(l->second, &(struct timeval){1, 0});
	l->beat_us = now_us(l) + BEAT_US;
	set_timer(l->beat, BEAT_US);
	return true;
}

static void
tear_down(struct load *l)
{
	struct event *all[] = {l->wake, l->second, l->beat, l->grace, l->sigint, l->sigterm, l->input};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i])
			event_free(all[i]);
	free(l->free_at);
}

/* Until nothing is left.  From the moment when the loop woke up until it waits again, what
 * arrives is not seen: that is the loop's lag. */
static void
loop(struct load *l)
{
	int64_t *busy_from = wire_woke(l->wire);
	bool more = pump(l);

	while (!finished(l)) {
		*busy_from = 0;
		event_base_loop(l->base, more ? EVLOOP_NONBLOCK : EVLOOP_ONCE);
		more = pump(l);
		if (*busy_from)
			watch_loop(&l->watch, now_us(l) - *busy_from);
	}
}

struct load_result
load_run(const struct load_options *o, struct wire_options *w, struct intake *in, const char **why,
         const char **bad_url)
{
	struct load l = {.o = o, .clock = w->clock, .base = w->base, .in = in};

	w->done = on_done;
	w->ctx = &l;
	if (!(l.wire = wire_open(w, why, bad_url)))
		return l.r;
	*why = "out of memory";
	if (set_up(&l, w->base)) {
		watch_start(&l.watch, now_us(&l));
		loop(&l);
		report(&l);
		*why = NULL;
	}
	tear_down(&l);
	wire_close(l.wire);
	return l.r;
}
