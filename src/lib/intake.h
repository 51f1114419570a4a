/* intake: request records, read ahead of their time but never waited for.
 *
 * The turns of a session follow each other; they are given out as one request without a line,
 * whose talk has them all, when the last one is there: the one that `turns` speaks of, or the
 * one before a record of something else or the input's end.
 *
 * Each of several processes reads all records, so that a bad line is bad for all of them, and
 * keeps those that it sends or may yet send. */
#ifndef INTAKE_H
#define INTAKE_H

#include "idset.h"
#include "jsonl.h"
#include "request.h"
#include "session.h"
#include "shards.h"

#define INTAKE_AHEAD 1024                  /* requests kept ready at most ... */
#define INTAKE_BYTES ((size_t)16 << 20)    /* ... and about that much of their text */

struct intake {
	struct jsonl in;
	const struct idset *done; /* ids that an earlier part of the run has: left out */
	const struct shards *shards; /* NULL: this process alone sends them all */
	int64_t n_open, n_closed; /* arrivals (requests by themselves and sessions) so far, by kind of loop */
	int64_t first_at_us;  /* of the first that is not begun; -1: there was none yet */
	bool measured;        /* one that is no warm-up was there */
	struct idset seen, sessions; /* ids, hashes of sessions */
	struct session *open;        /* the one whose turns are still coming */
	struct request ring[INTAKE_AHEAD];
	size_t first, n, bytes;
	bool ended;     /* the input's end was reached, or reading it failed */
	int read_errno; /* why it failed, or 0 */
	/* A line that is no request: its number, the column (0: unknown) and the reason. */
	void (*bad)(void *ctx, size_t number, size_t column, const char *why);
	void *ctx;
};

/* Read what is there.  True: more may come, when the descriptor is readable. */
bool intake_fill(struct intake *t);
/* The next request, or NULL. */
struct request *intake_next(struct intake *t);
/* Take it out: whoever calls owns what it holds, a session too. */
void intake_pop(struct intake *t);
/* The same, and free it. */
void intake_drop(struct intake *t);
void intake_close(struct intake *t);

#endif
