/* jsonl: the lines of a file descriptor, however they arrive.
 *
 * Waits for input on blocking and non-blocking descriptors alike (whoever shares one may
 * have made it so); with no_wait on neither.  The last line needs no newline.  A line
 * longer than max_line is read past and reported once, so the next one is whole; memory
 * stays within max_line plus one read. */
#ifndef JSONL_H
#define JSONL_H

#include <stdbool.h>
#include <stddef.h>

#define JSONL_MAX_LINE ((size_t)64 << 20)

enum jsonl_status {
	JSONL_LINE,
	JSONL_END,
	JSONL_AGAIN,    /* no_wait: nothing whole yet, and reading would block */
	JSONL_TOO_LONG, /* the line `number` was longer than max_line */
	JSONL_ERROR     /* read failed: errno says why */
};

struct jsonl {
	int fd;
	size_t max_line;
	size_t number; /* of the line given out last, from 1 */
	char *buf;
	size_t cap, from, to, seen;
	bool eof, skipping;
	bool no_wait; /* the caller may set it after jsonl_open() */
};

void jsonl_open(struct jsonl *r, int fd, size_t max_line);
/* The next line, without its newline and followed by a NUL.  It is valid until the next
 * call.  Never blocks when a whole line is buffered. */
enum jsonl_status jsonl_next(struct jsonl *r, char **line, size_t *len);
/* For whoever looks for something else than lines in buf[from,to), and then sets from, and seen to the
 * same: read some more behind it, which may move it.  JSONL_LINE, or JSONL_END when there is no more. */
enum jsonl_status jsonl_more(struct jsonl *r);
/* Whether jsonl_next() would have to read first. */
bool jsonl_empty(const struct jsonl *r);
void jsonl_close(struct jsonl *r); /* frees the buffer; the descriptor stays the caller's */

#endif
