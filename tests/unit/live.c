/* live and view: what is counted, what is shown, and that it fits. */
#include "lib/live.h"
#include "lib/view.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *
why_not(struct live *l, const char *record)
{
	struct response_room room = {0};
	struct response r;
	size_t column;
	const char *why;

	assert_true(response_room(&room, strlen(record)));
	why = response_read(&r, record, strlen(record), room.ev_us, room.rest, &column);
	why = why ? why : live_response(l, &r);
	response_room_free(&room);
	return why;
}

static void
fold(struct live *l, const char *record)
{
	assert_null(why_not(l, record));
}

static void
tell(struct live *l, const char *record)
{
	struct progress p;
	size_t column;

	assert_null(progress_read(&p, record, strlen(record), &column));
	live_progress(l, &p);
}

#define OK                                                                                                   \
	"{\"due_us\":1000000,\"sent_us\":1001000,\"end_us\":2100000,\"status\":200,\"streamed\":true,"       \
	"\"ev_us\":[100,20000,999000,999100],\"ev_kind\":\"rtcd\",\"usage\":{\"completion_tokens\":10},\"error\":null}"

/* A run that goes on while its records come only at its end: what was there before, and what the senders say. */
static void
test_resumed_without_records(void **state)
{
	struct live l = {0};

	(void)state;
	fold(&l, OK);
	tell(&l, "{\"t_us\":61000000,\"shard\":1,\"done\":4,\"ok\":3,\"failed\":1,\"in_flight\":2,\"out_tokens\":30}");
	assert_int_equal(l.done, 5);
	assert_int_equal(l.ok, 4);
	assert_int_equal(l.failed, 1);
	assert_true(live_seconds(&l) == 1);
	assert_true(live_rps(&l) == 3);
	assert_true(live_tps(&l) == 30);
	tell(&l, "{\"t_us\":62000000,\"shard\":1,\"done\":6,\"ok\":5,\"failed\":1,\"in_flight\":2,\"out_tokens\":50}");
	/* its process has died: another one begins to count */
	tell(&l, "{\"t_us\":63000000,\"shard\":1,\"done\":2,\"ok\":2,\"failed\":0,\"in_flight\":2,\"out_tokens\":20}");
	assert_int_equal(l.done, 9);
	assert_int_equal(l.ok, 8);
	live_end(&l);
	assert_int_equal(l.done, 9);
	/* a record after all: only records count */
	fold(&l, OK);
	assert_int_equal(l.done, 2);
	assert_int_equal(l.failed, 0);
}

/* Records that have come within the first second are this part's own. */
static void
test_resumed_with_records(void **state)
{
	struct live l = {0};

	(void)state;
	fold(&l, OK);
	tell(&l, "{\"t_us\":3000000,\"done\":1,\"ok\":1,\"failed\":0,\"in_flight\":0,\"out_tokens\":10}");
	assert_int_equal(l.done, 1);
	assert_int_equal(l.ok, 1);
}

static void
test_counts(void **state)
{
	struct live l = {0};

	(void)state;
	fold(&l, OK);
	assert_int_equal(l.ok, 1);
	assert_int_equal(l.ttft.sum_us, 21000);
	assert_int_equal(l.e2e.sum_us, 1000000);
	assert_true(live_seconds(&l) == 1);
	assert_true(live_tps(&l) == 10);
	fold(&l, "{\"due_us\":1000000,\"sent_us\":1000000,\"end_us\":3000000,\"status\":503,"
	         "\"ev_us\":[],\"ev_kind\":\"\","
	         "\"error\":{\"kind\":\"http\"}}");
	assert_int_equal(l.failed, 1);
	assert_true(live_seconds(&l) == 2); /* a failed request lasts until its end */
	assert_true(live_rps(&l) == 0.5);
	assert_true(live_left(&l, 4) == 2);
}

static void
test_what_does_not_count(void **state)
{
	struct live l = {0};

	(void)state;
	fold(&l, "{\"phase\":\"warmup\",\"due_us\":1,\"sent_us\":1,\"end_us\":9,\"status\":200,\"streamed\":true,"
	         "\"ev_us\":[5],\"ev_kind\":\"c\",\"error\":null}");
	assert_int_equal(l.done, 0);
	/* Not streamed: a latency, but no time to first token. */
	fold(&l, "{\"due_us\":1,\"sent_us\":1,\"end_us\":9,\"status\":200,\"streamed\":false,"
	         "\"ev_us\":[5],\"ev_kind\":\"c\"}");
	assert_int_equal(l.e2e.n, 1);
	assert_int_equal(l.ttft.n, 0);
	/* 200, no error, but no output: failed. */
	fold(&l, "{\"due_us\":1,\"sent_us\":1,\"end_us\":9,\"status\":200,\"streamed\":true,"
	         "\"ev_us\":[5],\"ev_kind\":\"d\"}");
	assert_int_equal(l.failed, 1);
}

