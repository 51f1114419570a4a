/* promptline: see promptline.h. */
#include "promptline.h"

#include <math.h>

#define THINK_MOST_MS 1e12

struct line {
	struct scan *s;
	struct entry *e;
	enum promptline_form form;
	bool chat;
};

/* A value of another kind than it should be; broken JSON has its own reason. */
static bool
wrong(struct scan *s, const char *why)
{
	return scan_kind(s) == SCAN_ERROR ? scan_value(s, NULL) : scan_fail(s, why);
}

/* An array of at least one message, each an object. */
static bool
take_messages(struct scan *s, struct span *raw)
{
	const char *from;
	size_t n = 0;

	if (scan_kind(s) != SCAN_ARRAY)
		return wrong(s, "messages is not an array");
	from = s->p;
	scan_array(s);
	while (scan_item(s)) {
		if (scan_kind(s) != SCAN_OBJECT)
			return wrong(s, "a message is not an object");
		scan_value(s, NULL);
		n++;
	}
	if (!s->why && n == 0)
		return scan_fail(s, "messages is empty");
	*raw = (struct span){from, (size_t)(s->p - from)};
	return !s->why;
}

static bool
take_text(struct scan *s, struct span *raw)
{
	if (scan_kind(s) != SCAN_STRING)
		return wrong(s, "prompt is not a string");
	return scan_string(s, raw) && (raw->n > 0 || scan_fail(s, "prompt is empty"));
}

static bool
take_tokens(struct scan *s, int64_t *v)
{
	enum scan_kind kind = scan_kind(s);

	if (kind == SCAN_NULL)
		return scan_value(s, NULL);
	if (kind == SCAN_NUMBER && scan_take_int(s, v) && *v > 0)
		return true;
	return scan_fail(s, "not a positive whole number of tokens");
}

static bool
take_think(struct scan *s, int64_t *us)
{
	double ms;

	if (scan_kind(s) == SCAN_NUMBER) {
		struct span raw;

		ms = scan_number(s, &raw) ? span_double(raw) : -1;
		if (ms >= 0 && ms <= THINK_MOST_MS) {
			*us = llround(ms * 1000);
			return true;
		}
	}
	return scan_fail(s, "think_ms is not a number of milliseconds from 0");
}

static bool
take_adapter(struct scan *s, struct span *raw)
{
	enum scan_kind kind = scan_kind(s);

	if (kind == SCAN_NULL)
		return scan_value(s, NULL);
	if (kind != SCAN_STRING)
		return wrong(s, "adapter_name is not a string");
	return scan_string(s, raw) && (raw->n > 0 || scan_fail(s, "adapter_name is empty"));
}

static void
take_member(const struct line *l, struct span key, struct prompt *out)
{
	struct scan *s = l->s;
	bool ours = l->form == PROMPTLINE_OURS;

	if (span_is(key, "prompt"))
		take_text(s, &out->text);
	else if (span_is(key, "output_tokens") && l->form != PROMPTLINE_LORA)
		take_tokens(s, &out->output_tokens);
	else if (span_is(key, "adapter_name") && l->form != PROMPTLINE_VLLM)
		take_adapter(s, &out->adapter);
	else if (span_is(key, "messages") && ours)
		take_messages(s, &out->messages);
	else if (span_is(key, "max_tokens") && ours)
		take_tokens(s, &out->max_tokens);
	else if (span_is(key, "think_ms") && ours)
		take_think(s, &out->think_us);
	else if (span_is(key, "category") && ours)
		scan_take_string(s, &out->category);
	else
		scan_value(s, NULL);
}

/* NULL, or what a line or a turn lacks. */
static const char *
missing(const struct line *l, const struct prompt *q)
{
	if (!q->text.s && !q->messages.s)
		return l->form == PROMPTLINE_OURS ? "neither prompt nor messages" : "no prompt";
	if (q->text.s && q->messages.s)
		return "both prompt and messages";
	if (q->messages.s && !l->chat)
		return "messages need a chat API";
	return NULL;
}

static bool
take_turn(const struct line *l)
{
	struct prompt *q = entry_add(l->e);
	struct scan *s = l->s;
	struct span key;
	const char *why;

	if (!q)
		return scan_fail(s, "out of memory");
	if (scan_kind(s) == SCAN_STRING)
		return take_text(s, &q->text);
	if (scan_kind(s) != SCAN_OBJECT)
		return wrong(s, "a turn is neither a string nor an object");
	scan_object(s);
	while (scan_member(s, &key))
		take_member(l, key, q);
	return !s->why && (!(why = missing(l, q)) || scan_fail(s, why));
}

static bool
take_turns(const struct line *l)
{
	struct scan *s = l->s;

	if (!l->chat)
		return wrong(s, "turns need a chat API");
	if (scan_kind(s) != SCAN_ARRAY)
		return wrong(s, "turns is not an array");
	l->e->conversation = true;
	l->e->turns = 0;
	scan_array(s);
	while (scan_item(s))
		take_turn(l);
	return !s->why && (l->e->turns > 0 || scan_fail(s, "turns is empty"));
}

/* What the line says of all its turns counts for those that do not say it themselves. */
static void
share(struct entry *e, const struct prompt *line)
{
	for (struct prompt *q = e->turn; q < e->turn + e->turns; q++) {
		q->max_tokens = q->max_tokens ? q->max_tokens : line->max_tokens;
		q->output_tokens = q->output_tokens ? q->output_tokens : line->output_tokens;
		q->think_us = q->think_us >= 0 ? q->think_us : line->think_us;
		q->category = q->category.s ? q->category : line->category;
		q->adapter = q->adapter.s ? q->adapter : line->adapter;
	}
}

/* A line that is a prompt is the only one of its turns. */
static const char *
settle(const struct line *l, const struct prompt *whole)
{
	struct prompt *q;

	if (l->e->conversation) {
		share(l->e, whole);
		return whole->text.s || whole->messages.s ? "turns, and a prompt or messages beside them" : NULL;
	}
	l->e->turns = 0;
	if (!(q = entry_add(l->e)))
		return "out of memory";
	*q = *whole;
	return missing(l, q);
}

bool
promptline_read(struct scan *s, enum promptline_form form, bool chat, struct entry *e, const char **lacks)
{
	struct line l = {s, e, form, chat};
	struct prompt whole = {.think_us = -1};
	struct span key;

	if (scan_kind(s) != SCAN_OBJECT)
		return wrong(s, "not a JSON object");
	scan_object(s);
	while (scan_member(s, &key))
		if (span_is(key, "turns") && form == PROMPTLINE_OURS)
			take_turns(&l);
		else
			take_member(&l, key, &whole);
	*lacks = s->why ? NULL : settle(&l, &whole);
	return !s->why && !*lacks;
}
