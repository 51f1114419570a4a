/* shards: one run by several processes, so that it may use more than one core (sendreq -j).
 *
 * The process that was started hands its whole input to each of the others and waits for them.
 * What must hold: together they do what one would.  A closed-loop request goes to whoever has
 * a free slot, in the order of the input; open-loop ones go round; the slots of each add up to
 * the whole; the run's clock starts at one moment for all, when the last warm-up of any is
 * back; and records are written one after the other.  One that dies keeps nobody waiting. */
#ifndef SHARDS_H
#define SHARDS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SHARDS_MOST 64

struct shards_shared;

struct shards {
	int n, me; /* so many, and which one this is, from 1; 0: the one that was started */
	int in_fd; /* where this one's copy of the input comes from */
	int go_fd; /* readable when all are ready */
	struct shards_shared *shared;
	size_t result_size;

	int ready_fd; /* the other end of go_fd: all are ready when nobody has it open any more */
	int64_t start_us;
	/* Of the one that was started. */
	pid_t pid[SHARDS_MOST];
	int feed[SHARDS_MOST], signals, read_errno;
	int failed, killed; /* the worst exit status of one, the signal that one died of; 0: none */
	sigset_t mask;
};

/* Become n + 1 processes; each returns, and s->me says which one it is.  False: errno says why, and there
 * is but one.  A result is so many bytes, zeroed, that each can leave for the one that was started. */
bool shards_start(struct shards *s, int n, size_t result_size);
void *shards_result(const struct shards *s, int which);

/* "I/N", 1 <= I <= N <= most.  NULL, or why it is not (a constant string). */
const char *shards_parse(const char *text, int64_t most, int64_t *i, int64_t *n);
/* This one's part of a number; those of all add up to it. */
int64_t shards_share(int64_t whole, int n, int me);
/* Whether the open-loop arrival of that number (from 0) is this one's. */
bool shards_mine(const struct shards *s, int64_t arrival);
/* How many of the closed-loop arrivals are taken, and: take the next one. */
int64_t shards_taken(const struct shards *s);
int64_t shards_take(struct shards *s);

/* This one's warm-ups are over; no more than once. */
void shards_ready(struct shards *s, int64_t now_us);
/* When the run's clock starts, for all of them; -1: some are not ready yet. */
int64_t shards_start_us(struct shards *s);

/* Between these two nobody else writes records.  True: the one before died in it, perhaps in the middle of a line. */
bool shards_lock(struct shards *s);
void shards_unlock(struct shards *s);
/* Write a record between those two, whole; errno and *torn are writeout()'s. */
bool shards_write(struct shards *s, int fd, const char *p, size_t n, bool *torn);

/* In the one that was started: hand fd's bytes to the others, and signals, until they have ended.
 * interrupted() is called at the first signal.  When one is killed the others finish what they have in flight. */
void shards_feed(struct shards *s, int fd, void (*interrupted)(void *ctx), void *ctx);

#endif
