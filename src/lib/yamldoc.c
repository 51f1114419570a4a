/* yamldoc: see yamldoc.h.  A builder holds one libyaml event at a time; each function here
 * takes the current event and leaves the last event of what it read as the current one. */
#include "yamldoc.h"

#include "diagnosis.h"
#include "yamlcore.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#define TAGS "tag:yaml.org,2002:"

struct builder {
	struct pool *pool;
	struct pos start;
	const char *text;
	size_t len;
	struct problem *why;
	yaml_parser_t parser;
	yaml_event_t event;
	struct node *anchors; /* name -> node; NULL while the node is being read */
	uint64_t expanded;
};

/* A text that does not begin a line is part of one, and stays in it. */
static struct pos
position(const struct builder *b, const yaml_mark_t *m)
{
	if (b->start.column > 1)
		return (struct pos){b->start.file, b->start.line, b->start.column + m->index};
	return (struct pos){b->start.file, b->start.line + m->line, m->column + 1};
}

static struct pos
here(const struct builder *b)
{
	return position(b, &b->event.start_mark);
}

static void *
fail(struct builder *b, struct pos at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Returns NULL, for its callers to return. */
static void *
fail(struct builder *b, struct pos at, const char *fmt, ...)
{
	va_list ap;

	b->why->at = at;
	va_start(ap, fmt);
	vsnprintf(b->why->text, sizeof b->why->text, fmt, ap);
	va_end(ap);
	return NULL;
}

static const char *
shown(struct builder *b, const char *value)
{
	char s[256];
	struct phrase t = {s, sizeof s, 0};

	phrase_value(&t, value);
	return pool_text(b->pool, t.s, t.n);
}

/* For errors of libyaml's reader, which knows only a byte offset. */
static struct pos
position_of_byte(const struct builder *b, size_t offset)
{
	yaml_mark_t m = {0};

	for (size_t i = 0; i < offset && i < b->len; i++) {
		bool newline = b->text[i] == '\n', begins = ((unsigned char)b->text[i] & 0xc0) != 0x80;

		m.index += begins;
		m.line += newline;
		m.column = newline ? 0 : m.column + begins;
	}
	return position(b, &m);
}

static void
syntax_error(struct builder *b)
{
	const yaml_parser_t *y = &b->parser;
	struct pos at = position(b, &y->problem_mark);

	if (y->error == YAML_MEMORY_ERROR)
		b->pool->no_memory();
	else if (y->error == YAML_READER_ERROR)
		fail(b, position_of_byte(b, y->problem_offset), "%s", y->problem);
	else if (y->context && y->context_mark.line != y->problem_mark.line && b->start.column == 1)
		fail(b, at, "%s (%s that starts in line %zu)", y->problem, y->context,
			b->start.line + y->context_mark.line);
	else
		fail(b, at, "%s%s%s%s", y->problem, y->context ? " (" : "", y->context ? y->context : "",
			y->context ? ")" : "");
}

static bool
next(struct builder *b)
{
	yaml_event_delete(&b->event);
	if (yaml_parser_parse(&b->parser, &b->event))
		return true;
	syntax_error(b);
	return false;
}

/* Remember what an anchor stands for; again, when the node is whole. */
static void
anchor(struct builder *b, struct pos at, const char *name, struct node *value)
{
	struct entry *e;

	if (!name)
		return;
	if ((e = node_find(b->anchors, name)))
		e->value = value;
	else
		node_put(b->pool, b->anchors, at, name, value);
}

static char *
keep(struct builder *b, const yaml_char_t *text)
{
	return text ? pool_text(b->pool, (const char *)text, strlen((const char *)text)) : NULL;
}

/* NULL for none, "" for one of those that do not stand in YAML's own name space. */
static const char *
short_tag(const yaml_char_t *tag)
{
	if (!tag)
		return NULL;
	return strncmp((const char *)tag, TAGS, strlen(TAGS)) == 0 ? (const char *)tag + strlen(TAGS) : "";
}

static struct node *
scalar(struct builder *b, bool key)
{
	const char *text = (const char *)b->event.data.scalar.value, *why = NULL, *tag;
	struct node *n = node_new(b->pool, NODE_STRING, here(b));
	yaml_char_t *full = b->event.data.scalar.tag;
	bool plain = b->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	n->len = b->event.data.scalar.length;
	n->weight += n->len;
	n->text = pool_text(b->pool, text, n->len);
	if (strlen(n->text) != n->len)
		return fail(b, n->at, "a NUL character");
	tag = short_tag(full);
	if (full && strcmp((char *)full, "!") == 0)
		tag = "str";
	if (tag && (why = yamlcore_tagged(n, tag)) && strcmp(why, "an unknown tag") == 0)
		return fail(b, n->at, "%s: %s", (const char *)full, why);
	if (!tag && plain && !key)
		why = yamlcore_plain(n);
	if (why)
		return fail(b, n->at, "%s: %s", shown(b, n->text), why);
	if (key && plain && strcmp(n->text, "<<") == 0)
		return fail(b, n->at, "<<: YAML 1.2 has no merge keys (write the keys out, or use extends)");
	anchor(b, n->at, keep(b, b->event.data.scalar.anchor), n);
	return n;
}

static struct node *
alias(struct builder *b, unsigned depth)
{
	struct entry *e = node_find(b->anchors, (const char *)b->event.data.alias.anchor);
	const char *name = shown(b, (const char *)b->event.data.alias.anchor);

	if (!e)
		return fail(b, here(b), "*%s: no such anchor before it", name);
	if (!e->value)
		return fail(b, here(b), "*%s: stands inside of what it refers to", name);
	if (depth + e->value->height > YAMLDOC_DEPTH)
		return fail(b, here(b), "more than %d levels", YAMLDOC_DEPTH);
	b->expanded += e->value->weight;
	if (b->expanded > YAMLDOC_EXPANSION)
		return fail(b, here(b), "*%s: the aliases so far stand for more than %d MiB", name,
			(int)(YAMLDOC_EXPANSION >> 20));
	return e->value;
}

static struct node *value(struct builder *b, unsigned depth);

static const char *
key(struct builder *b)
{
	struct node *n;

	if (b->event.type == YAML_SCALAR_EVENT)
		n = scalar(b, true);
	else if (b->event.type == YAML_ALIAS_EVENT)
		n = alias(b, 0);
	else
		return fail(b, here(b), "a key that is a list or a map");
	if (!n)
		return NULL;
	if (n->kind >= NODE_LIST)
		return fail(b, here(b), "a key that is a list or a map");
	if (n->len == 0 && b->event.type == YAML_SCALAR_EVENT && b->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		return fail(b, here(b), "a key is missing");
	return n->text;
}

static bool
read_map(struct builder *b, struct node *map, unsigned depth)
{
	while (next(b) && b->event.type != YAML_MAPPING_END_EVENT) {
		struct pos at = here(b);
		const char *name = key(b);
		struct entry *before = name ? node_find(map, name) : NULL;
		struct node *v;

		if (before)
			fail(b, at, "%s: duplicate key (the first is at %zu:%zu)", shown(b, name), before->at.line,
				before->at.column);
		if (!name || before || !next(b) || !(v = value(b, depth)))
			return false;
		node_put(b->pool, map, at, name, v);
	}
	return b->event.type == YAML_MAPPING_END_EVENT;
}

static bool
read_list(struct builder *b, struct node *list, unsigned depth)
{
	while (next(b) && b->event.type != YAML_SEQUENCE_END_EVENT) {
		struct node *v = value(b, depth);

		if (!v)
			return false;
		node_add(b->pool, list, v);
	}
	return b->event.type == YAML_SEQUENCE_END_EVENT;
}

static struct node *
collection(struct builder *b, unsigned depth)
{
	bool map = b->event.type == YAML_MAPPING_START_EVENT;
	const yaml_char_t *tag = map ? b->event.data.mapping_start.tag : b->event.data.sequence_start.tag;
	const char *name =
		keep(b, map ? b->event.data.mapping_start.anchor : b->event.data.sequence_start.anchor);
	struct node *n = node_new(b->pool, map ? NODE_MAP : NODE_LIST, here(b));

	n->block = map ? b->event.data.mapping_start.style == YAML_BLOCK_MAPPING_STYLE
	               : b->event.data.sequence_start.style == YAML_BLOCK_SEQUENCE_STYLE;
	if (depth >= YAMLDOC_DEPTH)
		return fail(b, n->at, "more than %d levels", YAMLDOC_DEPTH);
	if (tag && strcmp((const char *)tag, "!") != 0 && strcmp(short_tag(tag), map ? "map" : "seq") != 0)
		return fail(b, n->at, "%s: an unknown tag, or not one of a %s", (const char *)tag, map ? "map" : "list");
	anchor(b, n->at, name, NULL);
	if (!(map ? read_map : read_list)(b, n, depth + 1))
		return NULL;
	anchor(b, n->at, name, n);
	return n;
}

static struct node *
value(struct builder *b, unsigned depth)
{
	switch (b->event.type) {
	case YAML_SCALAR_EVENT: return scalar(b, false);
	case YAML_ALIAS_EVENT: return alias(b, depth);
	default: return collection(b, depth);
	}
}

static struct node *
document(struct builder *b)
{
	struct node *root = NULL;

	while (next(b)) {
		switch (b->event.type) {
		case YAML_STREAM_START_EVENT:
		case YAML_DOCUMENT_END_EVENT: break;
		case YAML_DOCUMENT_START_EVENT:
			if (root)
				return fail(b, here(b), "a second document");
			if (!next(b) || !(root = value(b, 0)))
				return NULL;
			break;
		default: return root ? root : node_new(b->pool, NODE_NULL, b->start);
		}
	}
	return NULL;
}

struct node *
yamldoc_parse(struct pool *p, struct pos start, const char *text, size_t len, struct problem *why)
{
	struct builder b = {.pool = p, .start = start, .text = text, .len = len, .why = why};
	struct node *root;

	b.anchors = node_new(p, NODE_MAP, start);
	if (!yaml_parser_initialize(&b.parser))
		p->no_memory();
	yaml_parser_set_input_string(&b.parser, (const unsigned char *)text, len);
	root = document(&b);
	yaml_event_delete(&b.event);
	yaml_parser_delete(&b.parser);
	return root;
}
