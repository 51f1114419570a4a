/* prompt: what one request says, and what one entry of a prompt file holds: a prompt, or the turns
 * of a conversation. */
#ifndef PROMPT_H
#define PROMPT_H

#include "span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct prompt {
	struct span text;      /* raw JSON string without its quotes; absent: messages */
	struct span messages;  /* raw JSON array; absent: text */
	struct span category;  /* raw JSON string without its quotes, or absent */
	struct span adapter;   /* the same */
	int64_t max_tokens;    /* 0: not said */
	int64_t output_tokens; /* 0: not said */
	int64_t think_us;      /* before it; -1: not said */
	/* Estimates (estimate.h): of what it says, 0 when nobody looked; of the reply that the file has, 0: none. */
	double input, reply;
};

/* Why an entry is of no use although it is well-formed. */
enum entry_verdict {
	ENTRY_USED,
	ENTRY_NO_EXCHANGE, /* it does not begin with a user's turn and the reply to it */
	ENTRY_TOO_SHORT,
	ENTRY_TOO_LONG,
	ENTRY_VERDICTS
};

struct entry {
	struct prompt *turn;
	size_t turns, cap;
	bool conversation;          /* the turns are those of one conversation */
	enum entry_verdict verdict;
	char *made;                 /* text put together for a turn that points into it */
};

/* One more turn, of which nothing is known yet; NULL: out of memory.  It may move the others. */
struct prompt *entry_add(struct entry *e);
/* Without turns; the memory stays for the next one. */
void entry_clear(struct entry *e);
void entry_free(struct entry *e);

#endif
