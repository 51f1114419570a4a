/* simvalue: see simvalue.h.
 *
 * A value is made from the keywords that say what it is; those that only forbid something are not
 * looked at, so the value is checked at the end, and one of another number tried when it does not hold. */
#include "simvalue.h"

#include "jsonschema.h"
#include "simtext.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DEPTH 12 /* deeper, only what is required is made */
#define TRIES 8
#define ITEMS 16384 /* of all the arrays of one value: who asks for more would keep everybody else waiting */

struct maker {
	json_t *root;
	uint64_t number;
	int depth;
	size_t items;
};

static json_t *make(struct maker *m, json_t *schema, uint64_t salt);

static double
number_of(const json_t *schema, const char *key, double otherwise)
{
	json_t *v = json_object_get(schema, key);

	return json_is_number(v) ? json_number_value(v) : otherwise;
}

static json_t *
make_number(struct maker *m, json_t *schema, uint64_t salt, bool whole)
{
	double step = number_of(schema, "multipleOf", whole ? 1 : 0), v = (double)((m->number + salt) % 97);
	double above = number_of(schema, "exclusiveMinimum", -INFINITY);
	double below = number_of(schema, "exclusiveMaximum", INFINITY);
	double low = fmax(number_of(schema, "minimum", -INFINITY), above + (step > 0 ? step : 0.5));
	double high = fmin(number_of(schema, "maximum", INFINITY), below);

	if (!isfinite(low))
		low = isfinite(high) ? fmin(high - 1, 0) : 0;
	if (!isfinite(high))
		high = low + 100;
	v = low + fmod(v, fmax(high - low, 0) + (high < below ? 1 : 0.5));
	v = fmin(v, high);
	if (step > 0)
		v = fmax(floor(v / step) * step, ceil(low / step) * step);
	return whole && fabs(v) < 9e18 ? json_integer((json_int_t)v) : json_real(v);
}

