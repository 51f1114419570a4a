/* clock: Unix epoch microseconds that never step.
 *
 * The monotonic clock plus one offset, fixed by clock_start(): two programs' times can
 * be joined, and no leap or NTP step falls between two stamps of one program. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

struct clock {
	int64_t offset_us; /* epoch minus monotonic, at clock_start() */
};

struct clock clock_start(void);
int64_t clock_us(const struct clock *c);

#endif
