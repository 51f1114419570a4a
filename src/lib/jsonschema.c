/* jsonschema: see jsonschema.h.
 *
 * A schema is walked once when it is taken: every keyword has to be known and of its form, every
 * $ref has to lead to a schema, every pattern has to compile.  What they check: jsonwords.c. */
#include "jsonschema.h"

#include "jsonequal.h"
#include "jsonwords.h"
#include "nearest.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH 200 /* of schemas within schemas, as they are written */

struct jsonschema {
	json_t *root;
	struct regexes patterns;
};

/* A walk through a schema. */
struct walk {
	struct jsonschema *s;
	json_t **seen; /* the schemas that were walked or are being walked: each once */
	size_t n_seen, cap;
	int depth;
	char *why;
	size_t size;
};

static bool walk(struct walk *w, json_t *schema, const char *name);

static bool
fail(struct walk *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(w->why, w->size, fmt, ap);
	va_end(ap);
	return false;
}

static bool
is_hex(char c)
{
	return isxdigit((unsigned char)c);
}

/* One step of a JSON pointer, with its %XX, ~0 and ~1 decoded, into out; returns what is behind it. */
static const char *
step(const char *p, char *out, size_t size)
{
	size_t n = 0;
	unsigned byte;

	for (; *p && *p != '/'; p++) {
		char c = *p;

		if (c == '%' && is_hex(p[1]) && is_hex(p[2]) && sscanf(p + 1, "%2x", &byte) == 1) {
			c = (char)byte;
			p += 2;
		}
		if (c == '~' && (p[1] == '0' || p[1] == '1'))
			c = *++p == '0' ? '~' : '/';
		if (n + 1 < size)
			out[n++] = c;
	}
	out[n] = '\0';
	return p;
}

json_t *
jsonschema_pointer(json_t *doc, const char *ref)
{
	char name[256], *end;

	if (*ref != '#' || (ref[1] && ref[1] != '/'))
		return NULL;
	for (ref++; doc && *ref == '/';) {
		ref = step(ref + 1, name, sizeof name);
		if (json_is_array(doc)) {
			size_t i = strtoul(name, &end, 10);

			doc = *name >= '0' && *name <= '9' && !*end ? json_array_get(doc, i) : NULL;
		} else {
			doc = json_object_get(doc, name);
		}
	}
	return doc;
}

static bool
is_count(const json_t *v)
{
	return json_is_number(v) && jsonequal_whole(v) && json_number_value(v) >= 0 && json_number_value(v) < 1e15;
}

static bool
is_strings(const json_t *v)
{
	size_t i;
	json_t *item;

	json_array_foreach(v, i, item)
		if (!json_is_string(item))
			return false;
	return json_is_array(v);
}

static bool
is_type(const json_t *v)
{
	static const char *const known[] = {"object", "array", "string", "number", "integer", "boolean", "null"};

	for (size_t i = 0; json_is_string(v) && i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i], json_string_value(v)) == 0)
			return true;
	return false;
}

static bool
is_types(const json_t *v)
{
	size_t i;
	json_t *item;

	if (!json_is_array(v))
		return is_type(v);
	json_array_foreach(v, i, item)
		if (!is_type(item))
			return false;
	return json_array_size(v) > 0;
}

/* Of a dialect older than 2020-12 only what means the same there: what differs has another form. */
static bool
is_dialect(const json_t *v)
{
	static const char *const known[] = {"json-schema.org/draft/2020-12/schema", "json-schema.org/draft/2019-09/schema",
		"json-schema.org/draft-07/schema", "json-schema.org/draft-06/schema"};

	for (size_t i = 0; json_is_string(v) && i < sizeof known / sizeof *known; i++)
		if (strstr(json_string_value(v), known[i]))
			return true;
	return false;
}

static bool
walk_map(struct walk *w, json_t *map, const char *name, bool patterns)
{
	const char *key;
	json_t *sub;

	if (!json_is_object(map))
		return fail(w, "%.60s: must be a map of schemas", name);
	json_object_foreach(map, key, sub)
		if ((patterns && !regexes_add(&w->s->patterns, key, w->why, w->size)) || !walk(w, sub, key))
			return false;
	return true;
}

static bool
walk_list(struct walk *w, json_t *list, const char *name)
{
	size_t i;
	json_t *sub;

	if (json_array_size(list) == 0)
		return fail(w, "%.60s: must be a list of schemas", name);
	json_array_foreach(list, i, sub)
		if (!walk(w, sub, name))
			return false;
	return true;
}

