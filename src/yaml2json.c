/* yaml2json: configuration.  Reads YAML, writes one JSON document.
 *
 * Each file is read with what it extends, files are merged from left to right, settings
 * come last, and the whole is checked against the schema while every value still knows
 * where it was written.  Either the document is right and on stdout, or stdout is empty
 * and stderr holds every problem. */
#include "lib/config.h"
#include "lib/configfile.h"
#include "lib/node.h"
#include "lib/pool.h"
#include "lib/put.h"
#include "lib/schema.h"
#include "lib/tool.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct config {
	struct pool pool;
	struct configload load;
	bool bad;
};

static void
report(void *ctx, const struct problem *p)
{
	((struct config *)ctx)->bad = true;
	if (p->at.line)
		tool_warn("%s:%zu:%zu: %s", p->at.file, p->at.line, p->at.column, p->text);
	else
		tool_warn("%s: %s", p->at.file, p->text);
}

static void
no_memory(void)
{
	tool_die(TOOL_RESOURCE, "out of memory");
}

static const char *
operand(const char *name)
{
	return strcmp(name, "-") == 0 ? "<stdin>" : name;
}

static struct node *
merge_files(struct config *c, int n, char **files)
{
	static char dash[] = "-", *in[] = {dash};
	struct node *all = NULL;

	for (int i = 0; i < (n ? n : 1); i++) {
		struct node *doc = configfile_load(&c->load, operand((n ? files : in)[i]));

		if (!all || all->kind == NODE_NULL)
			all = doc;
		else if (doc && doc->kind != NODE_NULL)
			all = config_merge(&c->pool, all, doc);
	}
	return all;
}

static struct node *
set_all(struct config *c, struct node *doc, size_t n, char **settings)
{
	for (size_t i = 0; i < n; i++) {
		struct problem why;
		struct node *new = config_set(&c->pool, doc, i + 1, settings[i], &why);

		if (new)
			doc = new;
		else
			report(c, &why);
	}
	return doc;
}

static void
check(struct config *c, const char *schema, const struct node *doc)
{
	struct node *rules = configfile_load(&c->load, operand(schema));
	struct diagnosis d = {.pool = &c->pool, .fn = report, .ctx = c};

	if (!rules)
		return;
	schema_valid(&d, rules);
	if (!d.bad && doc)
		schema_check(&d, rules, doc);
}

static void
write_json(FILE *f, const struct node *n)
{
	switch (n->kind) {
	case NODE_NULL: fputs("null", f); break;
	case NODE_BOOLEAN: fputs(n->value.boolean ? "true" : "false", f); break;
	case NODE_INTEGER: fprintf(f, "%" PRId64, n->value.integer); break;
	case NODE_NUMBER: put_real(f, n->value.number); break;
	case NODE_STRING: put_string(f, n->text, n->len); break;
	case NODE_LIST:
		putc('[', f);
		for (size_t i = 0; i < n->n; i++) {
			fputs(i ? "," : "", f);
			write_json(f, n->items[i]);
		}
		putc(']', f);
		break;
	case NODE_MAP:
		putc('{', f);
		for (size_t i = 0; i < n->n; i++) {
			fputs(i ? "," : "", f);
			put_string(f, n->entries[i].key, strlen(n->entries[i].key));
			putc(':', f);
			write_json(f, n->entries[i].value);
		}
		putc('}', f);
		break;
	}
}

/* Where each value stands, in place of the value; maps stay maps. */
static void
write_where(FILE *f, const struct node *n)
{
	if (n->kind != NODE_MAP) {
		char at[PATH_MAX + 48];

		snprintf(at, sizeof at, "%s:%zu:%zu", n->at.file, n->at.line, n->at.column);
		put_string(f, at, strlen(at));
		return;
	}
	putc('{', f);
	for (size_t i = 0; i < n->n; i++) {
		fputs(i ? "," : "", f);
		put_string(f, n->entries[i].key, strlen(n->entries[i].key));
		putc(':', f);
		write_where(f, n->entries[i].value);
	}
	putc('}', f);
}

static const struct tool tool = {"yaml2json", "[--schema FILE] [--set KEY.KEY=VALUE]... [--where] [FILE...]",
	"Merge YAML files from left to right and write them as one JSON document.\n\n"
	"  --schema FILE        check the document against FILE; report every problem\n"
	"  --set KEY.KEY=VALUE  put a value in, after the files; a backslash escapes a dot\n"
	"  --where              write where each value stands instead of the value\n"};

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
		{"schema", required_argument, NULL, 1}, {"set", required_argument, NULL, 2},
		{"where", no_argument, NULL, 3}, {0}};
	struct config c = {.pool = {.no_memory = no_memory}};
	void (*write)(FILE *f, const struct node *n) = write_json;
	const char *schema = NULL;
	struct node *doc;
	char **settings;
	size_t n = 0;
	int option;

	tool_start(&tool);
	c.load = (struct configload){.pool = &c.pool, .fn = report, .ctx = &c};
	settings = tool_grow(NULL, (size_t)argc, sizeof *settings);
	while ((option = tool_option(argc, argv, "", longs)) != -1) {
		if (option == 1)
			schema = optarg;
		else if (option == 3)
			write = write_where;
		else
			settings[n++] = optarg;
	}
	c.load.max_size = tool_max_line();
	doc = merge_files(&c, argc - optind, argv + optind);
	doc = set_all(&c, doc, n, settings);
	if (schema)
		check(&c, schema, doc);
	if (!c.bad) {
		write(stdout, doc);
		putchar('\n');
	}
	pool_free(&c.pool);
	free(settings);
	return tool_finish(c.bad ? TOOL_USAGE : TOOL_OK);
}
