/* rxtime: see rxtime.h. */
#include "rxtime.h"

#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define SECOND_NS ((int64_t)1000000000)
#define AGE_MAX (60 * SECOND_NS) /* older: the system's clock was set meanwhile */

void
rxtime_start(int fd)
{
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
}

static int64_t
ns(const struct timespec *t)
{
	return (int64_t)t->tv_sec * SECOND_NS + t->tv_nsec;
}

/* How long ago the kernel's stamp is; 0: there is none. */
static int64_t
age_ns(struct msghdr *m)
{
	struct timespec stamp, now;
	int64_t age;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
		clock_gettime(CLOCK_REALTIME, &now);
		age = ns(&now) - ns(&stamp);
		return age > 0 && age < AGE_MAX ? age : 0;
	}
	return 0;
}

ssize_t
rxtime_recv(int fd, char *bytes, size_t n, const struct clock *clock, int64_t *t_us)
{
	union {
		struct cmsghdr aligned;
		char space[CMSG_SPACE(sizeof(struct timespec))];
	} control;
	struct iovec v = {bytes, n};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	ssize_t got = recvmsg(fd, &m, 0);

	*t_us = clock_us(clock);
	if (got > 0)
		*t_us -= age_ns(&m) / 1000;
	return got;
}
