/* words: prompts of a given length, made up from a seed.
 *
 * Prompt i depends on the seed and i alone.  Its first word is another one than those of
 * its neighbours (it goes round the list once in `count` prompts), and its second one
 * differs wherever the first is the same again, so that no two of the first count^2
 * prompts of two or more words begin alike: an engine's prefix cache finds nothing. */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORDS_MOST 10000000u

struct words {
	uint64_t seed;
	uint32_t count; /* of the list, or of the token ids */
	int64_t low;    /* the first token id */
	const char *const *list; /* NULL: token ids */
	bool one_token;          /* see words_add() */
	char **own;              /* the list when it is not the built-in one */
	char *out;               /* the prompt given out last */
	size_t longest, cap;
};

/* What several prompts begin with. */
struct words_beginning {
	uint64_t number;
	int64_t n; /* words of it; 0: there is none */
};

/* The built-in list: common English words. */
void words_builtin(struct words *w, uint64_t seed);
/* No words yet: words_add() adds one, NULL or the reason why not.  A first line "#one-token"
 * says that each that follows was found to be one token of the model. */
void words_start(struct words *w, uint64_t seed);
const char *words_add(struct words *w, const char *s, size_t n);
/* Token ids from low to high. */
void words_ids(struct words *w, uint64_t seed, int64_t low, int64_t high);
/* Prompt i, n words long (there is at least one to choose from), as JSON: a string with a
 * blank between words, or an array of token ids.  NULL: out of memory.  It lives until the
 * next call. */
const char *words_prompt(struct words *w, uint64_t i, int64_t n, size_t *len);
/* The same behind the n words of beginning b, which are neither its own nor another beginning's.  As words_prompt(). */
const char *words_behind(struct words *w, struct words_beginning b, uint64_t i, int64_t n, size_t *len);
void words_free(struct words *w);

#endif
