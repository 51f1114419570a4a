/* engine: see engine.h. */
#include "engine.h"

#include "hash.h"
#include "put.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How the series of a name become one number. */
enum how {
	SUM,
	FULLEST,
	/* SGLang's schedulers: each rank of a replica reports the whole, so the largest counts; and
	 * what has a priority is part of the total beside it. */
	SCHEDULERS
};

struct name {
	const char *field, *engine, *name;
	enum how how;
	const char *and; /* not NULL: this one is added to it, and both must be there */
};

/* In the order in which fields are written; of several names of one engine and field the first
 * that the page has is taken. */
static const struct name names[] = {
	{"running", "vllm", "vllm:num_requests_running", SUM, NULL},
	{"running", "sglang", "sglang:num_running_reqs", SCHEDULERS, NULL},
	{"running", "llama.cpp", "llamacpp:requests_processing", SUM, NULL},
	{"waiting", "vllm", "vllm:num_requests_waiting", SUM, NULL},
	{"waiting", "sglang", "sglang:num_queue_reqs", SCHEDULERS, NULL},
	{"waiting", "llama.cpp", "llamacpp:requests_deferred", SUM, NULL},
	{"kv_ratio", "vllm", "vllm:kv_cache_usage_perc", FULLEST, NULL},
	{"kv_ratio", "vllm", "vllm:gpu_cache_usage_perc", FULLEST, NULL},
	{"kv_ratio", "sglang", "sglang:token_usage", FULLEST, NULL},
	{"kv_ratio", "llama.cpp", "llamacpp:kv_cache_usage_ratio", FULLEST, NULL},
	{"prompt_tokens_total", "vllm", "vllm:prompt_tokens_total", SUM, NULL},
	{"prompt_tokens_total", "sglang", "sglang:prompt_tokens_total", SUM, NULL},
	{"prompt_tokens_total", "llama.cpp", "llamacpp:prompt_tokens_total", SUM, "llamacpp:prompt_tokens_cached_total"},
	{"prefill_tokens_total", "llama.cpp", "llamacpp:prompt_tokens_total", SUM, NULL},
	{"output_tokens_total", "vllm", "vllm:generation_tokens_total", SUM, NULL},
	{"output_tokens_total", "sglang", "sglang:generation_tokens_total", SUM, NULL},
	{"output_tokens_total", "llama.cpp", "llamacpp:tokens_predicted_total", SUM, NULL},
	{"prefix_queries_total", "vllm", "vllm:prefix_cache_queries_total", SUM, NULL},
	{"prefix_queries_total", "vllm", "vllm:gpu_prefix_cache_queries_total", SUM, NULL},
	{"prefix_queries_total", "sglang", "sglang:prompt_tokens_total", SUM, NULL},
	{"prefix_queries_total", "llama.cpp", "llamacpp:prompt_tokens_total", SUM, "llamacpp:prompt_tokens_cached_total"},
	{"prefix_hits_total", "vllm", "vllm:prefix_cache_hits_total", SUM, NULL},
	{"prefix_hits_total", "vllm", "vllm:gpu_prefix_cache_hits_total", SUM, NULL},
	{"prefix_hits_total", "sglang", "sglang:cached_tokens_total", SUM, NULL},
	{"prefix_hits_total", "llama.cpp", "llamacpp:prompt_tokens_cached_total", SUM, NULL},
	{"requests_total", "vllm", "vllm:request_success_total", SUM, NULL},
	{"requests_total", "sglang", "sglang:num_requests_total", SUM, NULL},
	{"preemptions_total", "vllm", "vllm:num_preemptions_total", SUM, NULL},
	{"preemptions_total", "sglang", "sglang:num_retracted_requests_total", SCHEDULERS, NULL},
	{"ttft_sum_s", "vllm", "vllm:time_to_first_token_seconds_sum", SUM, NULL},
	{"ttft_sum_s", "sglang", "sglang:time_to_first_token_seconds_sum", SUM, NULL},
	{"ttft_count", "vllm", "vllm:time_to_first_token_seconds_count", SUM, NULL},
	{"ttft_count", "sglang", "sglang:time_to_first_token_seconds_count", SUM, NULL},
	{"itl_sum_s", "vllm", "vllm:inter_token_latency_seconds_sum", SUM, NULL},
	{"itl_sum_s", "vllm", "vllm:time_per_output_token_seconds_sum", SUM, NULL},
	{"itl_sum_s", "sglang", "sglang:inter_token_latency_seconds_sum", SUM, NULL},
	{"itl_count", "vllm", "vllm:inter_token_latency_seconds_count", SUM, NULL},
	{"itl_count", "vllm", "vllm:time_per_output_token_seconds_count", SUM, NULL},
	{"itl_count", "sglang", "sglang:inter_token_latency_seconds_count", SUM, NULL},
	{"e2e_sum_s", "vllm", "vllm:e2e_request_latency_seconds_sum", SUM, NULL},
	{"e2e_sum_s", "sglang", "sglang:e2e_request_latency_seconds_sum", SUM, NULL},
	{"e2e_count", "vllm", "vllm:e2e_request_latency_seconds_count", SUM, NULL},
	{"e2e_count", "sglang", "sglang:e2e_request_latency_seconds_count", SUM, NULL},
	{"queue_sum_s", "vllm", "vllm:request_queue_time_seconds_sum", SUM, NULL},
	{"queue_sum_s", "sglang", "sglang:queue_time_seconds_sum", SCHEDULERS, NULL},
	{"queue_count", "vllm", "vllm:request_queue_time_seconds_count", SUM, NULL},
	{"queue_count", "sglang", "sglang:queue_time_seconds_count", SCHEDULERS, NULL},
	{"prefill_sum_s", "vllm", "vllm:request_prefill_time_seconds_sum", SUM, NULL},
	{"prefill_sum_s", "llama.cpp", "llamacpp:prompt_seconds_total", SUM, NULL},
	{"prefill_count", "vllm", "vllm:request_prefill_time_seconds_count", SUM, NULL},
	{"decode_sum_s", "vllm", "vllm:request_decode_time_seconds_sum", SUM, NULL},
	{"decode_sum_s", "llama.cpp", "llamacpp:tokens_predicted_seconds_total", SUM, NULL},
	{"decode_count", "vllm", "vllm:request_decode_time_seconds_count", SUM, NULL},
};
#define N_NAMES (sizeof names / sizeof *names)
_Static_assert(N_NAMES <= ENGINE_MAX_NAMES, "room for every name");

