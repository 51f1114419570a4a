/* simanswer: what one reply of the simulated engine says, whole and in pieces of one token each.
 *
 * Prose is a passage, a word a token; JSON and the arguments of a call are cut into pieces of at most
 * four bytes.  It is right, what the request asked for, unless a fault says otherwise. */
#ifndef SIMANSWER_H
#define SIMANSWER_H

#include "simask.h"
#include "simfault.h"
#include "text.h"

enum simanswer_kind { ANSWER_WORDS, ANSWER_JSON, ANSWER_CALL };

struct simanswer {
	enum simanswer_kind kind;
	uint64_t number;    /* of the request: which words */
	struct text text;   /* of JSON or of arguments */
	char *name;         /* of the function that is called */
	size_t length;      /* bytes of prose that are said before a stop string; SIZE_MAX: all */
	int64_t stop;       /* tokens until the stop string is complete; 0: it never comes */
	signed char structured, call; /* 1: as asked, 0: not, -1: not asked; holds for a reply that is not cut */
};

/* What the request gets, of at most `most` tokens of prose.  False: *e says why not.  Free in either case. */
bool simanswer_make(struct simanswer *a, const struct simask *ask, const struct simfault *f, uint64_t number,
	int64_t most, struct simerror *e);
/* Tokens of JSON or arguments; 0 for words, which go on for ever. */
int64_t simanswer_tokens(const struct simanswer *a);
/* Piece k (from 0) of the text into out, which must be empty; raw text, not JSON's inside of a string.  Call in
 * order: *at is where in the text it begins, 0 at first, and is moved on. */
void simanswer_piece(const struct simanswer *a, int64_t k, size_t *at, struct text *out);
void simanswer_free(struct simanswer *a);

#endif
