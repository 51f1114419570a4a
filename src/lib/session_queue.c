/* session_queue: see session_queue.h.  A binary heap by due_us, then by the next turn's id. */
#include "session_queue.h"

#include <stdlib.h>

static bool
before(const struct session *a, const struct session *b)
{
	if (a->due_us != b->due_us)
		return a->due_us < b->due_us;
	return a->turn[a->next].id < b->turn[b->next].id;
}

static void
swap(struct session_queue *q, size_t i, size_t j)
{
	struct session *s = q->heap[i];

	q->heap[i] = q->heap[j];
	q->heap[j] = s;
}

bool
session_queue_push(struct session_queue *q, struct session *s)
{
	if (q->n == q->cap) {
		size_t cap = q->cap ? q->cap * 2 : 16;
		struct session **p = reallocarray(q->heap, cap, sizeof *p);

		if (!p)
			return false;
		q->heap = p;
		q->cap = cap;
	}
	q->heap[q->n++] = s;
	for (size_t i = q->n - 1; i > 0 && before(q->heap[i], q->heap[(i - 1) / 2]); i = (i - 1) / 2)
		swap(q, i, (i - 1) / 2);
	return true;
}

struct session *
session_queue_first(const struct session_queue *q)
{
	return q->n ? q->heap[0] : NULL;
}

void
session_queue_pop(struct session_queue *q)
{
	q->heap[0] = q->heap[--q->n];
	for (size_t i = 0, child; (child = 2 * i + 1) < q->n; i = child) {
		if (child + 1 < q->n && before(q->heap[child + 1], q->heap[child]))
			child++;
		if (!before(q->heap[child], q->heap[i]))
			break;
		swap(q, i, child);
	}
}

void
session_queue_free(struct session_queue *q)
{
	while (q->n)
		session_free(q->heap[--q->n]);
	free(q->heap);
	*q = (struct session_queue){0};
}
