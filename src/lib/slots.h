/* slots: how many requests may be in flight, over time (sendreq -c).
 *
 * "50", or points in time "0s:1,30s:50": linear between them, two points at one time are
 * a step, the last value holds; "0s:50,2s:50,2s:10,10s:10/10s" repeats every 10 s.
 * slots(t) is the floor of the line at t (exactly, in integers).
 *
 * "0s:10=low,30s:10,30s:50=peak" also names the stages that begin at those points.
 *
 * When several processes share them, each has its part of slots(t) at every t, and the parts add up to it. */
#ifndef SLOTS_H
#define SLOTS_H

#include <stdint.h>

#define SLOTS_POINTS 64
#define SLOTS_MOST 1000000
#define SLOTS_NAME 64 /* the longest name: letters, digits, '.', '_' and '-' */

struct slots {
	int n;
	int64_t period_us; /* 0: does not repeat */
	int64_t into_us;   /* the line is that far along at the start; the caller's */
	int share, shares; /* these are one process's, number share of so many; shares 0: all of them */
	struct {
		int64_t t_us, count;
		char name[SLOTS_NAME + 1]; /* of the stage that begins here; "": none does */
	} at[SLOTS_POINTS];
};

/* NULL, or the reason why the text is no such list. */
const char *slots_parse(const char *text, struct slots *out);
/* The slots that are open t_us after the start (t_us >= 0). */
int64_t slots_at(const struct slots *s, int64_t t_us);
/* The first time after t_us at which slots_at() is another number; -1: never again. */
int64_t slots_next(const struct slots *s, int64_t t_us);
/* The stage in which t_us lies; NULL: none.  Lives as long as s. */
const char *slots_stage(const struct slots *s, int64_t t_us);
int64_t slots_max(const struct slots *s);

#endif
