/* supply: see supply.h. */
#include "supply.h"

#include "estimate.h"
#include "seed.h"

#include <errno.h>
#include <math.h>
#include <string.h>

struct prompts_options
supply_options(const struct workload *w, size_t max_line)
{
	return (struct prompts_options){
		.form = w->form,
		.messages = w->api->messages,
		.whole = w->sessions,
		.ratio = w->token_ratio > 0 ? w->token_ratio : 1,
		.estimate = w->token_ratio > 0,
		.bounds = w->bounds,
		.max_line = max_line,
	};
}

void
supply_begin_streams(struct supply *s)
{
	uint64_t seed = s->w->load.seed;

	s->input_lengths = seed_stream(seed, "input lengths");
	s->output_lengths = seed_stream(seed, "output lengths");
	s->turn_numbers = seed_stream(seed, "turns");
	s->think_times = seed_stream(seed, "thinking");
	s->marks = salt_stream(seed, "marks", s->w->salt);
}

static enum supply_status
next_line(struct supply *s)
{
	struct prompts *p = &s->prompts;
	enum prompts_status got;

	if (p->copy && jsonl_empty(&p->lines))
		s->wait(s->ctx);
	while ((got = prompts_next(p)) == PROMPTS_BAD)
		s->bad(s->ctx, p);
	s->turn = 0;
	return got == PROMPTS_OK ? SUPPLY_OK : got == PROMPTS_NONE ? SUPPLY_NONE : SUPPLY_ERROR;
}

enum supply_status
supply_begin(struct supply *s, int64_t *turns)
{
	enum supply_status got = s->w->prompts_file ? next_line(s) : SUPPLY_OK;
	const struct entry *e = &s->prompts.now;
	int64_t there = (int64_t)e->turns;

	*turns = s->w->sessions ? lengths_at(&s->w->turns, s->turn_numbers, s->begun++) : 0;
	if (s->w->prompts_file && e->conversation && (*turns == 0 || *turns > there))
		*turns = there;
	return got;
}

static int64_t
think_us(const struct supply *s, const struct reqput *q)
{
	return lengths_at(&s->w->think_ms, s->think_times, (uint64_t)q->id - 1) * 1000;
}

static int64_t
at_least_1(double tokens)
{
	return tokens > 1 ? llround(tokens) : 1;
}

/* The mark of the prompt, if it is the first of its conversation and there is a place for one. */
static void
salt(struct supply *s, struct reqput *q)
{
	if (!s->w->salt || q->turn > 1 || !s->w->api->generates || !(q->text || salt_place(q->prompt, &q->mark_at)))
		return;
	salt_mark(s->marks, (uint64_t)q->id - 1, s->mark);
	q->mark = s->mark;
}

/* The next prompt of the file; a session longer than its first line goes on in the next one. */
static enum supply_status
from_file(struct supply *s, struct reqput *q)
{
	enum supply_status got = s->turn == s->prompts.now.turns ? next_line(s) : SUPPLY_OK;
	const struct prompt *p;

	if (got != SUPPLY_OK)
		return got;
	p = &s->prompts.now.turn[s->turn++];
	q->text = p->text.s;
	q->prompt = q->text ? p->text : p->messages;
	salt(s, q);
	q->category = p->category;
	q->adapter = p->adapter;
	q->output_tokens = p->output_tokens;
	if (p->reply > 0) {
		q->output_tokens = at_least_1(p->reply * s->prompts.o.ratio);
		q->output_from = "estimate";
	}
	q->max_tokens = p->max_tokens ? p->max_tokens : q->output_tokens;
	if (s->w->token_ratio > 0 && p->input > 0 && q->turn <= 1 && !s->w->system) {
		double mark = q->mark ? estimate_tokens((struct span){q->mark, strlen(q->mark)}) : 0;

		q->input_tokens = at_least_1((p->input + mark) * s->w->token_ratio) + s->w->template_tokens;
		q->input_from = "calibrated";
	}
	q->think_us = p->think_us >= 0 ? p->think_us : think_us(s, q);
	return SUPPLY_OK;
}

/* Which of the made-up prompts it is: those of a group come again after prefix.prompts of them. */
static uint64_t
prompt_number(const struct workload *w, const struct reqput *q)
{
	uint64_t i = (uint64_t)q->id - 1;

	return w->prefix.prompts && q->turn == 0 ? i % (uint64_t)(w->prefix.groups * w->prefix.prompts) : i;
}

/* What it begins with, by the counting of words: a later turn has it in its history. */
static struct words_beginning
beginning(const struct workload *w, const struct reqput *q)
{
	int64_t n = w->prefix.tokens, i = q->turn ? q->session : q->id;

	if (n == 0 || q->turn > 1)
		return (struct words_beginning){0};
	if (w->token_ratio > 0)
		n = at_least_1((double)n / w->token_ratio);
	return (struct words_beginning){.number = (uint64_t)((i - 1) % w->prefix.groups), .n = n};
}

/* Of a later turn only the new message's length is known, not the history's; nor is a system message's. */
static enum supply_status
made_up(struct supply *s, struct reqput *q)
{
	struct words *w = &s->words;
	struct words_beginning b = beginning(s->w, q);
	uint64_t i = prompt_number(s->w, q);
	int64_t n = lengths_at(&s->w->input, s->input_lengths, i);
	double ratio = s->w->token_ratio;

	if (ratio > 0)
		n = at_least_1((double)(n - s->w->template_tokens) / ratio);
	q->prompt.s = words_behind(w, b, i, n, &q->prompt.n);
	if (!q->prompt.s) {
		errno = ENOMEM;
		return SUPPLY_ERROR;
	}
	q->input_from = !w->list ? "ids" : w->one_token ? "tokenize" : "estimate";
	n += b.n;
	if (ratio > 0) {
		n = at_least_1((double)n * ratio) + s->w->template_tokens;
		q->input_from = "calibrated";
	}
	q->input_tokens = q->turn > 1 || s->w->system ? 0 : n;
	q->think_us = think_us(s, q);
	return SUPPLY_OK;
}

enum supply_status
supply_next(struct supply *s, struct reqput *q, bool wanted)
{
	enum supply_status got = SUPPLY_OK;

	if (s->w->prompts_file)
		got = from_file(s, q);
	else if (wanted)
		got = made_up(s, q);
	if (s->w->output_given && wanted) {
		q->max_tokens = lengths_at(&s->w->output, s->output_lengths, (uint64_t)q->id - 1);
		q->output_from = NULL;
		q->output_tokens = 0; /* what the file says of its reply is of another one */
	}
	return got;
}

void
supply_end(struct supply *s)
{
	words_free(&s->words);
	prompts_close(&s->prompts);
}
