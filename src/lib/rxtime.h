/* rxtime: bytes from a socket, and when they arrived.
 *
 * The kernel stamps each segment as it comes in, so that it does not matter when this program comes to read it: what
 * waited because the program was busy, or was not given a processor, is not stamped late. */
#ifndef RXTIME_H
#define RXTIME_H

#include "clock.h"

#include <stddef.h>
#include <sys/types.h>

/* Have the kernel stamp what arrives from now on, also on what a listening socket accepts; where it cannot, the clock
 * is read instead. */
void rxtime_start(int fd);
/* As recv(2), without flags: it waits where the socket does.  *t_us: when the last of the bytes arrived, by that
 * clock; without a stamp: now. */
ssize_t rxtime_recv(int fd, char *bytes, size_t n, const struct clock *clock, int64_t *t_us);

#endif