static const char lora_info[] = "vllm:lora_requests_info";
static const char *const lora_labels[2] = {"running_lora_adapters", "waiting_lora_adapters"};
static const char *const lora_fields[2] = {"lora_running", "lora_waiting"};

void
engine_start(struct engine_page *p)
{
	*p = (struct engine_page){0};
}

void
engine_free(struct engine_page *p)
{
	free(p->series);
	free(p->lora[0]);
	free(p->lora[1]);
	*p = (struct engine_page){0};
}

static bool
is(struct span s, const char *text)
{
	return s.n == strlen(text) && memcmp(s.s, text, s.n) == 0;
}

/* What tells one replica's series from another's, whatever the order of the labels. */
static uint64_t
replica(const struct prom_sample *s)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct prom_label *l = &s->labels[i];

		if (!is(l->name, "tp_rank") && !is(l->name, "pp_rank") && !is(l->name, "moe_ep_rank"))
			sum += hash_mix(hash_bytes(l->name.s, l->name.n) + hash_mix(hash_bytes(l->value.s, l->value.n)));
	}
	return sum;
}

static bool
add_series(struct engine_page *p, size_t name, const struct prom_sample *s)
{
	uint64_t labels = replica(s);
	size_t i = 0;

	while (i < p->n_series && (p->series[i].name != name || p->series[i].labels != labels))
		i++;
	if (i < p->n_series) {
		p->series[i].value = fmax(p->series[i].value, s->value);
		return true;
	}
	if (p->n_series == p->cap) {
		size_t cap = p->cap ? 2 * p->cap : 16;
		struct engine_series *more = realloc(p->series, cap * sizeof *more);

		if (!more)
			return false;
		p->series = more;
		p->cap = cap;
	}
	p->series[p->n_series++] = (struct engine_series){name, labels, s->value};
	return true;
}

