/* schedule: seconds and milliseconds, and each bad line once, with its place. */
#include "lib/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static void
opened(struct schedule *s, const char *text)
{
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], text, strlen(text)), strlen(text));
	close(fd[1]);
	schedule_open(s, fd[0], 100);
}

static void
closed(struct schedule *s)
{
	close(s->lines.fd);
	schedule_close(s);
}

static void
times(void **state)
{
	const int64_t want[] = {0, 0, 1500000, 1500001, 2000000, 2000001, 2000001, 31536000000000};
	struct schedule s;
	int64_t at;

	(void)state;
	opened(&s, "0\n-0.0\n1.5\n\n{\"timestamp\": 1500.0006}\r\n  2e0 \n"
		"{\"hash_ids\":[1,{\"timestamp\":5}],\"timestamp\":2000.001}\n"
		"{\"timestamp\":2000.0012,\"input_length\":7}\n31536000");
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		assert_int_equal(schedule_next(&s, &at), SCHEDULE_OK);
		assert_int_equal(at, want[i]);
	}
	assert_int_equal(schedule_next(&s, &at), SCHEDULE_END);
	assert_int_equal(schedule_next(&s, &at), SCHEDULE_END);
	closed(&s);
}

static void
bad_lines(void **state)
{
	const struct {
		const char *line, *why;
		size_t column;
	} bad[] = {
		{"4.999", "earlier than the line before", 0},
		{"-1", "before the run's start", 0},
		{"{\"timestamp\":-0.1}", "before the run's start", 0},
		{"1700000000", "over a year after the run's start, from which times count", 0},
		{"1e999", "over a year after the run's start, from which times count", 0},
		{"{\"timestamp\":\"5\"}", "timestamp is not a number", 14},
		{"{\"timestamp\":null}", "timestamp is not a number", 14},
		{"{\"time\":7}", "no timestamp (in milliseconds from the run's start)", 0},
		{"{}", "no timestamp (in milliseconds from the run's start)", 0},
		{"\"6\"", "neither a number of seconds nor an object with a timestamp", 1},
		{"[6]", "neither a number of seconds nor an object with a timestamp", 1},
		{"6 7", NULL, 3},
		{"{\"timestamp\":6", NULL, 15},
		{"6s", NULL, 2},
		{"NaN", NULL, 1},
	};
	struct schedule s;
	int64_t at;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char text[200];

		strcpy(text, "5\n");
		strcat(text, bad[i].line);
		strcat(text, "\n6\n");
		opened(&s, text);
		assert_int_equal(schedule_next(&s, &at), SCHEDULE_OK);
		if (schedule_next(&s, &at) != SCHEDULE_BAD)
			fail_msg("%s: is taken", bad[i].line);
		assert_int_equal(s.number, 2);
		if (bad[i].why)
			assert_string_equal(s.why, bad[i].why);
		assert_int_equal(s.column, bad[i].column);
		assert_int_equal(schedule_next(&s, &at), SCHEDULE_OK);
		assert_int_equal(at, 6000000);
		assert_int_equal(schedule_next(&s, &at), SCHEDULE_END);
		closed(&s);
	}
}

static void
long_lines_and_errors(void **state)
{
	struct schedule s;
	int64_t at;

	(void)state;
	opened(&s, "1\n          "
		"                                                                                               2\n3");
	assert_int_equal(schedule_next(&s, &at), SCHEDULE_OK);
	assert_int_equal(schedule_next(&s, &at), SCHEDULE_BAD);
	assert_string_equal(s.why, "longer than --max-line");
	assert_int_equal(schedule_next(&s, &at), SCHEDULE_OK);
	assert_int_equal(at, 3000000);
	closed(&s);
	schedule_open(&s, -1, 100);
	assert_int_equal(schedule_next(&s, &at), SCHEDULE_ERROR);
	schedule_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times),
		cmocka_unit_test(bad_lines),
		cmocka_unit_test(long_lines_and_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
