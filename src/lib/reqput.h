/* reqput: writes one request record (docs/RECORDS.md). */
#ifndef REQPUT_H
#define REQPUT_H

#include "body.h"
#include "span.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct reqput {
	int64_t id;
	int64_t at_us; /* negative: closed loop */
	bool warmup;
	int64_t session, turn, turns; /* 0: a request by itself */
	int64_t think_us;             /* of a turn but the first */
	const char *stage; /* its tag, of characters that JSON leaves as they are; NULL: none */
	struct span prompt; /* a JSON value; or, when `text`, the inside of a JSON string */
	bool text;
	const char *mark; /* stands at this byte of the prompt (salt.h); NULL: there is none */
	size_t mark_at;
	struct span category;  /* the inside of a JSON string, or absent */
	struct span adapter;   /* the same; the model to ask for, too */
	int64_t max_tokens;    /* its own, or 0 */
	int64_t output_tokens; /* expected; 0: unknown */
	int64_t input_tokens;  /* 0: unknown */
	const char *input_from, *output_from; /* NULL: as it has to be */
};

/* What the records of a workload have in common. */
struct reqput_common {
	const struct api *api;
	const struct body *body;
	char *system;  /* what a first message says, as JSON; NULL: there is none */
	char *tags;    /* the object's text without its last brace */
	bool category, adapter; /* a record's own go into its tags: they have no such key */
	bool stage;    /* so does its stage */
};

/* tags: an object, or NULL; system: a string, or NULL.  api and body stay the caller's.  False: out of memory. */
bool reqput_start(struct reqput_common *c, const struct api *api, const struct body *body, json_t *tags,
	json_t *system);
void reqput_end(struct reqput_common *c);
void reqput(FILE *f, const struct reqput_common *c, const struct reqput *q);

#endif
