/* split: bytes into lines, however they arrive.  The caller reads; this only cuts.
 *
 * For a program that must hand its input on byte by byte and look at its lines besides;
 * whoever reads lines and nothing else wants jsonl.h.  A line longer than max_line is
 * given out once with its first bytes and `too_long` set; memory stays within max_line. */
#ifndef SPLIT_H
#define SPLIT_H

#include <stdbool.h>
#include <stddef.h>

struct split {
	size_t max_line;
	size_t number; /* of the line given out last, from 1 */
	bool too_long; /* the line given out is only its beginning */
	char *buf;
	size_t len, cap;
};

/* Called for each line, without its newline; text lives until the call returns. */
typedef void split_fn(void *ctx, const struct split *s, const char *text, size_t len);

/* Feed the next bytes.  False when memory ran out. */
bool split_feed(struct split *s, const char *bytes, size_t n, split_fn *fn, void *ctx);
/* The input is over: a last line without a newline is given out; all is freed. */
void split_end(struct split *s, split_fn *fn, void *ctx);

#endif