static void
test_newest_part(void **state)
{
	struct live l = {0};

	(void)state;
	fold(&l, OK);
	fold(&l, "{\"part\":2,\"due_us\":900000000,\"sent_us\":900000000,\"end_us\":904000000,\"status\":200,"
	         "\"streamed\":true,\"ev_us\":[4000000],\"ev_kind\":\"c\",\"usage\":null,\"error\":null}");
	assert_int_equal(l.done, 2);
	assert_true(live_seconds(&l) == 4);
	assert_true(live_rps(&l) == 0.25);
}

static void
test_bad(void **state)
{
	static const char *const bad[] = {
		"{}", "[]", "{\"due_us\":1", "nul", "{\"due_us\":1,\"end_us\":2,\"ev_us\":7,\"ev_kind\":\"\"}",
		"{\"end_us\":2,\"ev_us\":[],\"ev_kind\":\"\"}",
		("{\"due_us\":0,\"sent_us\":9223372036854775807,\"end_us\":2,\"status\":200,"
		 "\"ev_us\":[9223372036854775807],\"ev_kind\":\"c\"}"),
	};
	struct live l = {0};
	struct progress p;
	size_t column;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_non_null(why_not(&l, bad[i]));
	assert_non_null(progress_read(&p, "{\"sent\":1}", 10, &column));
	assert_int_equal(l.done, 0);
}

/* Times as large as are read, more of them than a sum of 64 bits holds. */
static void
test_absurd_times(void **state)
{
	struct live l = {0};

	(void)state;
	for (int i = 0; i < 2000; i++)
		fold(&l, "{\"due_us\":0,\"sent_us\":9007199254740992,\"end_us\":9007199254740992,\"status\":200,"
		         "\"ev_us\":[9007199254740992],\"ev_kind\":\"c\",\"usage\":{\"completion_tokens\":9007199254740992}}");
	assert_int_equal(l.e2e.sum_us, INT64_MAX);
	assert_int_equal(l.part_tokens, INT64_MAX);
}

static void
test_streaming_tokens(void **state)
{
	struct live l = {0};

	(void)state;
	/* No reply has ended: the first progress record comes a second after the start. */
	tell(&l, "{\"t_us\":1500000,\"in_flight\":3,\"waiting\":2,\"out_tokens\":16}");
	assert_true(live_seconds(&l) == 1);
	assert_true(live_tps(&l) == 16);
	fold(&l, OK); /* 10 tokens, 2 events */
	tell(&l, "{\"t_us\":3000000,\"in_flight\":3,\"waiting\":2,\"out_tokens\":32}");
	assert_true(live_seconds(&l) == 2);
	assert_true(live_tps(&l) == 20); /* 10, and 30 of replies that go on */
	live_end(&l);
	assert_true(live_tps(&l) == 10);
}

static unsigned
columns(const char *s, const char *end)
{
	unsigned n = 0;

	for (; s < end; s++) {
		if (*s == '\033') {
			s = strpbrk(s, "mKJ");
			continue;
		}
		n += (*s & 0xc0) != 0x80;
	}
	return n;
}

static void
test_fits(void **state)
{
	struct live l = {.done = 123456, .ok = 123000, .failed = 456, .ttft = {1, 1234567}, .e2e = {1, 98765432},
	                 .to_us = 360000000000, .part_done = 123456, .part_ok = 123000, .part_tokens = 1234567890,
	                 .begun = true, .progress = true, .t_us = 360000000001, .in_flight = 10000, .waiting = 99999};
	struct gauges_sum g = {64, 0.999, 5e12, 5.1e12, 12345, 67890, 1};
	char out[VIEW_SIZE];

	(void)state;
	for (unsigned width = 40; width <= 500; width++)
		for (int k = 0; k < 16; k++) {
			struct view v = {.width = width, .utf8 = k & 1, .color = k & 2, .final = k & 4,
			                 .total = k & 8 ? 200000 : 0};
			unsigned lines = view_screen(out, &v, &l, &g);
			char *from = out, *nl;

			assert_int_equal(lines, v.final ? 2 : 3);
			for (unsigned i = 1; i < lines; i++, from = nl + 1) {
				assert_non_null(nl = strchr(from, '\n'));
				assert_in_range(columns(from, nl), 1, width - 1);
			}
			assert_in_range(columns(from, out + strlen(out)), 1, width - 1);
			assert_null(v.color ? NULL : strstr(out, "\033[3"));
		}
}

static void
test_zones(void **state)
{
	struct live l = {.done = 5, .ok = 5, .part_done = 5, .part_ok = 5, .begun = true, .to_us = 1000000,
	                 .progress = true, .t_us = 1000000, .in_flight = 2};
	struct gauges_sum none = gauges_at(&(struct gauges){0}, 0);
	struct view v = {.width = 60, .total = 10};
	char out[VIEW_SIZE];

	(void)state;
	assert_int_equal(view_screen(out, &v, &l, &none), 2);
	assert_non_null(strstr(out, " 50%  5/10  ###############++++++..........  0:01  ETA 0:01\033[K\n5.00 req/s"));
}

