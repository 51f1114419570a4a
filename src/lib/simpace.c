/* simpace: see simpace.h. */
#include "simpace.h"

#include "latency.h"
#include "text.h"

#include <stdlib.h>

#define PIECE_MAX 40 /* bytes, where no length was asked for */
#define MERGED 4     /* events, likewise */

struct simpace {
	struct httpd_conn *conn;
	struct event *timer;
	struct text held;
	size_t from;        /* what lies before it has been sent */
	struct {
		size_t at, mark;
	} *marks;
	size_t marks_n, marks_cap, marked;
	int64_t merge, events, bytes, pause_us;
	uint64_t seed, pieces;
	bool ended;
	void (*drained)(void *ctx);
	void *ctx;
};

bool
simpace_wanted(const struct simfault *f)
{
	return simfault_has(f, FAULT_MERGE) || simfault_has(f, FAULT_SPLIT) || simfault_has(f, FAULT_TRICKLE);
}

/* Sends the next n held bytes. */
static void
send_piece(struct simpace *p, size_t n)
{
	for (; p->marked < p->marks_n && p->marks[p->marked].at < p->from + n; p->marked++)
		httpd_mark(p->conn, p->marks[p->marked].at - p->from, p->marks[p->marked].mark);
	httpd_send(p->conn, p->held.s + p->from, n);
	p->from += n;
	if (p->from == p->held.n)
		p->from = p->held.n = p->marks_n = p->marked = 0;
}

static void
wait_for_next(struct simpace *p)
{
	struct timeval pause = {p->pause_us / 1000000, p->pause_us % 1000000};

	if (!event_pending(p->timer, EV_TIMEOUT, NULL))
		event_add(p->timer, &pause);
}

static void
on_pause(evutil_socket_t fd, short what, void *arg)
{
	struct simpace *p = arg;
	size_t n = (size_t)p->bytes, left = p->held.n - p->from;

	(void)fd;
	(void)what;
	if (n == 0)
		n = 1 + (size_t)(latency_uniform(p->seed, 3, p->pieces++) * PIECE_MAX);
	if (left > 0)
		send_piece(p, n < left ? n : left);
	if (p->held.n > 0)
		wait_for_next(p);
	else if (p->ended)
		p->drained(p->ctx); /* which may free p */
}

struct simpace *
simpace_new(struct event_base *base, struct httpd_conn *c, const struct simfault *f, uint64_t seed,
	void (*drained)(void *ctx), void *ctx)
{
	struct simpace *p = calloc(1, sizeof *p);

	if (!p || !(p->timer = event_new(base, -1, 0, on_pause, p))) {
		free(p);
		return NULL;
	}
	p->conn = c;
	p->merge = !simfault_has(f, FAULT_MERGE) ? 0 : f->count ? f->count : MERGED;
	p->bytes = f->bytes >= 0 ? f->bytes : simfault_has(f, FAULT_TRICKLE) ? 1 : 0;
	p->pause_us = f->pause_us >= 0 ? f->pause_us : 1000;
	if (p->merge && !simfault_has(f, FAULT_SPLIT) && !simfault_has(f, FAULT_TRICKLE))
		p->pause_us = -1; /* all of it at once */
	p->seed = seed;
	p->drained = drained;
	p->ctx = ctx;
	return p;
}

void
simpace_mark(struct simpace *p, size_t mark)
{
	if (p->marks_n == p->marks_cap) {
		size_t cap = p->marks_cap ? 2 * p->marks_cap : 16;
		void *m = realloc(p->marks, cap * sizeof *p->marks);

		if (!m)
			return;
		p->marks = m;
		p->marks_cap = cap;
	}
	p->marks[p->marks_n].at = p->held.n;
	p->marks[p->marks_n++].mark = mark;
}

/* Lets go of what is held. */
static void
release(struct simpace *p)
{
	p->events = 0;
	if (p->pause_us >= 0)
		wait_for_next(p);
	else if (p->held.n > p->from)
		send_piece(p, p->held.n - p->from);
}

void
simpace_add(struct simpace *p, const char *s, size_t n, bool event)
{
	text_add(&p->held, s, n);
	p->events += event;
	if (!p->merge || p->events >= p->merge)
		release(p);
}

void
simpace_end(struct simpace *p)
{
	p->ended = true;
	release(p);
	if (p->pause_us < 0)
		p->drained(p->ctx);
}

void
simpace_free(struct simpace *p)
{
	if (!p)
		return;
	event_free(p->timer);
	text_free(&p->held);
	free(p->marks);
	free(p);
}
