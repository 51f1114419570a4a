/* simfault and simevent: specs read and refused, whom they befall, and events oddly written. */
#include "lib/simevent.h"
#include "lib/simfault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct simfault
parsed(const char *spec)
{
	struct simfault f;
	char why[200] = "";

	if (!simfault_parse(spec, &f, why, sizeof why))
		fail_msg("%s: %s", spec, why);
	return f;
}

static void
reads_specs(void **state)
{
	struct simfault f = parsed("reset+split@5%:after=3,bytes=7,pause=20ms,every=2");
	char name[100];

	(void)state;
	assert_true(simfault_has(&f, FAULT_RESET) && simfault_has(&f, FAULT_SPLIT) && !simfault_has(&f, FAULT_DROP));
	assert_float_equal(f.share, 0.05, 1e-12);
	assert_int_equal(f.after, 3);
	assert_int_equal(f.bytes, 7);
	assert_int_equal(f.pause_us, 20000);
	assert_int_equal(f.every, 2);
	f = parsed("http-429");
	assert_int_equal(f.status, 429);
	assert_int_equal(f.after, 1);
	f = parsed("crlf+http-503@0.25");
	assert_float_equal(f.share, 0.25, 1e-12);
	simfault_name(&f, name, sizeof name);
	assert_string_equal(name, "http-503+crlf");
	simfault_name(&f, name, 6); /* too small: cut, not overrun */
	assert_string_equal(name, "http-");
}

static void
every_name_is_read(void **state)
{
	(void)state;
	for (size_t k = 0; k < FAULT_KINDS; k++) {
		struct simfault f = parsed(simfault_names[k]);

		assert_int_equal(f.kinds, UINT64_C(1) << k);
	}
}

static void
refuses_specs(void **state)
{
	static const char *const bad[][2] = {
		{"", "names no fault"}, {"resett", "resett: no such fault (did you mean reset?)"},
		{"http-200", "http-200: not a status from http-400 to http-599"}, {"http-", "http-: not a status"},
		{"reset@2", "2: too large"}, {"reset@101%", "101: too large"}, {"reset@x", "x: not a number"},
		{"reset:after=-1", "after=-1: too small"}, {"reset:after", "after=: not a number"},
		{"reset:speed=1", "speed=1: no such key"}, {"split:pause=5", "pause=5: not a duration"},
		{"crlf:every=0", "every=0: too small"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct simfault f;
		char why[200] = "";

		assert_false(simfault_parse(bad[i][0], &f, why, sizeof why));
		if (!strstr(why, bad[i][1]))
			fail_msg("%s: %s, expected %s", bad[i][0], why, bad[i][1]);
	}
}

static void
befalls_its_share(void **state)
{
	struct simfault share = parsed("drop@10%"), every = parsed("drop:every=4"), all = parsed("drop");
	int n = 0, same = 0;

	(void)state;
	for (uint64_t i = 1; i <= 100000; i++) {
		n += simfault_hits(&share, 1, 0, i);
		same += simfault_hits(&share, 1, 0, i) == simfault_hits(&share, 2, 0, i);
		assert_int_equal(simfault_hits(&every, 1, 0, i), i % 4 == 0);
		assert_true(simfault_hits(&all, 1, 0, i));
	}
	assert_in_range(n, 9620, 10380); /* 4 standard deviations */
	assert_in_range(same, 81000, 83000); /* another seed chooses others: 0.9² + 0.1² */
}

static void
writes_events(void **state)
{
	static const char *const forms[][2] = {
		{"no-done", "data: {\"a\":1,\"choices\":[]}\n\n"},
		{"crlf", "data: {\"a\":1,\"choices\":[]}\r\n\r\n"},
		{"no-space", "data:{\"a\":1,\"choices\":[]}\n\n"},
		{"multi-line", "data: {\"a\":1,\ndata: \"choices\":[]}\n\n"},
		{"comments-inside", ": ping\ndata: {\"a\":1,\"choices\":[]}\n\n"},
		{"event-lines+crlf", "event: message\r\nid: 7\r\nretry: 3000\r\ndata: {\"a\":1,\"choices\":[]}\r\n\r\n"},
	};
	const char *json = "{\"a\":1,\"choices\":[]}";

	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct simfault f = parsed(forms[i][0]);
		struct text t = {0};

		simevent_add(&t, json, strlen(json), &f, 7);
		assert_string_equal(t.s, forms[i][1]);
		text_free(&t);
	}
}

static void
writes_chunks(void **state)
{
	static char big[70000];
	struct text t = {0};

	(void)state;
	simevent_chunk(&t, "0123456789abcdefX", 17);
	assert_string_equal(t.s, "11\r\n0123456789abcdefX\r\n");
	t.n = 0;
	simevent_chunk(&t, "", 0);
	assert_string_equal(t.s, "0\r\n\r\n");
	t.n = 0;
	memset(big, 'x', sizeof big);
	simevent_chunk(&t, big, sizeof big);
	assert_memory_equal(t.s, "11170\r\n", 7);
	assert_int_equal(t.n, 7 + sizeof big + 2);
	text_free(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_specs),
		cmocka_unit_test(every_name_is_read),
		cmocka_unit_test(refuses_specs),
		cmocka_unit_test(befalls_its_share),
		cmocka_unit_test(writes_events),
		cmocka_unit_test(writes_chunks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
