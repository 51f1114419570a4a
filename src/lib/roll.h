/* roll: who is there, of N shards of a run that are to start at one time: muster's side that is asked.  Pure.
 *
 * Each says lines: "muster 1 I N" (version, which shard, of how many), "p T1" as often as it likes, and "ready".
 * When each of the N has somebody who is ready and still there, the start is fixed; it stays what it is, so that
 * one who comes later, or again, gets the same. */
#ifndef ROLL_H
#define ROLL_H

#include "shards.h"

#include <stdbool.h>
#include <stdint.h>

struct roll {
	int64_t n;        /* shards */
	int64_t lead_us;  /* from when the last is ready to the start */
	int64_t start_us; /* 0: not fixed yet */
	int ready[SHARDS_MOST]; /* how many there are of each that are */
};

struct roll_peer {
	int64_t shard; /* 0: it has not said */
	bool ready;
};

enum roll_answer {
	ROLL_NONE,  /* nothing to say */
	ROLL_CLOCK, /* it wants "T1 T2 T3", *t1 is what it asked with */
	ROLL_WRONG  /* *why says what is wrong (a constant string); it is to go */
};

enum roll_answer roll_line(struct roll *r, struct roll_peer *p, const char *line, int64_t now_us, int64_t *t1,
	const char **why);
/* It has gone. */
void roll_gone(struct roll *r, struct roll_peer *p);
/* How many shards are ready. */
int64_t roll_ready(const struct roll *r);

#endif
