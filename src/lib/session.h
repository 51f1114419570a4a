/* session: one conversation: its records, and what has been said in it so far.
 *
 * A turn's record holds its new messages only.  What goes on the wire has, in the same body,
 * those of the earlier turns and the replies to them in front; a reply is what its response
 * record says.  Pure: sends nothing and reads no clock. */
#ifndef SESSION_H
#define SESSION_H

#include "request.h"

struct session_turn {
	char *line; /* owned: the record's text and a NUL; NULL: given out */
	size_t len;
	int64_t id, think_us;
	bool done; /* an earlier part of the run has its response */
};

struct session {
	struct session_turn *turn; /* in their order */
	size_t n, cap;
	size_t next;     /* of the turns: the one to be sent next; n: it is over */
	int64_t turns;   /* as its records say; 0: they do not */
	int64_t at_us;   /* of the first turn; -1: closed loop */
	int64_t due_us;  /* of the next turn */
	bool warmup;
	size_t bytes;    /* of all lines */
	char *name;      /* raw, and a NUL */
	char *history;   /* messages with commas between them */
	size_t len, history_cap;
};

/* A session of one turn, which takes over the record's line; NULL: out of memory, and nothing was taken. */
struct session *session_new(struct request *q, bool done);
/* Add the next turn, and take over its line.  NULL, or why it is none of this session now; "" when it is
 * of another session.  Then nothing was taken. */
const char *session_add(struct session *s, struct request *q, bool done);
/* Whether the last turn that its records speak of is there. */
bool session_complete(const struct session *s);
/* Whether every turn is done. */
bool session_done(const struct session *s);
/* The next turn into q as it goes on the wire, and past it.  q: the caller's to free.  False: out of memory. */
bool session_take(struct session *s, struct request *q);
/* The reply to the turn that was taken last, from its response record.  NULL, or why nothing can follow it
 * (a constant string). */
const char *session_reply(struct session *s, const char *record, size_t len);
void session_free(struct session *s);

#endif