static bool
walk_reference(struct walk *w, const json_t *word)
{
	const char *ref = json_string_value(word);
	json_t *target = ref ? jsonschema_pointer(w->s->root, ref) : NULL;

	if (ref && *ref != '#')
		return fail(w, "$ref: %.80s: only references within the schema are followed", ref);
	return target ? walk(w, target, ref) : fail(w, "$ref: %.80s: leads nowhere", ref ? ref : "not a string");
}

static bool
is_string_lists(json_t *map)
{
	const char *key;
	json_t *list;

	json_object_foreach(map, key, list)
		if (!is_strings(list))
			return false;
	return json_is_object(map);
}

static bool
has_form(struct walk *w, const struct jsonword *k, json_t *v)
{
	bool good = true;

	switch (k->form) {
	case FORM_NOTE:
	case FORM_ANY: break;
	case FORM_SCHEMA: return walk(w, v, k->name);
	case FORM_SCHEMAS: return walk_list(w, v, k->name);
	case FORM_SCHEMA_MAP: return walk_map(w, v, k->name, false);
	case FORM_PATTERN_MAP: return walk_map(w, v, k->name, true);
	case FORM_REF: return walk_reference(w, v);
	case FORM_PATTERN:
		if (json_is_string(v))
			return regexes_add(&w->s->patterns, json_string_value(v), w->why, w->size);
		good = false;
		break;
	case FORM_NUMBER: good = json_is_number(v); break;
	case FORM_STEP: good = json_number_value(v) > 0; break;
	case FORM_COUNT: good = is_count(v); break;
	case FORM_BOOL: good = json_is_boolean(v); break;
	case FORM_TYPES: good = is_types(v); break;
	case FORM_STRINGS: good = is_strings(v); break;
	case FORM_STRINGS_MAP: good = is_string_lists(v); break;
	case FORM_LIST: good = json_is_array(v); break;
	case FORM_DIALECT: good = is_dialect(v); break;
	}
	return good || fail(w, "%s: its value has a form that is not known", k->name);
}

static bool
unknown(struct walk *w, const char *name, json_t *word)
{
	const char *names[64], *near;
	size_t n = 0;

	if (strcmp(name, "$id") == 0 && w->depth == 1 && json_is_string(word))
		return true; /* a name for the whole, which only references from elsewhere need */
	while (n < 63 && jsonwords[n].name) {
		names[n] = jsonwords[n].name;
		n++;
	}
	names[n] = NULL;
	near = nearest(name, names);
	return fail(w, "%.60s: a keyword that is not checked here%s%s%s", name, near ? " (did you mean " : "",
		near ? near : "", near ? "?)" : "");
}

static bool
first_sight(struct walk *w, json_t *schema)
{
	for (size_t i = 0; i < w->n_seen; i++)
		if (w->seen[i] == schema)
			return false;
	if (w->n_seen == w->cap) {
		json_t **grown = realloc(w->seen, (2 * w->cap + 64) * sizeof *grown);

		if (!grown)
			return true; /* then it is walked once more: the depth is bounded */
		w->cap = 2 * w->cap + 64;
		w->seen = grown;
	}
	w->seen[w->n_seen++] = schema;
	return true;
}

static bool
walk(struct walk *w, json_t *schema, const char *name)
{
	const char *key;
	json_t *word;

	if (json_is_boolean(schema) || !first_sight(w, schema))
		return true;
	if (!json_is_object(schema))
		return fail(w, "%.60s: not a schema", name);
	if (w->depth++ == DEPTH)
		return fail(w, "%.60s: nested too deep", name);
	json_object_foreach(schema, key, word) {
		const struct jsonword *k = jsonword_named(key);

		if (k ? !has_form(w, k, word) : !unknown(w, key, word))
			return false;
	}
	w->depth--;
	return true;
}

struct jsonschema *
jsonschema_new(json_t *schema, char *why, size_t size)
{
	struct jsonschema *s = calloc(1, sizeof *s);
	struct walk w = {.s = s, .why = why, .size = size};
	bool good;

	snprintf(why, size, "out of memory");
	if (!s)
		return NULL;
	s->root = json_incref(schema);
	good = walk(&w, schema, "the schema");
	free(w.seen);
	if (good)
		return s;
	jsonschema_free(s);
	return NULL;
}

bool
jsonschema_holds(const struct jsonschema *s, json_t *v, bool *lost)
{
	struct jsonwords_check c = {.root = s->root, .patterns = &s->patterns};
	bool good = jsonwords_hold(&c, s->root, v);

	*lost = c.lost;
	return good && !c.lost;
}

void
jsonschema_free(struct jsonschema *s)
{
	if (!s)
		return;
	regexes_free(&s->patterns);
	json_decref(s->root);
	free(s);
}
