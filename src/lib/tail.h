/* tail: the lines of a file as they come, with the bytes themselves.
 *
 * For files that grow as well: it may not be there yet, and it may be replaced by another of
 * its name.  Prints nothing; what happened is the caller's to tell. */
#ifndef TAIL_H
#define TAIL_H

#include "split.h"

#include <sys/types.h>

struct tail {
	const char *name;
	int fd;   /* -1: not open (yet, or any more) */
	off_t at; /* bytes read so far */
	struct split lines;
};

enum tail_status {
	TAIL_SOME,  /* bytes came: there may be more */
	TAIL_NONE,  /* the end of what is there */
	TAIL_AGAIN, /* interrupted, or nothing there yet: try again later */
	TAIL_ERROR, /* reading failed: errno says why */
	TAIL_MEMORY
};

/* Open it, from its start; false: errno says why.  wait: also for a pipe's writer. */
bool tail_open(struct tail *t, const char *name, size_t max_line, bool wait);
/* Whether the file of that name is not the one that is open, or is shorter than what was read. */
bool tail_replaced(const struct tail *t);
/* One read: first bytes(), unless NULL, gets what came, then line() each line that is whole now. */
enum tail_status tail_read(struct tail *t, void (*bytes)(void *ctx, const char *p, size_t n), split_fn *line,
	void *ctx);
/* A last line without a newline is given out, unless line is NULL.  Standard input stays open. */
void tail_close(struct tail *t, split_fn *line, void *ctx);

#endif
