/* configfile: see configfile.h. */
#include "configfile.h"

#include "config.h"
#include "yamldoc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that is being read, and the one that extends it. */
struct source {
	const struct source *by;
	const char *name;
	struct stat id;
};

static void
report(struct configload *c, const struct problem *p)
{
	c->bad = true;
	c->fn(c->ctx, p);
}

/* All that is there to read, or NULL with errno set. */
static char *
read_all(const struct configload *c, int fd, size_t *len)
{
	char *text = NULL, *more;
	size_t cap = 0;
	ssize_t n;

	*len = 0;
	do {
		if (cap - *len < 4096) {
			if (!(more = realloc(text, cap = 2 * cap + 65536)))
				c->pool->no_memory();
			text = more;
		}
		if ((n = read(fd, text + *len, cap - *len)) > 0)
			*len += (size_t)n;
	} while ((n > 0 && *len <= c->max_size) || (n < 0 && errno == EINTR));
	if (n == 0)
		return text;
	if (n > 0)
		errno = EFBIG;
	free(text);
	return NULL;
}

/* The text of a file, and who it is; NULL with errno set. */
static char *
slurp(const struct configload *c, const char *name, struct stat *id, size_t *len)
{
	bool in = strcmp(name, "<stdin>") == 0;
	int fd = in ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC), saved;
	char *text = fd >= 0 && fstat(fd, id) == 0 ? read_all(c, fd, len) : NULL;

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

static struct node *load(struct configload *c, const char *name, const struct source *by, const struct node *said);

/* What one extends names, laid on what the earlier ones said. */
static struct node *
extend(struct configload *c, struct node *base, const struct node *name, const struct source *by)
{
	struct node *doc;

	if (name->kind != NODE_STRING) {
		report(c, &(struct problem){name->at, "extends: neither the name of a file nor a list of them"});
		return base;
	}
	doc = load(c, beside(c->pool, by->name, name->text), by, name);
	if (!doc || doc->kind == NODE_NULL)
		return base;
	if (doc->kind != NODE_MAP) {
		report(c, &(struct problem){doc->at, "extended by another file, but not a map"});
		return base;
	}
	return base ? config_merge(c->pool, base, doc) : doc;
}

/* The document without its extends, on top of what that named. */
static struct node *
resolve(struct configload *c, struct node *doc, const struct source *self)
{
	struct entry *e = doc->kind == NODE_MAP ? node_find(doc, "extends") : NULL;
	struct node *base = NULL, *own;

	if (!e)
		return doc;
	own = node_new(c->pool, NODE_MAP, doc->at);
	for (size_t i = 0; i < doc->n; i++)
		if (&doc->entries[i] != e)
			node_put(c->pool, own, doc->entries[i].at, doc->entries[i].key, doc->entries[i].value);
	if (e->value->kind != NODE_LIST)
		base = extend(c, base, e->value, self);
	else
		for (size_t i = 0; i < e->value->n; i++)
			base = extend(c, base, e->value->items[i], self);
	return base ? config_merge(c->pool, base, own) : own;
}

static void
unreadable(struct configload *c, const char *name, const struct node *said, const char *why)
{
	struct problem p = {.at = {name, 0, 0}};

	if (said) {
		p.at = said->at;
		snprintf(p.text, sizeof p.text, "extends: %s: %s", name, why);
	} else {
		snprintf(p.text, sizeof p.text, "%s", why);
	}
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
load(struct configload *c, const char *name, const struct source *by, const struct node *said)
{
	struct source self = {.by = by, .name = name};
	struct node *doc = NULL;
	struct problem why;
	size_t len;
	char *text = NULL;

	if (c->files == CONFIGFILE_MAX_FILES)
		return NULL; /* said already */
	if (++c->files == CONFIGFILE_MAX_FILES)
		unreadable(c, name, said, "more than 1000 files");
	else if (!(text = slurp(c, name, &self.id, &len)))
		unreadable(c, name, said, errno == EFBIG ? "larger than --max-line" : strerror(errno));
	else if (is_circle(&self))
		unreadable(c, name, said, "a circle: this file is extended by itself");
	else if (!(doc = yamldoc_parse(c->pool, (struct pos){name, 1, 1}, text, len, &why)))
		report(c, &why);
	free(text);
	return doc ? resolve(c, doc, &self) : NULL;
}

struct node *
configfile_load(struct configload *c, const char *name)
{
	return load(c, name, NULL, NULL);
}
