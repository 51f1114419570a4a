/* simmetrics: see simmetrics.h.  Names and buckets are vLLM's. */
#include "simmetrics.h"

#include <inttypes.h>
#include <math.h>

/* Upper bounds in seconds; zero ends a list. */
static const double ttft_bounds[] = {.001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40,
	80, 160, 640, 2560, 0};
static const double itl_bounds[] = {.01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
	0};
static const double request_bounds[] = {.3, .5, .8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960,
	1920, 7680, 0};

static const struct {
	const char *name, *help;
	const double *bounds;
} times[TIME_KINDS] = {
	[TIME_TTFT] = {"time_to_first_token_seconds", "Histogram of time to first token in seconds.", ttft_bounds},
	[TIME_ITL] = {"inter_token_latency_seconds", "Histogram of inter-token latency in seconds.", itl_bounds},
	[TIME_E2E] = {"e2e_request_latency_seconds", "Histogram of e2e request latency in seconds.", request_bounds},
	[TIME_QUEUE] = {"request_queue_time_seconds", "Histogram of time spent in WAITING phase for request.",
		request_bounds},
	[TIME_PREFILL] = {"request_prefill_time_seconds", "Histogram of time spent in PREFILL phase for request.",
		request_bounds},
	[TIME_DECODE] = {"request_decode_time_seconds", "Histogram of time spent in DECODE phase for request.",
		request_bounds},
};

static const char *const reasons[FINISH_KINDS] = {"stop", "length", "abort", "error"};

void
simmetrics_time(struct simmetrics *m, enum simtime kind, int64_t us)
{
	struct simhist *h = &m->times[kind];
	const double *bounds = times[kind].bounds;
	int i = 0;

	while (bounds[i] > 0 && (double)us > bounds[i] * 1e6)
		i++;
	h->buckets[i]++;
	h->count++;
	h->sum += us;
}

static void
header(struct text *t, const char *name, const char *type, const char *help)
{
	text_printf(t, "# HELP vllm:%s %s\n# TYPE vllm:%s %s\n", name, help, name, type);
}

/* One metric over all models; field: where its value lies in a struct simmetrics. */
static void
counter(struct text *t, const struct simmetrics *m, char *const *names, size_t n, const char *name, const char *help,
	size_t field)
{
	header(t, name, "counter", help);
	for (size_t i = 0; i < n; i++)
		text_printf(t, "vllm:%s{engine=\"0\",model_name=%s} %" PRIu64 ".0\n", name, names[i],
			*(const uint64_t *)((const char *)&m[i] + field));
}

static void
histogram(struct text *t, const struct simmetrics *m, char *const *names, size_t n, enum simtime kind)
{
	const char *name = times[kind].name;
	const double *bounds = times[kind].bounds;

	header(t, name, "histogram", times[kind].help);
	for (size_t i = 0; i < n; i++) {
		const struct simhist *h = &m[i].times[kind];
		uint64_t sum = 0;
		int b = 0;

		for (; bounds[b] > 0; b++)
			text_printf(t, "vllm:%s_bucket{engine=\"0\",le=\"%g%s\",model_name=%s} %" PRIu64 ".0\n", name, bounds[b],
				bounds[b] == floor(bounds[b]) ? ".0" : "", names[i], sum += h->buckets[b]);
		text_printf(t, "vllm:%s_bucket{engine=\"0\",le=\"+Inf\",model_name=%s} %" PRIu64 ".0\n", name, names[i],
			h->count);
		text_printf(t, "vllm:%s_count{engine=\"0\",model_name=%s} %" PRIu64 ".0\n", name, names[i], h->count);
		text_printf(t, "vllm:%s_sum{engine=\"0\",model_name=%s} %.6f\n", name, names[i], (double)h->sum / 1e6);
	}
}

static void
gauges(struct text *t, const struct simmetrics *m, char *const *names, size_t n, int64_t kv_blocks)
{
	header(t, "num_requests_running", "gauge", "Number of requests in model execution batches.");
	for (size_t i = 0; i < n; i++)
		text_printf(t, "vllm:num_requests_running{engine=\"0\",model_name=%s} %" PRId64 ".0\n", names[i], m[i].running);
	header(t, "num_requests_waiting", "gauge", "Number of requests waiting to be processed.");
	for (size_t i = 0; i < n; i++)
		text_printf(t, "vllm:num_requests_waiting{engine=\"0\",model_name=%s} %" PRId64 ".0\n", names[i], m[i].waiting);
	header(t, "kv_cache_usage_perc", "gauge", "KV-cache usage. 1 means 100 percent usage.");
	for (size_t i = 0; i < n; i++)
		text_printf(t, "vllm:kv_cache_usage_perc{engine=\"0\",model_name=%s} %.6f\n", names[i],
			fmin(1, (double)m[i].blocks / (double)kv_blocks));
}

void
simmetrics_page(struct text *t, const struct simmetrics *m, char *const *names, size_t n, int64_t kv_blocks,
	int64_t block_size, bool prefix_caching)
{
#define COUNTER(name, help, field) counter(t, m, names, n, name, help, offsetof(struct simmetrics, field))
	gauges(t, m, names, n, kv_blocks);
	COUNTER("prefix_cache_queries_total",
		"Prefix cache queries, in terms of number of queried tokens.", prefix_queries);
	COUNTER("prefix_cache_hits_total", "Prefix cache hits, in terms of number of cached tokens.", prefix_hits);
	COUNTER("prompt_tokens_total", "Number of prefill tokens processed.", prompt_tokens);
	COUNTER("generation_tokens_total", "Number of generation tokens processed.", generation_tokens);
#undef COUNTER
	header(t, "request_success_total", "counter", "Count of successfully processed requests.");
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < FINISH_KINDS; k++)
			text_printf(t, "vllm:request_success_total{engine=\"0\",finished_reason=\"%s\",model_name=%s} %" PRIu64
				".0\n", reasons[k], names[i], m[i].finished[k]);
	for (enum simtime k = 0; k < TIME_KINDS; k++)
		histogram(t, m, names, n, k);
	header(t, "cache_config_info", "gauge", "Information of the LLMEngine CacheConfig");
	text_printf(t, "vllm:cache_config_info{block_size=\"%" PRId64 "\",enable_prefix_caching=\"%s\",engine=\"0\","
		"num_gpu_blocks=\"%" PRId64 "\"} 1.0\n", block_size, prefix_caching ? "True" : "False", kv_blocks);
}
