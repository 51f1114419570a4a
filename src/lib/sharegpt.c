/* sharegpt: see sharegpt.h. */
#include "sharegpt.h"

#include "estimate.h"

#include <stdio.h>

enum role {
	USER,
	MODEL,
	SYSTEM,
	NOBODY
};

static const struct {
	const char *name;
	enum role role;
} roles[] = {{"human", USER}, {"user", USER}, {"gpt", MODEL}, {"chatgpt", MODEL}, {"assistant", MODEL}, {"bing", MODEL},
	{"bard", MODEL}, {"system", SYSTEM}};

struct reader {
	struct entry *e;
	struct span system, asked; /* absent: not said yet */
	bool whole, over;          /* over: what follows is not used */
};

static enum role
role_of(struct span from)
{
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (span_is(from, roles[i].name))
			return roles[i].role;
	return NOBODY;
}

static bool
is_conversation(struct span key)
{
	return span_is(key, "conversations") || span_is(key, "conversation");
}

static bool
take_text(struct scan *s, struct span *raw, const char *why)
{
	if (scan_kind(s) != SCAN_STRING)
		return scan_kind(s) == SCAN_ERROR ? scan_value(s, NULL) : scan_fail(s, why);
	return scan_string(s, raw);
}

/* One turn; false: out of memory. */
static bool
said(struct reader *r, enum role role, struct span text)
{
	struct prompt *q;

	if (r->over)
		return true;
	if (role == SYSTEM && r->e->turns == 0 && !r->asked.s && !r->system.s) {
		r->system = text;
	} else if (role == USER && !r->asked.s && text.n > 0) {
		r->asked = text;
	} else if (role == MODEL && r->asked.s && text.n > 0) {
		if (!(q = entry_add(r->e)))
			return false;
		q->text = r->asked;
		q->input = estimate_tokens(q->text);
		q->reply = estimate_tokens(text);
		r->asked = (struct span){0};
		r->over = !r->whole;
	} else {
		r->over = true;
	}
	return true;
}

static bool
take_turn(struct reader *r, struct scan *s)
{
	struct span key, from = {0}, value = {0};

	if (scan_kind(s) != SCAN_OBJECT)
		return scan_kind(s) == SCAN_ERROR ? scan_value(s, NULL) : scan_fail(s, "a turn is not an object");
	scan_object(s);
	while (scan_member(s, &key))
		if (span_is(key, "from"))
			take_text(s, &from, "from is not a string");
		else if (span_is(key, "value"))
			take_text(s, &value, "value is not a string");
		else
			scan_value(s, NULL);
	if (s->why)
		return false;
	if (!from.s || !value.s)
		return scan_fail(s, "a turn without from and value");
	return said(r, role_of(from), value) || scan_fail(s, "out of memory");
}

static bool
take_conversation(struct reader *r, struct scan *s)
{
	if (scan_kind(s) != SCAN_ARRAY)
		return scan_kind(s) == SCAN_ERROR ? scan_value(s, NULL) : scan_fail(s, "conversations is not an array");
	scan_array(s);
	while (scan_item(s))
		take_turn(r, s);
	return !s->why;
}

/* The system's turn goes with the user's first one. */
static bool
join(struct reader *r, bool chat)
{
	struct prompt *q = r->e->turn;
	int n = asprintf(&r->e->made, "%s%.*s%s%.*s%s", chat ? "[{\"role\":\"system\",\"content\":\"" : "",
	    (int)r->system.n, r->system.s, chat ? "\"},{\"role\":\"user\",\"content\":\"" : "\\n\\n",
	    (int)q->text.n, q->text.s, chat ? "\"}]" : "");

	if (n < 0) {
		r->e->made = NULL;
		return false;
	}
	*(chat ? &q->messages : &q->text) = (struct span){r->e->made, (size_t)n};
	if (chat)
		q->text = (struct span){0};
	q->input += estimate_tokens(r->system);
	return true;
}

bool
sharegpt_like(struct scan *s)
{
	struct span key;

	if (!scan_take_object(s))
		return false;
	while (scan_member(s, &key)) {
		if (is_conversation(key))
			return true;
		scan_value(s, NULL);
	}
	return false;
}

bool
sharegpt_read(struct scan *s, bool chat, bool whole, struct entry *e, const char **lacks)
{
	struct reader r = {.e = e, .whole = whole};
	bool there = false;
	struct span key;

	if (scan_kind(s) != SCAN_OBJECT)
		return scan_kind(s) == SCAN_ERROR ? scan_value(s, NULL) : scan_fail(s, "not a JSON object");
	scan_object(s);
	while (scan_member(s, &key))
		if (is_conversation(key) && !there)
			there = take_conversation(&r, s);
		else
			scan_value(s, NULL);
	if (s->why)
		return false;
	e->conversation = whole;
	if (e->turns == 0)
		e->verdict = ENTRY_NO_EXCHANGE;
	else if (r.system.s && r.system.n > 0 && !join(&r, chat))
		return scan_fail(s, "out of memory");
	*lacks = there ? NULL : "no conversations";
	return there;
}
