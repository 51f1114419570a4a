/* session_queue: the sessions in progress whose next turn is yet to be sent, the one that is due first in front. */
#ifndef SESSION_QUEUE_H
#define SESSION_QUEUE_H

#include "session.h"

/* A zeroed struct is an empty queue; the sessions in it are its own. */
struct session_queue {
	struct session **heap;
	size_t n, cap;
};

/* False: out of memory, and s stays the caller's. */
bool session_queue_push(struct session_queue *q, struct session *s);
struct session *session_queue_first(const struct session_queue *q);  /* NULL: none */
void session_queue_pop(struct session_queue *q); /* the first one goes back to the caller */
void session_queue_free(struct session_queue *q);

#endif