/* What is skipped says nothing of the field: alone on a page it must not make a zero. */
static bool
skipped(size_t name, const struct prom_sample *s)
{
	return names[name].how == SCHEDULERS && prom_label(s, "priority").n > 0;
}

static bool
add(struct engine_page *p, size_t name, const struct prom_sample *s)
{
	struct engine_sum *sum = &p->sums[name];

	if (!isfinite(s->value)) {
		sum->seen = sum->unusable = true;
		return true;
	}
	switch (names[name].how) {
	case SCHEDULERS:
		if (!add_series(p, name, s))
			return false;
		break;
	case FULLEST: sum->value = sum->seen ? fmax(sum->value, s->value) : s->value; break;
	case SUM: sum->value += s->value; break;
	}
	sum->seen = true;
	return true;
}

/* Its value is the time when its labels were true: the latest says what is, the others what was. */
static bool
add_lora(struct engine_page *p, const struct prom_sample *s)
{
	if (!isfinite(s->value) || (p->lora[0] && s->value <= p->lora_time))
		return true;
	p->lora_time = s->value;
	for (int i = 0; i < 2; i++) {
		struct span raw = prom_label(s, lora_labels[i]);
		char *text = malloc(raw.n + 1);

		free(p->lora[i]);
		if (!(p->lora[i] = text))
			return false;
		text[prom_decode(raw, text)] = '\0';
	}
	return true;
}

bool
engine_add(struct engine_page *p, const struct prom_sample *s)
{
	for (size_t i = 0; i < N_NAMES; i++) {
		bool second = names[i].and && is(s->name, names[i].and);

		if ((!second && !is(s->name, names[i].name)) || skipped(i, s))
			continue;
		if (!add(p, i, s))
			return false;
		p->sums[i].parts |= second ? 2 : 1;
	}
	return !is(s->name, lora_info) || add_lora(p, s);
}

const char *
engine_end(struct engine_page *p)
{
	const char *engine = NULL;

	for (size_t i = 0; i < p->n_series; i++)
		p->sums[p->series[i].name].value += p->series[i].value;
	for (size_t i = 0; i < N_NAMES; i++) {
		if (p->sums[i].seen && !engine)
			engine = names[i].engine;
		p->sums[i].seen = p->sums[i].parts == (names[i].and ? 3 : 1);
	}
	return engine;
}

bool
engine_read(struct engine_page *p, char *page, void (*bad)(void *ctx, size_t line, size_t column, const char *why),
	void *ctx)
{
	enum prom_line kind = PROM_NOTHING;
	struct prom_sample sample;
	const char *why;
	size_t column;
	char *text;

	for (size_t line = 1; kind != PROM_END && (text = strsep(&page, "\n")); line++) {
		kind = prom_line(text, strlen(text), &sample, &why, &column);
		if (kind == PROM_SAMPLE && !engine_add(p, &sample))
			return false;
		if (kind == PROM_BAD)
			bad(ctx, line, column, why);
	}
	return true;
}

static void
put_names(FILE *f, const char *field, const char *text)
{
	const char *comma = "";

	fprintf(f, ",\"%s\":[", field);
	for (;;) {
		size_t n;

		text += strspn(text, ", ");
		if ((n = strcspn(text, ",")) == 0)
			break;
		fputs(comma, f);
		put_string(f, text, n);
		text += n;
		comma = ",";
	}
	putc(']', f);
}

void
engine_put(FILE *f, const struct engine_page *p, const char *engine)
{
	const char *done = "";

	for (size_t i = 0; i < N_NAMES; i++) {
		if (!p->sums[i].seen || strcmp(names[i].engine, engine) != 0 || strcmp(names[i].field, done) == 0)
			continue;
		done = names[i].field;
		if (p->sums[i].unusable)
			continue;
		fprintf(f, ",\"%s\":", done);
		put_number(f, p->sums[i].value);
	}
	if (strcmp(engine, "vllm") == 0 && p->lora[0])
		for (int i = 0; i < 2; i++)
			put_names(f, lora_fields[i], p->lora[i]);
}
