/* totals: see totals.h. */
#include "totals.h"

static void
add_tokens(struct tokens *t, int64_t n, unsigned from)
{
	t->sources |= 1u << from;
	if (n < 0)
		return;
	if (__builtin_add_overflow(t->sum, n, &t->sum))
		t->sum = INT64_MAX;
	t->n++;
}

static void
add_share(struct share *s, signed char verdict)
{
	s->n += verdict >= 0;
	s->right += verdict > 0;
}

static void
add_rates(struct totals *t, const struct outcome *o)
{
	double input = o->input > 0 ? (double)o->input : 0, output = o->output > 0 ? (double)o->output : 0;

	rate_add(&t->input_x, input);
	rate_add(&t->output_x, output);
	rate_add(&t->total_x, input + output);
}

void
totals_add(struct totals *t, const struct outcome *o)
{
	t->total++;
	t->sent += o->sent_us != OUTCOME_NONE;
	t->good += o->good;
	t->unmeasured += o->unmeasured;
	if (!o->ok) {
		t->failed++;
		t->by_kind[o->kind]++;
		return;
	}
	t->ok++;
	add_tokens(&t->input, o->input, o->input_from);
	add_tokens(&t->output, o->output, o->output_from);
	add_tokens(&t->cached, o->cached, SOURCE_NONE);
	add_rates(t, o);
	add_share(&t->structured, o->structured);
	add_share(&t->call, o->call);
}

const char *
tokens_source(const struct tokens *t)
{
	static const char *const names[SOURCES] = {NULL, "usage", "events", "expected"};

	for (int i = SOURCE_NONE; i < SOURCES; i++)
		if (t->sources == 1u << i)
			return names[i];
	return t->sources ? "mixed" : NULL;
}
