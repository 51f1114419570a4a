/* resume: what an earlier part of a run left behind (docs/RECORDS.md, "Run record"). */
#ifndef RESUME_H
#define RESUME_H

#include "idset.h"

#include <stddef.h>

struct resume {
	struct idset done;  /* the ids that need not be sent again */
	int part;           /* the number of the part that begins now: from 2 */
	size_t kept, dropped;
};

/* Compact the response records in `file`: keep what is whole and final, drop a torn line,
 * records that are not final, and those whose error is of a kind in `retry` ("connect,stream"
 * or NULL).  The new file takes the old one's place by rename(2).
 * Returns 0, or -1 with errno set and the file untouched.  Free r->done with idset_free(). */
int resume_compact(const char *file, const char *retry, size_t max_line, struct resume *r);

#endif
