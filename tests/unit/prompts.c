/* prompts: every line that is good, each bad one once, from files and from pipes. */
#include "lib/prompts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

/* A descriptor to read text from, at its start. */
static int
source(const char *text, bool a_pipe)
{
	size_t n = strlen(text);
	int fd[2];
	char name[] = "/tmp/prompts.XXXXXX";

	if (a_pipe) {
		assert_int_equal(pipe(fd), 0);
		assert_int_equal(write(fd[1], text, n), n);
		close(fd[1]);
		return fd[0];
	}
	fd[0] = mkstemp(name);
	assert_true(fd[0] >= 0 && unlink(name) == 0);
	assert_int_equal(write(fd[0], text, n), n);
	assert_int_equal(lseek(fd[0], 0, SEEK_SET), 0);
	return fd[0];
}

static void
cycles(bool a_pipe)
{
	int fd = source("{\"prompt\":\"a\"}\n\nbad\n{\"prompt\":\"b\",\"category\":\"c\",\"output_tokens\":5}\n"
			"{\"messages\":[ {\"role\":\"user\"} ],\"max_tokens\":7}", a_pipe);
	struct prompts p;
	struct prompt q;

	assert_true(prompts_open(&p, fd, true, 1000));
	for (int pass = 0; pass < 3; pass++) {
		assert_int_equal(prompts_next(&p, &q), PROMPTS_OK);
		assert_true(span_is(q.text, "a") && !q.category.s && !q.messages.s && q.max_tokens == 0);
		if (pass == 0) {
			assert_int_equal(prompts_next(&p, &q), PROMPTS_BAD);
			assert_int_equal(p.number, 3);
			assert_int_equal(p.column, 1);
		}
		assert_int_equal(prompts_next(&p, &q), PROMPTS_OK);
		assert_true(span_is(q.text, "b") && span_is(q.category, "c") && q.output_tokens == 5);
		assert_int_equal(prompts_next(&p, &q), PROMPTS_OK);
		assert_true(!q.text.s && q.messages.n == 19 && q.max_tokens == 7);
		assert_memory_equal(q.messages.s, "[ {\"role\":\"user\"} ]", q.messages.n);
	}
	prompts_close(&p);
	close(fd);
}

static void
from_a_file(void **state)
{
	(void)state;
	cycles(false);
}

static void
from_a_pipe(void **state)
{
	(void)state;
	cycles(true);
}

/* One line alone: NULL when it is good, or why not. */
static const char *
verdict(const char *line, bool messages)
{
	int fd = source(line, false);
	struct prompts p;
	struct prompt q;
	enum prompts_status got;
	const char *why;

	assert_true(prompts_open(&p, fd, messages, 60));
	got = prompts_next(&p, &q);
	why = got == PROMPTS_OK ? NULL : p.why;
	if (got == PROMPTS_BAD)
		assert_int_equal(prompts_next(&p, &q), PROMPTS_NONE);
	prompts_close(&p);
	close(fd);
	return why;
}

static void
good_and_bad_lines(void **state)
{
	(void)state;
	assert_null(verdict("{\"prompt\":\"\\ud83d\\ude42\",\"x\":[{}],\"max_tokens\":null}", true));
	assert_null(verdict("{\"x\":1,\"prompt\":\"\xc3\xa9\"}\r\n", false));
	assert_string_equal(verdict("{\"prompt\":\"\xc3\"}", true), "not UTF-8");
	assert_string_equal(verdict("{}", true), "neither prompt nor messages");
	assert_string_equal(verdict("{\"messages\":[{}]}", false), "messages need a chat API");
	assert_string_equal(verdict("{\"messages\":{}}", true), "messages is not an array");
	assert_string_equal(verdict("{\"messages\":[1]}", true), "a message is not an object");
	assert_string_equal(verdict("{\"prompt\":null}", true), "prompt is not a string");
	assert_string_equal(verdict("{\"prompt\":", true), "the text ends too early");
	assert_string_equal(verdict("{\"prompt\":\"a\",\"max_tokens\":1.5}", true),
	    "not a positive whole number of tokens");
	assert_string_equal(verdict("{\"prompt\":\"a\",\"output_tokens\":\"5\"}", true),
	    "not a positive whole number of tokens");
	assert_string_equal(verdict("{\"prompt\":\"..................................................\"}", true),
	    "longer than --max-line");
	assert_non_null(verdict("{\"prompt\":\"a\"} {}", true));
}

static void
nothing_at_all(void **state)
{
	struct prompts p;
	struct prompt q;
	int fd = source("\n \n", true);

	(void)state;
	assert_true(prompts_open(&p, fd, true, 100));
	assert_int_equal(prompts_next(&p, &q), PROMPTS_NONE);
	prompts_close(&p);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_a_file),
		cmocka_unit_test(from_a_pipe),
		cmocka_unit_test(good_and_bad_lines),
		cmocka_unit_test(nothing_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
