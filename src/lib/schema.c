/* schema: see schema.h.  A rule is a node: a string is the name of a type, a map holds the
 * words below.  One walk checks that the schema is made of rules, a second one lays the
 * rules on the document and relies on the first. */
#include "schema.h"

#include "diagnosis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const words[] = {
	"type", "null", "values", "min", "max", "above", "keys", "other", "items", NULL};
/* In the order of enum node_kind, but for its null; then what takes everything. */
static const char *const types[] = {"boolean", "integer", "number", "string", "list", "map", "any", NULL};
static const char *const kinds[] = {"null", "a boolean", "an integer", "a number", "a string", "a list", "a map"};

static bool
is_one_of(const char *name, const char *const *names)
{
	while (*names && strcmp(name, *names) != 0)
		names++;
	return *names;
}

static const struct node *
word(const struct node *rule, const char *name)
{
	const struct entry *e = rule->kind == NODE_MAP ? node_find(rule, name) : NULL;

	return e ? e->value : NULL;
}

static const char **
names_of(struct pool *p, const struct node *n)
{
	const char **names = pool_alloc(p, n ? n->n + 1 : 1, sizeof *names);

	for (size_t i = 0; n && i < n->n; i++)
		names[i] = n->kind == NODE_MAP ? n->entries[i].key : n->items[i]->text;
	return names;
}

static bool
is_type(const struct node *rule, const char *type)
{
	const struct node *t = rule->kind == NODE_STRING ? rule : word(rule, "type");

	if (t && t->kind == NODE_LIST) {
		for (size_t i = 0; i < t->n; i++)
			if (strcmp(t->items[i]->text, type) == 0)
				return true;
		return false;
	}
	if (t)
		return strcmp(t->text, type) == 0;
	if (word(rule, "keys") || word(rule, "other"))
		return strcmp(type, "map") == 0;
	if (word(rule, "items"))
		return strcmp(type, "list") == 0;
	if (word(rule, "min") || word(rule, "max") || word(rule, "above"))
		return strcmp(type, "number") == 0;
	return strcmp(type, "any") == 0;
}

static bool
has_type(const struct node *rule, const struct node *v)
{
	const struct node *null = word(rule, "null");

	if (is_type(rule, "any") || (v->kind == NODE_NULL && null && null->value.boolean))
		return true;
	if (v->kind == NODE_NULL)
		return false;
	return is_type(rule, types[v->kind - 1]) || (v->kind == NODE_INTEGER && is_type(rule, "number"));
}

/* ---- the schema itself ---- */

static void valid_rule(struct diagnosis *d, const struct node *rule, const struct trail *path);

static void
valid_type(struct diagnosis *d, const struct node *t, const struct trail *path)
{
	if (t->kind == NODE_LIST || t->kind == NODE_MAP || t->kind == NODE_NULL)
		diagnosis_add(d, t->at, path, NULL, "not the name of a type");
	else if (!is_one_of(t->text, types))
		diagnosis_add(d, t->at, path, t->text, diagnosis_near(d, t->text, "no such type", types));
}

static void
valid_types(struct diagnosis *d, const struct node *t, const struct trail *path)
{
	if (t->kind != NODE_LIST || t->n == 0)
		valid_type(d, t, path);
	else
		for (size_t i = 0; i < t->n; i++)
			valid_type(d, t->items[i], path);
}

static void
valid_word(struct diagnosis *d, const struct entry *e, const struct trail *up)
{
	struct trail path = {up, e->key, 0};
	const struct node *v = e->value;
	const char *k = e->key;

	if (strcmp(k, "type") == 0) {
		valid_types(d, v, &path);
	} else if (strcmp(k, "other") == 0 || strcmp(k, "items") == 0) {
		valid_rule(d, v, &path);
	} else if (strcmp(k, "null") == 0) {
		if (v->kind != NODE_BOOLEAN)
			diagnosis_add(d, v->at, &path, NULL, "neither true nor false");
	} else if (strcmp(k, "values") == 0) {
		if (v->kind != NODE_LIST)
			diagnosis_add(d, v->at, &path, NULL, "not a list");
		for (size_t i = 0; v->kind == NODE_LIST && i < v->n; i++)
			if (v->items[i]->kind >= NODE_LIST)
				diagnosis_add(d, v->items[i]->at, &path, NULL, "a value that is a list or a map");
	} else if (strcmp(k, "keys") == 0) {
		if (v->kind != NODE_MAP)
			diagnosis_add(d, v->at, &path, NULL, "not a map");
		for (size_t i = 0; v->kind == NODE_MAP && i < v->n; i++)
			valid_rule(d, v->entries[i].value, &(struct trail){&path, v->entries[i].key, 0});
	} else if (strcmp(k, "min") == 0 || strcmp(k, "max") == 0 || strcmp(k, "above") == 0) {
		if (v->kind != NODE_INTEGER && v->kind != NODE_NUMBER)
			diagnosis_add(d, v->at, &path, NULL, "not a number");
	} else {
		diagnosis_add(d, e->at, &path, NULL, diagnosis_near(d, k, "unknown word in a schema", words));
	}
}

static void
valid_rule(struct diagnosis *d, const struct node *rule, const struct trail *path)
{
	if (rule->kind == NODE_MAP)
		for (size_t i = 0; i < rule->n; i++)
			valid_word(d, &rule->entries[i], path);
	else if (rule->kind == NODE_STRING)
		valid_type(d, rule, path);
	else
		diagnosis_add(d, rule->at, path, NULL, "neither the name of a type nor a map");
}

