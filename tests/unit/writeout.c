/* writeout: all of it or nothing, and what comes later stands where it should. */
#include "lib/writeout.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

/* A file that has room for 10 bytes, by a limit of the process. */
static void
no_room(void **state)
{
	struct rlimit was, ten;
	FILE *f = tmpfile();
	int fd = fileno(f);
	bool torn = false;
	char got[16];

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	ten = (struct rlimit){10, was.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &ten), 0);
	assert_true(writeout(fd, "one\n", 4, &torn));
	assert_false(writeout(fd, "much too long\n", 14, &torn));
	assert_true(writeout(fd, "two\n", 4, &torn));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_false(torn);
	assert_int_equal(pread(fd, got, sizeof got, 0), 8);
	assert_memory_equal(got, "one\ntwo\n", 8);
	fclose(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
