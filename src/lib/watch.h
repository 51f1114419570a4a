/* watch: how the client itself is doing: lags and CPU of each interval, for the progress
 * records (docs/RECORDS.md, "Progress record"). */
#ifndef WATCH_H
#define WATCH_H

#include <stdint.h>
#include <stdio.h>

struct watch {
	int64_t from_us, cpu_us;        /* where the interval began: wall and CPU time */
	int64_t send_lag_us, loop_lag_us; /* the interval's maxima */
	int64_t first, first_us;          /* as in watch_counts, when it began */
	int64_t beats, late_us;           /* moments that were fixed beforehand, and how late they were seen, in all */
};

struct watch_counts { /* since the start; in_flight and waiting: now */
	int shard; /* 0: this process alone */
	int64_t sent, done, ok, failed, in_flight, waiting, out_tokens;
	int64_t first, first_us; /* the replies whose output has begun, and how late that was stamped at most, in all */
};

void watch_start(struct watch *w, int64_t now_us);
void watch_send(struct watch *w, int64_t lag_us);
/* The loop was busy (or the machine away) that long: what arrived meanwhile was stamped late. */
void watch_loop(struct watch *w, int64_t lag_us);
/* A moment that was fixed beforehand was seen that late.  Their mean is what an event that
 * arrives at any moment is stamped late. */
void watch_beat(struct watch *w, int64_t late_us);
/* Write the interval's record, one line, and begin the next interval. */
void watch_put(FILE *f, struct watch *w, int64_t now_us, const struct watch_counts *p);

#endif
