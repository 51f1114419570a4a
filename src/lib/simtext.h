/* simtext: the simulated engine's tokens.
 *
 * Going in, a token is a word: a run of bytes without blanks; its id is a hash of them.
 * Coming out, every token is a word of a fixed passage of prose. */
#ifndef SIMTEXT_H
#define SIMTEXT_H

#include <stddef.h>
#include <stdint.h>

#define SIMTEXT_VOCABULARY 128000

/* How many tokens s holds; the ids of the first max of them go to ids. */
size_t simtext_tokens(const char *s, size_t n, uint32_t *ids, size_t max);
/* The k-th word (from 0) of the reply to a request: plain ASCII, nothing that JSON escapes.
 * Replies begin at sentences, which one follows from the request's number. */
const char *simtext_word(uint64_t number, uint64_t k);

#endif
