/* peerline: lines come whole whatever pieces they come in; what is too long, or gone, is seen. */
#include "lib/peerline.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static int other; /* the far end */

static void
open_pair(struct peerline *p)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	peerline_open(p, fds[0]);
	other = fds[1];
}

static void
comes(const char *s)
{
	assert_int_equal(write(other, s, strlen(s)), strlen(s));
}

static void
lines_come_whole(void **state)
{
	struct peerline p;

	(void)state;
	open_pair(&p);
	assert_true(peerline_read(&p)); /* nothing yet, and nobody gone */
	assert_null(peerline_next(&p));
	comes("one\ntw");
	assert_true(peerline_read(&p));
	assert_string_equal(peerline_next(&p), "one");
	assert_null(peerline_next(&p));
	comes("o\n\nthree\n");
	assert_true(peerline_read(&p));
	assert_string_equal(peerline_next(&p), "two");
	assert_string_equal(peerline_next(&p), "");
	assert_string_equal(peerline_next(&p), "three");
	assert_null(peerline_next(&p));
	peerline_close(&p);
	close(other);
}

static void
many_lines_one_after_the_other(void **state)
{
	struct peerline p;
	char line[40];

	(void)state;
	open_pair(&p);
	for (int i = 0; i < 1000; i++) { /* more than there is room for at once */
		snprintf(line, sizeof line, "p %d\n", i);
		comes(line);
		assert_true(peerline_read(&p));
		line[strlen(line) - 1] = '\0';
		assert_string_equal(peerline_next(&p), line);
	}
	assert_null(peerline_next(&p));
	peerline_close(&p);
	close(other);
}

static void
who_is_gone_or_says_too_much(void **state)
{
	struct peerline p;
	char much[PEERLINE_MOST + 10];

	(void)state;
	open_pair(&p);
	close(other);
	assert_false(peerline_read(&p));
	assert_int_equal(errno, 0);
	peerline_close(&p);
	open_pair(&p);
	memset(much, 'x', sizeof much);
	much[sizeof much - 1] = '\0';
	comes(much);
	while (peerline_read(&p) && !peerline_next(&p))
		;
	assert_false(peerline_read(&p));
	assert_int_not_equal(errno, 0);
	peerline_close(&p);
	close(other);
}

static void
lines_are_sent(void **state)
{
	struct peerline p;
	char got[40] = "";

	(void)state;
	open_pair(&p);
	assert_true(peerline_send(&p, "start %d", 42));
	assert_int_equal(read(other, got, sizeof got - 1), strlen("start 42\n"));
	assert_string_equal(got, "start 42\n");
	close(other);
	assert_false(peerline_send(&p, "start %d", 42)); /* and no signal */
	assert_int_equal(errno, EPIPE);
	peerline_close(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_whole),
		cmocka_unit_test(many_lines_one_after_the_other),
		cmocka_unit_test(who_is_gone_or_says_too_much),
		cmocka_unit_test(lines_are_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
