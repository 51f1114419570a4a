/* simreply: the texts of the simulated engine's answers, in vLLM's shape.
 *
 * Each function adds to t; the JSON is one line.  What is added is plain JSON: how it goes
 * into an event (simreply_event) and onto the wire is another matter. */
#ifndef SIMREPLY_H
#define SIMREPLY_H

#include "simreq.h"
#include "text.h"

struct simreply {
	bool chat;
	const char *id;    /* "chatcmpl-…": nothing in it that JSON escapes */
	const char *model; /* a JSON string with its quotes */
	int64_t created;   /* seconds */
	int64_t prompt, cached, made; /* tokens, for the usage; made: of each choice */
	int64_t choices, choice;      /* how many, and which one is speaking */
	int64_t thoughts;             /* tokens of thinking in each choice; -1: not reported */
};

void simreply_role(struct text *t, const struct simreply *r);
/* One token as a delta; key is "content", "reasoning_content", …; completions have their
 * own form whatever the key.  plain: nothing in the piece needs an escape in JSON.  usage: the counts go with it. */
void simreply_token(struct text *t, const struct simreply *r, const char *key, const char *piece, bool plain,
	const char *finish, bool usage);
/* A piece of the arguments of a call; name: of the function, with the first one; else NULL. */
void simreply_tool(struct text *t, const struct simreply *r, const char *name, const char *arguments,
	const char *finish, bool usage);
/* An empty delta that says why it ends. */
void simreply_finish(struct text *t, const struct simreply *r, const char *finish);
void simreply_usage(struct text *t, const struct simreply *r);
/* The answer to a request that was not to be streamed: its words, or the arguments of a call of the function
 * `name` (else NULL), behind thoughts (or NULL). */
void simreply_whole(struct text *t, const struct simreply *r, const char *thoughts, const char *name, const char *text,
	const char *finish);
/* Vectors, or scores, of n items. */
void simreply_embeddings(struct text *t, const struct simreply *r, size_t n, uint64_t number);
void simreply_ranking(struct text *t, const struct simreply *r, size_t n, uint64_t number);
void simreply_error(struct text *t, const struct simerror *e);
/* names: JSON strings. */
void simreply_models(struct text *t, char *const *names, size_t n, int64_t created, int64_t max_len);
void simreply_tokenized(struct text *t, const struct simreq *r, int64_t max_len);
/* The status line and headers of an answer of n bytes. */
void simreply_head(struct text *t, int status, const char *type, size_t n, const char *more, bool last);

#endif
