/* asked: see asked.h. */
#include "asked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The JSON value that somebody wrote as text; integers beyond 64 bits count as reals.  NULL: it is none. */
static json_t *
parse(const char *s, size_t n)
{
	const size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL;
	json_error_t e;
	json_t *v = json_loadb(s, n, flags, &e);

	if (!v && json_error_code(&e) == json_error_numeric_overflow)
		v = json_loadb(s, n, flags | JSON_DECODE_INT_AS_REAL, &e);
	return v;
}

/* What of it cannot be checked is said once, the first of it. */
static void
say(char *why, size_t size, const char *what, const char *name, const char *reason)
{
	if (!*why)
		snprintf(why, size, "%s: %.60s%s%s", what, name, *name ? ": " : "", reason);
}

static void
read_format(struct asked *a, char *why, size_t size)
{
	const char *type = json_string_value(json_object_get(a->format, "type"));
	json_t *schema = json_object_get(json_object_get(a->format, "json_schema"), "schema");
	char reason[200];

	if (!type || strcmp(type, "text") == 0)
		return;
	if (strcmp(type, "json_object") == 0)
		a->object = true;
	else if (strcmp(type, "json_schema") != 0)
		say(why, size, "response_format", type, "not text, json_object or json_schema");
	else if (!schema)
		say(why, size, "response_format", "", "json_schema.schema is missing");
	else if (!(a->schema = jsonschema_new(schema, reason, sizeof reason)))
		say(why, size, "response_format", "", reason);
}

static bool
read_tools(struct asked *a, char *why, size_t size)
{
	size_t i;
	json_t *tool;
	char reason[200];

	if (json_array_size(a->tools) == 0)
		return true;
	if (!(a->tool = calloc(json_array_size(a->tools), sizeof *a->tool)))
		return false;
	json_array_foreach(a->tools, i, tool) {
		json_t *function = json_object_get(tool, "function"), *parameters = json_object_get(function, "parameters");
		struct asked_tool *t = &a->tool[a->n_tools];

		if (!(t->name = json_string_value(json_object_get(function, "name"))))
			continue;
		a->n_tools++;
		if (!parameters || json_is_null(parameters))
			continue;
		t->beyond = !(t->schema = jsonschema_new(parameters, reason, sizeof reason));
		if (t->beyond)
			say(why, size, "tools", t->name, reason);
	}
	return true;
}

bool
asked_read(struct asked *a, json_t *format, json_t *tools, char *why, size_t size)
{
	*why = '\0';
	*a = (struct asked){.format = json_incref(format), .tools = json_incref(tools)};
	read_format(a, why, size);
	return read_tools(a, why, size);
}

static enum asked_verdict
satisfies(const struct jsonschema *s, json_t *v)
{
	bool lost = false, good = v && jsonschema_holds(s, v, &lost);

	return lost ? ASKED_NOTHING : good ? ASKED_RIGHT : ASKED_WRONG;
}

static json_t *
parse_raw(struct span raw)
{
	char *text = malloc(raw.n + 1);
	json_t *v = text ? parse(text, span_decode(raw, text)) : NULL;

	free(text);
	return v;
}

enum asked_verdict
asked_structured(const struct asked *a, struct span text, struct span calls)
{
	enum asked_verdict verdict;
	json_t *v;

	if (!text.s || (!a->object && !a->schema) || (text.n == 0 && calls.s && a->tool))
		return ASKED_NOTHING;
	v = parse_raw(text);
	verdict = a->schema ? satisfies(a->schema, v) : json_is_object(v) ? ASKED_RIGHT : ASKED_WRONG;
	json_decref(v);
	return verdict;
}

static enum asked_verdict
judge_call(const struct asked *a, const json_t *call)
{
	const char *name = json_string_value(json_object_get(call, "name"));
	json_t *text = json_object_get(call, "arguments"), *v;
	enum asked_verdict verdict = ASKED_WRONG;
	size_t i = 0;

	while (name && i < a->n_tools && strcmp(a->tool[i].name, name) != 0)
		i++;
	if (!name || i == a->n_tools || !json_is_string(text) ||
	    !(v = parse(json_string_value(text), json_string_length(text))))
		return ASKED_WRONG;
	if (a->tool[i].beyond)
		verdict = ASKED_NOTHING;
	else
		verdict = a->tool[i].schema ? satisfies(a->tool[i].schema, v) : ASKED_RIGHT;
	json_decref(v);
	return verdict;
}

enum asked_verdict
asked_call(const struct asked *a, struct span calls, bool kept)
{
	enum asked_verdict best = ASKED_WRONG;
	bool unsure = false;
	json_t *list, *call;
	size_t i;

	if (!kept || a->n_tools == 0)
		return ASKED_NOTHING;
	list = calls.s ? parse(calls.s, calls.n) : NULL;
	json_array_foreach(list, i, call) {
		enum asked_verdict one = judge_call(a, call);

		unsure |= one == ASKED_NOTHING;
		if (one == ASKED_RIGHT)
			best = one;
	}
	json_decref(list);
	return best == ASKED_WRONG && unsure ? ASKED_NOTHING : best;
}

void
asked_free(struct asked *a)
{
	for (size_t i = 0; i < a->n_tools; i++)
		jsonschema_free(a->tool[i].schema);
	free(a->tool);
	jsonschema_free(a->schema);
	json_decref(a->format);
	json_decref(a->tools);
	*a = (struct asked){0};
}
