/* metric_put: see metric_put.h. */
#include "metric_put.h"

#include "put.h"

#include <string.h>

/* The fields of a metric record: an unknown field of the same name gives way. */
static const char *const own[] = {"id", "tags", "ok", "due_us", "sent_us", "end_us", "last_us", "send_lag_ms",
	"connect_ms", "ttfb_ms", "ttft_ms", "ttfo_ms", "itl_ms", "tpot_ms", "e2e_ms", "e2e_done_ms", "ttfb_sent_ms",
	"ttft_sent_ms", "ttfo_sent_ms", "e2e_sent_ms", "e2e_done_sent_ms", "input_tokens", "input_from",
	"output_tokens", "tokens_from", "cached_tokens", "reasoning_tokens", "structured_ok", "tool_call_ok",
	"finish", "error", "as", NULL};

static bool
is_own(struct span member)
{
	for (const char *const *name = own; *name; name++) {
		size_t n = strlen(*name);

		if (member.n > n + 2 && member.s[n + 1] == '"' && memcmp(member.s + 1, *name, n) == 0)
			return true;
	}
	return false;
}

static void
put_field(FILE *f, const char *name)
{
	fputs(",\"", f);
	fputs(name, f);
	fputs("\":", f);
}

static void
put_count(FILE *f, const char *name, int64_t v)
{
	put_field(f, name);
	if (v < 0)
		fputs("null", f);
	else
		put_int(f, v);
}

static void
put_value(FILE *f, int64_t us)
{
	if (us == METRIC_NONE)
		fputs("null", f);
	else
		put_ms(f, us);
}

static void
put_latency(FILE *f, const char *name, int64_t us)
{
	put_field(f, name);
	put_value(f, us);
}

static void
put_word(FILE *f, const char *name, const char *word)
{
	put_field(f, name);
	fprintf(f, word ? "\"%s\"" : "null", word);
}

static void
put_verdict(FILE *f, const char *name, enum asked_verdict v)
{
	put_field(f, name);
	fputs(v == ASKED_NOTHING ? "null" : v == ASKED_RIGHT ? "true" : "false", f);
}

void
metric_put_member(FILE *f, const char *name, struct span raw)
{
	put_field(f, name);
	put_raw(f, raw);
}

static void
put_gaps(FILE *f, const struct response *r, const struct definition *d, int64_t zeros)
{
	size_t i = metric_output(r, d, 0), next;
	char before = '[';

	for (; (next = metric_output(r, d, i + 1)) < r->n_ev; i = next) {
		putc(before, f);
		put_ms(f, r->ev_us[next] - r->ev_us[i]);
		before = ',';
	}
	for (; zeros > 0; zeros--) {
		putc(before, f);
		put_ms(f, 0);
		before = ',';
	}
	fputs(before == '[' ? "[]" : "]", f);
}

static void
put_head(FILE *f, const struct response *r, const struct definition *d, const struct metric *m)
{
	put_latency(f, "send_lag_ms", m->send_lag);
	put_latency(f, "connect_ms", m->connect);
	put_latency(f, "ttfb_ms", m->head.ttfb);
	put_latency(f, "ttft_ms", m->head.ttft);
	put_latency(f, "ttfo_ms", m->head.ttfo);
	put_field(f, "itl_ms");
	if (m->gaps)
		put_gaps(f, r, d, m->itl_zeros);
	else
		put_value(f, m->itl);
	put_latency(f, "tpot_ms", m->tpot);
	put_latency(f, "e2e_ms", m->head.e2e);
	put_latency(f, "e2e_done_ms", m->head.e2e_done);
}

static void
put_twins(FILE *f, const struct metric_latency *l)
{
	put_latency(f, "ttfb_sent_ms", l->ttfb);
	put_latency(f, "ttft_sent_ms", l->ttft);
	put_latency(f, "ttfo_sent_ms", l->ttfo);
	put_latency(f, "e2e_sent_ms", l->e2e);
	put_latency(f, "e2e_done_sent_ms", l->e2e_done);
}

void
metric_put(FILE *f, const struct response *r, const struct definition *d, const struct metric *m)
{
	fputs("{\"id\":", f);
	put_raw(f, r->id);
	metric_put_member(f, "tags", r->tags);
	fprintf(f, ",\"ok\":%s", m->ok ? "true" : "false");
	put_count(f, "due_us", r->due_us);
	put_count(f, "sent_us", r->sent_us);
	put_count(f, "end_us", r->end_us);
	put_count(f, "last_us", m->last_us);
	put_head(f, r, d, m);
	if (d->start == START_DUE)
		put_twins(f, &m->sent);
	put_count(f, "input_tokens", m->input_tokens);
	put_word(f, "input_from", m->input_from);
	put_count(f, "output_tokens", m->output_tokens);
	put_word(f, "tokens_from", m->tokens_from);
	put_count(f, "cached_tokens", m->cached_tokens);
	put_count(f, "reasoning_tokens", m->reasoning_tokens);
	put_verdict(f, "structured_ok", m->structured);
	put_verdict(f, "tool_call_ok", m->call);
	metric_put_member(f, "finish", r->finish);
	metric_put_member(f, "error", r->error);
	if (d != definition_all)
		put_word(f, "as", d->name);
	for (size_t i = 0; i < r->n_rest; i++)
		if (!is_own(r->rest[i])) {
			putc(',', f);
			put_raw(f, r->rest[i]);
		}
}
