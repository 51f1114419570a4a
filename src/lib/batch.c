/* batch: see batch.h.  Running sequences lie in a binary heap by the time of their next
 * token, ties by number; waiting ones in a list. */
#include "batch.h"

#include <stdlib.h>

#define NONE SIZE_MAX

struct seq {
	struct batch_job job;
	int64_t next_us; /* running: when its next token is planned */
	int64_t made;
	size_t place;      /* running: in the heap; NONE: waiting */
	size_t prev, next; /* waiting: neighbours; free: next free one */
};

struct batch {
	struct latency model;
	size_t max_waiting, waiting;
	batch_start_fn *start;
	void *ctx;
	struct seq *seqs;
	size_t cap, free, first, last;
	size_t *heap; /* max_running places */
	unsigned running;
};

struct batch *
batch_new(const struct latency *model, size_t max_waiting, batch_start_fn *start, void *ctx)
{
	struct batch *b = calloc(1, sizeof *b);

	if (!b || !(b->heap = calloc(model->max_running, sizeof *b->heap))) {
		free(b);
		return NULL;
	}
	b->model = *model;
	b->max_waiting = max_waiting;
	b->start = start;
	b->ctx = ctx;
	b->free = b->first = b->last = NONE;
	return b;
}

void
batch_free(struct batch *b)
{
	if (!b)
		return;
	free(b->seqs);
	free(b->heap);
	free(b);
}

static bool
before(const struct batch *b, size_t x, size_t y)
{
	const struct seq *p = &b->seqs[x], *q = &b->seqs[y];

	return p->next_us != q->next_us ? p->next_us < q->next_us : p->job.number < q->job.number;
}

static void
put(struct batch *b, size_t place, size_t id)
{
	b->heap[place] = id;
	b->seqs[id].place = place;
}

/* Restores the heap around the place of id, whose time has changed. */
static void
sift(struct batch *b, size_t id)
{
	size_t i = b->seqs[id].place, child;

	for (; i > 0 && before(b, id, b->heap[(i - 1) / 2]); i = (i - 1) / 2)
		put(b, i, b->heap[(i - 1) / 2]);
	for (; (child = 2 * i + 1) < b->running; i = child) {
		if (child + 1 < b->running && before(b, b->heap[child + 1], b->heap[child]))
			child++;
		if (!before(b, b->heap[child], id))
			break;
		put(b, i, b->heap[child]);
	}
	put(b, i, id);
}

static void
run(struct batch *b, size_t id, int64_t t)
{
	struct seq *s = &b->seqs[id];
	int64_t cached = b->start(b->ctx, s->job.user, t);

	put(b, b->running++, id);
	s->next_us = t + latency_prefill(&b->model, s->job.number, s->job.prompt, cached, b->running);
	sift(b, id);
}

static void
unlink_waiting(struct batch *b, size_t id)
{
	struct seq *s = &b->seqs[id];

	*(s->prev == NONE ? &b->first : &b->seqs[s->prev].next) = s->next;
	*(s->next == NONE ? &b->last : &b->seqs[s->next].prev) = s->prev;
	b->waiting--;
}

static void
append_waiting(struct batch *b, size_t id)
{
	struct seq *s = &b->seqs[id];

	s->place = s->next = NONE;
	s->prev = b->last;
	*(b->last == NONE ? &b->first : &b->seqs[b->last].next) = id;
	b->last = id;
	b->waiting++;
}

/* Ends a running sequence at t; the head of the queue takes its place at that time. */
static void
leave(struct batch *b, size_t id, int64_t t)
{
	size_t place = b->seqs[id].place, moved = b->heap[--b->running], head = b->first;

	if (moved != id) {
		put(b, place, moved);
		sift(b, moved);
	}
	b->seqs[id].next = b->free;
	b->free = id;
	if (head != NONE) {
		unlink_waiting(b, head);
		run(b, head, t);
	}
}

static bool
more_seqs(struct batch *b)
{
	size_t cap = b->cap ? 2 * b->cap : 64;
	struct seq *s = realloc(b->seqs, cap * sizeof *s);

	if (!s)
		return false;
	b->seqs = s;
	for (size_t i = b->cap; i < cap; i++) {
		s[i].next = b->free;
		b->free = i;
	}
	b->cap = cap;
	return true;
}

enum batch_status
batch_arrive(struct batch *b, int64_t now, const struct batch_job *job, size_t *id)
{
	bool place = b->running < b->model.max_running;

	if (!place && b->waiting >= b->max_waiting)
		return BATCH_FULL;
	if (b->free == NONE && !more_seqs(b))
		return BATCH_MEMORY;
	*id = b->free;
	b->free = b->seqs[*id].next;
	b->seqs[*id] = (struct seq){.job = *job};
	if (place)
		run(b, *id, now);
	else
		append_waiting(b, *id);
	return BATCH_OK;
}

void
batch_cancel(struct batch *b, int64_t now, size_t id)
{
	if (b->seqs[id].place != NONE) {
		leave(b, id, now);
		return;
	}
	unlink_waiting(b, id);
	b->seqs[id].next = b->free;
	b->free = id;
}

bool
batch_next(struct batch *b, int64_t now, struct batch_event *e)
{
	if (batch_due(b) > now)
		return false;
	size_t id = b->heap[0];
	struct seq *s = &b->seqs[id];
	int64_t t = s->next_us;

	s->made++;
	*e = (struct batch_event){s->job.user, t, s->made, s->made == s->job.tokens};
	if (e->last) {
		leave(b, id, t);
	} else {
		s->next_us = t + latency_gap(&b->model, s->job.number, s->made, b->running);
		sift(b, id);
	}
	return true;
}

int64_t
batch_due(const struct batch *b)
{
	return b->running ? b->seqs[b->heap[0]].next_us : INT64_MAX;
}

unsigned
batch_running(const struct batch *b)
{
	return b->running;
}

size_t
batch_waiting(const struct batch *b)
{
	return b->waiting;
}
