/* jsonwords: see jsonwords.h.  Checking only reads: all of the schema was walked before. */
#include "jsonwords.h"

#include "jsonequal.h"

#include <string.h>

#define DEPTH 500 /* of schemas within schemas while checking: a $ref may go in circles */
/* Schemas that one check may look at, as anyOf of anyOf of … doubles, and pairs that it may compare. */
#define STEPS 20000000L

static size_t
characters(const json_t *v)
{
	const char *s = json_string_value(v);
	size_t n = 0;

	for (size_t i = 0; i < json_string_length(v); i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return n;
}

static size_t
count_of(const json_t *word)
{
	return (size_t)json_number_value(word);
}

static bool
is_type(const json_t *v, const char *name)
{
	static const char *const names[] = {[JSON_OBJECT] = "object", [JSON_ARRAY] = "array", [JSON_STRING] = "string",
		[JSON_INTEGER] = "number", [JSON_REAL] = "number", [JSON_TRUE] = "boolean", [JSON_FALSE] = "boolean",
		[JSON_NULL] = "null"};

	return strcmp(names[json_typeof(v)], name) == 0 || (strcmp(name, "integer") == 0 && jsonequal_whole(v));
}

static bool
type(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	size_t i;
	json_t *name;

	(void)c, (void)schema;
	if (json_is_string(word))
		return is_type(v, json_string_value(word));
	json_array_foreach(word, i, name)
		if (is_type(v, json_string_value(name)))
			return true;
	return false;
}

static bool
one_of_values(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	size_t i;
	json_t *item;

	(void)c, (void)schema;
	json_array_foreach(word, i, item)
		if (jsonequal(item, v))
			return true;
	return false;
}

static bool
constant(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	(void)c, (void)schema;
	return jsonequal(word, v);
}

#define BOUND(name, of, condition) \
	static bool name(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v) \
	{ \
		(void)c, (void)schema; \
		return !json_is_##of(v) || (condition); \
	}
BOUND(minimum, number, jsonequal_order(v, word) >= 0)
BOUND(maximum, number, jsonequal_order(v, word) <= 0)
BOUND(above, number, jsonequal_order(v, word) > 0)
BOUND(below, number, jsonequal_order(v, word) < 0)
BOUND(multiple_of, number, jsonequal_multiple(v, word))
BOUND(min_length, string, characters(v) >= count_of(word))
BOUND(max_length, string, characters(v) <= count_of(word))
BOUND(min_items, array, json_array_size(v) >= count_of(word))
BOUND(max_items, array, json_array_size(v) <= count_of(word))
BOUND(min_properties, object, json_object_size(v) >= count_of(word))
BOUND(max_properties, object, json_object_size(v) <= count_of(word))
BOUND(pattern, string,
	regexes_match(c->patterns, json_string_value(word), json_string_value(v), json_string_length(v), &c->lost))

static bool
unique(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	size_t n = json_is_true(word) ? json_array_size(v) : 0;

	(void)schema;
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++) {
			if (c->steps++ > STEPS)
				c->lost = true;
			if (c->lost || jsonequal(json_array_get(v, i), json_array_get(v, k)))
				return false;
		}
	return true;
}

static bool
required(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	size_t i;
	json_t *name;

	(void)c, (void)schema;
	json_array_foreach(word, i, name)
		if (json_is_object(v) && !json_object_get(v, json_string_value(name)))
			return false;
	return true;
}

static bool
dependent(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	const char *key;
	json_t *names;

	json_object_foreach(word, key, names)
		if (json_object_get(v, key) && !required(c, schema, names, v))
			return false;
	return true;
}

static bool
properties(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	const char *key;
	json_t *sub, *member;

	(void)schema;
	json_object_foreach(word, key, sub)
		if ((member = json_object_get(v, key)) && !jsonwords_hold(c, sub, member))
			return false;
	return true;
}

static bool
pattern_properties(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	const char *name, *key;
	size_t len;
	json_t *sub, *member;

	(void)schema;
	json_object_foreach(word, name, sub)
		json_object_keylen_foreach(v, key, len, member)
			if (regexes_match(c->patterns, name, key, len, &c->lost) && !jsonwords_hold(c, sub, member))
				return false;
	return true;
}

static bool
is_named(struct jsonwords_check *c, const json_t *schema, const char *key, size_t len)
{
	json_t *patterns = json_object_get(schema, "patternProperties"), *sub;
	const char *name;

	if (json_object_getn(json_object_get(schema, "properties"), key, len))
		return true;
	json_object_foreach(patterns, name, sub)
		if (regexes_match(c->patterns, name, key, len, &c->lost))
			return true;
	return false;
}

static bool
additional(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	const char *key;
	size_t len;
	json_t *member;

	json_object_keylen_foreach(v, key, len, member)
		if (!is_named(c, schema, key, len) && !jsonwords_hold(c, word, member))
			return false;
	return true;
}

static bool
property_names(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	const char *key;
	size_t len;
	json_t *member, *name;
	bool good = true;

	(void)schema;
	json_object_keylen_foreach(v, key, len, member) {
		name = json_stringn(key, len);
		good = good && name && jsonwords_hold(c, word, name);
		json_decref(name);
	}
	return good;
}

static bool
prefix_items(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	size_t i;
	json_t *sub;

	(void)schema;
	json_array_foreach(word, i, sub)
		if (i < json_array_size(v) && !jsonwords_hold(c, sub, json_array_get(v, i)))
			return false;
	return true;
}

