/* outcome: what a metric record means for the run, and damaged texts; window: parts and steady time. */
#include "lib/outcome.h"
#include "lib/steady.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char whole[] = "{\"id\":1,\"ok\":true,\"due_us\":10,\"sent_us\":20,\"end_us\":99,\"last_us\":90,"
	"\"part\":3,\"ttft_ms\":40.5,\"itl_ms\":[1,2.5,[3]],\"input_tokens\":7,\"input_from\":\"expected\","
	"\"output_tokens\":4,\"tokens_from\":\"usage\",\"cached_tokens\":null,\"error\":{\"kind\":\"stream\"}}";

static const char *
read_text(struct outcome *o, const char *text, size_t n, struct slo *slos, size_t n_slos)
{
	struct span kind;
	bool warmup;
	size_t column;
	char *copy = malloc(n + 1);
	const char *why;

	memcpy(copy, text, n);
	why = outcome_read(o, copy, n, slos, n_slos, &kind, &warmup, &column);
	free(copy);
	return why;
}

static void
reads_and_judges(void **state)
{
	struct slo within[] = {{.field = "ttft_ms", .bound = 40.5}, {.field = "itl_ms", .bound = 2.2},
		{.field = "output_tokens", .bound = 4}, {.field = "itl_ms", .bound = 3, .at_least = true, .largest = true}};
	struct slo beyond[] = {{.field = "ttft_ms", .bound = 40.4}}, missing[] = {{.field = "tpot_ms", .bound = 1}};
	struct outcome o;

	(void)state;
	assert_null(read_text(&o, whole, sizeof whole - 1, within, 4));
	assert_true(o.ok && o.good && !o.unmeasured && within[1].seen);
	assert_int_equal(o.done_us, 90);
	assert_int_equal(o.part, 3);
	assert_int_equal(o.input, 7);
	assert_int_equal(o.output, 4);
	assert_int_equal(o.cached, OUTCOME_NONE);
	assert_int_equal(o.input_from, SOURCE_EXPECTED);
	assert_int_equal(o.output_from, SOURCE_USAGE);
	assert_null(read_text(&o, whole, sizeof whole - 1, beyond, 1));
	assert_true(!o.good && !o.unmeasured);
	assert_null(read_text(&o, whole, sizeof whole - 1, missing, 1));
	assert_true(!o.good && o.unmeasured && !missing[0].seen);
}

static void
damaged_texts(void **state)
{
	struct slo slos[] = {{.field = "itl_ms", .bound = 2}, {.field = "ok", .bound = 1}};
	char text[sizeof whole];
	struct outcome o;

	(void)state;
	for (size_t n = 0; n < sizeof whole - 1; n++)
		assert_non_null(read_text(&o, whole, n, slos, 2));
	for (unsigned seed = 1; seed < 20000; seed++) {
		memcpy(text, whole, sizeof whole);
		srand(seed);
		for (int i = 0; i < 3; i++)
			text[(size_t)rand() % (sizeof whole - 1)] = "\"{}[],:0\\x"[rand() % 10];
		read_text(&o, text, sizeof whole - 1, slos, 2);
	}
}

static struct outcome
request(int64_t part, int64_t due, int64_t sent, int64_t last, int64_t end)
{
	return (struct outcome){.part = part, .due_us = due, .sent_us = sent, .done_us = last, .end_us = end, .ok = true};
}

static void
windows_of_parts(void **state)
{
	struct outcome o[] = {request(2, 1000, 1000, 1100, 1120), request(1, 0, 5, 100, 150), request(1, 20, 20, 90, 90),
		request(2, OUTCOME_NONE, OUTCOME_NONE, OUTCOME_NONE, OUTCOME_NONE)};
	const struct steady_rule trim = {.how = STEADY_TRIM, .trim_us = 49}, all = {.how = STEADY_IN_FLIGHT, .ratio = 0};
	int64_t starts[4], ends[4];
	const int64_t time[] = {0, 80, 70};
	struct window w[4];
	struct steady_edge edges[4];

	(void)state;
	assert_int_equal(window_split(o, 4, starts, ends, w), 2);
	assert_int_equal(w[0].whole.from_us, 0);
	assert_int_equal(w[0].whole.to_us, 100);
	assert_int_equal(w[0].in_flight.n, 2);
	assert_int_equal(w[1].n, 2);
	assert_int_equal(w[1].whole.to_us, 1100);
	assert_int_equal(segment_area(w[0].whole, &w[0]), 95 + 70); /* the end is cut off at the window's */
	assert_int_equal(segment_max(w[0].whole, &w[0]), 2);
	assert_true(steady_find(w, 2, &trim, time, 2, edges));
	assert_int_equal(w[0].steady.from_us, 49);
	assert_int_equal(w[0].steady.to_us, 51);
	assert_int_equal(segment_area(w[0].steady, &w[0]), 4);
	assert_false(segment_has(w[0].steady, &w[0].first[0]));
	assert_true(steady_find(w, 2, &all, time, 2, edges));
	assert_int_equal(w[0].steady.from_us, 5);
	assert_int_equal(w[0].steady.to_us, 100);
}

static void
steady_rules(void **state)
{
	static const char *const bad[] = {"", "in-flight", "in-flight:", "in-flight:2", "in-flight:-1", "trim:", "trim:5",
		"trim:-1s", "none:", "x"};
	struct steady_rule rule;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_non_null(steady_parse(&rule, bad[i]));
	assert_null(steady_parse(&rule, "trim:1500ms"));
	assert_int_equal(rule.trim_us, 1500000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_judges),
		cmocka_unit_test(damaged_texts),
		cmocka_unit_test(windows_of_parts),
		cmocka_unit_test(steady_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
