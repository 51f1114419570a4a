/* proxy: its name, and whether a message of libcurl's is about it. */
#include "lib/proxy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void
named(const char *proxy, const char *want)
{
	char name[300];

	assert_true(proxy_name(proxy, "http://h", name, sizeof name));
	assert_string_equal(name, want);
}

static void
test_names(void **state)
{
	(void)state;
	named("http://ann:secret@h:3128/", "http://h:3128");
	named("h", "http://h:1080");
	named("https://h", "https://h:443");
	named("socks5://[::1]:9", "socks5://[::1]:9");
}

static void
test_messages(void **state)
{
	const char *name = "http://127.0.0.1:18";

	(void)state;
	assert_true(proxy_named(name, "Failed to connect to 127.0.0.1 port 18 after 0 ms"));
	assert_false(proxy_named(name, "Failed to connect to 127.0.0.1 port 1 after 0 ms"));
	assert_false(proxy_named(name, "Failed to connect to 127.0.0.1 port 181 after 0 ms"));
	assert_false(proxy_named("http://h:18", "Failed to connect to the.h port 18 after 0 ms"));
	assert_true(proxy_named("http://H:18", "Failed to connect to h port 18 after 0 ms"));
	assert_true(proxy_named("http://[::1]:18", "Failed to connect to ::1 port 18 after 0 ms"));
	assert_true(proxy_named(name, "Failed to connect to h port 80 via 127.0.0.1 after 0 ms"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_names), cmocka_unit_test(test_messages)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
