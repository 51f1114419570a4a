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

static bool
open_lines(struct prompts *p, int fd, bool messages, size_t max_line)
{
	return prompts_open(p, fd, &(struct prompts_options){.form = PROMPTS_ANY, .messages = messages, .ratio = 1,
		.max_line = max_line, .bounds = {-1, -1, -1}});
}

static void
cycles(bool a_pipe)
{
	int fd = source("{\"prompt\":\"a\"}\n\nbad\n{\"prompt\":\"b\",\"category\":\"c\",\"output_tokens\":5}\n"
			"{\"messages\":[ {\"role\":\"user\"} ],\"max_tokens\":7}", a_pipe);
	struct prompts p;

	assert_true(open_lines(&p, fd, true, 1000));
	for (int pass = 0; pass < 3; pass++) {
		const struct prompt *q;

		assert_int_equal(prompts_next(&p), PROMPTS_OK);
		q = p.now.turn;
		assert_true(p.now.turns == 1 && !p.now.conversation && q->think_us == -1);
		assert_true(span_is(q->text, "a") && !q->category.s && !q->messages.s && q->max_tokens == 0);
		if (pass == 0) {
			assert_int_equal(prompts_next(&p), PROMPTS_BAD);
			assert_int_equal(p.number, 3);
			assert_int_equal(p.column, 1);
		}
		assert_int_equal(prompts_next(&p), PROMPTS_OK);
		q = p.now.turn;
		assert_true(span_is(q->text, "b") && span_is(q->category, "c") && q->output_tokens == 5);
		assert_int_equal(prompts_next(&p), PROMPTS_OK);
		q = p.now.turn;
		assert_true(!q->text.s && q->messages.n == 19 && q->max_tokens == 7);
		assert_memory_equal(q->messages.s, "[ {\"role\":\"user\"} ]", q->messages.n);
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
	enum prompts_status got;
	const char *why;

	assert_true(open_lines(&p, fd, messages, 60));
	got = prompts_next(&p);
	why = got == PROMPTS_OK ? NULL : p.why;
	if (got == PROMPTS_BAD)
		assert_int_equal(prompts_next(&p), PROMPTS_NONE);
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
conversations(void **state)
{
	int fd = source("{\"output_tokens\":9,\"turns\":[\"a\","
			"{\"prompt\":\"b\",\"think_ms\":1.5,\"output_tokens\":3,\"x\":[1]},"
			"{\"messages\":[{}],\"max_tokens\":2}],\"category\":\"k\",\"think_ms\":40}\n{\"prompt\":\"c\"}", false);
	struct prompts p;
	const struct prompt *t;

	(void)state;
	assert_true(open_lines(&p, fd, true, 1000));
	assert_int_equal(prompts_next(&p), PROMPTS_OK);
	t = p.now.turn;
	assert_true(p.now.conversation && p.now.turns == 3);
	assert_true(span_is(t[0].text, "a") && t[0].think_us == 40000 && t[0].output_tokens == 9);
	assert_true(span_is(t[1].text, "b") && t[1].think_us == 1500 && t[1].output_tokens == 3);
	assert_true(!p.now.turn[2].text.s && span_is(p.now.turn[2].messages, "[{}]") && p.now.turn[2].max_tokens == 2);
	assert_true(span_is(p.now.turn[2].category, "k"));
	assert_int_equal(prompts_next(&p), PROMPTS_OK);
	assert_true(!p.now.conversation && p.now.turns == 1 && span_is(p.now.turn[0].text, "c"));
	prompts_close(&p);
	close(fd);
	assert_string_equal(verdict("{\"turns\":[\"a\"]}", false), "turns need a chat API");
	assert_string_equal(verdict("{\"turns\":[]}", true), "turns is empty");
	assert_string_equal(verdict("{\"turns\":\"a\"}", true), "turns is not an array");
	assert_string_equal(verdict("{\"turns\":[1]}", true), "a turn is neither a string nor an object");
	assert_string_equal(verdict("{\"turns\":[{}]}", true), "neither prompt nor messages");
	assert_string_equal(verdict("{\"turns\":[\"\"]}", true), "prompt is empty");
	assert_string_equal(verdict("{\"turns\":[\"a\"],\"prompt\":\"b\"}", true),
	    "turns, and a prompt or messages beside them");
	assert_string_equal(verdict("{\"turns\":[\"a\"],\"think_ms\":-1}", true),
	    "think_ms is not a number of milliseconds from 0");
	assert_non_null(verdict("{\"turns\":[\"a\",", true));
}

static void
nothing_at_all(void **state)
{
	struct prompts p;
	int fd = source("\n \n", true);

	(void)state;
	assert_true(open_lines(&p, fd, true, 100));
	assert_int_equal(prompts_next(&p), PROMPTS_NONE);
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
		cmocka_unit_test(conversations),
		cmocka_unit_test(nothing_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
