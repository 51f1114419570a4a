/* estimate: about how many tokens a text is, without any tokenizer.
 *
 * Tokenizers cut a text into words, numbers, punctuation and blanks before anything else, and know
 * common words whole.  So: 1 for each run of ASCII letters, 1 + n/2 for n digits (their blank is a
 * token of its own, and a token holds one digit or three), 1 for each run of ASCII punctuation and for two
 * blanks or more, 1 for an accented Latin letter, 0.6 for any other character.  The factor between
 * this and what a certain server counts is found by asking it (scripts/calibrate.sh). */
#ifndef ESTIMATE_H
#define ESTIMATE_H

#include "span.h"

/* raw: the inside of a JSON string. */
double estimate_tokens(struct span raw);

#endif
