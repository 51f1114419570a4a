/* diagnosis: the problems of a document, each told with where it was written and with the
 * path of keys that leads there. */
#ifndef DIAGNOSIS_H
#define DIAGNOSIS_H

#include "node.h"

/* From a part of a document up to its root, on the stack of whoever walks down. */
struct trail {
	const struct trail *up; /* NULL: this is the root */
	const char *key;       /* NULL: an item of a list */
	size_t index;
};

struct diagnosis {
	struct pool *pool;
	void (*fn)(void *ctx, const struct problem *what); /* is told each problem */
	void *ctx;
	bool bad;
};

/* Tell "a.b: value: what"; without a value "a.b: what". */
void diagnosis_add(struct diagnosis *d, struct pos at, const struct trail *path, const char *value, const char *what);
/* what, followed by " (did you mean NAME?)" where one of the NULL-terminated names is near. */
const char *diagnosis_near(struct diagnosis *d, const char *word, const char *what, const char *const *names);

/* A text of bounded size; what does not fit is left out. */
struct phrase {
	char *s;
	size_t size, n;
};

void phrase_add(struct phrase *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A value as people can see it: control characters as ?, the end of a long one as ... */
void phrase_value(struct phrase *t, const char *value);
/* A key the way --set takes it, with a backslash before a dot. */
void phrase_key(struct phrase *t, const char *key);

#endif