static json_t *
make_string(struct maker *m, json_t *schema, uint64_t salt)
{
	size_t least = (size_t)number_of(schema, "minLength", 0), most = (size_t)number_of(schema, "maxLength", 1e6), n = 0;
	char text[4096];

	if (least >= sizeof text)
		return NULL;
	for (uint64_t k = 0; n < least || k == 0; k++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", k ? " " : "", simtext_word(m->number + salt, k));
	if (n >= sizeof text) /* the last word was cut off: snprintf says how long it would have been */
		n = sizeof text - 1;
	return json_stringn(text, n < most ? n : most);
}

static json_t *
make_array(struct maker *m, json_t *schema, uint64_t salt)
{
	json_t *prefix = json_object_get(schema, "prefixItems"), *items = json_object_get(schema, "items");
	size_t least = (size_t)number_of(schema, "minItems", 0), most = (size_t)number_of(schema, "maxItems", 1e6);
	size_t n = m->depth < DEPTH && json_array_size(prefix) == 0 && !json_is_false(items) ? 2 : json_array_size(prefix);
	json_t *list, *contains = json_object_get(schema, "contains");

	n = n < least ? least : n > most ? most : n;
	if (n > ITEMS - m->items)
		return NULL;
	m->items += n;
	list = json_array();
	for (size_t i = 0; i < n; i++) {
		json_t *sub = i < json_array_size(prefix) ? json_array_get(prefix, i) : i == 0 && contains ? contains : items;
		json_t *v = make(m, sub ? sub : json_true(), salt + 13 * i + 1);

		if (!v || json_array_append_new(list, v) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static bool
is_required(const json_t *schema, const char *name)
{
	size_t i;
	json_t *item;

	json_array_foreach(json_object_get(schema, "required"), i, item)
		if (strcmp(json_string_value(item), name) == 0)
			return true;
	return false;
}

static json_t *
make_object(struct maker *m, json_t *schema, uint64_t salt)
{
	json_t *o = json_object(), *sub, *name, *rest = json_object_get(schema, "additionalProperties"), *v;
	const char *key;
	size_t i;

	json_object_foreach(json_object_get(schema, "properties"), key, sub) {
		salt = salt * 31 + 7;
		if (!is_required(schema, key) && (m->depth >= DEPTH / 2 || json_is_false(sub)))
			continue;
		if (!(v = make(m, sub, salt)) && !is_required(schema, key))
			continue;
		if (!v || json_object_set_new(o, key, v) != 0)
			goto none;
	}
	json_array_foreach(json_object_get(schema, "required"), i, name)
		if (!json_object_get(o, json_string_value(name)) &&
			(!(v = make(m, rest ? rest : json_true(), salt + i)) ||
				json_object_set_new(o, json_string_value(name), v) != 0))
			goto none;
	return o;
none:
	json_decref(o);
	return NULL;
}

/* What the schema says of the type, or what its other words say of it. */
static const char *
type_of(const json_t *schema, uint64_t number)
{
	static const char *const hints[][2] = {{"properties", "object"}, {"required", "object"},
		{"additionalProperties", "object"}, {"items", "array"}, {"prefixItems", "array"}, {"minItems", "array"},
		{"minimum", "number"}, {"maximum", "number"}, {"multipleOf", "number"}, {"exclusiveMinimum", "number"}};
	json_t *type = json_object_get(schema, "type");

	if (json_is_array(type))
		type = json_array_get(type, number % json_array_size(type));
	if (json_is_string(type))
		return json_string_value(type);
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (json_object_get(schema, hints[i][0]))
			return hints[i][1];
	return "string";
}

static json_t *
make_typed(struct maker *m, json_t *schema, uint64_t salt)
{
	const char *type = type_of(schema, m->number + salt);

	if (strcmp(type, "object") == 0)
		return make_object(m, schema, salt);
	if (strcmp(type, "array") == 0)
		return make_array(m, schema, salt);
	if (strcmp(type, "string") == 0)
		return make_string(m, schema, salt);
	if (strcmp(type, "boolean") == 0)
		return json_boolean((m->number + salt) % 2);
	if (strcmp(type, "null") == 0)
		return json_null();
	return make_number(m, schema, salt, strcmp(type, "integer") == 0);
}

/* Two schemas as one: properties and required of both, of the rest what b says. */
static json_t *
joined(json_t *a, json_t *b)
{
	json_t *o = json_copy(a), *word, *both;
	const char *key;

	json_object_foreach(b, key, word) {
		json_t *have = json_object_get(o, key);

		if (have && strcmp(key, "properties") == 0) {
			both = json_copy(have);
			json_object_update(both, word);
		} else if (have && strcmp(key, "required") == 0) {
			both = json_copy(have);
			json_array_extend(both, word);
		} else {
			both = json_incref(word);
		}
		json_object_set_new(o, key, both);
	}
	return o;
}

/* The schema without its word, joined with sub (followed, when it is a reference alone). */
static json_t *
make_with(struct maker *m, json_t *schema, const char *word, json_t *sub, uint64_t salt)
{
	const char *ref = json_string_value(json_object_get(sub, "$ref"));
	json_t *rest = json_copy(schema), *all, *v;

	if (ref && json_object_size(sub) == 1)
		sub = jsonschema_pointer(m->root, ref);
	json_object_del(rest, word);
	all = json_is_object(sub) ? joined(rest, sub) : json_incref(rest);
	v = json_is_false(sub) ? NULL : make(m, all, salt);
	json_decref(all);
	json_decref(rest);
	return v;
}

static json_t *
make_one_of(struct maker *m, json_t *schema, const char *word, uint64_t salt)
{
	json_t *list = json_object_get(schema, word), *v = NULL;
	size_t n = json_array_size(list), first = m->depth < DEPTH / 2 ? (size_t)((m->number + salt) % n) : 0;

	for (size_t i = 0; !v && i < n; i++)
		v = make_with(m, schema, word, json_array_get(list, (first + i) % n), salt);
	return v;
}

static json_t *
make_all_of(struct maker *m, json_t *schema, uint64_t salt)
{
	json_t *list = json_object_get(schema, "allOf"), *rest = json_copy(schema), *v;
	json_t *first = json_incref(json_array_get(list, 0)), *others = json_copy(list);

	json_array_remove(others, 0);
	if (json_array_size(others) > 0)
		json_object_set(rest, "allOf", others);
	else
		json_object_del(rest, "allOf");
	v = make_with(m, rest, "", first, salt);
	json_decref(others);
	json_decref(first);
	json_decref(rest);
	return v;
}

static json_t *
make(struct maker *m, json_t *schema, uint64_t salt)
{
	json_t *list = json_object_get(schema, "enum"), *constant = json_object_get(schema, "const"), *v;
	const char *ref = json_string_value(json_object_get(schema, "$ref"));

	if (json_is_false(schema) || m->depth > 2 * DEPTH)
		return NULL;
	m->depth++;
	if (constant)
		v = json_deep_copy(constant);
	else if (json_array_size(list) > 0)
		v = json_deep_copy(json_array_get(list, (m->number + salt) % json_array_size(list)));
	else if (ref)
		v = make_with(m, schema, "$ref", jsonschema_pointer(m->root, ref), salt);
	else if (json_object_get(schema, "allOf"))
		v = make_all_of(m, schema, salt);
	else if (json_object_get(schema, "anyOf"))
		v = make_one_of(m, schema, "anyOf", salt);
	else if (json_object_get(schema, "oneOf"))
		v = make_one_of(m, schema, "oneOf", salt);
	else
		v = make_typed(m, schema, salt);
	m->depth--;
	return v;
}

json_t *
simvalue_make(json_t *schema, uint64_t number, char *why, size_t size)
{
	struct jsonschema *js = jsonschema_new(schema, why, size);
	json_t *v = NULL;
	bool lost;

	for (uint64_t i = 0; js && !v && i < TRIES; i++) {
		struct maker m = {.root = schema, .number = number + i};

		v = make(&m, schema, 0);
		if (v && !jsonschema_holds(js, v, &lost)) {
			json_decref(v);
			v = NULL;
		}
	}
	if (js && !v)
		snprintf(why, size, "this simulated engine finds no value for that schema");
	jsonschema_free(js);
	return v;
}

json_t *
simvalue_break(json_t *schema)
{
	static const char *const values[] = {"{\"unexpected\":true}", "\"unexpected\"", "-1", "null", "[]",
		"[[\"unexpected\"]]", "0.5", "{}"};
	char why[8];
	struct jsonschema *js = jsonschema_new(schema, why, sizeof why);
	json_t *v = NULL;
	bool lost = false;

	for (size_t i = 0; js && !v && i < sizeof values / sizeof *values; i++) {
		v = json_loads(values[i], JSON_DECODE_ANY, NULL);
		if (jsonschema_holds(js, v, &lost) || lost) {
			json_decref(v);
			v = NULL;
		}
	}
	jsonschema_free(js);
	return v;
}