void
schema_valid(struct diagnosis *d, const struct node *schema)
{
	valid_rule(d, schema, &(struct trail){0});
}

/* ---- a document ---- */

static double
number(const struct node *n)
{
	return n->kind == NODE_INTEGER ? (double)n->value.integer : n->value.number;
}

static bool
is_number(const struct node *n)
{
	return n->kind == NODE_INTEGER || n->kind == NODE_NUMBER;
}

static void
wrong_type(struct diagnosis *d, const struct node *rule, const struct node *v, const struct trail *path)
{
	static const char *const words_of_1_1[] = {"yes", "no", "on", "off", NULL};
	char what[160];
	struct phrase t = {what, sizeof what, 0};
	bool first = true;

	phrase_add(&t, "%s, not ", kinds[v->kind]);
	for (size_t i = 0; types[i]; i++)
		if (is_type(rule, types[i])) {
			phrase_add(&t, "%s%s", first ? "" : " or ", kinds[i + 1]);
			first = false;
		}
	if (v->kind == NODE_STRING && is_type(rule, "boolean") && is_one_of(v->text, words_of_1_1))
		phrase_add(&t, " (write true or false)");
	if (v->kind == NODE_NUMBER && is_type(rule, "integer") && fabs(v->value.number) < 1e15 &&
		v->value.number == floor(v->value.number))
		phrase_add(&t, " (write %.0f)", v->value.number);
	diagnosis_add(d, v->at, path, v->kind < NODE_LIST && v->kind != NODE_NULL ? v->text : NULL, what);
}

static void
check_range(struct diagnosis *d, const struct node *rule, const struct node *v, const struct trail *path)
{
	const struct node *min = word(rule, "min"), *max = word(rule, "max"), *above = word(rule, "above");
	char what[80];

	if (min && number(v) < number(min))
		snprintf(what, sizeof what, "must be at least %s", min->text);
	else if (above && number(v) <= number(above))
		snprintf(what, sizeof what, "must be more than %s", above->text);
	else if (max && number(v) > number(max))
		snprintf(what, sizeof what, "must be at most %s", max->text);
	else
		return;
	diagnosis_add(d, v->at, path, v->text, what);
}

static bool
equal(const struct node *a, const struct node *b)
{
	if (is_number(a) && is_number(b))
		return number(a) == number(b);
	if (a->kind != b->kind)
		return false;
	return a->kind == NODE_BOOLEAN ? a->value.boolean == b->value.boolean
	                               : a->kind == NODE_NULL || strcmp(a->text, b->text) == 0;
}

static void
check_values(struct diagnosis *d, const struct node *values, const struct node *v, const struct trail *path)
{
	char what[400];
	struct phrase t = {what, sizeof what, 0};

	for (size_t i = 0; i < values->n; i++)
		if (equal(values->items[i], v))
			return;
	phrase_add(&t, "not one of ");
	for (size_t i = 0; i < values->n; i++) {
		phrase_add(&t, "%s", i ? ", " : "");
		phrase_value(&t, values->items[i]->text);
	}
	diagnosis_add(d, v->at, path, v->text ? v->text : kinds[v->kind],
		v->text ? diagnosis_near(d, v->text, what, names_of(d->pool, values)) : what);
}

/* Where the key would belong: one level below, or the nearest one here. */
static const char *
misplaced(struct diagnosis *d, const struct node *rule, const char *key)
{
	const struct node *keys = word(rule, "keys");

	for (size_t i = 0; keys && i < keys->n; i++) {
		const struct node *below = word(keys->entries[i].value, "keys");

		if (below && node_find(below, key)) {
			struct problem p = {.text = "unknown key here (did you mean "};
			struct phrase t = {p.text, sizeof p.text, strlen(p.text)};

			phrase_key(&t, keys->entries[i].key);
			phrase_add(&t, ".");
			phrase_key(&t, key);
			phrase_add(&t, "?)");
			return pool_text(d->pool, p.text, t.n);
		}
	}
	return diagnosis_near(d, key, "unknown key", names_of(d->pool, keys));
}

static void check_node(struct diagnosis *d, const struct node *rule, const struct node *v, const struct trail *path);

static void
check_map(struct diagnosis *d, const struct node *rule, const struct node *map, const struct trail *up)
{
	const struct node *keys = word(rule, "keys"), *other = word(rule, "other");

	if (!keys && !other)
		return;
	for (size_t i = 0; i < map->n; i++) {
		const struct entry *e = &map->entries[i], *known = keys ? node_find(keys, e->key) : NULL;
		struct trail path = {up, e->key, 0};

		if (known || other)
			check_node(d, known ? known->value : other, e->value, &path);
		else
			diagnosis_add(d, e->at, &path, NULL, misplaced(d, rule, e->key));
	}
}

static void
check_node(struct diagnosis *d, const struct node *rule, const struct node *v, const struct trail *path)
{
	const struct node *values = word(rule, "values"), *items = word(rule, "items");

	if (!has_type(rule, v))
		wrong_type(d, rule, v, path);
	else if (v->kind == NODE_MAP)
		check_map(d, rule, v, path);
	else if (v->kind == NODE_LIST)
		for (size_t i = 0; items && i < v->n; i++)
			check_node(d, items, v->items[i], &(struct trail){path, NULL, i});
	else if (values && v->kind != NODE_NULL)
		check_values(d, values, v, path);
	else if (is_number(v))
		check_range(d, rule, v, path);
}

void
schema_check(struct diagnosis *d, const struct node *schema, const struct node *doc)
{
	if (doc->kind != NODE_NULL)
		check_node(d, schema, doc, &(struct trail){0});
}
