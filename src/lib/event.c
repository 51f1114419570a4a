/* event: see event.h. */
#include "event.h"

#include "scan.h"

#include <string.h>

/* Over all choices and fields the strongest letter wins. */
static const char strength[] = "rtfc";

static void
at_least(char *kind, char letter)
{
	if (!*kind || strchr(strength, letter) > strchr(strength, *kind))
		*kind = letter;
}

/* Step over any value; whether it is something: not null, not false, not empty. */
static bool
something(struct scan *s, struct span *raw)
{
	enum scan_kind kind = scan_kind(s);
	struct scan inner;

	if (!scan_value(s, raw))
		return false;
	switch (kind) {
	case SCAN_STRING: return raw->n > 2;
	case SCAN_BOOL: return raw->s[0] == 't';
	case SCAN_NUMBER: return true;
	case SCAN_ARRAY:
		scan_start(&inner, raw->s, raw->n);
		return scan_array(&inner) && scan_item(&inner);
	case SCAN_OBJECT:
		scan_start(&inner, raw->s, raw->n);
		return scan_object(&inner) && scan_member(&inner, &(struct span){0});
	default: return false;
	}
}

struct choice {
	char kind;
	int64_t index;
	struct span text, calls, finish;
};

/* A delta or a message.  The text is its content when that is a string. */
static void
read_delta(struct scan *s, struct choice *c)
{
	struct span key, raw;

	if (!scan_take_object(s))
		return;
	while (scan_member(s, &key)) {
		bool content = span_is(key, "content");

		if (content || span_is(key, "refusal")) {
			bool string = scan_kind(s) == SCAN_STRING;

			if (!something(s, &raw))
				continue;
			at_least(&c->kind, 'c');
			if (content && string)
				c->text = (struct span){raw.s + 1, raw.n - 2};
		} else if (span_is(key, "tool_calls") || span_is(key, "function_call")) {
			if (!something(s, &raw))
				continue;
			at_least(&c->kind, 'f');
			c->calls = raw;
		} else if (span_is(key, "reasoning_content") || span_is(key, "reasoning")) {
			if (something(s, &raw))
				at_least(&c->kind, 't');
		} else {
			scan_value(s, NULL);
		}
	}
}

static void
read_choice(struct scan *s, struct choice *c)
{
	struct span key, raw;

	if (!scan_take_object(s))
		return;
	while (scan_member(s, &key)) {
		if (span_is(key, "delta") || span_is(key, "message")) {
			read_delta(s, c);
		} else if (span_is(key, "text")) {
			bool string = scan_kind(s) == SCAN_STRING;

			if (something(s, &raw) && string) {
				at_least(&c->kind, 'c');
				c->text = (struct span){raw.s + 1, raw.n - 2};
			}
		} else if (span_is(key, "finish_reason")) {
			scan_take_string(s, &c->finish);
		} else if (span_is(key, "index")) {
			scan_take_int(s, &c->index);
		} else {
			scan_value(s, NULL);
		}
	}
}

static void
read_choices(struct scan *s, struct event *e)
{
	int64_t position = 0;

	if (!scan_take_array(s))
		return;
	for (; scan_item(s); position++) {
		struct choice c = {.kind = 'r', .index = position};

		read_choice(s, &c);
		at_least(&e->kind, c.kind);
		if (c.index == 0) {
			e->text = c.text;
			e->calls = c.calls;
			e->finish = c.finish;
		}
	}
}

/* The integer member `name` of the object that comes next; anything else is stepped over. */
static void
read_detail(struct scan *s, const char *name, int64_t *v)
{
	struct span key;

	if (!scan_take_object(s))
		return;
	while (scan_member(s, &key))
		if (span_is(key, name))
			scan_take_int(s, v);
		else
			scan_value(s, NULL);
}

static void
read_usage(struct scan *s, struct event *e)
{
	struct usage *u = &e->usage;
	struct span key;

	if (!scan_take_object(s))
		return;
	e->has_usage = true;
	while (scan_member(s, &key)) {
		if (span_is(key, "prompt_tokens"))
			scan_take_int(s, &u->prompt);
		else if (span_is(key, "completion_tokens"))
			scan_take_int(s, &u->completion);
		else if (span_is(key, "total_tokens"))
			scan_take_int(s, &e->total);
		else if (span_is(key, "prompt_tokens_details"))
			read_detail(s, "cached_tokens", &u->cached);
		else if (span_is(key, "completion_tokens_details"))
			read_detail(s, "reasoning_tokens", &u->reasoning);
		else
			scan_value(s, NULL);
	}
}

/* The words of an error object: its message, or the string that it is, or all of it. */
static void
read_message(struct event *e, struct span error)
{
	struct scan s;
	struct span key;

	e->message = error;
	e->message_is_text = false;
	scan_start(&s, error.s, error.n);
	if (scan_kind(&s) == SCAN_STRING) {
		e->message_is_text = scan_string(&s, &e->message);
	} else if (scan_kind(&s) == SCAN_OBJECT && scan_object(&s)) {
		while (scan_member(&s, &key))
			if (span_is(key, "message") && scan_kind(&s) == SCAN_STRING)
				e->message_is_text = scan_string(&s, &e->message);
			else
				scan_value(&s, NULL);
	}
}

static bool
is_done(const char *text, size_t len)
{
	while (len > 0 && (*text == ' ' || *text == '\t')) {
		text++;
		len--;
	}
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	return len == 6 && memcmp(text, "[DONE]", 6) == 0;
}

/* Whether the array that comes next has anything in it. */
static void
read_items(struct scan *s, struct event *e)
{
	struct span raw;
	bool array = scan_kind(s) == SCAN_ARRAY;

	if (something(s, &raw) && array)
		e->kind = 'o';
}

static void
read_event(const char *name, const char *text, size_t len, bool items, struct event *e)
{
	struct scan s;
	struct span key, raw, object = {0}, error = {0};

	*e = (struct event){.usage = {-1, -1, -1, -1}, .total = -1};
	if (is_done(text, len)) {
		e->kind = 'd';
		return;
	}
	scan_start(&s, text, len);
	scan_object(&s);
	while (scan_member(&s, &key)) {
		if (!items && span_is(key, "choices")) {
			read_choices(&s, e);
		} else if (items && (span_is(key, "data") || span_is(key, "results"))) {
			read_items(&s, e);
		} else if (span_is(key, "usage")) {
			read_usage(&s, e);
		} else if (span_is(key, "timings") && scan_kind(&s) == SCAN_OBJECT) {
			scan_value(&s, &e->timings);
		} else if (span_is(key, "object")) {
			scan_take_string(&s, &object);
		} else if (span_is(key, "error")) {
			if (something(&s, &raw))
				error = raw;
		} else {
			scan_value(&s, NULL);
		}
	}
	if (strcmp(name, "error") == 0 || error.s || (!s.why && span_is(object, "error"))) {
		e->kind = 'e';
		read_message(e, error.s ? error : (struct span){text, len});
	} else if (!scan_end(&s)) {
		e->kind = 'e';
		e->broken = true;
		e->why = s.why;
	} else if (!e->kind) {
		e->kind = e->has_usage ? 'u' : 'x';
	}
}

void
event_openai(const char *name, const char *text, size_t len, struct event *e)
{
	read_event(name, text, len, false, e);
}

void
event_items(const char *name, const char *text, size_t len, struct event *e)
{
	read_event(name, text, len, true, e);
	if (e->usage.prompt < 0)
		e->usage.prompt = e->total;
}
