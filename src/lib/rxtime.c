/* rxtime: see rxtime.h. */
#include "rxtime.h"

#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define SECOND_NS ((int64_t)1000000000)
#define AGE_MAX (60 * SECOND_NS) /* older: the system's clock was set meanwhile */
#define APART_NS 20000 /* two readings of the clocks, one right after the other */
#define READINGS 5

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

/* Now by our clock, and by the system's, which the kernel stamps with.  They go alike until the system's is set; where
 * they seem apart we may have lost the processor between the two readings: the closest of a few tells. */
static int64_t
now_us(const struct clock *clock, int64_t *system_ns)
{
	int64_t least = INT64_MAX, found = 0;

	for (int i = 0; i < READINGS && least > APART_NS; i++) {
		int64_t now = clock_us(clock), apart;
		struct timespec t;

		clock_gettime(CLOCK_REALTIME, &t);
		apart = ns(&t) - (now - clock->shift_us) * 1000;
		apart = apart < 0 ? -apart : apart;
		if (apart >= least)
			continue;
		least = apart;
		found = now;
		*system_ns = ns(&t);
	}
	return found;
}

/* The kernel's stamp; 0: there is none. */
static int64_t
stamp_ns(struct msghdr *m)
{
	struct timespec stamp;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
			memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
			return ns(&stamp);
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
	int64_t stamp = got > 0 ? stamp_ns(&m) : 0, system = 0, age;

	if (!stamp) {
		*t_us = clock_us(clock);
		return got;
	}
	*t_us = now_us(clock, &system);
	age = system - stamp;
	if (age > 0 && age < AGE_MAX)
		*t_us -= age / 1000;
	return got;
}
