/* salt: what makes the prompts of a run new to an engine that has seen the same ones before.
 *
 * Made-up prompts are drawn anew from seed and salt, at the same lengths; a prompt of a file begins with a
 * mark, so that a prefix cache finds nothing of it behind what its template puts in front. */
#ifndef SALT_H
#define SALT_H

#include "span.h"

#define SALT_MARK 12 /* "[12345678] " and a NUL */

/* The stream (seed.h) of that name under a salt; without one (NULL or "") that of the seed alone. */
uint64_t salt_stream(uint64_t seed, const char *name, const char *salt);
/* The mark of prompt i of such a stream. */
void salt_mark(uint64_t stream, uint64_t i, char mark[static SALT_MARK]);
/* Where the mark goes in a raw JSON array of messages: at this byte, the beginning of the first user's
 * text.  False: there is none. */
bool salt_place(struct span messages, size_t *at);

#endif
