/* calls: see calls.h. */
#include "calls.h"

#include "put.h"
#include "scan.h"

#include <stdlib.h>

#define MOST 1024 /* a reply with more calls than that is not one that somebody will use */

static struct call *
call_of(struct calls *c, int64_t index)
{
	struct call *grown;

	for (size_t i = 0; i < c->n; i++)
		if (c->call[i].index == index)
			return &c->call[i];
	if (c->n == MOST)
		return NULL;
	if (!(grown = reallocarray(c->call, c->n + 1, sizeof *grown))) {
		c->no_memory = true;
		return NULL;
	}
	c->call = grown;
	c->call[c->n] = (struct call){.index = index};
	return &c->call[c->n++];
}

static void
append(struct text *t, struct span raw)
{
	size_t before = t->n;

	text_add(t, raw.s, raw.n);
	if (!t->bad)
		t->s[t->n = before + span_decode(raw, t->s + before)] = '\0';
}

/* The name and a piece of the arguments. */
static void
take_function(struct scan *s, struct span *name, struct span *arguments, bool *whole)
{
	struct span key;

	if (!scan_take_object(s))
		return;
	while (scan_member(s, &key))
		if (span_is(key, "name"))
			scan_take_string(s, name);
		else if (!span_is(key, "arguments"))
			scan_value(s, NULL);
		else if (scan_kind(s) == SCAN_OBJECT)
			*whole = scan_value(s, arguments); /* some servers send the object itself */
		else
			scan_take_string(s, arguments);
}

static void
add(struct calls *c, int64_t index, struct span name, struct span arguments, bool whole)
{
	struct call *call = call_of(c, index);

	if (!call)
		return;
	if (name.s && call->name.n == 0)
		append(&call->name, name);
	if (whole)
		text_add(&call->arguments, arguments.s, arguments.n);
	else if (arguments.s)
		append(&call->arguments, arguments);
	c->no_memory |= call->name.bad || call->arguments.bad;
}

static void
take_call(struct scan *s, struct calls *c, int64_t place)
{
	struct span key, name = {0}, arguments = {0};
	int64_t index = place;
	bool whole = false;

	if (!scan_take_object(s))
		return;
	while (scan_member(s, &key))
		if (span_is(key, "index"))
			scan_take_int(s, &index);
		else if (span_is(key, "function"))
			take_function(s, &name, &arguments, &whole);
		else
			scan_value(s, NULL);
	add(c, index, name, arguments, whole);
}

void
calls_add(struct calls *c, struct span raw)
{
	struct span name = {0}, arguments = {0};
	struct scan s;
	bool whole = false;

	scan_start(&s, raw.s, raw.n);
	if (scan_kind(&s) == SCAN_OBJECT) {
		take_function(&s, &name, &arguments, &whole);
		add(c, 0, name, arguments, whole);
	} else if (scan_take_array(&s)) {
		for (int64_t place = 0; scan_item(&s); place++)
			take_call(&s, c, place);
	}
}

void
calls_put(FILE *f, const struct calls *c)
{
	putc('[', f);
	for (size_t i = 0; i < c->n; i++) {
		const struct call *call = &c->call[i];

		fputs(i ? ",{\"name\":" : "{\"name\":", f);
		put_string(f, call->name.n ? call->name.s : "", call->name.n);
		fputs(",\"arguments\":", f);
		put_string(f, call->arguments.n ? call->arguments.s : "", call->arguments.n);
		putc('}', f);
	}
	putc(']', f);
}

void
calls_free(struct calls *c)
{
	for (size_t i = 0; i < c->n; i++) {
		text_free(&c->call[i].name);
		text_free(&c->call[i].arguments);
	}
	free(c->call);
	*c = (struct calls){0};
}
