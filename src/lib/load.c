/* load: see load.h. */
#include "load.h"

#include "pace.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND ((int64_t)1000000)
#define BEAT_LEAST_US 5000  /* how often the loop proves that it is alive: at random, */
#define BEAT_SPREAD_US 10000 /* so that nothing that comes and goes escapes it for ever */
#define BATCH 8       /* sends, and records written, before the sockets are looked at again */

struct load {
	const struct load_options *o;
	const struct clock *clock;
	struct event_base *base;
	struct wire *wire;
	struct intake *in;
	struct pace pace;
	struct watch watch;
	struct load_result r;
	int64_t wake_us; /* what the timer is set to; INT64_MAX: to nothing */
	int part;
	uint32_t random;
	bool waiting_for_input;
	struct event *wake, *input, *second, *beat, *grace, *sigint, *sigterm, *go;
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
stop(struct load *l)
{
	pace_stop(&l->pace);
	if (l->input)
		event_del(l->input);
	evtimer_del(l->wake);
}

/* Sleep until there may be something to send. */
static void
set_wake(struct load *l)
{
	if (l->pace.wake_us == l->wake_us)
		return;
	l->wake_us = l->pace.wake_us;
	if (l->wake_us == INT64_MAX)
		evtimer_del(l->wake);
	else
		set_timer(l->wake, l->wake_us - now_us(l));
}

/* Take in what is complete, and send what may go now: a little of each, so that nobody's
 * stamps wait for it.  True: there is more to do at once. */
static bool
pump(struct load *l)
{
	bool more = wire_poll(l->wire, BATCH);
	int sent = 0;

	l->waiting_for_input = !l->pace.stopped && intake_fill(l->in);
	while (sent < BATCH && pace_send(&l->pace))
		sent++;
	if (l->pace.stopped) {
		stop(l);
		return more;
	}
	if (l->waiting_for_input && l->input)
		event_add(l->input, NULL);
	set_wake(l);
	return more || sent == BATCH || ((sent > 0 || l->in->n == 0) && !l->in->ended && !l->waiting_for_input);
}

static bool
finished(const struct load *l)
{
	return wire_in_flight(l->wire) == 0 && pace_idle(&l->pace);
}

static void
count(struct load *l, struct exchange *x)
{
	struct watch_counts *p = &l->r.total;

	p->done++;
	p->ok += exchange_ok(x);
	p->failed = p->done - p->ok;
	l->r.answered += x->status != 0;
	if (!l->o->emit(l->o->ctx, x)) {
		l->r.cut_short = true;
		stop(l);
	}
}

static void
on_done(void *ctx, struct exchange *x, bool out_of_files)
{
	struct load *l = ctx;

	l->r.out_of_files |= out_of_files;
	count(l, x);
	pace_done(&l->pace, x);
}

static void
on_skipped(void *ctx, struct exchange *x)
{
	struct load *l = ctx;

	x->part = l->part;
	if (!l->r.cut_short)
		count(l, x);
}

static void
on_wake(evutil_socket_t fd, short what, void *ctx)
{
	struct load *l = ctx;

	(void)what;
	if (fd < 0)
		l->wake_us = INT64_MAX;
	wire_woke(l->wire); /* that is all: what is to be done is found out after each turn */
}

static void
report(struct load *l)
{
	int64_t now = now_us(l);
	struct watch_counts p = l->r.total;

	p.shard = l->o->shard;
	p.in_flight = wire_in_flight(l->wire);
	p.sent = l->pace.sent;
	p.waiting = pace_waiting(&l->pace, now);
	p.out_tokens = wire_output(l->wire);
	p.first = wire_lag(l->wire)->first;
	p.first_us = wire_lag(l->wire)->first_us;
	l->r.total = p;
	if (l->o->progress)
		l->o->progress(l->o->ctx, &l->watch, now, &p);
}

static void
on_second(evutil_socket_t fd, short what, void *ctx)
{
	struct load *l = ctx;

	(void)fd, (void)what;
	wire_woke(l->wire);
	if (now_us(l) > l->o->start_us) /* who waits for a moment has nothing to tell */
		report(l);
}

/* The time until the next beat. */
static int64_t
beat_pause(struct load *l)
{
	l->random = l->random * 1664525 + 1013904223; /* Numerical Recipes' */
	return BEAT_LEAST_US + (l->random >> 8) % BEAT_SPREAD_US;
}

/* The moments that were fixed beforehand, those included that passed while we were away. */
static void
on_beat(evutil_socket_t fd, short what, void *ctx)
{
	struct load *l = ctx;
	int64_t now = now_us(l), *beat_us = &wire_lag(l->wire)->beat_us;

	(void)fd, (void)what;
	wire_woke(l->wire);
	for (; *beat_us <= now; *beat_us += beat_pause(l))
		watch_beat(&l->watch, now - *beat_us);
	set_timer(l->beat, *beat_us - now);
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
	l->go = l->o->shards ? event_new(base, l->o->shards->go_fd, EV_READ, on_wake, l) : NULL;
	if (!l->wake || !l->second || !l->beat || !l->grace || !l->sigint || !l->sigterm || (l->o->shards && !l->go))
		return false;
	if (l->go)
		event_add(l->go, NULL);
	event_add(l->sigint, NULL);
	event_add(l->sigterm, NULL);
	event_add(l->second, &(struct timeval){1, 0});
	wire_lag(l->wire)->beat_us = now_us(l) + BEAT_LEAST_US;
	set_timer(l->beat, BEAT_LEAST_US);
	return true;
}

static void
tear_down(struct load *l)
{
	struct event *all[] = {l->wake, l->second, l->beat, l->grace, l->sigint, l->sigterm, l->input, l->go};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i])
			event_free(all[i]);
}

