/* rxstamp: when the bytes that a TCP socket gives had come, not when somebody found the time to read them.
 *
 * A server that is busy reads late.  The kernel stamps each packet as it comes in; the stamp of the last byte read
 * is told here on our own clock.  Where there is none (unix sockets, other kernels) it is the time of the reading. */
#ifndef RXSTAMP_H
#define RXSTAMP_H

#include "clock.h"

#include <stddef.h>
#include <sys/types.h>

/* Asks for stamps of what this socket, or what a listening one accepts, receives from now on. */
void rxstamp_ask(int fd);
/* recv(2) without waiting; *arrived_us: when the last of these bytes came, never later than now. */
ssize_t rxstamp_recv(int fd, void *buf, size_t n, const struct clock *clock, int64_t *arrived_us);

#endif
