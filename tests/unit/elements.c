/* elements: the same elements and faults however the bytes arrive: each text is read whole and cut in two at
 * every place. */
#include "lib/elements.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

/* A descriptor from which text comes in two reads, cut at `at`. */
static int
source(const char *text, size_t n, size_t at)
{
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd), 0);
	if (at > 0)
		assert_int_equal(write(fd[1], text, at), at);
	if (at < n)
		assert_int_equal(write(fd[1], text + at, n - at), n - at);
	close(fd[1]);
	return fd[0];
}

/* All that comes of the text, as "line:column text|" and "line:column!reason|". */
static void
all_of(const char *text, size_t n, size_t at, size_t max_line, char *out, size_t size)
{
	int fd = source(text, n, at);
	struct jsonl r;
	struct elements e;
	enum elements_status got;
	char *one;
	size_t len, used = 0;

	jsonl_open(&r, fd, max_line);
	elements_open(&e, &r);
	*out = '\0';
	while ((got = elements_next(&e, &one, &len)) != ELEMENTS_END) {
		assert_int_not_equal(got, ELEMENTS_ERROR);
		used += (size_t)snprintf(out + used, size - used, "%zu:%zu%c", e.line, e.column,
		    got == ELEMENTS_ONE ? ' ' : '!');
		used += (size_t)snprintf(out + used, size - used, "%.*s|", got == ELEMENTS_ONE ? (int)len : 99,
		    got == ELEMENTS_ONE ? one : e.why);
	}
	jsonl_close(&r);
	close(fd);
}

static void
expect(const char *text, size_t max_line, const char *want)
{
	char got[2000];

	for (size_t at = 0; at <= strlen(text); at++) {
		all_of(text, strlen(text), at, max_line, got, sizeof got);
		assert_string_equal(got, want);
	}
}

static void
whole_arrays(void **state)
{
	(void)state;
	expect("[]", 99, "");
	expect(" \n[ ]\n ", 99, "");
	expect("[1]", 99, "1:2 1|");
	expect("[{\"a\":[1,{}]} ,\"x\\\"]\\\\\",null, [\"[\"],\n-2e3 ]\n", 99,
	    "1:2 {\"a\":[1,{}]}|1:16 \"x\\\"]\\\\\"|1:25 null|1:31 [\"[\"]|2:1 -2e3|");
	expect("[\n  {\"a\":\n 1},\n\n {}]", 99, "2:3 {\"a\":\n 1}|5:2 {}|");
}

static void
faults(void **state)
{
	(void)state;
	expect("[", 99, "1:2!the text ends before the array does|");
	expect("[{}", 99, "1:2 {}|1:4!the text ends before the array does|");
	expect("[{\"a", 99, "1:2!the text ends inside an element|");
	expect("[{} {}]", 99, "1:2 {}|1:5!no comma between two elements of the array|1:5 {}|");
	expect("[{} x, {}]", 99, "1:2 {}|1:5!no comma between two elements of the array|1:8 {}|");
	expect("[{} x]", 99, "1:2 {}|1:5!no comma between two elements of the array|");
	expect("[,{}]", 99, "1:2!not an element of the array|1:3 {}|");
	expect("[{},]", 99, "1:2 {}|1:5!a comma before the end of the array|");
	expect("[}{}]", 99, "1:2!not an element of the array|1:3 {}|");
	expect("[] x\ny", 99, "1:4!something behind the array|");
	expect("[{]}]", 99, "1:2 {]|1:4!no comma between two elements of the array|");
	expect("[{\"a\":\"12345\"},{}]", 8, "1:2!longer than --max-line|1:16 {}|");
}

static void
places(void **state)
{
	char *one;
	size_t len;
	struct jsonl r;
	struct elements e;
	int fd = source("[0,\n {\"a\":\n\n  1}]", 17, 5);

	(void)state;
	jsonl_open(&r, fd, 99);
	elements_open(&e, &r);
	assert_int_equal(elements_next(&e, &one, &len), ELEMENTS_ONE);
	assert_int_equal(elements_next(&e, &one, &len), ELEMENTS_ONE);
	elements_place(&e, one, 9);
	assert_int_equal(e.line, 4);
	assert_int_equal(e.column, 3);
	jsonl_close(&r);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_arrays),
		cmocka_unit_test(faults),
		cmocka_unit_test(places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
