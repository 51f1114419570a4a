/* rxstamp: see rxstamp.h.  Only the time between stamp and reading is taken from the kernel's clock, which may be
 * slewed: over that little while it cannot drift from ours. */
#include "rxstamp.h"

#include <string.h>
#include <sys/socket.h>
#include <time.h>

void
rxstamp_ask(int fd)
{
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on); /* where it fails there are no stamps: no matter */
}

/* How long ago that was, in microseconds; 0 when the clock was set in between. */
static int64_t
age_us(const struct timespec *then)
{
	struct timespec now;
	int64_t ns;

	clock_gettime(CLOCK_REALTIME, &now);
	ns = (int64_t)(now.tv_sec - then->tv_sec) * 1000000000 + (now.tv_nsec - then->tv_nsec);
	return ns > 0 ? ns / 1000 : 0;
}

ssize_t
rxstamp_recv(int fd, void *buf, size_t n, const struct clock *clock, int64_t *arrived_us)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(struct timespec))];
	} control;
	struct iovec to = {buf, n};
	struct msghdr m = {.msg_iov = &to, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	ssize_t got = recvmsg(fd, &m, MSG_DONTWAIT);
	struct cmsghdr *c;
	struct timespec stamp;

	if (got <= 0)
		return got;
	*arrived_us = clock_us(clock);
	for (c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
		*arrived_us -= age_us(&stamp);
	}
	return got;
}
