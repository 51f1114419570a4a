/* event: what one event (or one plain JSON reply) of an engine says, in one letter.
 *
 * Reads only the fields it needs; everything else in the event may be broken in the ways
 * that docs/RECORDS.md tolerates.  Spans point into the event's text. */
#ifndef EVENT_H
#define EVENT_H

#include "span.h"

/* Token counts as the server reported them; -1: not reported. */
struct usage {
	int64_t prompt, completion, cached, reasoning;
};

struct event {
	char kind;            /* the letter, as in docs/RECORDS.md: r t c f u x e d */
	bool broken;          /* kind e because the text could not be parsed */
	const char *why;      /* then: what is wrong with it, a constant string */
	struct span message;  /* kind e: the server's words, raw; absent when it gave none */
	bool message_is_text; /* message is a JSON string's raw text (decode it), not a JSON value */
	bool has_usage;
	int64_t total;       /* tokens, in and out; -1: not reported */
	struct usage usage;
	struct span finish;  /* choice 0's finish_reason, raw; absent when null */
	struct span text;    /* choice 0's content or text, raw; absent when none */
	struct span calls;   /* choice 0's tool_calls array or function_call object, raw; absent when none */
	struct span timings; /* the timings object, verbatim */
};

/* Read one event of the OpenAI chat or completions API, streamed or not.
 * name is the SSE event field ("" without one); text need not end with a NUL. */
void event_openai(const char *name, const char *text, size_t len, struct event *e);

/* Read a reply that holds items that are no tokens: embeddings, or a ranking.  Its kind is o. */
void event_items(const char *name, const char *text, size_t len, struct event *e);

#endif
