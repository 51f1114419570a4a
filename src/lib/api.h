/* api: the protocols that an engine may speak.  To add one, add a line to the table in
 * api.c: its name, where it is served, how a request holds its prompt, and how one
 * event of its replies is read. */
#ifndef API_H
#define API_H

#include "reply.h"
#include "span.h"

struct api {
	const char *name, *path;
	const char *prompt; /* the body's key that holds the prompt */
	bool messages;      /* the prompt is an array of messages, not a string or token ids */
	bool generates;     /* tokens: it has a length, can be streamed, and its usage counts output */
	const char *needs;  /* a key of the body that nobody makes up; NULL: none */
	reply_reader *read;
};

#define API_KNOWN "openai-chat, openai-completions, openai-embeddings, rerank"

extern const struct api apis[]; /* ends with a NULL name */

/* The API of that name (a raw JSON string); NULL when there is none. */
const struct api *api_named(struct span name);

#endif
