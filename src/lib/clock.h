/* clock: Unix epoch microseconds that never step.
 *
 * The monotonic clock plus one offset, fixed by clock_start(): two programs' times can
 * be joined, and no leap or NTP step falls between two stamps of one program.  Between machines
 * they can once each has been shifted by what its clock is apart from the one that all go by. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

struct clock {
	int64_t offset_us; /* epoch minus monotonic, at clock_start() and since clock_shift() */
	int64_t shift_us;  /* what of it is not the system's clock */
};

struct clock clock_start(void);
/* From now on it is by so much ahead of the system's. */
void clock_shift(struct clock *c, int64_t us);
int64_t clock_us(const struct clock *c);

#endif
