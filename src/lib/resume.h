/* resume: what an earlier part of a run left behind (docs/RECORDS.md, "Run record"). */
#ifndef RESUME_H
#define RESUME_H

#include "idset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct resume {
	struct idset done;  /* the ids that need not be sent again */
	int fd;             /* of the file, to read the turns' records again; -1: it has none */
	struct resume_turn *turn; /* the records of sessions, by id */
	size_t turns, cap;
	int part;           /* the number of the part that begins now: from 2 */
	size_t kept, dropped;
};

/* Whether `kinds` is a list of kinds of errors that retry can name. */
bool resume_kinds(const char *kinds);
#define RESUME_KINDS "connect, tls, timeout, http, stream, protocol, skipped"

/* Compact the response records in `file`: keep what is whole and final, drop a torn line,
 * records that are not final, and those whose error is of a kind in `retry` ("connect,stream"
 * or NULL); with any retry also those that are skipped, for what they waited for may end well.
 * The new file takes the old one's place by rename(2).
 * Returns 0, or -1 with errno set and the file untouched.  Free r with resume_free(). */
int resume_compact(const char *file, const char *retry, size_t max_line, struct resume *r);
/* The record of a session's turn that is done, *len bytes and a NUL, to be freed.  NULL: errno says why. */
char *resume_record(const struct resume *r, int64_t id, size_t *len);
void resume_free(struct resume *r);

#endif
