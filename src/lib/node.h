/* node: a document (JSON's types) whose every part knows where it was written.
 *
 * Nodes live in a pool and are not changed once they are built, so documents may share
 * parts: an alias is the same node again, a merged document is made of its sources. */
#ifndef NODE_H
#define NODE_H

#include "pool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pos {
	const char *file;
	size_t line, column; /* from 1; columns count characters */
};

/* Why something cannot be read or done, and where. */
struct problem {
	struct pos at;
	char text[512];
};

enum node_kind { NODE_NULL, NODE_BOOLEAN, NODE_INTEGER, NODE_NUMBER, NODE_STRING, NODE_LIST, NODE_MAP };

struct entry {
	struct pos at; /* of the key */
	const char *key;
	struct node *value;
};

struct node {
	enum node_kind kind;
	struct pos at;
	const char *text; /* scalars: as written, NUL-terminated, no NUL inside */
	size_t len;
	union {
		bool boolean;
		int64_t integer;
		double number;
	} value;
	struct node **items;    /* NODE_LIST: n of them */
	struct entry *entries;  /* NODE_MAP: n of them, in the order written */
	size_t n, cap;
	size_t *slots;          /* NODE_MAP: a hash of the entries, once there are many */
	size_t n_slots;
	uint64_t weight;        /* about the bytes that it takes when written out, aliases included */
	unsigned height;        /* levels of lists and maps */
	bool block;             /* a list or map in block style */
};

struct node *node_new(struct pool *p, enum node_kind kind, struct pos at);
/* NULL where the map has no such key.  Valid until the next node_put() on that map. */
struct entry *node_find(const struct node *map, const char *key);
/* Append; the key must not be there yet, and lives as long as the pool.  value may be NULL. */
struct entry *node_put(struct pool *p, struct node *map, struct pos at, const char *key, struct node *value);
void node_add(struct pool *p, struct node *list, struct node *value);
/* A map of the same entries that may be added to. */
struct node *node_copy(struct pool *p, const struct node *map);

#endif
