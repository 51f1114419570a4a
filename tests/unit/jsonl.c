/* jsonl: the same lines however the bytes arrive: cut at every offset, too long, unended. */
#include "lib/jsonl.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MAX_LINE 10

static const char text[] = "one\n\ntwo\r\n0123456789\n0123456789x\n\0nul\nlast";
static const char lines[] = "1:one|2:|3:two\r|4:0123456789|5!|6:?nul|7:last|";

static void
pipe_of(int fd[2])
{
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(fcntl(fd[0], F_SETFL, O_NONBLOCK), 0);
}

static void
put_in(int fd, const char *s, size_t n)
{
	assert_int_equal(write(fd, s, n), n);
}

/* Append what can be read now: "number:line|", "number!" for one that is too long. */
static enum jsonl_status
take(struct jsonl *r, char *out)
{
	enum jsonl_status got;
	char *line;
	size_t n;

	while ((got = jsonl_next(r, &line, &n)) == JSONL_LINE || got == JSONL_TOO_LONG) {
		char *end = out + strlen(out);

		if (got == JSONL_TOO_LONG) {
			sprintf(end, "%zu!|", r->number);
			continue;
		}
		assert_int_equal(line[n], '\0');
		end += sprintf(end, "%zu:", r->number);
		for (size_t i = 0; i < n; i++)
			*end++ = line[i] ? line[i] : '?';
		strcpy(end, "|");
	}
	return got;
}

/* Two cuts: three writes, all of what is there taken in between. */
static void
cut_at_every_offset(void **state)
{
	size_t n = sizeof text - 1;

	(void)state;
	for (size_t i = 0; i <= n; i++)
		for (size_t j = i; j <= n; j++) {
			char out[200] = "";
			struct jsonl r;
			int fd[2];

			pipe_of(fd);
			jsonl_open(&r, fd[0], MAX_LINE);
			r.no_wait = true;
			put_in(fd[1], text, i);
			assert_int_equal(take(&r, out), JSONL_AGAIN);
			put_in(fd[1], text + i, j - i);
			assert_int_equal(take(&r, out), JSONL_AGAIN);
			put_in(fd[1], text + j, n - j);
			close(fd[1]);
			assert_int_equal(take(&r, out), JSONL_END);
			assert_int_equal(take(&r, out), JSONL_END);
			if (strcmp(out, lines) != 0)
				fail_msg("cut at %zu and %zu: %s", i, j, out);
			jsonl_close(&r);
			close(fd[0]);
		}
}

static void
ends(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {{"", ""}, {"\n", "1:|"}, {"\n\n", "1:|2:|"}, {"a", "1:a|"}, {"a\n", "1:a|"}, {"a\nb", "1:a|2:b|"},
		{"0123456789x", "1!|"}, {"0123456789x\n", "1!|"}, {"0123456789\n", "1:0123456789|"},
		{"0123456789", "1:0123456789|"}, {"0123456789xxxxxxxxxxxxxxxxxxx\nab\n", "1!|2:ab|"}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char out[200] = "";
		struct jsonl r;
		int fd[2];

		pipe_of(fd);
		put_in(fd[1], cases[i].in, strlen(cases[i].in));
		close(fd[1]);
		jsonl_open(&r, fd[0], MAX_LINE);
		assert_int_equal(take(&r, out), JSONL_END);
		assert_string_equal(out, cases[i].out);
		jsonl_close(&r);
		close(fd[0]);
	}
}

/* 200 MB in one line: one report, little memory, and the next line is whole. */
static void
memory_is_bounded(void **state)
{
	static char block[1 << 20];
	FILE *f = tmpfile();
	char out[100] = "";
	struct jsonl r;

	(void)state;
	memset(block, 'x', sizeof block);
	for (int i = 0; i < 200; i++)
		fwrite(block, 1, sizeof block, f);
	fputs("\nnext", f);
	assert_int_equal(fflush(f), 0);
	assert_int_equal(lseek(fileno(f), 0, SEEK_SET), 0);
	jsonl_open(&r, fileno(f), 1000);
	assert_int_equal(take(&r, out), JSONL_END);
	assert_string_equal(out, "1!|2:next|");
	assert_true(r.cap <= 1000 + ((size_t)128 << 10));
	jsonl_close(&r);
	fclose(f);
}

static void
long_lines_are_read(void **state)
{
	FILE *f = tmpfile();
	struct jsonl r;
	char *line;
	size_t n;

	(void)state;
	for (int i = 0; i < 1 << 20; i++)
		putc('a' + i % 26, f);
	fputs("\nb\n", f);
	rewind(f);
	jsonl_open(&r, fileno(f), JSONL_MAX_LINE);
	assert_int_equal(jsonl_next(&r, &line, &n), JSONL_LINE);
	assert_int_equal(n, 1 << 20);
	for (int i = 0; i < 1 << 20; i++)
		assert_true(line[i] == 'a' + i % 26);
	assert_false(jsonl_empty(&r));
	assert_int_equal(jsonl_next(&r, &line, &n), JSONL_LINE);
	assert_string_equal(line, "b");
	assert_true(jsonl_empty(&r));
	jsonl_close(&r);
	fclose(f);
}

static void
read_errors(void **state)
{
	struct jsonl r;
	char *line;
	size_t n;

	(void)state;
	jsonl_open(&r, -1, MAX_LINE);
	assert_int_equal(jsonl_next(&r, &line, &n), JSONL_ERROR);
	assert_int_equal(errno, EBADF);
	jsonl_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_at_every_offset),
		cmocka_unit_test(ends),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(long_lines_are_read),
		cmocka_unit_test(read_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
