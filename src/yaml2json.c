/* yaml2json: configuration.  Reads YAML, writes one JSON document.
 *
 * Each file is read with what it extends, files are merged from left to right, settings
 * come last, and the whole is checked against the schema while every value still knows
 * where it was written.  Either the document is right and on stdout, or stdout is empty
 * and stderr holds every problem. */
#include "lib/config.h"
#include "lib/node.h"
#include "lib/pool.h"
#include "lib/put.h"
#include "lib/schema.h"
#include "lib/tool.h"
#include "lib/yamldoc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILES 1000 /* that one document may be made of: a diamond of extends doubles at each level */

/* A file that is being read, and the one that extends it. */
struct source {
	const struct source *by;
	const char *name;
	struct stat id;
};

struct config {
	struct pool pool;
	size_t files;
	bool bad;
};

static void
report(void *ctx, const struct problem *p)
{
	((struct config *)ctx)->bad = true;
	tool_warn("%s:%zu:%zu: %s", p->at.file, p->at.line, p->at.column, p->text);
}

static void
no_memory(void)
{
	tool_die(TOOL_RESOURCE, "out of memory");
}

/* All that is there to read, or NULL with errno set. */
static char *
read_all(int fd, size_t *len)
{
	char *text = NULL;
	size_t cap = 0;
	ssize_t n;

	*len = 0;
	do {
		if (cap - *len < 4096)
			text = tool_grow(text, cap = 2 * cap + 65536, 1);
		if ((n = read(fd, text + *len, cap - *len)) > 0)
			*len += (size_t)n;
	} while ((n > 0 && *len <= tool_max_line()) || (n < 0 && errno == EINTR));
	if (n == 0)
		return text;
	if (n > 0)
		errno = EFBIG;
	free(text);
	return NULL;
}

/* The text of a file, and who it is; NULL with errno set. */
static char *
slurp(const char *name, struct stat *id, size_t *len)
{
	bool in = strcmp(name, "<stdin>") == 0;
	int fd = in ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC), saved;
	char *text = fd >= 0 && fstat(fd, id) == 0 ? read_all(fd, len) : NULL;

	saved = errno;
	if (fd >= 0 && !in)
		close(fd);
	errno = saved;
	return text;
}

/* The name of a file as another file says it. */
static const char *
beside(struct pool *p, const char *file, const char *name)
{
	const char *slash = strrchr(file, '/');
	size_t dir = slash && *name != '/' ? (size_t)(slash - file) + 1 : 0;
	char *path = pool_alloc(p, dir + strlen(name) + 1, 1);

	memcpy(path, file, dir);
	memcpy(path + dir, name, strlen(name));
	return path;
}

static struct node *load(struct config *c, const char *name, const struct source *by, const struct node *said);

/* What one extends names, laid on what the earlier ones said. */
static struct node *
extend(struct config *c, struct node *base, const struct node *name, const struct source *by)
{
	struct node *doc;

	if (name->kind != NODE_STRING) {
		report(c, &(struct problem){name->at, "extends: neither the name of a file nor a list of them"});
		return base;
	}
	doc = load(c, beside(&c->pool, by->name, name->text), by, name);
	if (!doc || doc->kind == NODE_NULL)
		return base;
	if (doc->kind != NODE_MAP) {
		report(c, &(struct problem){doc->at, "extended by another file, but not a map"});
		return base;
	}
	return base ? config_merge(&c->pool, base, doc) : doc;
}

/* The document without its extends, on top of what that named. */
static struct node *
resolve(struct config *c, struct node *doc, const struct source *self)
{
	struct entry *e = doc->kind == NODE_MAP ? node_find(doc, "extends") : NULL;
	struct node *base = NULL, *own;

	if (!e)
		return doc;
	own = node_new(&c->pool, NODE_MAP, doc->at);
	for (size_t i = 0; i < doc->n; i++)
		if (&doc->entries[i] != e)
			node_put(&c->pool, own, doc->entries[i].at, doc->entries[i].key, doc->entries[i].value);
	if (e->value->kind != NODE_LIST)
		base = extend(c, base, e->value, self);
	else
		for (size_t i = 0; i < e->value->n; i++)
			base = extend(c, base, e->value->items[i], self);
	return base ? config_merge(&c->pool, base, own) : own;
}

static void
unreadable(struct config *c, const char *name, const struct node *said, const char *why)
{
	struct problem p;

	c->bad = true;
	if (!said) {
		tool_warn("%s: %s", name, why);
		return;
	}
	p.at = said->at;
	snprintf(p.text, sizeof p.text, "extends: %s: %s", name, why);
	report(c, &p);
}

static bool
is_circle(const struct source *s)
{
	for (const struct source *up = s->by; up; up = up->by)
		if (up->id.st_dev == s->id.st_dev && up->id.st_ino == s->id.st_ino)
			return true;
	return false;
}

/* A file with all that it extends; NULL when it could not be read.  said: the node that
 * named it, NULL for the command line. */
static struct node *
load(struct config *c, const char *name, const struct source *by, const struct node *said)
{
	struct source self = {.by = by, .name = name};
	struct node *doc = NULL;
	struct problem why;
	size_t len;
	char *text;

	if (++c->files > MAX_FILES) {
		unreadable(c, name, said, "more than 1000 files");
		tool_die(TOOL_USAGE, "gave up");
	}
	if (!(text = slurp(name, &self.id, &len)))
		unreadable(c, name, said, errno == EFBIG ? "larger than --max-line" : strerror(errno));
	else if (is_circle(&self))
		unreadable(c, name, said, "a circle: this file is extended by itself");
	else if (!(doc = yamldoc_parse(&c->pool, (struct pos){name, 1, 1}, text, len, &why)))
		report(c, &why);
	free(text);
	return doc ? resolve(c, doc, &self) : NULL;
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
		struct node *doc = load(c, operand((n ? files : in)[i]), NULL, NULL);

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
	struct node *rules = load(c, operand(schema), NULL, NULL);
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

static const struct tool tool = {"yaml2json", "[--schema FILE] [--set KEY.KEY=VALUE]... [FILE...]",
	"Merge YAML files from left to right and write them as one JSON document.\n\n"
	"  --schema FILE        check the document against FILE; report every problem\n"
	"  --set KEY.KEY=VALUE  put a value in, after the files; a backslash escapes a dot\n"};

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
		{"schema", required_argument, NULL, 1}, {"set", required_argument, NULL, 2}, {0}};
	struct config c = {.pool = {.no_memory = no_memory}};
	const char *schema = NULL;
	struct node *doc;
	char **settings;
	size_t n = 0;
	int option;

	tool_start(&tool);
	settings = tool_grow(NULL, (size_t)argc, sizeof *settings);
	while ((option = tool_option(argc, argv, "", longs)) != -1) {
		if (option == 1)
			schema = optarg;
		else
			settings[n++] = optarg;
	}
	doc = merge_files(&c, argc - optind, argv + optind);
	doc = set_all(&c, doc, n, settings);
	if (schema)
		check(&c, schema, doc);
	if (!c.bad) {
		write_json(stdout, doc);
		putchar('\n');
	}
	pool_free(&c.pool);
	free(settings);
	return tool_finish(c.bad ? TOOL_USAGE : TOOL_OK);
}
