/* metric: one reply by every definition, and the edges: no token, one token, no times. */
#include "lib/metric.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Ok, streamed, sent 40 us late; role, three tokens, usage, [DONE]. */
static int64_t stamps[] = {1000, 2000, 4000, 7000, 8000, 8500};

static struct response
reply(void)
{
	return (struct response){.due_us = 1000000, .sent_us = 1000040, .end_us = 1009040, .connect_us = 100,
		.first_byte_us = 900, .status = 200, .streamed = true, .prompt_tokens = 9, .completion_tokens = 3,
		.cached_tokens = RESPONSE_NONE, .reasoning_tokens = RESPONSE_NONE, .expect_input = RESPONSE_NONE,
		.expect_output = RESPONSE_NONE, .ev_us = stamps, .ev_kind = "rcccud", .n_ev = 6};
}

static struct metric
as(const char *name, const struct response *r)
{
	struct metric m;

	assert_null(metric_of(r, definition_find(name), &m));
	return m;
}

static void
every_definition(void **state)
{
	const int64_t none = METRIC_NONE;
	const struct {
		const char *name;
		int64_t ttft, ttfo, itl, tpot, e2e;
		bool gaps;
	} want[] = {
		{"tokpipe", 2040, 2040, none, 2500, 7040, true},
		{"vllm", 1000, none, none, 3000, 7000, true},
		{"sglang", 2000, none, none, 3250, 8500, true},
		{"guidellm", 1900, 1900, 2500, 2300, 8400, false},
		{"aiperf", 2000, 2000, 2500, none, 7000, false},
		{"genai-perf", 2000, none, 2500, none, 7000, false},
		{"inference-perf", 2000, none, none, 2500, 9000, true},
	};
	struct response r = reply();

	(void)state;
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		struct metric m = as(want[i].name, &r);

		assert_true(m.ok);
		assert_int_equal(m.head.ttft, want[i].ttft);
		assert_int_equal(m.head.ttfo, want[i].ttfo);
		assert_int_equal(m.itl, want[i].itl);
		assert_int_equal(m.tpot, want[i].tpot);
		assert_int_equal(m.head.e2e, want[i].e2e);
		assert_int_equal(m.gaps, want[i].gaps);
		assert_int_equal(m.last_us, 1007040);
	}
	assert_null(definition_find("tokpip"));
	assert_string_equal(definition_all[0].name, "tokpipe");
}

static void
averages_round_to_the_nearest(void **state)
{
	struct response r = reply();

	(void)state;
	r.completion_tokens = 4; /* 5000 / 3 = 1666.67 */
	assert_int_equal(as("tokpipe", &r).tpot, 1667);
	r.completion_tokens = 7; /* 5000 / 6 = 833.33 */
	assert_int_equal(as("tokpipe", &r).tpot, 833);
	r.completion_tokens = 17; /* 5000 / 16 = 312.5 */
	assert_int_equal(as("tokpipe", &r).tpot, 313);
	r.completion_tokens = RESPONSE_MAX;
	assert_int_equal(as("tokpipe", &r).tpot, 0);
}

static void
few_tokens(void **state)
{
	const struct definition *d;
	struct response r = reply();

	(void)state;
	for (d = definition_all; d->name; d++) {
		r.completion_tokens = 1;
		assert_int_equal(as(d->name, &r).tpot, d->tpot == RATE_ALL ? 6900 : METRIC_NONE);
		r.completion_tokens = 0;
		assert_int_equal(as(d->name, &r).tpot, METRIC_NONE);
		assert_true(as(d->name, &r).zero_usage);
	}
	r = reply();
	r.completion_tokens = RESPONSE_NONE;
	r.ev_kind = "rrrrud";
	assert_false(as("tokpipe", &r).ok);
	assert_int_equal(as("tokpipe", &r).head.e2e, METRIC_NONE);
	assert_int_equal(as("tokpipe", &r).output_tokens, METRIC_NONE);
	assert_true(as("vllm", &r).ok);
	assert_int_equal(as("vllm", &r).tpot, METRIC_NONE);
	assert_int_equal(as("sglang", &r).head.ttft, 0);
	r.expect_output = 5;
	assert_int_equal(as("sglang", &r).tpot, 2125);
	assert_string_equal(as("sglang", &r).tokens_from, "expected");
	r.ev_kind = "rcrrud";
	assert_int_equal(as("inference-perf", &r).head.ttft, METRIC_NONE);
}

static void
tokens_that_share_an_event(void **state)
{
	struct response r = reply();

	(void)state;
	r.completion_tokens = 10;
	r.reasoning_tokens = 2;
	assert_int_equal(as("inference-perf", &r).itl_zeros, 5);
	assert_int_equal(as("genai-perf", &r).output_tokens, 8);
	assert_int_equal(as("tokpipe", &r).output_tokens, 10);
	r.completion_tokens = RESPONSE_MAX;
	assert_false(as("inference-perf", &r).gaps);
}

static void
failures(void **state)
{
	struct response r = reply();
	struct metric m;

	(void)state;
	r.ev_kind = "rcceud";
	r.error = (struct span){"{}", 2};
	r.error_kind = (struct span){"stream", 6};
	assert_false(as("tokpipe", &r).ok);
	assert_false(as("guidellm", &r).ok);
	assert_true(as("vllm", &r).ok);
	r.error_kind = (struct span){"protocol", 8};
	assert_false(as("vllm", &r).ok);
	m = as("tokpipe", &r);
	assert_int_equal(m.send_lag, 40);
	assert_int_equal(m.connect, METRIC_NONE);
	assert_int_equal(m.head.ttfb, METRIC_NONE);
	assert_int_equal(m.sent.e2e, METRIC_NONE);
	r.sent_us = RESPONSE_NONE;
	assert_int_equal(as("tokpipe", &r).send_lag, METRIC_NONE);
	r = reply();
	r.sent_us = RESPONSE_NONE;
	assert_non_null(metric_of(&r, definition_all, &m));
}

static void
without_due(void **state)
{
	struct response r = reply();
	struct metric m;

	(void)state;
	r.due_us = RESPONSE_NONE;
	m = as("tokpipe", &r);
	assert_int_equal(m.head.ttft, METRIC_NONE);
	assert_int_equal(m.sent.ttft, 2000);
	assert_int_equal(m.tpot, 2500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_definition),
		cmocka_unit_test(averages_round_to_the_nearest),
		cmocka_unit_test(few_tokens),
		cmocka_unit_test(tokens_that_share_an_event),
		cmocka_unit_test(failures),
		cmocka_unit_test(without_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
