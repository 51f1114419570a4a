/* prompts: the entries of a prompt file, in its order and again from its start.
 *
 * The file is JSON lines or one JSON array; an entry is in one of the forms of promptline.h or of
 * sharegpt.h, or a string that holds such an entry.  One entry is held at a time, whatever the file's size.
 * What cannot be rewound (a pipe) is copied to a temporary file while it is first read. */
#ifndef PROMPTS_H
#define PROMPTS_H

#include "elements.h"
#include "jsonl.h"
#include "prompt.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum prompts_form {
	PROMPTS_LINES, /* promptline.h's, in its order */
	PROMPTS_VLLM,
	PROMPTS_LORA,
	PROMPTS_SHAREGPT,
	PROMPTS_ANY /* the first entry decides between the first and the last of these */
};

#define PROMPTS_FORMS "lines, vllm-custom, lora, sharegpt"

/* False when no form has that name; *near is then the nearest one, or NULL. */
bool prompts_form(const char *name, enum prompts_form *form, const char **near);

enum prompts_status {
	PROMPTS_OK,
	PROMPTS_BAD,   /* an entry is bad, for the first time: why, number, column */
	PROMPTS_NONE,  /* no entry of the whole file was of use */
	PROMPTS_ERROR  /* reading failed: errno says why */
};

/* Estimated tokens that an entry has to keep within.  0: no bound; negative: none but ShareGPT's, which
 * are those of vLLM's benchmark. */
struct prompts_bounds {
	int64_t least;      /* of the prompt, and of the file's reply to it */
	int64_t most;       /* of the prompt */
	int64_t most_total; /* of both; a conversation ends before the turn that would exceed it */
};

struct prompts_options {
	enum prompts_form form;
	bool messages; /* entries may hold messages and turns: the API is a chat */
	bool whole;    /* conversations of ShareGPT are used whole, not just their first exchange */
	double ratio;  /* a server's tokens for each estimated one */
	struct prompts_bounds bounds;
	bool estimate; /* the estimates are wanted, bounds or not */
	size_t max_line;
};

struct prompts {
	struct entry now; /* the entry given out last */
	struct prompts_options o;
	struct jsonl lines;
	struct elements elements; /* of the array, if it is one */
	bool begun, array, again;
	FILE *copy; /* NULL: the file itself can be rewound */
	char *decoded;
	int64_t good;                     /* entries of this pass */
	int64_t verdicts[ENTRY_VERDICTS]; /* of the first pass */
	const char *why;
	size_t number, column;
};

/* Reads fd, which stays the caller's.  False: no temporary file (errno). */
bool prompts_open(struct prompts *p, int fd, const struct prompts_options *o);
/* The next entry that is of use, into now; its spans live until the next call. */
enum prompts_status prompts_next(struct prompts *p);
/* What was left out of the file so far, into text ("of 20 entries …"); false: nothing was. */
bool prompts_left_out(const struct prompts *p, char *text, size_t size);
void prompts_close(struct prompts *p);

#endif
