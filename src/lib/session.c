/* session: see session.h. */
#include "session.h"

#include "scan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
push(struct session *s, struct request *q, bool done)
{
	if (s->n == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 4;
		struct session_turn *t = reallocarray(s->turn, cap, sizeof *t);

		if (!t)
			return false;
		s->turn = t;
		s->cap = cap;
	}
	s->turn[s->n++] = (struct session_turn){q->line, q->len, q->id, q->think_us, done};
	s->bytes += q->len;
	q->line = NULL;
	return true;
}

struct session *
session_new(struct request *q, bool done)
{
	struct session *s = calloc(1, sizeof *s);

	if (s && (s->name = strndup(q->session.s, q->session.n)) && push(s, q, done)) {
		s->turns = q->turns;
		s->at_us = q->at_us;
		s->warmup = q->warmup;
		return s;
	}
	session_free(s);
	return NULL;
}

const char *
session_add(struct session *s, struct request *q, bool done)
{
	if (strlen(s->name) != q->session.n || memcmp(s->name, q->session.s, q->session.n) != 0)
		return "";
	if (q->turn <= (int64_t)s->n)
		return "a turn that was there before";
	if (q->turn != (int64_t)s->n + 1)
		return "a turn of its session is missing before it";
	if (q->turns != s->turns)
		return "turns is not what the turn before it says";
	return push(s, q, done) ? NULL : "out of memory";
}

bool
session_complete(const struct session *s)
{
	return s->turns > 0 && (int64_t)s->n == s->turns;
}

bool
session_done(const struct session *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (!s->turn[i].done)
			return false;
	return true;
}

static bool
say(struct session *s, const char *text, size_t n)
{
	if (n == 0)
		return true;
	if (s->len + n > s->history_cap) {
		size_t cap = 2 * (s->len + n);
		char *p = realloc(s->history, cap);

		if (!p)
			return false;
		s->history = p;
		s->history_cap = cap;
	}
	memcpy(s->history + s->len, text, n);
	s->len += n;
	return true;
}

static bool
say_text(struct session *s, const char *text)
{
	return say(s, text, strlen(text));
}

/* What stands in an array, without the blanks around it. */
static struct span
inside(struct span array)
{
	struct span in = {array.s + 1, array.n - 2};

	while (in.n > 0 && strchr(" \t\r\n", *in.s)) {
		in.s++;
		in.n--;
	}
	while (in.n > 0 && strchr(" \t\r\n", in.s[in.n - 1]))
		in.n--;
	return in;
}

/* The body with the history before its own messages: the same JSON value in all else. */
static bool
put_history(const struct session *s, struct request *q, struct span new)
{
	size_t before = (size_t)(q->messages.s + 1 - q->body.s), comma = new.n > 0;
	char *p = q->history_body = malloc(q->body.n + s->len + comma + 1);

	if (!p)
		return false;
	memcpy(p, q->body.s, before);
	memcpy(p + before, s->history, s->len);
	memcpy(p + before + s->len, ",", comma);
	memcpy(p + before + s->len + comma, q->body.s + before, q->body.n - before);
	q->body = (struct span){p, q->body.n + s->len + comma};
	return true;
}

bool
session_take(struct session *s, struct request *q)
{
	struct session_turn *t = &s->turn[s->next];
	struct span new;
	size_t column;

	request_read(q, t->line, t->len, &column);
	q->talk = s;
	t->line = NULL;
	s->next++;
	new = inside(q->messages);
	if ((s->len == 0 || put_history(s, q, new)) && (s->len == 0 || new.n == 0 || say_text(s, ",")) &&
	    say(s, new.s, new.n))
		return true;
	request_free(q);
	return false;
}

/* One tool call as a client sends it back.  The ids are ours: records keep the server's not. */
static bool
say_call(struct session *s, struct scan *calls, int k)
{
	struct span key, name = {"", 0}, arguments = {"", 0};
	char id[64];

	scan_object(calls);
	while (scan_member(calls, &key))
		if (span_is(key, "name"))
			scan_take_string(calls, &name);
		else if (span_is(key, "arguments"))
			scan_take_string(calls, &arguments);
		else
			scan_value(calls, NULL);
	snprintf(id, sizeof id, "%s{\"id\":\"call_%zu_%d\"", k ? "," : "", s->next, k);
	return !calls->why && say_text(s, id) && say_text(s, ",\"type\":\"function\",\"function\":{\"name\":\"") &&
	    say(s, name.s, name.n) && say_text(s, "\",\"arguments\":\"") && say(s, arguments.s, arguments.n) &&
	    say_text(s, "\"}}");
}

static bool
say_calls(struct session *s, struct span raw)
{
	struct scan calls;
	bool good = say_text(s, ",\"tool_calls\":[");

	scan_start(&calls, raw.s, raw.n);
	scan_array(&calls);
	for (int k = 0; good && scan_item(&calls); k++)
		good = say_call(s, &calls, k);
	return good && !calls.why && say_text(s, "]");
}

static bool
say_reply(struct session *s, struct span text, struct span calls)
{
	bool none = calls.s && text.n == 0;

	return say_text(s, s->len ? ",{\"role\":\"assistant\",\"content\":" : "{\"role\":\"assistant\",\"content\":") &&
	    (none ? say_text(s, "null") : say_text(s, "\"") && say(s, text.s, text.n) && say_text(s, "\"")) &&
	    (!calls.s || say_calls(s, calls)) && say_text(s, "}");
}

const char *
session_reply(struct session *s, const char *record, size_t len)
{
	struct scan r;
	struct span key, text = {0}, calls = {0}, error = {0};

	scan_start(&r, record, len);
	scan_object(&r);
	while (scan_member(&r, &key))
		if (span_is(key, "text"))
			scan_take_string(&r, &text);
		else if (span_is(key, "calls") && scan_kind(&r) == SCAN_ARRAY)
			scan_value(&r, &calls);
		else if (span_is(key, "error"))
			scan_value(&r, &error);
		else
			scan_value(&r, NULL);
	if (!scan_end(&r) || !error.s)
		return "the record of an earlier turn cannot be read";
	if (*error.s != 'n')
		return "an earlier turn of its session failed";
	if (!text.s)
		return "the reply to an earlier turn was not kept";
	if (calls.s && calls.n == 2)
		calls = (struct span){0};
	return say_reply(s, text, calls) ? NULL : "out of memory";
}

void
session_free(struct session *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		free(s->turn[i].line);
	free(s->turn);
	free(s->name);
	free(s->history);
	free(s);
}
