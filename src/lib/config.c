/* config: see config.h. */
#include "config.h"

#include "yamldoc.h"

#include <stdio.h>
#include <string.h>

struct node *
config_merge(struct pool *p, struct node *base, struct node *over)
{
	struct node *both;

	if (base->kind != NODE_MAP || over->kind != NODE_MAP)
		return over;
	both = node_copy(p, base);
	both->at = over->at;
	for (size_t i = 0; i < over->n; i++) {
		const struct entry *o = &over->entries[i];
		struct entry *e = node_find(both, o->key);

		if (e) {
			e->value = config_merge(p, e->value, o->value);
			e->at = o->at;
		} else {
			node_put(p, both, o->at, o->key, o->value);
		}
	}
	return both;
}

/* A setting taken apart: its keys, each with its position, and where its value begins. */
struct setting {
	struct pool *pool;
	const char *text;
	size_t number;
	struct problem *why;
	struct {
		const char *key;
		size_t offset;
	} keys[YAMLDOC_DEPTH];
	size_t n;
	struct node *value;
};

static struct pos
position(const struct setting *s, size_t offset)
{
	size_t column = 1;

	for (size_t i = 0; i < offset; i++)
		column += (s->text[i] & 0xc0) != 0x80;
	return (struct pos){"--set", s->number, column};
}

static bool
fail(struct setting *s, size_t offset, const char *text)
{
	s->why->at = position(s, offset);
	snprintf(s->why->text, sizeof s->why->text, "%s", text);
	return false;
}

/* Read the key at *offset; leaves *offset at the dot or equals sign behind it. */
static bool
read_key(struct setting *s, size_t *offset)
{
	size_t from = *offset, n = 0, i = from;
	char *key = pool_alloc(s->pool, strlen(s->text) - from + 1, 1);

	for (; s->text[i] && s->text[i] != '.' && s->text[i] != '='; i++) {
		if (s->text[i] == '\\' && s->text[i + 1])
			i++;
		key[n++] = s->text[i];
	}
	*offset = i;
	if (!s->text[i])
		return fail(s, i, "no value: write KEY.KEY=VALUE");
	if (n == 0)
		return fail(s, from, "an empty key");
	if (s->n == YAMLDOC_DEPTH)
		return fail(s, from, "too many keys");
	s->keys[s->n].key = key;
	s->keys[s->n++].offset = from;
	return true;
}

static bool
read_setting(struct setting *s)
{
	size_t i = 0;

	while (read_key(s, &i) && s->text[i] == '.')
		i++;
	if (s->text[i] != '=' || s->n == 0 || s->why->text[0])
		return false;
	i++;
	s->value = yamldoc_parse(s->pool, position(s, i), s->text + i, strlen(s->text + i), s->why);
	if (s->value && s->value->block)
		return fail(s, i, "a list or map in block style: quote it to make it a string, or write [...] or {...}");
	return s->value;
}

/* What stands at the keys from level on, with the value put in.  old: what stood there. */
static struct node *
put_in(struct setting *s, struct node *old, size_t level)
{
	struct pos at = position(s, s->keys[level < s->n ? level : s->n - 1].offset);
	struct node *new, *below;
	struct entry *e;

	if (level == s->n)
		return s->value;
	if (old && old->kind != NODE_NULL && old->kind != NODE_MAP) {
		fail(s, s->keys[level].offset, old->kind == NODE_LIST ? "what stands above this key is a list, not a map"
		                                                      : "what stands above this key is not a map");
		return NULL;
	}
	new = old && old->kind == NODE_MAP ? node_copy(s->pool, old) : node_new(s->pool, NODE_MAP, at);
	e = node_find(new, s->keys[level].key);
	if (!(below = put_in(s, e ? e->value : NULL, level + 1)))
		return NULL;
	if (!e)
		node_put(s->pool, new, at, s->keys[level].key, below);
	else
		*e = (struct entry){at, e->key, below};
	return new;
}

struct node *
config_set(struct pool *p, struct node *root, size_t number, const char *text, struct problem *why)
{
	struct setting s = {.pool = p, .text = text, .number = number, .why = why};

	why->text[0] = '\0';
	return read_setting(&s) ? put_in(&s, root, 0) : NULL;
}