/* Until nothing is left.  From the moment when the loop woke up until it waits again, what
 * arrives is not seen: that is the loop's lag. */
static void
loop(struct load *l)
{
	int64_t *busy_from = &wire_lag(l->wire)->woke_us;
	bool more = pump(l);

	while (!finished(l)) {
		*busy_from = 0;
		event_base_loop(l->base, more ? EVLOOP_NONBLOCK : EVLOOP_ONCE);
		more = pump(l);
		if (*busy_from)
			watch_loop(&l->watch, now_us(l) - *busy_from);
	}
}

struct event_base *
load_base(void)
{
	struct event_config *c = event_config_new();
	struct event_base *base;

	event_config_set_flag(c, EVENT_BASE_FLAG_PRECISE_TIMER);
	event_config_set_flag(c, EVENT_BASE_FLAG_NO_CACHE_TIME);
	base = event_base_new_with_config(c);
	event_config_free(c);
	return base;
}

struct load_result
load_run(const struct load_options *o, struct wire_options *w, struct intake *in, const char **why,
         const char **bad_url)
{
	struct load l = {.o = o, .clock = w->clock, .base = w->base, .in = in, .part = w->part, .wake_us = INT64_MAX};

	w->done = on_done;
	w->ctx = &l;
	if (!(l.wire = wire_open(w, why, bad_url)))
		return l.r;
	*why = "out of memory";
	l.pace = (struct pace){.slots = &o->slots, .duration_us = o->duration_us, .max_in_flight = o->max_in_flight,
		.resume = o->resume, .clock = w->clock, .wire = l.wire, .in = in, .watch = &l.watch, .shards = o->shards,
		.not_before_us = o->start_us,
		.skipped = on_skipped, .ctx = &l};
	if (pace_open(&l.pace) && set_up(&l, w->base)) {
		watch_start(&l.watch, now_us(&l));
		loop(&l);
		report(&l);
		*why = NULL;
	}
	l.r.out_of_memory = l.pace.out_of_memory;
	tear_down(&l);
	pace_close(&l.pace);
	wire_close(l.wire);
	return l.r;
}
