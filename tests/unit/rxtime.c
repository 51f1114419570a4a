/* rxtime: bytes that waited are stamped as of their arrival, wherever the kernel says when that was. */
#include "lib/listen.h"
#include "lib/rxtime.h"

#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define WAIT_US 200000

static long lose_us; /* the processor, for so long, before the next reading of the system's clock */

/* In the place of libc's. */
int
clock_gettime(clockid_t id, struct timespec *t)
{
	if (id == CLOCK_REALTIME && lose_us) {
		usleep((useconds_t)lose_us);
		lose_us = 0;
	}
	return (int)syscall(SYS_clock_gettime, id, t);
}

/* A TCP connection to ourselves. */
static void
connect_both(int *from, int *to)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int port = 0, door = listen_tcp("127.0.0.1", 0, &port);

	assert_true(door >= 0);
	a.sin_port = htons((uint16_t)port);
	*from = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(*from, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(poll(&(struct pollfd){.fd = door, .events = POLLIN}, 1, 5000), 1);
	*to = accept(door, NULL, NULL);
	assert_true(*to >= 0);
	close(door);
}

static void
waited(void **state)
{
	struct clock clock = clock_start();
	int64_t before, after, stamp;
	char buf[100];
	int from, to;

	(void)state;
	connect_both(&from, &to);
	rxtime_start(to);
	for (int i = 0; i < 3; i++) { /* the kernel may begin to stamp a moment later: the last one counts */
		before = clock_us(&clock);
		assert_int_equal(send(from, "hello", 5, 0), 5);
		after = clock_us(&clock);
		usleep(WAIT_US);
		assert_int_equal(rxtime_recv(to, buf, sizeof buf, &clock, &stamp), 5);
		assert_memory_equal(buf, "hello", 5);
	}
	assert_true(stamp >= before - 1000 && stamp <= after + WAIT_US / 2);
	close(from);
	assert_int_equal(rxtime_recv(to, buf, sizeof buf, &clock, &stamp), 0);
	assert_true(stamp >= after && stamp <= clock_us(&clock));
	close(to);
}

/* Two clocks are read to place a stamp: who loses the processor in between must not place it too early. */
static void
interrupted(void **state)
{
	struct clock clock = clock_start();
	int64_t before, stamp;
	char buf[100];
	int from, to;

	(void)state;
	connect_both(&from, &to);
	rxtime_start(to);
	for (int i = 0; i < 3; i++) {
		before = clock_us(&clock);
		assert_int_equal(send(from, "hello", 5, 0), 5);
		lose_us = WAIT_US;
		assert_int_equal(rxtime_recv(to, buf, sizeof buf, &clock, &stamp), 5);
		lose_us = 0;
		assert_true(stamp >= before - 1000 && stamp <= clock_us(&clock));
	}
	close(from);
	close(to);
}

/* Where there is no stamp the clock is read. */
static void
without(void **state)
{
	struct clock clock = clock_start();
	int64_t before, stamp;
	char buf[100];
	int s[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	assert_int_equal(send(s[0], "hello", 5, 0), 5);
	usleep(1000);
	before = clock_us(&clock);
	assert_int_equal(rxtime_recv(s[1], buf, sizeof buf, &clock, &stamp), 5);
	assert_true(stamp >= before && stamp <= clock_us(&clock));
	close(s[0]);
	close(s[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waited),
		cmocka_unit_test(interrupted),
		cmocka_unit_test(without),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