#define GPU(t, device, rest) "{\"t_us\":" #t ",\"source\":\"nvml\",\"host\":\"a\",\"device\":" #device rest "}"
#define ENGINE(t, url, rest) "{\"t_us\":" #t ",\"source\":\"engine\",\"host\":\"a\",\"url\":\"" url "\"" rest "}"

static void
measure(struct gauges *g, const char *record)
{
	size_t column;

	assert_null(gauges_record(g, record, strlen(record), &column));
}

static void
test_gauges(void **state)
{
	struct gauges g = {0};
	struct gauges_sum s = gauges_at(&g, 0);
	size_t column;

	(void)state;
	assert_true(s.gpus == 0 && isnan(s.util_ratio) && isnan(s.mem_used_bytes) && isnan(s.running) && isnan(s.kv_ratio));
	measure(&g, GPU(1000000, 0, ",\"util_ratio\":0.2,\"mem_used_bytes\":10,\"mem_total_bytes\":100"));
	measure(&g, GPU(1000000, 1, ",\"util_ratio\":1,\"mem_used_bytes\":30,\"mem_total_bytes\":100,\"throttle\":[]"));
	measure(&g, GPU(1000000, 2, ",\"power_w\":7,\"mem_total_bytes\":100")); /* nothing that is shown */
	measure(&g, ENGINE(1000000, "u", ",\"running\":3,\"waiting\":0,\"kv_ratio\":0.5"));
	measure(&g, ENGINE(1000000, "v", ",\"running\":4,\"kv_ratio\":0.25"));
	s = gauges_at(&g, 1000000);
	assert_true(s.gpus == 2 && s.util_ratio == 0.6 && s.mem_used_bytes == 40 && s.mem_total_bytes == 200);
	assert_true(s.running == 7 && s.waiting == 0 && s.kv_ratio == 0.5);
	/* The newest counts; what is old is no news; what is lost is gone. */
	measure(&g, GPU(9000000, 0, ",\"util_ratio\":0.4"));
	measure(&g, ENGINE(9000000, "u", ",\"error\":\"it does not answer\""));
	s = gauges_at(&g, 9000000);
	assert_true(s.gpus == 2 && s.util_ratio == 0.7 && s.mem_used_bytes == 30 && s.running == 4 && isnan(s.waiting));
	s = gauges_at(&g, 9000000 + 16000000);
	assert_true(s.gpus == 1 && s.util_ratio == 0.4 && isnan(s.running));
	assert_non_null(gauges_record(&g, "{\"t_us\":1}", 10, &column));
	assert_non_null(gauges_record(&g, "{\"source\":\"nvml\"}", 17, &column));
	assert_non_null(gauges_record(&g, "{\"t_us\":1,", 10, &column));
	assert_int_equal(column, 11);
	for (int i = 0; i < 2 * GAUGES_MOST; i++) {
		char text[200];

		snprintf(text, sizeof text, "{\"t_us\":%d,\"source\":\"nvml\",\"device\":%d,\"util_ratio\":1}", i, i);
		measure(&g, text);
	}
	assert_int_equal(g.n, GAUGES_MOST);
}

/* The records come when all is over: until then the senders' words count, also of one that took another's place. */
static void
test_senders(void **state)
{
	struct live l = {0};

	(void)state;
	tell(&l, "{\"shard\":1,\"t_us\":1000000,\"done\":10,\"ok\":9,\"failed\":1,\"in_flight\":2}");
	tell(&l, "{\"shard\":2,\"t_us\":1000000,\"done\":20,\"ok\":20,\"failed\":0,\"in_flight\":2}");
	tell(&l, "{\"shard\":1,\"t_us\":2000000,\"done\":15,\"ok\":13,\"failed\":2,\"in_flight\":2}");
	assert_true(l.done == 35 && l.ok == 33 && l.failed == 2 && l.in_flight == 4);
	tell(&l, "{\"shard\":1,\"t_us\":9000000,\"done\":4,\"ok\":4,\"failed\":0,\"in_flight\":1}");
	assert_true(l.done == 39 && l.ok == 37 && l.failed == 2 && l.in_flight == 3);
	tell(&l, "{\"shard\":1,\"t_us\":9900000,\"done\":6,\"ok\":6,\"failed\":0,\"in_flight\":1}");
	assert_true(l.done == 41 && l.ok == 39 && l.failed == 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_resumed_without_records),
		cmocka_unit_test(test_resumed_with_records),
		cmocka_unit_test(test_counts), cmocka_unit_test(test_what_does_not_count), cmocka_unit_test(test_newest_part),
		cmocka_unit_test(test_bad), cmocka_unit_test(test_absurd_times),
		cmocka_unit_test(test_streaming_tokens), cmocka_unit_test(test_fits),
		cmocka_unit_test(test_zones), cmocka_unit_test(test_gauges),
		cmocka_unit_test(test_senders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
