/* prompts: the prompts of a JSONL file, in its order and again from its start.
 *
 * A line is {"prompt": TEXT} or {"messages": [{…}, …]}, and may say max_tokens,
 * output_tokens and category.  {"turns": [TURN, …]} is a conversation: a turn is a TEXT, or
 * an object like a line, which may say think_ms: how long its user thinks before it.
 * One line is held at a time, whatever the file's size.
 * What cannot be rewound (a pipe) is copied to a temporary file while it is first read. */
#ifndef PROMPTS_H
#define PROMPTS_H

#include "jsonl.h"
#include "span.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* What one request says. */
struct prompt {
	struct span text;      /* raw JSON string without its quotes; absent: messages */
	struct span messages;  /* raw JSON array; absent: text */
	struct span category;  /* raw JSON string without its quotes, or absent */
	int64_t max_tokens;    /* 0: not said */
	int64_t output_tokens; /* 0: not said */
	int64_t think_us;      /* before it; -1: not said */
};

enum prompts_status {
	PROMPTS_OK,
	PROMPTS_BAD,   /* a line is bad, for the first time: why, number, column */
	PROMPTS_NONE,  /* no line of the whole file was good */
	PROMPTS_ERROR  /* reading failed: errno says why */
};

struct prompts {
	/* The line given out last: its prompts in their order, or the turns of its conversation. */
	struct prompt *turn;
	size_t turns;
	bool conversation;

	struct jsonl lines;
	FILE *copy; /* NULL: the file itself can be rewound */
	bool messages, again;
	size_t cap;   /* of turn */
	int64_t good; /* lines of this pass */
	const char *why;
	size_t number, column;
};

/* Reads fd, which stays the caller's.  messages: whether lines may hold messages and turns.
 * False: no temporary file (errno). */
bool prompts_open(struct prompts *p, int fd, bool messages, size_t max_line);
/* The next good line, into turn[]; its spans live until the next call. */
enum prompts_status prompts_next(struct prompts *p);
void prompts_close(struct prompts *p);

#endif
