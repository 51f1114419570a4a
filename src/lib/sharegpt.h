/* sharegpt: one entry of a ShareGPT file:
 *
 *	{"id": …, "conversations": [{"from": "human", "value": TEXT}, {"from": "gpt", "value": TEXT}, …]}
 *
 * A conversation is used from its start on as long as user and model take turns, the user first; a
 * system turn may stand before them.  Without `whole` that is one exchange.  The model's turns are not
 * sent: they say how long the reply is expected to be, as an estimate. */
#ifndef SHAREGPT_H
#define SHAREGPT_H

#include "prompt.h"
#include "scan.h"

/* Whether the object that s is at looks like such an entry; s is used up. */
bool sharegpt_like(struct scan *s);
/* The object that s is at, into e; its verdict is ENTRY_NO_EXCHANGE when nothing of it can be used.
 * chat: a system turn becomes a message, otherwise a paragraph before the prompt.  False: s->why
 * says what is wrong with it, at s's place; or *lacks does, which has none. */
bool sharegpt_read(struct scan *s, bool chat, bool whole, struct entry *e, const char **lacks);

#endif
