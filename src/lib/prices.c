/* prices: see prices.h. */
#include "prices.h"

#include "money.h"
#include "nearest.h"
#include "quantity.h"
#include "schema.h"
#include "yamldoc.h"

#include <math.h>
#include <string.h>

#define DEFAULT "default" /* the row for a product that somebody does not want to name */
#define NANO 1000000000

const char prices_schema[] = "keys:\n"
	"  gpu: {other: {type: number, min: 0, max: 1000000, null: true}, null: true}\n"
	"  products: {other: {type: string, null: true}, null: true}\n"
	"  cpu: {keys: {hourly_per_core: &price {type: number, min: 0, max: 1000000, null: true}}, null: true}\n"
	"  memory: {keys: {hourly_per_gib: *price}, null: true}\n"
	"  overhead: {keys: {fraction: {type: number, min: 0, max: 100, null: true}}, null: true}\n"
	"  calculation: {keys: {use_requests: boolean, include_sidecars: boolean}, null: true}\n"
	"  server:\n"
	"    keys:\n"
	"      gpu: {type: string, null: true}\n"
	"      gpus: {type: integer, min: 0, max: 1000000, null: true}\n"
	"      cpu: &quantity {type: [string, number], min: 0, null: true}\n"
	"      memory: *quantity\n"
	"    null: true\n";

/* The node at the path of up to two keys, NULL where there is none or a null. */
static const struct node *
at(const struct node *doc, const char *section, const char *key)
{
	const char *keys[] = {section, key};

	for (size_t i = 0; i < 2 && keys[i]; i++) {
		const struct entry *e = doc->kind == NODE_MAP ? node_find(doc, keys[i]) : NULL;

		if (!e || e->value->kind == NODE_NULL)
			return NULL;
		doc = e->value;
	}
	return doc;
}

static double
number(const struct node *n)
{
	return n->kind == NODE_INTEGER ? (double)n->value.integer : n->value.number;
}

static int64_t
price(const struct node *n)
{
	return n ? money_from(number(n)) : MONEY_NONE;
}

static int64_t
quantity(const struct node *doc, const char *key, unsigned decimals, struct diagnosis *d)
{
	const struct node *n = at(doc, "server", key);
	const struct trail root = {0}, server = {&root, "server", 0}, path = {&server, key, 0};
	const char *why;
	int64_t v;

	if (!n)
		return -1;
	if (!(why = quantity_parse(n->text, decimals, &v)))
		return v;
	diagnosis_add(d, n->at, &path, n->text, why);
	return -1;
}

static const char **
rows(const struct prices *p, struct pool *pool)
{
	const char **names = pool_alloc(pool, (p->gpu ? p->gpu->n : 0) + 1, sizeof *names);
	size_t n = 0;

	for (size_t i = 0; p->gpu && i < p->gpu->n; i++)
		if (strcmp(p->gpu->entries[i].key, DEFAULT) != 0)
			names[n++] = p->gpu->entries[i].key;
	return names;
}

/* Each other name of a product leads to a row with a price. */
static void
check_products(const struct prices *p, struct diagnosis *d)
{
	const struct trail root = {0}, products = {&root, "products", 0};

	for (size_t i = 0; p->products && i < p->products->n; i++) {
		const struct entry *e = &p->products->entries[i];
		const struct trail path = {&products, e->key, 0};

		if (e->value->kind == NODE_NULL)
			continue;
		if (strcmp(e->value->text, DEFAULT) == 0)
			diagnosis_add(d, e->value->at, &path, e->value->text, "only for a server of which it is said");
		else if (!p->gpu || !at(p->gpu, e->value->text, NULL))
			diagnosis_add(d, e->value->at, &path, e->value->text,
				diagnosis_near(d, e->value->text, "no such row of gpu", rows(p, d->pool)));
	}
}

bool
prices_read(struct prices *p, const struct node *doc, struct diagnosis *d)
{
	const struct trail root = {0}, calculation = {&root, "calculation", 0};
	const struct trail path = {&calculation, "include_sidecars", 0};
	const struct node *schema, *n;
	struct problem why;

	*p = (struct prices){.at = doc->at};
	schema = yamldoc_parse(d->pool, (struct pos){"schema", 1, 1}, prices_schema, strlen(prices_schema), &why);
	schema_check(d, schema, doc);
	if (d->bad)
		return false;
	p->gpu = at(doc, "gpu", NULL);
	p->products = at(doc, "products", NULL);
	p->core = price(at(doc, "cpu", "hourly_per_core"));
	p->gib = price(at(doc, "memory", "hourly_per_gib"));
	p->overhead = (n = at(doc, "overhead", "fraction")) ? (int64_t)round(number(n) * NANO) : 0;
	p->server.gpu = (n = at(doc, "server", "gpu")) ? n->text : NULL;
	p->server.gpus = (n = at(doc, "server", "gpus")) ? n->value.integer : -1;
	p->server.nanocores = quantity(doc, "cpu", 9, d);
	p->server.memory_bytes = quantity(doc, "memory", 0, d);
	check_products(p, d);
	if ((n = at(doc, "calculation", "include_sidecars")) && n->value.boolean)
		diagnosis_add(d, n->at, &path, "true",
			"sidecars are not counted: no pods are read (say false, and add what they ask for to server)");
	return !d->bad;
}

/* Of the keys of two maps the entry that is nearest to the word, other than the default. */
static const struct entry *
nearest_entry(const struct prices *p, const char *word)
{
	const struct node *maps[] = {p->gpu, p->products};
	const struct entry *best = NULL;

	for (size_t m = 0; m < 2; m++)
		for (size_t i = 0; maps[m] && i < maps[m]->n; i++) {
			const struct entry *e = &maps[m]->entries[i];
			const char *names[] = {best ? best->key : e->key, e->key, NULL}, *near;

			if (strcmp(e->key, DEFAULT) == 0 || e->value->kind == NODE_NULL)
				continue;
			if ((near = nearest(word, names)))
				best = near == e->key ? e : best;
		}
	return best;
}

const struct entry *
prices_gpu(const struct prices *p, const char *product, const struct entry **nearest)
{
	const struct node *alias = p->products ? at(p->products, product, NULL) : NULL;
	const char *name = p->gpu && at(p->gpu, product, NULL) ? product : alias ? alias->text : NULL;

	if (!name) {
		*nearest = nearest_entry(p, product);
		return NULL;
	}
	return node_find(p->gpu, name);
}

int64_t
prices_hour(const struct entry *row)
{
	return price(row->value);
}
