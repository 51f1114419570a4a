/* calls: deltas put together by index, whatever their order and form. */
#include "lib/calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The calls of these deltas (ended by NULL) are `want`. */
static void
together(const char *want, const char *const *deltas)
{
	struct calls c = {0};
	char *text = NULL;
	size_t n = 0;
	FILE *f;

	for (; *deltas; deltas++)
		calls_add(&c, (struct span){*deltas, strlen(*deltas)});
	f = open_memstream(&text, &n);
	calls_put(f, &c);
	fclose(f);
	assert_string_equal(text, want);
	assert_false(c.no_memory);
	free(text);
	calls_free(&c);
}
#define TOGETHER(want, ...) together(want, (const char *const[]){__VA_ARGS__, NULL})

static void
deltas(void **state)
{
	(void)state;
	TOGETHER("[{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}]",
	    "[{\"index\":0,\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]",
	    "[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\"}}]",
	    "[{\"index\":0,\"function\":{\"name\":null,\"arguments\":\"\\\":1}\"}}]");
	/* two calls, interleaved; the name may come again, and is not doubled */
	TOGETHER("[{\"name\":\"g\",\"arguments\":\"12\"},{\"name\":\"f\",\"arguments\":\"xy\"}]",
	    "[{\"index\":1,\"function\":{\"name\":\"g\",\"arguments\":\"1\"}}]",
	    "[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"x\"}}]",
	    "[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"y\"}},"
	    "{\"index\":1,\"function\":{\"arguments\":\"2\"}}]");
}

static void
whole_ones(void **state)
{
	(void)state;
	TOGETHER("[{\"name\":\"f\",\"arguments\":\"{}\"},{\"name\":\"g\",\"arguments\":\"\\\"\"}]",
	    "[{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},"
	    "{\"function\":{\"name\":\"g\",\"arguments\":\"\\u0022\"}}]");
	TOGETHER("[{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":[1]}\"}]",
	    "[{\"function\":{\"name\":\"f\",\"arguments\":{\"a\":[1]}}}]");
	TOGETHER("[{\"name\":\"old\",\"arguments\":\"{}\"}]",
	    "{\"name\":\"old\",\"arguments\":\"{\"}", "{\"arguments\":\"}\"}");
	TOGETHER("[]", "[]", "null", "7", "[7,null]", "\"x\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deltas),
		cmocka_unit_test(whole_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