static bool
items(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	for (size_t i = json_array_size(json_object_get(schema, "prefixItems")); i < json_array_size(v); i++)
		if (!jsonwords_hold(c, word, json_array_get(v, i)))
			return false;
	return true;
}

static bool
contains(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	json_t *least = json_object_get(schema, "minContains"), *most = json_object_get(schema, "maxContains"), *item;
	size_t i, n = 0;

	if (!json_is_array(v))
		return true;
	json_array_foreach(v, i, item)
		n += jsonwords_hold(c, word, item);
	return n >= (least ? count_of(least) : 1) && (!most || n <= count_of(most));
}

static size_t
held(struct jsonwords_check *c, json_t *schemas, json_t *v, size_t enough)
{
	size_t i, n = 0;
	json_t *sub;

	json_array_foreach(schemas, i, sub)
		if (jsonwords_hold(c, sub, v) && ++n == enough)
			break;
	return n;
}

static bool
all_of(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	size_t i;
	json_t *sub;

	(void)schema;
	json_array_foreach(word, i, sub)
		if (!jsonwords_hold(c, sub, v))
			return false;
	return true;
}

static bool
any_of(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	(void)schema;
	return held(c, word, v, 1) == 1;
}

static bool
one_of(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	(void)schema;
	return held(c, word, v, 2) == 1;
}

static bool
not(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	(void)schema;
	return !jsonwords_hold(c, word, v);
}

static bool
condition(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	json_t *next = json_object_get(schema, jsonwords_hold(c, word, v) ? "then" : "else");

	return !next || jsonwords_hold(c, next, v);
}

static bool
reference(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v)
{
	json_t *target = jsonschema_pointer(c->root, json_string_value(word));

	(void)schema;
	return jsonwords_hold(c, target, v);
}

const struct jsonword jsonwords[] = {
	{"type", FORM_TYPES, type}, {"enum", FORM_LIST, one_of_values}, {"const", FORM_ANY, constant},
	{"minimum", FORM_NUMBER, minimum}, {"maximum", FORM_NUMBER, maximum},
	{"exclusiveMinimum", FORM_NUMBER, above},
	{"exclusiveMaximum", FORM_NUMBER, below}, {"multipleOf", FORM_STEP, multiple_of},
	{"minLength", FORM_COUNT, min_length}, {"maxLength", FORM_COUNT, max_length},
	{"pattern", FORM_PATTERN, pattern},
	{"minItems", FORM_COUNT, min_items}, {"maxItems", FORM_COUNT, max_items}, {"uniqueItems", FORM_BOOL, unique},
	{"prefixItems", FORM_SCHEMAS, prefix_items}, {"items", FORM_SCHEMA, items},
	{"contains", FORM_SCHEMA, contains},
	{"minContains", FORM_COUNT, NULL}, {"maxContains", FORM_COUNT, NULL},
	{"minProperties", FORM_COUNT, min_properties}, {"maxProperties", FORM_COUNT, max_properties},
	{"required", FORM_STRINGS, required}, {"dependentRequired", FORM_STRINGS_MAP, dependent},
	{"properties", FORM_SCHEMA_MAP, properties}, {"patternProperties", FORM_PATTERN_MAP, pattern_properties},
	{"additionalProperties", FORM_SCHEMA, additional}, {"propertyNames", FORM_SCHEMA, property_names},
	{"allOf", FORM_SCHEMAS, all_of}, {"anyOf", FORM_SCHEMAS, any_of}, {"oneOf", FORM_SCHEMAS, one_of},
	{"not", FORM_SCHEMA, not}, {"if", FORM_SCHEMA, condition}, {"then", FORM_SCHEMA, NULL},
	{"else", FORM_SCHEMA, NULL}, {"$ref", FORM_REF, reference}, {"$defs", FORM_SCHEMA_MAP, NULL},
	{"definitions", FORM_SCHEMA_MAP, NULL}, {"$schema", FORM_DIALECT, NULL},
	{"title", FORM_NOTE, NULL}, {"description", FORM_NOTE, NULL}, {"default", FORM_NOTE, NULL},
	{"examples", FORM_NOTE, NULL},
	{"deprecated", FORM_NOTE, NULL}, {"readOnly", FORM_NOTE, NULL}, {"writeOnly", FORM_NOTE, NULL},
	{"$comment", FORM_NOTE, NULL},
	{"format", FORM_NOTE, NULL}, {"contentEncoding", FORM_NOTE, NULL}, {"contentMediaType", FORM_NOTE, NULL}, {0},
};

const struct jsonword *
jsonword_named(const char *name)
{
	for (const struct jsonword *w = jsonwords; w->name; w++)
		if (strcmp(w->name, name) == 0)
			return w;
	return NULL;
}

bool
jsonwords_hold(struct jsonwords_check *c, json_t *schema, json_t *v)
{
	const char *name;
	json_t *word;
	bool good = true;

	if (c->lost || c->depth == DEPTH || c->steps++ > STEPS) {
		c->lost = true;
		return false;
	}
	if (json_is_boolean(schema))
		return json_is_true(schema);
	c->depth++;
	json_object_foreach(schema, name, word) {
		const struct jsonword *k = jsonword_named(name);

		if (good && k && k->holds) /* $id has none */
			good = k->holds(c, schema, word, v);
	}
	c->depth--;
	return good;
}
