/* schedule: when requests are due, from the lines of a file.
 *
 * A line is a number of seconds, or an object whose `timestamp` is a number of milliseconds (as
 * in traces; what else it says is not looked at), both from the run's start.  They never
 * decrease.  One line is held at a time. */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include "jsonl.h"

#include <stdint.h>

enum schedule_status {
	SCHEDULE_OK,
	SCHEDULE_BAD,  /* a line is bad: why, number, column; the next call goes on behind it */
	SCHEDULE_END,
	SCHEDULE_ERROR /* reading failed: errno says why */
};

struct schedule {
	struct jsonl lines;
	int64_t last_us;
	const char *why;
	size_t number, column;
};

/* Reads fd, which stays the caller's. */
void schedule_open(struct schedule *s, int fd, size_t max_line);
enum schedule_status schedule_next(struct schedule *s, int64_t *at_us);
void schedule_close(struct schedule *s);

#endif
